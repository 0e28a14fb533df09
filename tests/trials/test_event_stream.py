"""Events come out whole, wherever the network cuts them."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from playbook.trials.event_stream import EventStream

BODY = b": hello\n\ndata: one\n\ndata:two\r\n\r\n"
BODY += b"event: x\nid: 4\ndata: th\ndata: ree\n\ndata: [DONE]\n\n"
WANTED = [b"one", b"two", b"th\nree", b"[DONE]"]


def events_of(*pieces: bytes) -> list[bytes]:
    stream = EventStream()
    found = [one for piece in pieces for one in stream.take(piece)]
    return found + stream.end()


@given(st.lists(st.integers(0, len(BODY)), max_size=12))
def test_cuts_anywhere_change_nothing(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(BODY)]

    pieces = [BODY[start:end] for start, end in pairwise(edges)]

    assert events_of(*pieces) == WANTED


def test_single_bytes_with_carriage_returns_give_the_same_events() -> None:
    body = BODY.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    assert events_of(*(bytes([one]) for one in body)) == WANTED


def test_lone_carriage_returns_end_lines_too() -> None:
    assert events_of(b"data: one\r\rdata: t", b"wo\r\r") == [b"one", b"two"]


def test_last_event_needs_no_blank_line() -> None:
    assert events_of(b"data: one\n\ndata: two") == [b"one", b"two"]


def test_field_without_data_makes_no_event() -> None:
    assert events_of(b"event: ping\n\nretry: 5\n\n\n\n: only a comment\n\n") == []


def test_a_long_line_in_small_pieces_takes_linear_time() -> None:
    """Taken anew with each piece, it would take minutes."""
    start = time.process_time()

    found = events_of(b"data: ", *[b"x" * 64] * 100_000, b"\n\n")

    assert len(found[0]) == 6_400_000
    assert time.process_time() - start < 5
