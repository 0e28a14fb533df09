"""One input at a time from its 10th to its 90th percentile, all others likely."""

import numpy as np
import pytest

from playbook.costs import Costs, Tornado, estimate_costs
from playbook.costs.one_at_a_time import OneAtATime
from playbook.costs.scenarios import Scenarios
from playbook.uncertainty import Estimate
from tests.costs.builders import (
    AS_OF,
    a_catalog,
    a_price,
    a_profile,
    an_offer,
    an_rng,
    some_assumptions,
)

WIDE_STAFF = {"fte_needed_self_hosted": {"low": 0.1, "likely": 0.25, "high": 1.0}}
WIDE_VOLUME = {"tokens_per_day": {"low": 5e5, "likely": 1e6, "high": 2e6}}


def costs(catalog: object = None, **sections: object) -> Costs:
    return estimate_costs(a_profile(**sections), catalog or a_catalog(), rng=an_rng(), as_of=AS_OF)


def tornado(found: Costs, of: str) -> Tornado:
    return next(one for one in found.tornados if one.of == of)


def test_one_input_moves_and_the_others_stay() -> None:
    scenarios = Scenarios(a_profile(), a_catalog(), rng=an_rng())
    wide = Estimate(low=1, likely=2, high=4)
    for name in ("first", "second"):
        scenarios.answer(name, wide, unit="unit")
    scenarios.answer("fixed", 3.0, unit="unit")

    found = OneAtATime(scenarios)

    low, high = np.percentile(scenarios.samples("first")[1:], [10, 90])
    assert found.draws == 4
    first = found.answer("first", wide, unit="unit")
    assert first.tolist() == pytest.approx([2, low, high, 2, 2])
    assert found.answer("second", wide, unit="unit")[:3].tolist() == [2, 2, 2]
    assert found.answer("fixed", 3.0, unit="unit").tolist() == [3] * 5


def test_swing_of_staff_by_hand() -> None:
    """15,000 USD a month for a person: the swing is that times the people between p10 and p90."""
    row = tornado(costs(infrastructure=WIDE_STAFF), "own_servers").rows[0]

    assert row.input == "infrastructure.fte_needed_self_hosted"
    assert row.usd_at_high - row.usd_at_low == pytest.approx(
        15_000 * (row.high_value - row.low_value)
    )


def test_what_both_sides_share_moves_the_own_cost_and_not_the_difference() -> None:
    """The gateway stands in front of either."""
    gateway = {"gateway_usd_per_month": {"low": 50, "likely": 100, "high": 500}}
    found = costs(a_catalog(assumptions=some_assumptions(**gateway)))

    assert [row.input for row in tornado(found, "own_servers").rows] == ["gateway_usd_per_month"]
    assert tornado(found, "difference").rows == ()


def test_difference_is_the_cheapest_own_option_less_the_cheapest_api() -> None:
    found = costs(workload=WIDE_VOLUME)
    one = tornado(found, "difference")

    priced = {each.option: each for each in found.options if each.priced}
    cheapest_api = next(name for name in priced if "@self:" not in name)
    assert one.api_option == cheapest_api
    assert one.self_hosted_option == next(name for name in priced if "@self:" in name)
    assert one.usd_per_month_likely > 0


def test_rows_come_with_the_largest_swing_first() -> None:
    staff = {**WIDE_STAFF, "fte_needed_api": {"low": 0.05, "likely": 0.1, "high": 0.2}}
    rows = tornado(costs(infrastructure=staff), "difference").rows

    swings = [abs(row.usd_at_high - row.usd_at_low) for row in rows]
    assert len(swings) > 1
    assert swings == sorted(swings, reverse=True)


def test_an_input_that_turns_the_verdict_over_says_at_which_end() -> None:
    """Own servers cost some 6,770 USD: at 100 USD per million the API does at 2.2M tokens/day."""
    price = a_price(input_usd_per_million_tokens=100.0, output_usd_per_million_tokens=100.0)
    found = costs(
        a_catalog(api_offers=(an_offer("frontier", price),)),
        workload={"tokens_per_day": {"low": 5e5, "likely": 1.5e6, "high": 6e6}},
    )

    row = tornado(found, "difference").rows[0]
    assert row.input == "workload.tokens_per_day"
    assert row.usd_at_low > 0 > row.usd_at_high
    assert row.flips.endswith("own servers are cheaper")
    assert f"{row.high_value:.3g} tokens/day" in row.flips


def test_without_own_servers_there_is_no_tornado_and_without_an_api_no_difference() -> None:
    assert costs(a_catalog(gpu_offers=(), gpus=())).tornados == ()
    assert [one.of for one in costs(a_catalog(api_offers=())).tornados] == ["own_servers"]
