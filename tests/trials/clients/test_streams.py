"""Pieces of a stream become whole calls, and a filter's error becomes a filtered answer."""

from __future__ import annotations

import json

import pytest

from playbook.trials.client import ToolCall
from playbook.trials.clients.streams import (
    CallPieces,
    filtered_reply,
    median_gap_s,
    model_said,
    refusal_said,
)
from playbook.trials.socket_lock import CallTrace


def joined(*pieces: tuple[int, str, str, str]) -> list[ToolCall]:
    calls = CallPieces()
    for index, id_, name, arguments in pieces:
        calls.add(index, id_=id_, name=name, arguments=arguments)
    return list(calls.calls)


def test_pieces_of_one_index_are_one_call() -> None:
    calls = joined((0, "a", "find", ""), (0, "", "", '{"x"'), (0, "", "", ": 1}"))

    assert calls == [ToolCall("find", '{"x": 1}', "a")]


def test_pieces_of_two_calls_may_come_mixed() -> None:
    calls = joined((0, "a", "find", "1"), (1, "b", "sort", "3"), (0, "", "", "2"), (1, "", "", "4"))

    assert calls == [ToolCall("find", "12", "a"), ToolCall("sort", "34", "b")]


@pytest.mark.parametrize("second_id", ["b", ""])
def test_server_that_numbers_all_calls_nought_still_makes_two(second_id: str) -> None:
    calls = joined((0, "a", "find", "{}"), (0, second_id, "find", "{}"))

    assert [one.name for one in calls] == ["find", "find"]


def test_id_that_every_piece_repeats_is_one_call() -> None:
    assert joined((0, "a", "find", "1"), (0, "a", "", "2")) == [ToolCall("find", "12", "a")]


def test_gap_is_the_median_and_needs_two_pieces() -> None:
    assert median_gap_s([0.1, 0.2, 0.3, 1.3]) == pytest.approx(0.1)
    assert median_gap_s([0.1]) is None
    assert median_gap_s([]) is None


@pytest.mark.parametrize(
    ("head", "model"),
    [
        (b'data: {"model": "", "choices": []}\n\ndata: {"model": "gpt-4o"}', "gpt-4o"),
        (b'data: {"modelVersion":"gemini-2.5-flash"}', "gemini-2.5-flash"),
        (b"data: {}", ""),
        (b'"model": "' + b"x" * 300 + b'"', ""),
    ],
)
def test_model_is_what_the_server_itself_names(head: bytes, model: str) -> None:
    assert model_said(CallTrace(head=head)) == model


def test_refusal_is_put_together_with_its_escapes() -> None:
    head = b'{"delta":{"refusal":"I can\\u0027t "}} {"delta":{"refusal":"say \\"it\\"."}}'

    assert refusal_said(CallTrace(head=head)) == 'I can\'t say "it".'
    assert refusal_said(CallTrace(head=b'{"refusal":null}')) == ""
    assert refusal_said(CallTrace(head=b'{"refusal":"\\u12"}')) == ""


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": {"code": "content_filter"}}),
        (400, {"error": {"code": "data_inspection_failed"}}),
        (400, {"code": "DataInspectionFailed"}),
    ],
)
def test_error_of_a_filter_is_a_filtered_answer(status: int, body: object) -> None:
    reply = filtered_reply(CallTrace(status=status, head=json.dumps(body).encode()), "lean")

    assert reply is not None
    assert (reply.finish_reason, reply.model_answered) == ("content_filter", "")
    assert reply.client == "lean"


@pytest.mark.parametrize(
    ("status", "head"),
    [
        (None, b""),
        (500, b'{"error": {"code": "content_filter"}}'),
        (400, b'{"error": {"code": "context_length_exceeded"}}'),
        (400, b'{"error": "content_filter"}'),
        (400, b'{"error": {"code": ["content_filter"]}}'),
        (400, b'["content_filter"]'),
        (400, b"<html>content_filter</html>"),
    ],
)
def test_any_other_error_stays_one(status: int | None, head: bytes) -> None:
    assert filtered_reply(CallTrace(status=status, head=head), "lean") is None
