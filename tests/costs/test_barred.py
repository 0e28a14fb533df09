"""What rules on regions leave out has a cost for their price alone, and is no option."""

from __future__ import annotations

import pytest

from playbook.costs import Costs, estimate_costs
from tests.costs.builders import AS_OF, a_catalog, a_profile, an_rng

OWN = "self:rented_eu"


def costs(**sections: object) -> Costs:
    return estimate_costs(a_profile(**sections), a_catalog(), rng=an_rng(), as_of=AS_OF)


@pytest.mark.parametrize(
    ("data", "rules"),
    [
        ({"allowed_regions": ["US"]}, ("data.allowed_regions",)),
        ({"must_stay_in_own_network": True}, ("data.must_stay_in_own_network",)),
        (
            {"must_stay_in_own_network": True, "allowed_regions": ["US"]},
            ("data.must_stay_in_own_network", "data.allowed_regions"),
        ),
    ],
)
def test_what_a_rule_leaves_out_costs_what_it_would_without_the_rule(
    data: dict[str, object], rules: tuple[str, ...]
) -> None:
    free, ruled = costs(), costs(data=data)

    usual = {one.option: one for one in free.options if one.option.endswith(OWN) and one.priced}
    assert usual
    assert {one.option for one in ruled.barred} == set(usual)
    for one in ruled.barred:
        assert one.rules == rules
        assert one.draws_usd_per_month == usual[one.option].draws_usd_per_month
        assert one.usd_per_month == usual[one.option].usd_per_month


def test_it_is_no_option_in_any_other_result() -> None:
    ruled = costs(data={"allowed_regions": ["US"]})
    barred = {one.option for one in ruled.barred}

    assert barred
    assert not any(one.priced for one in ruled.options if one.option in barred)
    assert not any(one.option in barred for one in ruled.lanes)
    assert not any(one.self_hosted_option in barred and one.curve for one in ruled.break_evens)
    assert not any(one.self_hosted_option in barred for one in ruled.against_apis)
    assert not any(name in barred for one in ruled.trends for name in one.options.values())


def test_without_a_rule_nothing_is_barred() -> None:
    assert costs().barred == ()
    assert costs(data={"allowed_regions": ["EU"]}).barred == ()


def test_a_team_that_will_fine_tune_gets_no_such_cost() -> None:
    ruled = costs(data={"allowed_regions": ["US"]}, domain={"will_fine_tune": True})

    assert ruled.barred == ()
