from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from playbook.trials.observing.collector import Collector
from playbook.trials.observing.observer import observing
from tests.trials.measured_runs import an_attempt
from tests.trials.observing.watched import QUESTION, a_trial


def test_spans_reach_an_exporter_of_the_sdk_as_they_are() -> None:
    exporter = InMemorySpanExporter()
    environment = {"OTEL_SERVICE_NAME": "trials-of-a-team"}

    with observing("run-7", environment=environment, extra=Collector(exporter)) as tell:
        tell(an_attempt(1, cost_usd=0.01), a_trial())
        tell(an_attempt(2, outcome="error", error="server: HTTP 500: oops"), a_trial())

    answered, failed = exporter.get_finished_spans()
    assert answered.name == "chat model-x"
    assert answered.kind is SpanKind.CLIENT
    assert answered.status.status_code is StatusCode.OK
    assert answered.attributes is not None
    assert answered.attributes["gen_ai.usage.output_tokens"] == 500
    assert answered.attributes["playbook.cost_usd"] == 0.01
    assert answered.resource.attributes["service.name"] == "trials-of-a-team"
    assert (failed.status.status_code, failed.status.description) == (StatusCode.ERROR, "server")
    assert answered.context is not None
    assert failed.context is not None
    assert answered.context.trace_id == failed.context.trace_id
    assert answered.context.span_id != failed.context.span_id


def test_no_text_leaves_for_a_collector_even_where_texts_were_asked_for() -> None:
    exporter = InMemorySpanExporter()
    environment = {"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "true"}

    with observing("r", environment=environment, extra=Collector(exporter)) as tell:
        tell(an_attempt(1, text="blue, of course"), a_trial())

    (span,) = exporter.get_finished_spans()
    assert QUESTION not in span.to_json()
    assert "blue" not in span.to_json()
