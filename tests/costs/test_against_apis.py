"""The cheapest own servers against every API with a cost."""

from playbook.catalog import Catalog
from playbook.costs import Costs, cost_curve, estimate_costs
from tests.costs.builders import AS_OF, a_catalog, a_profile, an_rng

SPREAD = {"workload": {"tokens_per_day": {"low": 5e5, "likely": 1e6, "high": 2e6}}}


def costs(catalog: Catalog | None = None) -> Costs:
    return estimate_costs(a_profile(**SPREAD), catalog or a_catalog(), rng=an_rng(), as_of=AS_OF)


def test_every_api_with_a_cost_is_compared_once() -> None:
    found = costs()

    priced = [one.option for one in found.options if one.priced and "@self:" not in one.option]
    assert [one.api_option for one in found.against_apis] == priced


def test_each_agrees_with_the_full_comparison_of_its_pair() -> None:
    for one in costs().against_apis:
        full = cost_curve(
            a_profile(**SPREAD),
            a_catalog(),
            self_hosted_option=one.self_hosted_option,
            api_option=one.api_option,
            rng=an_rng(),
            as_of=AS_OF,
        )
        for field in type(one).model_fields:
            assert getattr(one, field) == getattr(full, field), field


def test_without_own_servers_nothing_is_compared() -> None:
    assert costs(a_catalog(gpu_offers=(), gpus=())).against_apis == ()
