from datetime import timedelta

import pytest

from playbook.profile import Endpoint
from playbook.trials.observing.spans import provider_of, span_of, texts_of
from playbook.trials.records import Attempt
from playbook.vocabulary import DataClass
from tests.trials.measured_runs import DAY, an_attempt
from tests.trials.observing.watched import QUESTION, a_trial


def an_answer(**fields: object) -> Attempt:
    values: dict[str, object] = {
        "text": "blue, of course",
        "model_answered": "model-x-0611",
        "request_id": "chatcmpl-1",
        "first_token_s": 0.5,
        "total_s": 10.5,
        "cost_usd": 0.002,
    }
    return an_attempt(1, **(values | fields))


def test_a_span_has_the_names_of_the_conventions() -> None:
    span = span_of(an_answer(), a_trial(), run="20261123-090000")

    assert (span.name, span.kind, span.error) == ("chat model-x", "CLIENT", "")
    conventions = {name: one for name, one in span.attributes.items() if "playbook" not in name}
    assert conventions == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "hosted_vllm",
        "gen_ai.request.model": "model-x",
        "gen_ai.request.max_tokens": 64,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.seed": 7,
        "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.response.model": "model-x-0611",
        "gen_ai.response.time_to_first_chunk": 0.5,
        "gen_ai.usage.input_tokens": 1_500,
        "gen_ai.usage.output_tokens": 500,
        "server.address": "gpu-host.example",
        "server.port": 8000,
    }


def test_a_span_tells_run_retry_outcome_and_cost() -> None:
    attempt = an_answer(attempt=3, outcome="truncated", at_most_usd=0.1)

    told = span_of(attempt, a_trial(), run="r").attributes

    assert told["playbook.run.id"] == "r"
    assert told["playbook.attempt"] == 3
    assert told["playbook.outcome"] == told["error.type"] == "truncated"
    assert told["playbook.cost_usd"] == pytest.approx(0.002)


def test_a_span_lasts_as_long_as_the_call() -> None:
    span = span_of(an_answer(), a_trial(), run="r")

    assert span.end_ns == int(DAY.timestamp()) * 10**9
    assert span.end_ns - span.start_ns == 10_500_000_000


def test_all_spans_of_a_run_are_one_trace_and_each_has_an_id_of_its_own() -> None:
    first = span_of(an_answer(), a_trial(), run="r")
    again = span_of(an_answer(attempt=2), a_trial(), run="r")
    other = span_of(an_answer(), a_trial(), run="other")

    assert first.trace_id == again.trace_id != other.trace_id
    assert first.span_id != again.span_id
    assert (len(first.trace_id), len(first.span_id)) == (32, 16)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("rate_limit: HTTP 429: slow down", "rate_limit"),
        ("what: my prompt was", "error"),
        ("", "error"),
    ],
)
def test_of_a_failure_only_its_kind_is_told(error: str, kind: str) -> None:
    span = span_of(an_answer(outcome="error", error=error), a_trial(), run="r")

    assert span.error == span.attributes["error.type"] == kind
    assert error not in map(str, span.attributes.values()) or not error


def test_a_prompt_that_was_kept_back_left_no_client_span() -> None:
    refused = an_answer(outcome="refused_by_gate", error="may not go", total_s=None)

    span = span_of(refused, a_trial(), run="r")

    assert (span.kind, span.error) == ("INTERNAL", "refused_by_gate")


def test_no_attribute_holds_the_prompt_or_the_answer() -> None:
    span = span_of(an_answer(), a_trial(), run="r")

    told = " ".join(map(str, span.attributes.values()))
    assert QUESTION not in told
    assert "blue" not in told


@pytest.mark.parametrize(
    ("data_class", "shown"),
    [("public", True), ("internal", True), ("confidential", False), ("restricted", False)],
)
def test_texts_are_those_of_public_and_internal_prompts_alone(
    data_class: DataClass, *, shown: bool
) -> None:
    found = texts_of(an_answer(data_class=data_class), a_trial())

    assert (QUESTION in str(found)) is shown
    assert ("blue" in str(found)) is shown


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("mistral/x", "mistral_ai"),
        ("anthropic/x", "anthropic"),
        ("gemini/x", "gcp.gemini"),
        ("xai/x", "x_ai"),
    ],
)
def test_providers_are_named_as_the_conventions_do(model: str, provider: str) -> None:
    assert provider_of(Endpoint(id="a", litellm_model=model)) == provider


def test_the_embedded_engine_is_named_after_what_runs_it() -> None:
    assert provider_of(Endpoint(id="a", embedded="demo-base")) == "llama_cpp"


def test_an_address_with_a_port_that_is_no_number_is_told_without_it() -> None:
    trial = a_trial(api_base="http://host.example:port/v1")

    told = span_of(an_answer(at=DAY + timedelta(seconds=1)), trial, run="r").attributes

    assert told["server.address"] == "host.example"
    assert "server.port" not in told
