"""A histogram of call lengths gives a mean call and the longest, or says what is wrong."""

from __future__ import annotations

import pytest

from playbook.costs.measured.mixes import Mix, MixError, mix_of


def test_a_mix_by_hand() -> None:
    """0.7 x 500 + 0.3 x 8,000 = 2,750 input and 0.7 x 200 + 0.3 x 400 = 260 output tokens."""
    found = mix_of("500/200:0.7,8000/400:0.3", "--mix")

    assert found.input_tokens == pytest.approx(2_750)
    assert found.output_tokens == pytest.approx(260)
    assert found.longest_call_tokens == pytest.approx(8_400)


def test_parts_may_stand_on_lines_and_shares_may_be_percent() -> None:
    assert mix_of("500/200: 75%\n4500/200: 25%\n", "mix.txt") == Mix(1_500.0, 200.0, 4_700.0)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty; give parts such as 500/200:0.7,8000/400:0.3"),
        ("500/200", "'500/200' is not input/output:share"),
        ("500/200:0.7,8000/400:0.2", "its shares sum to 0.9; they must sum to 1 or 100%"),
        ("500/0:1", "writes no token"),
        ("a/b:c,500/200:x", "'a/b:c' is not"),
    ],
)
def test_a_wrong_mix_is_refused_with_the_part_and_the_fix(text: str, problem: str) -> None:
    with pytest.raises(MixError) as caught:
        mix_of(text, "--mix")

    assert problem in str(caught.value)
