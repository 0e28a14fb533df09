"""Spans as lines of a file, in OpenTelemetry's JSON encoding; needs no extra.

Source: OpenTelemetry Protocol File Exporter, and OTLP 1.x, section JSON Protobuf Encoding.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from playbook import __version__
from playbook.trials.observing.spans import Attributes, SpanRecord, Value

SCOPE = "playbook.trials"
_KINDS = {"INTERNAL": 1, "CLIENT": 3}
_OK, _ERROR = 1, 2
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK  # a pipe nobody reads must not hang


class TraceFile:
    """Appends one line for each batch of spans; readable by its owner only.

    Args:
        path: The file; it is made if it is missing.

    Raises:
        OSError: when it can't be opened.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, _FLAGS, 0o600)
        self._file = os.fdopen(handle, "ab", buffering=0)

    def write(self, spans: Sequence[SpanRecord]) -> None:
        """Append some spans."""
        self._file.write(json.dumps(traces_data(spans), separators=(",", ":")).encode() + b"\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def traces_data(spans: Sequence[SpanRecord]) -> dict[str, object]:
    """Return spans of one run as OTLP's `TracesData`."""
    scope = {"name": SCOPE, "version": __version__}
    resource = {"attributes": _attributes(spans[0].resource if spans else {})}
    inner = {"scope": scope, "spans": [_span(one) for one in spans]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [inner]}]}


def _span(span: SpanRecord) -> dict[str, object]:
    status: dict[str, object] = {"code": _ERROR if span.error else _OK}
    if span.error:
        status["message"] = span.error
    return {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "name": span.name,
        "kind": _KINDS[span.kind],
        "startTimeUnixNano": str(span.start_ns),
        "endTimeUnixNano": str(span.end_ns),
        "attributes": _attributes({**span.attributes, **span.texts}),
        "status": status,
    }


def _attributes(values: Attributes) -> list[Mapping[str, object]]:
    return [{"key": name, "value": _value(value)} for name, value in values.items()]


def _value(value: Value) -> dict[str, object]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"doubleValue": value} if isinstance(value, float) else {"stringValue": value}
