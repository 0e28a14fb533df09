"""From whatever a library raised to a `CallError` without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from playbook.trials.client import CallError
from playbook.trials.socket_lock import CallTrace

Kind = Literal["timeout", "rate_limit", "server", "connection", "auth", "bad_request", "other"]

MAX_MESSAGE = 300
MAX_RETRY_AFTER_S = 3600.0
_RETRIED = {"timeout", "rate_limit", "server", "connection"}
_BY_STATUS: Mapping[int, Kind] = {
    401: "auth", 403: "auth", 408: "timeout", 409: "server", 425: "server", 429: "rate_limit",
}  # fmt: skip
_NEVER_CONNECTED = {"ConnectError", "ConnectTimeout", "ClientConnectorError"}
"""Of httpx and aiohttp: nothing was sent."""
_LONGEST_CHAIN = 20
_BY_NAME: Mapping[str, Kind] = {
    "Timeout": "timeout",
    "RateLimitError": "rate_limit",
    "AuthenticationError": "auth",
    "PermissionDeniedError": "auth",
    "BadRequestError": "bad_request",
    "NotFoundError": "bad_request",
    "UnprocessableEntityError": "bad_request",
}
_LOOKS_SECRET = (
    re.compile(r"(?i)\b(?:bearer|basic)\s+[^\s\"',]{6,}"),
    re.compile(r"(?i)(?:api[-_ ]?key|token|authorization|secret|password)\W{1,4}[^\s\"',;&)]{6,}"),
    re.compile(r"(?i)[?&]key=[^\s&\"']+"),
    re.compile(r"\b(?:sk|pk|rk|gsk|hf|xai|key|ghp)[-_][\w*-]{6,}|\bAIza[\w-]{10,}"),
    re.compile(r"\b(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{32,}"),
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return one short line without the given secrets and without anything that looks like one.

    Example:
        >>> redact("bad key sk-abcdefgh1234 for org", ["other"])
        'bad key *** for org'
    """
    for secret in sorted((one for one in secrets if one), key=len, reverse=True):
        text = text.replace(secret, "***")
    for pattern in _LOOKS_SECRET:
        text = pattern.sub("***", text)
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[
        :MAX_MESSAGE
    ]


def retry_after_seconds(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return how long a reply asks to wait, 0 to an hour, or None when it does not say.

    Args:
        headers: Names in lower case; `retry-after` holds seconds or an HTTP date.
        now: The present, with its zone.

    Source: RFC 9110, section 10.2.3.

    Example:
        >>> retry_after_seconds({"retry-after": "2"}, now=datetime(2026, 1, 1, tzinfo=UTC))
        2.0
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            when = parsedate_to_datetime(text)
        except ValueError:
            return None
        zoned = when if when.tzinfo else when.replace(tzinfo=UTC)
        seconds = (zoned - now).total_seconds()
    if seconds != seconds:  # noqa: PLR0124  NaN, which a hostile server may send
        return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_S)


def deadline_error(deadline_s: float) -> CallError:
    """Return the error of a call that took longer than it may in total."""
    return CallError("timeout", f"no full reply within {deadline_s:g} s", retry=True)


def call_error(error: BaseException, trace: CallTrace, secrets: Iterable[str]) -> CallError:
    """Return the `CallError` of a failed call; what the wire saw outweighs the library's word.

    Args:
        error: What the library raised.
        trace: What the guarded transport saw.
        secrets: Texts that the message must not show.
    """
    if trace.refused and trace.status is None:
        return CallError("connection", redact(trace.refused), retry=False)
    if trace.status is not None and 300 <= trace.status < 400:  # noqa: PLR2004  HTTP's redirects
        because = f"HTTP {trace.status}: a redirect to {redact(trace.redirect_to)} was not followed"
        return CallError("connection", because, retry=False)
    names = _names_of(error)
    succeeded = trace.status is not None and trace.status < 300  # noqa: PLR2004  HTTP's successes
    if trace.broken or (succeeded and "JSONDecodeError" in names):
        return broken_reply(None, trace.broken or "the reply is no JSON", secrets)
    kind = _kind_of(error, trace)
    wait_s = retry_after_seconds(trace.headers, now=datetime.now(UTC))
    status = f"HTTP {trace.status}: " if trace.status is not None and trace.status >= 400 else ""  # noqa: PLR2004  HTTP's errors
    cause = _cause_at_the_wire(error)
    said = trace.head.decode("utf-8", "replace") if status else f"{type(cause).__name__}: {cause}"
    return CallError(
        kind,
        status + redact(said, secrets),
        retry=kind in _RETRIED,
        retry_after_s=wait_s if kind in {"rate_limit", "server"} else None,
        billed=False if names & _NEVER_CONNECTED else None,
    )


def broken_reply(status: int | None, said: str, secrets: Iterable[str]) -> CallError:
    """Return the error of a reply that is broken, or in which the server says that it failed.

    Args:
        status: HTTP status that the server names in it, or None.
        said: What is wrong.
        secrets: Texts that the message must not show.
    """
    kind = "server" if status is None else _kind_of_status(status)
    return CallError(kind, redact(said, secrets), retry=kind in _RETRIED, billed=True)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, and the ones that it was raised from."""
    one: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if one is not None:
            yield one
            one = one.__cause__ or one.__context__


def _cause_at_the_wire(error: BaseException) -> BaseException:
    """Return what the HTTP library raised below a library that hides it; else the error itself."""
    kinds = ((type(one).__module__.partition(".")[0], one) for one in _chain(error))
    return next((one for package, one in kinds if package == "httpx"), error)


def _kind_of_status(status: int) -> Kind:
    other: Kind = "server" if status >= 500 else "bad_request"  # noqa: PLR2004  HTTP's errors
    return _BY_STATUS.get(status, other)


def _names_of(error: BaseException) -> set[str]:
    """Return the classes of an error and of those that it was raised from."""
    return {kind.__name__ for one in _chain(error) for kind in type(one).__mro__}


def _kind_of(error: BaseException, trace: CallTrace) -> Kind:
    names = {one.__name__ for one in type(error).__mro__}
    if trace.status is not None and trace.status >= 400:  # noqa: PLR2004  HTTP's errors
        return _kind_of_status(trace.status)
    if names & {"Timeout", "APITimeoutError", "TimeoutException", "TimeoutError"}:
        return "timeout"
    if trace.requests:  # sent, and no full reply came back: the work may be billed
        return "connection"
    return next((kind for name, kind in _BY_NAME.items() if name in names), "other")
