import pytest

from playbook.costs.finding import Found, Rule, finding_of, volume_words
from playbook.uncertainty import Percentiles

RULE = Rule(api_below=1e6, open_weights_above=1e7)


def sentence(median: float | None, *, share: float = 1.0, lost: bool = False) -> str:
    band = Percentiles(p10=median / 2, p50=median, p90=median * 2) if median else None
    found = Found(spread=band, share_of_draws=share, lost_again=lost, lowest=1e4, highest=1e11)
    return finding_of(found, RULE, own="ours", api="theirs")


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (412, "410 tokens/day"),
        (50_000, "50k tokens/day"),
        (1_000_000, "1.0M tokens/day"),
        (999_800, "1.0M tokens/day"),
        (38_613_000, "39M tokens/day"),
        (2.13e9, "2.1B tokens/day"),
        (1e11, "100B tokens/day"),
        (0.0, "0 tokens/day"),
    ],
)
def test_volumes_have_two_digits(tokens: float, words: str) -> None:
    assert volume_words(tokens) == words


def test_crossing_comes_with_its_interval_and_the_rule() -> None:
    assert sentence(4e7) == (
        "ours gets cheaper than theirs at 40M tokens/day [20M, 80M] (median [p10, p90] of the "
        "draws that cross: 100%). The rule of thumb sees own weights ahead above 10M tokens/day: "
        "too early here by a factor of 4.0."
    )


@pytest.mark.parametrize("median", [None, 4e7])
def test_never_is_said_plainly_where_hardly_a_draw_crosses(median: float | None) -> None:
    assert sentence(median, share=0.02) == (
        "Never up to 100B tokens/day: ours stays dearer than theirs (2% of draws cross). The rule "
        "of thumb sees own weights ahead above 10M tokens/day: not against this price."
    )


def test_split_draws_are_told_apart() -> None:
    assert sentence(4e7, share=0.87) == (
        "In 87% of the draws ours gets cheaper than theirs, first at 40M tokens/day [20M, 80M] "
        "(median [p10, p90] of these draws); in the others never up to 100B tokens/day. The rule "
        "of thumb sees own weights ahead above 10M tokens/day: too early in the draws that cross "
        "by a factor of 4.0."
    )


def test_saving_that_is_lost_again_is_said_after_the_crossing() -> None:
    crossing, lost, _ = sentence(4e7, lost=True).split(". ")

    assert "lost" not in crossing
    assert lost == "With likely inputs the saving is lost again at some larger volumes"


@pytest.mark.parametrize(
    ("median", "verdict"),
    [
        (5e5, "too late here by a factor of 2.0"),
        (3e6, "this agrees"),
        (1.2e7, "about right here"),
        (1e9, "too early here by a factor of 100"),
    ],
)
def test_rule_of_thumb_is_judged_by_the_crossing(median: float, verdict: str) -> None:
    assert verdict in sentence(median)


def test_always_cheaper_is_said_as_such() -> None:
    assert "from the lowest volume considered, 10k tokens/day" in sentence(1e4)
