"""Numbers are short, labels harmless, titles complete."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.figures.theme import label, new_figure, nothing, plain, short, usd, wrapped


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (0.0123, "0.012"), (9.96, "10"), (123.4, "123"), (999, "999"), (1_234, "1.2k"),
        (-1_234, "-1.2k"), (85_300, "85k"), (2.5e6, "2.5M"), (3e9, "3B"), (7e12, "7T"),
    ],
)  # fmt: skip
def test_a_number_has_two_or_three_digits(value: float, text: str) -> None:
    assert short(value) == text
    assert usd(value) == f"${text}"


@given(st.floats(1e-3, 1e14))
def test_a_short_number_is_within_six_percent_of_the_value(value: float) -> None:
    text = short(value)
    sizes = {"k": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
    number = float(text.rstrip("kMBT")) * sizes.get(text[-1], 1)

    assert number == pytest.approx(value, rel=0.06)


def test_text_from_outside_can_neither_style_itself_nor_turn_to_math() -> None:
    hostile = "<b>$x$</b>"

    for made in (plain(hostile), wrapped(hostile, 80), label(hostile)):
        assert "<b>" not in made
        assert "$" not in made


def test_a_figure_carries_finding_caption_and_room_for_both() -> None:
    short_one = new_figure("A finding", "A caption")
    long_one = new_figure("A finding that goes on " * 12, "A caption")

    assert short_one.layout.title.text == "A finding"
    assert short_one.layout.title.subtitle.text == "A caption"
    assert long_one.layout.margin.t > short_one.layout.margin.t


def test_nothing_to_draw_says_why() -> None:
    figure = nothing("Untested", "no endpoint is named")

    assert figure.layout.title.subtitle.text == "no endpoint is named"
    assert not figure.data
