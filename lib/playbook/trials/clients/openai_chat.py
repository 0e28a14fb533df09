"""OpenAI's chat dialect: the body of a request, and an answer put together from its chunks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Self

from playbook.trials.client import Request, ToolCall
from playbook.trials.clients.streams import CallPieces, median_gap_s
from playbook.trials.clients.usage import TokenCounts
from playbook.trials.clients.wording import spoken_arguments

MOST_CALL_PIECES = 100_000


class BadReplyError(Exception):
    """A reply that is not what the dialect says.

    Args:
        message: What is wrong; text of the server in it is hostile.
        status: HTTP status that the server names in the reply itself, or None.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


def request_body(model: str, request: Request, *, prefix: str = "openai") -> dict[str, object]:
    """Return the JSON body that asks for a streamed answer.

    Args:
        model: Model id as the endpoint knows it.
        request: What is asked.
        prefix: litellm's prefix of the endpoint: Mistral names two settings otherwise.
    """
    body = {"model": model, **spoken_arguments(request), "stream": True}
    if prefix != "mistral":
        return {**body, "stream_options": {"include_usage": True}}
    if "seed" in body:
        body["random_seed"] = body.pop("seed")
    if body.get("tool_choice") == "required":
        body["tool_choice"] = "any"
    return body


class Answer:
    """An answer as it grows, chunk by chunk; a whole reply in one piece is taken as one chunk."""

    def __init__(self) -> None:
        self.model = ""
        self.id = ""
        self.finish_reason = ""
        self._began = False
        self.usage: Mapping[str, Any] = {}
        self.arrivals_s: list[float] = []
        self._texts: list[str] = []
        self._refusals: list[str] = []
        self._calls = CallPieces()
        self._call_pieces = 0

    def take(self, data: bytes, at_s: float) -> None:
        """Add a chunk.

        Args:
            data: Its JSON.
            at_s: When it arrived, seconds from sending.

        Raises:
            BadReplyError: when it is no chunk, or says that the server failed.
        """
        try:
            chunk = json.loads(data)
        except (ValueError, RecursionError):
            raise BadReplyError("a piece of the reply is no JSON") from None
        if not isinstance(chunk, dict):
            raise BadReplyError("a piece of the reply is no JSON object")
        _raise_error_in(chunk)
        self.model = self.model or _text(chunk.get("model"))
        self.id = self.id or _text(chunk.get("id"))
        usage = chunk.get("usage")
        if isinstance(usage, dict):
            self.usage = usage
        for choice in _objects(chunk.get("choices")):
            if choice.get("index") in {0, None}:
                self._began = True
                self._take_choice(choice, at_s)

    def ended(self) -> Self:
        """Return the whole answer.

        Raises:
            BadReplyError: when there is none.
        """
        if not self._began:
            raise BadReplyError("the reply holds no answer")
        return self

    def _take_choice(self, choice: dict[str, Any], at_s: float) -> None:
        delta = choice.get("delta") or choice.get("message")
        self.finish_reason = _text(choice.get("finish_reason")) or self.finish_reason
        if not isinstance(delta, dict):
            return
        text, refusal = _content(delta.get("content")), _text(delta.get("refusal"))
        calls = _objects(delta.get("tool_calls"))
        for position, call in enumerate(calls):
            self._take_call(call, position)
        if text or refusal or calls:
            self.arrivals_s.append(at_s)
            self._texts.append(text)
            self._refusals.append(refusal)

    def _take_call(self, row: dict[str, Any], position: int) -> None:
        """Add a piece of a tool call; where servers leave its index out, its place says which."""
        self._call_pieces += 1
        if self._call_pieces > MOST_CALL_PIECES:
            raise BadReplyError(f"the reply has more than {MOST_CALL_PIECES} pieces of tool calls")
        index, function = row.get("index"), _object(row.get("function"))
        said = function.get("arguments")
        self._calls.add(
            index if isinstance(index, int) else position,
            id_=_text(row.get("id")),
            name=_text(function.get("name")),
            arguments=said if isinstance(said, str) else _json(said),
        )

    @property
    def text(self) -> str:
        """Return its text."""
        return "".join(self._texts)

    @property
    def refusal(self) -> str:
        """Return the provider's own refusal."""
        return "".join(self._refusals)

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """Return what the model wants to call, in the order in which it began."""
        return self._calls.calls

    @property
    def token_gap_s(self) -> float | None:
        """Return the median time between two pieces; None for fewer than two."""
        return median_gap_s(self.arrivals_s)

    @property
    def counts(self) -> TokenCounts:
        """Return the server's own token counts; None for what it did not count."""
        read, wrote = (
            _object(self.usage.get(name))
            for name in ("prompt_tokens_details", "completion_tokens_details")
        )
        return TokenCounts(
            input_tokens=_first_count(self.usage, "prompt_tokens"),
            output_tokens=_first_count(self.usage, "completion_tokens"),
            cached_input_tokens=_first_count(
                {**self.usage, **read}, "cached_tokens", "prompt_cache_hit_tokens"
            ),
            cache_written_tokens=_first_count(read, "cache_write_tokens", "cache_creation_tokens"),
            reasoning_tokens=_first_count(wrote, "reasoning_tokens"),
        )


def _raise_error_in(chunk: dict[str, Any]) -> None:
    error = chunk.get("error")
    if not error and "choices" not in chunk and chunk.get("object") == "error":
        error = chunk  # as vLLM once wrote it
    if not error:
        return
    said = _object(error)
    status = next((one for one in (said.get("code"), said.get("status")) if _is_status(one)), None)
    raise BadReplyError(f"the server failed while it answered: {_json(error)}", status)


def _is_status(value: object) -> bool:
    return type(value) is int and 400 <= value < 600  # noqa: PLR2004  HTTP's errors


def _content(value: object) -> str:
    """Return the text of a `content`; of a list of parts, that of its texts."""
    if isinstance(value, list):
        return "".join(_text(one.get("text")) for one in _objects(value))
    return _text(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _json(value: object) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _first_count(row: Mapping[str, Any], *names: str) -> int | None:
    found: Iterator[object] = map(row.get, names)
    return next((one for one in found if isinstance(one, int) and not isinstance(one, bool)), None)
