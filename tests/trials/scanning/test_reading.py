"""Plain form: what looks like a digit, dash or space reads as one, and places lead back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.trials.scanning.reading import read


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("4\u200b1\u00ad1\ufeff1", "4111"),
        ("\uff14\uff11", "41"),
        ("\u0664\u0661", "41"),
        ("12\u201334\u221256\u201078", "12-34-56-78"),
        ("1\u00a02\u20093\u30004", "1 2 3 4"),
        ("1\u20282", "1\n2"),
        ("\uff41\uff20\uff42", "a@b"),
        ("caf\u00e9 \u756a\u53f7", "caf\u00e9 \u756a\u53f7"),
        ("\u2167", "VIII"),
        ("a&#64;b &commat; &#x40; &nbsp;&shy;x", "a@b @ @  x"),
        ("a\\u0040b\\nc\\u2013d", "a@b\nc-d"),
        ("AT&T; &unknown; 100% \\x", "AT&T; &unknown; 100% \\x"),
    ],
)
def test_plain_form(text: str, plain: str) -> None:
    assert read(text).text == plain


def test_ascii_is_left_alone() -> None:
    reading = read("a 1-2\t\n")

    assert (reading.text, reading.places) == ("a 1-2\t\n", None)


@given(st.text(max_size=200))
def test_small_letters_stand_where_the_letters_stand(text: str) -> None:
    reading = read(text)

    assert len(reading.lower) == len(reading.text)


@given(st.text(min_size=1, max_size=200))
def test_every_place_leads_back_into_the_text_in_order(text: str) -> None:
    reading = read(text)

    spans = [reading.original(at, at + 1) for at in range(len(reading.text))]

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


def test_a_place_leads_back_to_the_whole_of_an_escape() -> None:
    text = "jane&#64;example.com"
    reading = read(text)

    assert reading.original(0, len(reading.text)) == (0, len(text))
    assert reading.original(4, 5) == (4, 9)
