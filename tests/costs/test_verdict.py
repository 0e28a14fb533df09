"""Which side is cheaper at the team's own volume, and what would settle a close call."""

import numpy as np
import pytest

from playbook.costs import cost_curve
from playbook.costs.records import BreakEven
from playbook.costs.verdict import at_volume, settled_by
from tests.costs.builders import AS_OF, a_catalog, a_price, a_profile, an_offer, an_rng


def side(own: list[float], api: float, *, crosses: float = 1.0) -> tuple[str, float]:
    draws = np.array([own[0], *own])
    found = at_volume(
        np.full(draws.shape, 1e6),
        draws,
        np.full(draws.shape, api),
        share_that_cross=crosses,
        inputs={"speed": draws},
    )
    return found.side, found.share_own_cheaper


def test_nine_draws_of_ten_make_a_verdict_and_fewer_are_too_close() -> None:
    cheap, dear = [50.0], [150.0]

    assert side(cheap * 9 + dear, 100) == ("own_servers", 0.9)
    assert side(cheap * 8 + dear * 2, 100) == ("too_close", 0.8)
    assert side(cheap * 2 + dear * 8, 100) == ("too_close", 0.2)
    assert side(cheap + dear * 9, 100) == ("api", 0.1)


def test_never_is_said_where_hardly_any_draw_crosses_at_any_volume() -> None:
    assert side([150.0] * 10, 100, crosses=0.05) == ("never", 0.0)


def test_too_close_names_the_input_that_moves_the_difference_most() -> None:
    rng = an_rng()
    people, speed = rng.normal(size=(2, 1_001))
    difference = (10 * people + speed)[1:]
    inputs = {"infrastructure.fte_needed_self_hosted": people, "costs.speed": speed}

    words = settled_by(difference, inputs)

    assert words.startswith("measure first infrastructure.fte_needed_self_hosted: ")
    assert settled_by(difference, {"costs.speed": speed}).endswith("load test on the servers")


def test_settling_needs_an_input_with_spread() -> None:
    assert settled_by(np.zeros(5), {"fixed": np.ones(6)}) == "measure what it rests on"


def curve(api_usd: float, **workload: object) -> BreakEven:
    price = a_price(input_usd_per_million_tokens=api_usd, output_usd_per_million_tokens=api_usd)
    return cost_curve(
        a_profile(workload=workload),
        a_catalog(api_offers=(an_offer("frontier", price),)),
        self_hosted_option="small-8b@self:rented_eu",
        api_option="frontier@api-house",
        rng=an_rng(),
        as_of=AS_OF,
    )


def test_verdict_follows_the_team_s_volume_and_stands_in_the_finding() -> None:
    small, large = (curve(40, tokens_per_day=volume) for volume in (1e4, 1e8))

    assert (small.verdict, large.verdict) == ("api", "own_servers")
    assert small.finding.endswith("the API is cheaper (own servers in 0% of draws).")
    assert large.finding.endswith("own servers are cheaper (own servers in 100% of draws).")
    assert (small.tokens_per_day, large.tokens_per_day) == (1e4, 1e8)


def test_close_call_says_to_measure() -> None:
    """Own servers cost some 6,770 USD a month: a wide volume around that price is a toss-up."""
    found = curve(100, tokens_per_day={"low": 5e5, "likely": 2.2e6, "high": 4e6})

    assert found.verdict == "too_close"
    assert found.settle_by.startswith("measure first workload.tokens_per_day")
    assert "too close to call" in found.finding


def test_never_above_is_the_end_of_the_last_stretch_in_which_own_servers_are_cheaper() -> None:
    """At 0.3 USD per million each further replica costs more than the tokens that it carries, so
    that own servers can only be cheaper where the first one is nearly full, if at all."""
    cheap = [curve(usd) for usd in (0.3, 0.5, 1.0, 40.0)]

    for one in cheap:
        ends = [each for each in one.crossings if not each.own_servers_cheaper_above]
        if one.never_above_tokens_per_day is None:
            still = one.crossings and one.crossings[-1].own_servers_cheaper_above
            assert still or not one.crossings or one.crossings_left_out
        else:
            assert one.never_above_tokens_per_day == pytest.approx(ends[-1].tokens_per_day)
    assert cheap[-1].never_above_tokens_per_day is None


@pytest.mark.parametrize("usd", [1.0, 5.0, 40.0])
def test_doubling_the_api_price_never_raises_the_break_even(usd: float) -> None:
    once, twice = curve(usd), curve(2 * usd)

    assert twice.share_of_draws_that_cross >= once.share_of_draws_that_cross
    if once.first_crossing and twice.first_crossing:
        assert twice.first_crossing.p50 <= once.first_crossing.p50 * (1 + 1e-9)


def test_rule_of_thumb_is_kept_for_the_figure() -> None:
    found = curve(1.0)

    assert (found.rule_api_below, found.rule_open_weights_above) == (1e6, 1e7)
