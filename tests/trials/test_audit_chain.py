"""A line holds on to the one before, whatever its texts say."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.trials.audit_chain import FIRST, AuditEntry, AuditLine, canonical, chained, check_line

AT = datetime(2026, 11, 28, tzinfo=UTC)
TRICKS = ['"hash":""', '\\"hash\\":\\"\\"', 'x","hash":"","y":"', "\u2028", '{"hash":""}', '"']


def a_line(because: str, endpoint: str = "api") -> tuple[AuditLine, bytes]:
    entry = AuditEntry(event="send", endpoint=endpoint, because=because)
    return chained(entry, after=(0, FIRST), at=AT, run="run")


@pytest.mark.parametrize("text", TRICKS)
def test_text_that_looks_like_the_hash_stays_what_it_is(text: str) -> None:
    line, raw = a_line(text, endpoint=text)

    assert check_line(raw, 1, FIRST) == ("", line.hash)
    assert raw == canonical(line)
    assert json.loads(raw)["entry"]["because"] == text


@given(st.text())
def test_bytes_of_a_line_are_its_canonical_form(text: str) -> None:
    line, raw = a_line(text.encode("utf-8", "replace").decode())

    assert raw == canonical(line)
    assert check_line(raw, 1, FIRST) == ("", line.hash)


def test_line_goes_on_only_after_the_line_that_it_names() -> None:
    first, _ = a_line("one")
    entry = AuditEntry(event="refuse")
    _, raw = chained(entry, after=(first.number, first.hash), at=AT, run="run")

    assert check_line(raw, 2, first.hash)[0] == ""
    assert "does not follow" in check_line(raw, 3, first.hash)[0]
    assert "does not follow" in check_line(raw, 2, FIRST)[0]
    assert check_line(raw.replace(b"refuse", b"send"), 2, first.hash)[0] == "was edited"
