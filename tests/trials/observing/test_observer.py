import json
import logging
import threading
from functools import partial
from pathlib import Path

import pytest

from playbook.trials.observing import observing
from playbook.trials.observing.outlet import Outlet
from tests.trials.conftest import FakeClient, Workplace, a_profile
from tests.trials.measured_runs import an_attempt
from tests.trials.observing.watched import QUESTION, Kept, a_trial

SECRET = "sk-proj-abcdefgh12345678"  # noqa: S105  made up
TEXTS = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"


def log_lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_nothing_is_written_unless_it_is_asked_for(capfd: pytest.CaptureFixture[str]) -> None:
    with observing("r", environment={}) as tell:
        tell(an_attempt(1), a_trial())

    assert capfd.readouterr() == ("", "")


def test_log_lines_have_the_fields_of_the_spans(capfd: pytest.CaptureFixture[str]) -> None:
    with observing("r", environment={"PLAYBOOK_LOG": "json"}) as tell:
        tell(an_attempt(1, cost_usd=0.25), a_trial())

    attempt, endpoint = log_lines(capfd.readouterr().err)
    assert (attempt["event"], attempt["level"]) == ("attempt", "INFO")
    assert attempt["gen_ai.request.model"] == "model-x"
    assert attempt["playbook.cost_usd"] == 0.25
    assert (endpoint["event"], endpoint["calls"], endpoint["cost_usd"]) == ("endpoint", 1, 0.25)


def test_the_logger_is_left_as_it_was() -> None:
    logger = logging.getLogger("playbook.trials")
    before = (logger.level, logger.propagate, list(logger.handlers))

    with observing("r", environment={"PLAYBOOK_LOG": "json"}):
        pass

    assert (logger.level, logger.propagate, list(logger.handlers)) == before


@pytest.mark.parametrize("field", ["error", "model_answered", "request_id"])
def test_a_secret_reaches_neither_span_nor_log(
    field: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OWN_KEY", SECRET)
    path = tmp_path / "trace.jsonl"
    environment = {"PLAYBOOK_LOG": "json", "PLAYBOOK_TRACE_FILE": str(path)}
    attempt = an_attempt(1, outcome="error", **{field: f"server: bad key {SECRET}"})

    with observing("r", environment=environment) as tell:
        tell(attempt, a_trial(api_key_variable="OWN_KEY"))

    assert "chat model-x" in path.read_text()
    assert SECRET not in path.read_text()
    assert SECRET not in capfd.readouterr().err


def test_prompts_and_answers_are_in_the_file_only_where_they_were_asked_for(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    silent, told = tmp_path / "silent.jsonl", tmp_path / "told.jsonl"
    for path, wanted in ((silent, {}), (told, {TEXTS: "true"})):
        environment = {"PLAYBOOK_TRACE_FILE": str(path), "PLAYBOOK_LOG": "json"} | wanted
        with observing("r", environment=environment) as tell:
            tell(an_attempt(1, text="blue, of course"), a_trial())

    assert QUESTION not in silent.read_text()
    assert "blue" not in silent.read_text()
    assert QUESTION in told.read_text()
    assert QUESTION not in capfd.readouterr().err


def test_a_confidential_prompt_is_in_no_file_whatever_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"

    with observing("r", environment={"PLAYBOOK_TRACE_FILE": str(path), TEXTS: "true"}) as tell:
        tell(an_attempt(1, text="blue", data_class="confidential"), a_trial())

    assert "blue" not in path.read_text()


def test_a_missing_extra_is_told_once_and_the_run_goes_on(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise ImportError

    monkeypatch.setattr("playbook.trials.observing.observer.Collector", missing)

    with observing("r", environment={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}) as tell:
        tell(an_attempt(1), a_trial())
        tell(an_attempt(2), a_trial())

    (message,) = caplog.messages
    assert message == (
        "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the extra otel is not installed (pip install "
        "'playbook[otel]'); the run goes on without spans"
    )


def test_the_standard_switch_turns_spans_off(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr("playbook.trials.observing.observer.Collector", lambda: made.append(1))

    wanted = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SDK_DISABLED": "true"}
    with observing("r", environment=wanted):
        pass

    assert made == []


def test_a_trace_file_that_cant_be_written_is_told_and_the_run_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with observing("r", environment={"PLAYBOOK_TRACE_FILE": str(tmp_path)}) as tell:
        tell(an_attempt(1), a_trial())

    assert "can't be written (Is a directory); the run goes on without it" in caplog.text


def test_what_a_dead_collector_lost_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    with observing("r", environment={}, extra=Kept(fails=True)) as tell:
        tell(an_attempt(1), a_trial())

    assert caplog.messages == ["1 spans of the run r were lost: ConnectionRefusedError"]


def test_a_collector_that_hangs_holds_up_none_of_a_hundred_calls(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It hangs from the first span on; all calls are made and told before it is let go."""
    kept, client = Kept(hangs=threading.Event()), FakeClient()
    impatient = partial(Outlet, last_wait_s=0.05)
    monkeypatch.setattr("playbook.trials.observing.observer.Outlet", impatient)
    watched = partial(observing, environment={}, extra=kept)
    monkeypatch.setattr("playbook.trials.run.observing", watched)

    evidence = workplace.run(a_profile(repeats=10), client)

    assert kept.hangs is not None
    assert (len(client.asked), evidence.status, kept.spans) == (100, "complete", [])
    assert "were lost" in caplog.text
    kept.hangs.set()


def test_an_observer_that_fails_does_not_end_the_run() -> None:
    with observing("r", environment={"PLAYBOOK_LOG": "json"}) as tell:
        tell("no attempt", None)  # type: ignore[arg-type]


def test_a_run_tells_each_attempt(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "trace.jsonl"
    monkeypatch.setenv("PLAYBOOK_TRACE_FILE", str(path))

    workplace.run(a_profile(), FakeClient())

    lines = [json.loads(line) for line in path.read_text().splitlines()]
    spans = [one for line in lines for one in line["resourceSpans"][0]["scopeSpans"][0]["spans"]]
    assert len(spans) == 10
    told = {each["key"]: each["value"] for each in spans[0]["attributes"]}
    assert told["playbook.run.id"] == {"stringValue": "run"}
