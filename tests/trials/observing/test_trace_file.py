import json
import os
import stat
from pathlib import Path

import pytest

from playbook.trials.observing.spans import span_of
from playbook.trials.observing.trace_file import TraceFile, traces_data
from tests.trials.measured_runs import an_attempt
from tests.trials.observing.watched import a_trial


def test_a_line_is_in_the_json_encoding_of_otlp() -> None:
    """Ids in hex, 64-bit integers as text, kind CLIENT is 3, status ERROR is 2."""
    span = span_of(an_attempt(1, outcome="timeout", total_s=None), a_trial(), run="r")

    (resource,) = traces_data([span])["resourceSpans"]
    (scope,) = resource["scopeSpans"]
    (one,) = scope["spans"]

    assert (one["traceId"], one["spanId"]) == (span.trace_id, span.span_id)
    assert one["kind"] == 3
    assert one["status"] == {"code": 2, "message": "timeout"}
    assert one["endTimeUnixNano"] == str(span.end_ns)
    told = {each["key"]: each["value"] for each in one["attributes"]}
    assert told["gen_ai.request.max_tokens"] == {"intValue": "64"}
    assert told["gen_ai.request.temperature"] == {"doubleValue": 0.5}
    assert told["playbook.final"] == {"boolValue": True}
    assert told["gen_ai.operation.name"] == {"stringValue": "chat"}


def test_the_file_grows_by_a_line_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "trace.jsonl"
    for _ in range(2):
        file = TraceFile(path)
        file.write([span_of(an_attempt(1), a_trial(), run="r")])
        file.close()

    lines = [json.loads(line) for line in path.read_text().splitlines()]

    assert [list(line) for line in lines] == [["resourceSpans"]] * 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_pipe_that_nobody_reads_is_an_error_and_no_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(OSError, match="pipe"):
        TraceFile(tmp_path / "pipe")
