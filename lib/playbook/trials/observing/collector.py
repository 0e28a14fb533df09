"""Spans to a collector by OTLP over HTTP, with OpenTelemetry's own SDK; needs the extra `otel`.

What leaves this way passes no clearance, so it is ids and numbers only, whatever was asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from playbook import __version__
from playbook.trials.observing.spans import SpanRecord
from playbook.trials.observing.trace_file import SCOPE

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan


class Exporter(Protocol):
    """What sends spans of the SDK; one of the SDK's own exporters."""

    def export(self, spans: Sequence[ReadableSpan]) -> object:
        """Send some spans."""
        ...

    def shutdown(self) -> None:
        """Send no more."""
        ...


class Collector:
    """Sends spans through an exporter of the SDK.

    Args:
        exporter: Left out, OTLP over HTTP as the standard variables say.

    Raises:
        ImportError: when the extra is not installed.
    """

    def __init__(self, exporter: Exporter | None = None) -> None:
        self._exporter = exporter or _otlp()
        self._logger = logging.getLogger("opentelemetry.exporter")
        self._level = self._logger.level
        self._logger.setLevel(logging.CRITICAL)  # failures are counted, and told once at the end

    def write(self, spans: Sequence[SpanRecord]) -> None:
        """Send some spans.

        Raises:
            RuntimeError: when the exporter says that it could not.
        """
        result = self._exporter.export([_readable(one) for one in spans])
        if getattr(result, "name", "SUCCESS") != "SUCCESS":
            raise RuntimeError("export failed")

    def close(self) -> None:
        """Send no more."""
        self._exporter.shutdown()
        self._logger.setLevel(self._level)


def _otlp() -> Exporter:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415  an extra
        OTLPSpanExporter,
    )

    exporter: Exporter = OTLPSpanExporter()
    return exporter


def _readable(span: SpanRecord) -> ReadableSpan:
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  an extra
    from opentelemetry.sdk.trace import ReadableSpan  # noqa: PLC0415  likewise
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope  # noqa: PLC0415
    from opentelemetry.trace import SpanContext, SpanKind, TraceFlags  # noqa: PLC0415
    from opentelemetry.trace.status import Status, StatusCode  # noqa: PLC0415

    return ReadableSpan(
        name=span.name,
        context=SpanContext(
            int(span.trace_id, 16),
            int(span.span_id, 16),
            is_remote=False,
            trace_flags=TraceFlags(TraceFlags.SAMPLED),
        ),
        resource=Resource(dict(span.resource)),
        attributes=span.attributes,
        kind=SpanKind[span.kind],
        status=Status(StatusCode.ERROR, span.error) if span.error else Status(StatusCode.OK),
        start_time=span.start_ns,
        end_time=span.end_ns,
        instrumentation_scope=InstrumentationScope(SCOPE, __version__),
    )
