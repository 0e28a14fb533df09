"""Figures in words are short, the same everywhere, and never a negative nothing."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.decision import wording
from playbook.decision.criteria import Anchor
from playbook.decision.verdict import blocked_sentence

AMOUNTS = st.floats(min_value=-1e11, max_value=1e11)


def digits(text: str) -> int:
    return len(re.sub(r"\D", "", text).strip("0"))


@given(AMOUNTS)
def test_money_has_three_significant_digits_at_most_and_is_never_minus_nothing(
    amount: float,
) -> None:
    said = wording.usd(amount)

    assert digits(said) <= 3
    assert "e" not in said
    assert said not in ("-$0.00", "-$0")


@given(st.floats(min_value=0, max_value=1))
def test_money_grows_through_the_thousands_without_a_gap(share: float) -> None:
    """999.6 rounds to a thousand, and is said as one."""
    below = 990 + 9.4 * share

    assert wording.usd(below) == f"${float(f'{below:.3g}'):.0f}"
    assert wording.usd(999.6) == "$1k"


@given(st.floats(min_value=1, max_value=1e13))
def test_volumes_have_three_significant_digits_and_no_exponent(volume: float) -> None:
    said = wording.tokens_a_day(volume)

    assert digits(said) <= 3
    assert "e+" not in said


@pytest.mark.parametrize("share", [-1e-18, -0.0, 0.0, 1e-18])
def test_a_share_that_is_nothing_is_0_percent(share: float) -> None:
    assert wording.percent(share) == "0%"


def test_a_value_at_the_worst_anchor_is_a_plain_zero() -> None:
    worst = Anchor(worst=100.0, best=10.0, unit="USD", because="", falls_below_zero=True)

    (value,) = worst.value(np.array([100.0]))

    assert str(float(value)) == "0.0"


@given(st.lists(st.text("ab", min_size=1), max_size=30), st.integers(1, 20))
def test_a_clipped_text_is_never_longer_than_asked_but_for_its_mark(
    parts: list[str], words: int
) -> None:
    text = " ".join(parts)

    said = wording.clipped(text, words)

    assert len(said.split()) <= words + 1
    assert (said == text) is (len(parts) <= words)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Gemma, Groq", "Gemma over Groq"),
        ("Gemma, Amazon Bedrock, EU", "Gemma over Amazon Bedrock (EU)"),
        ("Gemma, own servers: rented in the EU, US owner",
         "Gemma on own servers (rented in the EU, US owner)"),
        ("Gemma", "Gemma"),
    ],
)  # fmt: skip
def test_titles_read_within_a_sentence(title: str, said: str) -> None:
    assert wording.spoken(title) == said


def test_numbers_up_to_twelve_are_words() -> None:
    assert wording.count_of(12, "condition") == "twelve conditions"
    assert wording.count_of(13, "condition") == "13 conditions"


def test_a_blocked_verdict_stays_one_sentence() -> None:
    said = blocked_sentence("The catalogue has no option.")

    assert said == "No option is left: the catalogue has no option."
