import numpy as np
import pytest

from playbook.costs.scenarios import Scenarios
from playbook.provenance import Provenance
from playbook.uncertainty import Estimate
from tests.costs.builders import SOURCE, a_catalog, a_profile, an_rng, some_assumptions

SPREAD = Estimate(low=1, likely=2, high=4)


def some_scenarios(seed: int = 7, **assumptions: object) -> Scenarios:
    catalog = a_catalog(assumptions=some_assumptions(**assumptions))
    return Scenarios(a_profile(), catalog, rng=an_rng(seed), draws=500)


def test_likely_value_comes_first_then_the_draws() -> None:
    found = some_scenarios().answer("workload.tokens_per_day", SPREAD, unit="tokens/day")

    assert found[0] == pytest.approx(2)
    assert found.shape == (501,)
    assert found[1:].min() >= 1
    assert found[1:].max() <= 4


def test_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    one, same, other = (some_scenarios(seed).answer("a", SPREAD, unit="") for seed in (1, 1, 2))

    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_changed_input_leaves_the_draws_of_all_others_alone() -> None:
    plain = some_scenarios()
    changed = some_scenarios(api_retry_share=SPREAD)
    changed.assumption("api_retry_share")

    assert np.array_equal(plain.answer("b", SPREAD, unit=""), changed.answer("b", SPREAD, unit=""))


def test_what_was_drawn_is_what_the_table_lists() -> None:
    scenarios = some_scenarios()
    scenarios.assumption("gateway_usd_per_month")
    scenarios.answer("workload.tokens_per_day", SPREAD, unit="tokens/day")

    assert list(scenarios.used) == ["gateway_usd_per_month", "workload.tokens_per_day"]
    assert scenarios.used["gateway_usd_per_month"].source.startswith("a price list")
    assert scenarios.used["workload.tokens_per_day"].provenance is Provenance.ASSUMED


def test_statements_are_drawn_evenly_and_all_their_sources_are_listed() -> None:
    scenarios = some_scenarios()
    found = scenarios.between("price", SPREAD, unit="USD", sources=[SOURCE, SOURCE])

    assert found[0] == pytest.approx(2)
    assert found[1:].min() >= 1
    assert found[1:].max() <= 4
    assert np.quantile(found[1:], [0.1, 0.9]) == pytest.approx([1.3, 3.7], abs=0.15)
    assert scenarios.used["price"].source.count("a price list") == 2
    assert scenarios.used["price"].provenance is Provenance.QUOTED
