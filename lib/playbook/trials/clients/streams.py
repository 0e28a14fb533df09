"""One streamed answer, put together from litellm's pieces and timed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from playbook.trials.client import ClientName, Reply, ToolCall
from playbook.trials.clients.usage import token_counts
from playbook.trials.socket_lock import CallTrace

_MODEL_SAID = re.compile(rb'"(?:model|modelVersion)"\s*:\s*"([^"\\]{1,200})"')
_REFUSAL_SAID = re.compile(rb'"refusal"\s*:\s*("(?:[^"\\]|\\.){1,4000}")')

_FILTER_STATUS = (400, 403, 422)
_FILTER_CODES = (
    "content_filter", "content_policy_violation", "data_inspection_failed", "DataInspectionFailed",
)  # fmt: skip
"""Error codes of Azure OpenAI, OpenAI and DashScope for a prompt that their filter refused."""


class WebPageError(Exception):
    """A page for people came back: a login page, a proxy's, or that of a wrong path."""


@dataclass
class _Call:
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class CallPieces:
    """Tool calls put together from their pieces.

    A piece belongs to the call of its index; but one that brings another id, or a name where the
    call has one and arguments, begins a new call, since some servers number all calls 0.
    """

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._open: dict[int, _Call] = {}

    def add(self, index: int, *, id_: str, name: str, arguments: str) -> None:
        """Add one piece; what it lacks is an empty text."""
        call = self._open.get(index)
        if call is None or (id_ and call.id and id_ != call.id) or (name and call.arguments):
            call = self._open[index] = _Call()
            self._calls.append(call)
        call.id = call.id or id_
        call.name = call.name or name
        if arguments:
            call.arguments.append(arguments)

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """Return the calls so far, in the order in which they began."""
        return tuple(ToolCall(one.name, "".join(one.arguments), one.id) for one in self._calls)


async def streamed(
    acompletion: Callable[..., Any], arguments: dict[str, Any], trace: CallTrace
) -> Reply:
    """Return a reply, timed at its first piece, between its pieces, and at its last byte.

    Args:
        acompletion: litellm's call.
        arguments: What it is called with.
        trace: What the wire saw of it, which outweighs the library's word.

    Raises:
        WebPageError: when a page came back, which litellm takes for an empty answer.
    """
    start, came_s, texts, calls = time.perf_counter(), [], [], CallPieces()
    finish_reason, request_id, usage = "", "", None
    stream = await acompletion(**arguments)
    _leave_unlogged(stream)
    async for chunk in stream:
        usage = getattr(chunk, "usage", None) or usage
        request_id = request_id or str(chunk.id or "")
        for choice in chunk.choices:
            text, called = choice.delta.content or "", choice.delta.tool_calls or ()
            if text or called:
                came_s.append(time.perf_counter() - start)
            texts.append(text)
            _add_calls(calls, called)
            finish_reason = choice.finish_reason or finish_reason
    if trace.headers.get("content-type", "").startswith("text/html"):
        raise WebPageError("a web page came back, no answer")
    counted = usage if trace.usage_seen else None  # else it is litellm's guess
    return Reply(
        text="".join(texts),
        model_answered=model_said(trace),
        finish_reason=finish_reason,
        first_token_s=came_s[0] if came_s else None,
        total_s=time.perf_counter() - start,
        request_id=trace.headers.get("request-id")
        or trace.headers.get("x-request-id")
        or request_id,
        tool_calls=calls.calls,
        refusal="" if any(texts) else refusal_said(trace),
        client="litellm",
        token_gap_s=median_gap_s(came_s),
        **token_counts(counted),
    )


def median_gap_s(came_s: list[float]) -> float | None:
    """Return the median time between pieces, seconds; None for fewer than two.

    Example:
        >>> median_gap_s([0.1, 0.2, 0.4])
        0.15
    """
    gaps = [later - earlier for earlier, later in pairwise(came_s)]
    return round(median(gaps), 9) if gaps else None


def model_said(trace: CallTrace) -> str:
    """Return the model id that the server itself named, or an empty text."""
    said = _MODEL_SAID.search(trace.head)
    return said[1].decode("utf-8", "replace") if said else ""


def refusal_said(trace: CallTrace) -> str:
    """Return the text of the provider's refusal field, which litellm leaves out of a stream."""
    pieces = []
    for said in _REFUSAL_SAID.finditer(trace.head):
        try:
            pieces.append(str(json.loads(said[1])))
        except ValueError:  # cut in the middle of an escape
            continue
    return "".join(pieces)


def filtered_reply(trace: CallTrace, client: ClientName) -> Reply | None:
    """Return what an error status that is a content filter's stands for; None for other errors.

    The prompt was judged before any model saw it: no model is named, and nothing was counted.
    """
    if trace.status not in _FILTER_STATUS:
        return None
    try:
        said = json.loads(trace.head)
    except ValueError:  # not JSON, or longer than what is kept
        said = None
    error = said.get("error", said) if isinstance(said, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    if code not in _FILTER_CODES:
        return None
    return Reply(
        text="",
        model_answered="",
        finish_reason="content_filter",
        input_tokens=None,
        output_tokens=None,
        first_token_s=None,
        total_s=0.0,
        refusal=f"the provider's filter refused the prompt ({code})",
        client=client,
    )


def _leave_unlogged(stream: object) -> None:
    """Keep litellm from pricing, copying and handing on an answer that no callback of it wants.

    Its proxy keeps a finished stream back in this way until its own checks are done. It would take
    more time than the call.
    """
    log = getattr(stream, "logging_obj", None)
    if log is not None:
        log._on_deferred_stream_complete = _told_nothing  # noqa: SLF001  litellm has no setting for it


async def _told_nothing(*_: object) -> None:
    return


def _add_calls(calls: CallPieces, pieces: Iterable[Any]) -> None:
    for one in pieces:
        said = one.function
        calls.add(
            one.index or 0,
            id_=str(one.id or ""),
            name=str(said.name or "") if said else "",
            arguments=str(said.arguments or "") if said else "",
        )
