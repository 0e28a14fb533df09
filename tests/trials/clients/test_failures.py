"""What a failed call is called, and what its message may show."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.trials.clients.failures import call_error, redact, retry_after_seconds
from playbook.trials.retries import may_be_billed
from playbook.trials.socket_lock import CallTrace

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-abcd1234efgh5678",
        "Authorization: Bearer abcdef1234567",
        "GET /v1beta/models?key=AbCdEf0123",
        "x-api-key: abcd-1234-efgh",
        "token=abcd1234efgh",
        "gsk_abcd1234efgh and AIzaSyA1234567890abc",
        "opaque 0123456789abcdef0123456789abcdef",
    ],
)
def test_what_looks_like_a_key_is_removed(text: str) -> None:
    shown = redact(text)

    assert "***" in shown
    assert not {"abcd1234efgh", "abcdef1234567", "AbCdEf0123", "abcd-1234-efgh"} & set(
        shown.replace("=", " ").split()
    )


@given(st.text(min_size=1), st.text(alphabet="abcXYZ019-_", min_size=6), st.text())
def test_a_given_secret_is_never_shown(before: str, secret: str, after: str) -> None:
    assert secret not in redact(f"{before}{secret}{after}", [secret])


def test_message_is_one_short_line_without_control_characters() -> None:
    shown = redact("a\nb\x1b[31m" + "c " * 500)

    assert shown.startswith("a b [31mc")
    assert len(shown) <= 300


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("1e999", 3600.0),
        ("nan", None),
        ("soon", None),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after_seconds({"retry-after": value}, now=NOW) == seconds


def test_no_header_is_no_wait() -> None:
    assert retry_after_seconds({}, now=NOW) is None


@pytest.mark.parametrize(
    ("status", "kind", "retry"),
    [
        (400, "bad_request", False),
        (401, "auth", False),
        (403, "auth", False),
        (404, "bad_request", False),
        (408, "timeout", True),
        (409, "server", True),
        (425, "server", True),
        (422, "bad_request", False),
        (429, "rate_limit", True),
        (500, "server", True),
        (529, "server", True),
    ],
)
def test_status_on_the_wire_decides_the_kind(status: int, kind: str, retry: bool) -> None:  # noqa: FBT001  a table's column
    error = call_error(ValueError("as the library puts it"), CallTrace(status=status), [])

    assert (error.kind, error.retry) == (kind, retry)


def test_failure_before_anything_was_sent_is_not_tried_again() -> None:
    error = call_error(ValueError("bad settings"), CallTrace(), [])

    assert (error.kind, error.retry) == ("other", False)


def test_a_reply_that_broke_off_may_have_been_billed_and_counts_in_the_cap() -> None:
    error = call_error(ValueError("cut"), CallTrace(requests=1, status=200), [])

    assert may_be_billed(error)
    assert error.retry


def test_what_the_wire_saw_is_told_below_what_a_library_makes_of_it() -> None:
    """litellm says no more than "Connection error"."""

    wire = httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER] wrong version number")
    hiding, shown = ConnectionError("Connection error."), RuntimeError("Connection error.")
    hiding.__cause__, shown.__context__ = wire, hiding

    error = call_error(shown, CallTrace(requests=1), [])

    assert str(error) == f"connection: ConnectError: {wire}"


def test_a_reply_that_is_no_json_is_a_servers_fault_that_may_be_billed() -> None:
    wrapped = RuntimeError("as the library puts it")
    wrapped.__cause__ = json.JSONDecodeError("no", "{", 1)

    errors = [
        call_error(wrapped, CallTrace(requests=1, status=200), []),
        call_error(wrapped, CallTrace(requests=1, status=200, broken="an event is no JSON"), []),
    ]

    assert {(one.kind, one.retry, may_be_billed(one)) for one in errors} == {("server", True, True)}


def test_a_connection_that_was_refused_is_not_billed() -> None:
    wrapped = RuntimeError("as the library puts it")
    wrapped.__context__ = httpx.ConnectError("refused")

    error = call_error(wrapped, CallTrace(requests=1), [])

    assert (error.kind, error.retry, may_be_billed(error)) == ("connection", True, False)
