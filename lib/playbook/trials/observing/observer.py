"""Watch a run: each attempt as a span and as a log line, where the environment asks for them.

| variable | what it does |
|---|---|
| `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` | spans to that collector |
| `OTEL_SDK_DISABLED=true` | none all the same |
| `OTEL_SERVICE_NAME` | what the spans say they come from; `playbook` if left out |
| `PLAYBOOK_TRACE_FILE` | spans as lines of that file |
| `PLAYBOOK_LOG=json` | log lines to the standard error stream |
| `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true` | prompts and answers in that file too |

Spans and lines hold ids and numbers. What a provider said of a failure may repeat the prompt, and
is in neither: the ledger has it. Prompts and answers go to the file alone, only where they were
asked for, and never those that are confidential or restricted.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from playbook import __version__
from playbook.trials.observing.collector import Collector
from playbook.trials.observing.logs import LOGGER, log, written_as_json
from playbook.trials.observing.outlet import Outlet, Sink
from playbook.trials.observing.quotas import Usage
from playbook.trials.observing.spans import SpanRecord, span_of, texts_of
from playbook.trials.observing.trace_file import TraceFile
from playbook.trials.plan import Trial
from playbook.trials.records import Attempt

Observer = Callable[[Attempt, Trial], None]
"""Told of each attempt once its line is in the ledger; never waits, never fails."""
LONGEST_ID = 200
_MODEL, _ID = "gen_ai.response.model", "gen_ai.response.id"
_TEXTS = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


@contextmanager
def observing(
    run: str, *, environment: Mapping[str, str] | None = None, extra: Sink | None = None
) -> Iterator[Observer]:
    """Yield what is to be told of each attempt of a run; at its end say how much was used.

    Args:
        run: Name of the run folder.
        environment: Variables that say what is wanted; those of the process if left out.
        extra: Another place for the spans.
    """
    wanted = os.environ if environment is None else environment
    with ExitStack() as stack:
        if wanted.get("PLAYBOOK_LOG") == "json":
            stack.enter_context(written_as_json())
        sinks = [*_sinks(wanted), *([extra] if extra else [])]
        watch = _Watch(run, wanted, [*map(Outlet, sinks)])
        try:
            yield watch.tell
        finally:
            watch.close()


class _Watch:
    def __init__(self, run: str, wanted: Mapping[str, str], outlets: list[Outlet]) -> None:
        self._run = run
        service = wanted.get("OTEL_SERVICE_NAME", "playbook")
        self._resource = {"service.name": service, "service.version": __version__}
        self._texts = wanted.get(_TEXTS, "").lower() == "true"
        self._outlets = outlets
        self._used: dict[str, Usage] = {}

    def tell(self, attempt: Attempt, trial: Trial) -> None:
        try:
            self._tell(attempt, trial)
        except Exception as error:  # noqa: BLE001  watching must not end a paid run
            LOGGER.debug("an attempt was not told: %s", type(error).__name__)

    def _tell(self, attempt: Attempt, trial: Trial) -> None:
        used = self._used.setdefault(attempt.endpoint, Usage(trial.endpoint))
        used.add(attempt)
        if not self._outlets and not LOGGER.isEnabledFor(logging.INFO):
            return
        span = _redacted(span_of(attempt, trial, run=self._run), trial)
        texts = texts_of(attempt, trial) if self._texts else {}
        span = replace(span, resource=self._resource, texts=texts)
        for outlet in self._outlets:
            outlet.put(span)
        log("attempt", span.attributes)

    def close(self) -> None:
        for used in self._used.values():
            log("endpoint", {"playbook.run.id": self._run, **used.fields})
        for outlet in self._outlets:
            outlet.close()
            if outlet.dropped:
                LOGGER.warning(
                    "%d spans of the run %s were lost: %s",
                    outlet.dropped,
                    self._run,
                    outlet.failure or "they came faster than they could be taken",
                )


def _redacted(span: SpanRecord, trial: Trial) -> SpanRecord:
    """Return a span of which the texts that the endpoint chose show no secret."""
    from playbook.trials.clients.failures import redact  # noqa: PLC0415  imports an HTTP library

    key = os.environ.get(trial.endpoint.api_key_variable, "")
    clean = dict(span.attributes)
    if model := clean.get(_MODEL):
        clean[_MODEL] = redact(str(model), [key])[:LONGEST_ID]
    if request := clean.get(_ID):  # looks like a secret by itself
        clean[_ID] = str(request).replace(key or "\0", "***")[:LONGEST_ID]
    return replace(span, attributes=clean)


def _sinks(wanted: Mapping[str, str]) -> Iterator[Sink]:
    """Yield the places that the environment names; say of each that can't be had why."""
    if path := wanted.get("PLAYBOOK_TRACE_FILE"):
        try:
            yield TraceFile(Path(path))
        except OSError as error:
            LOGGER.warning(
                "PLAYBOOK_TRACE_FILE: %s can't be written (%s); the run goes on without it",
                path,
                error.strerror,
            )
    disabled = wanted.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if not disabled and (variable := next((one for one in _ENDPOINTS if wanted.get(one)), "")):
        try:
            yield Collector()
        except ImportError:
            LOGGER.warning(
                "%s is set, but the extra otel is not installed (pip install 'playbook[otel]'); "
                "the run goes on without spans",
                variable,
            )
