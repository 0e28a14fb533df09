"""What must hold of any team's costs, whatever its load, prices and hardware."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.catalog import Catalog
from playbook.costs import Costs, OptionCost, cost_curve, estimate_costs
from playbook.profile import Profile
from playbook.units import DAYS_PER_MONTH, HOURS_PER_MONTH
from playbook.vocabulary import Lane
from tests.costs.builders import (
    AS_OF,
    a_catalog,
    a_gpu,
    a_gpu_offer,
    a_large_model,
    a_price,
    a_profile,
    an_offer,
    an_rng,
)

OWN, FRONTIER = "small-8b@self:rented_eu", "frontier@api-house"
few = settings(max_examples=6, deadline=None)
VOLUMES = st.floats(1e3, 3e9)
STEPS = st.floats(1.0, 8.0)


def costs(profile: Profile | None = None, catalog: Catalog | None = None) -> Costs:
    return estimate_costs(profile or a_profile(), catalog or a_catalog(), rng=an_rng(), as_of=AS_OF)


def option(found: Costs, identifier: str) -> OptionCost:
    return next(one for one in found.options if one.option == identifier)


def likely_usd(identifier: str, profile: Profile, catalog: Catalog) -> float:
    found = option(costs(profile, catalog), identifier).usd_per_month
    return found.p50 if found else float("inf")


def first_crossing(catalog: Catalog, volume: float = 1e6) -> float:
    found = cost_curve(
        a_profile(workload={"tokens_per_day": volume}),
        catalog,
        self_hosted_option=OWN,
        api_option=FRONTIER,
        rng=an_rng(),
        as_of=AS_OF,
    )
    return found.crossings[0].tokens_per_day if found.crossings else float("inf")


def a_priced(usd_in: float, usd_out: float) -> Catalog:
    price = a_price(input_usd_per_million_tokens=usd_in, output_usd_per_million_tokens=usd_out)
    others = [one for one in a_catalog().api_offers if one.model != "frontier"]
    return a_catalog(api_offers=(an_offer("frontier", price), *others))


WORKLOADS = st.fixed_dictionaries(
    {
        "tokens_per_day": st.one_of(st.just(0.0), VOLUMES),
        "share_output": st.floats(0, 1),
        "input_tokens_per_call": st.floats(0, 5_000),
        "peak_to_mean": st.floats(1, 20),
        "share_cached_input": st.floats(0, 1),
        "share_batch": st.floats(0, 1),
        "calls_per_task": st.floats(1, 20),
        "max_context_tokens": st.just(131_072),
    }
)


@few
@given(WORKLOADS, st.integers(0, 4))
def test_no_part_of_a_cost_is_negative_and_the_percentiles_ascend(
    workload: dict[str, float], spare: int
) -> None:
    found = costs(a_profile(workload=workload, infrastructure={"spare_replicas": spare}))

    for one in found.options:
        for part in one.components.values():
            assert 0 <= part.p10 <= part.p50 <= part.p90
        assert min(one.draws_usd_per_month, default=0.0) >= 0
        assert one.priced == (one.usd_per_month is not None)


@few
@given(VOLUMES, STEPS)
def test_own_servers_never_cost_more_on_a_faster_memory(volume: float, times: float) -> None:
    profile = a_profile(workload={"tokens_per_day": volume})
    faster = a_catalog(gpus=(a_gpu(bandwidth_gb_per_s=3352 * times),))

    assert likely_usd(OWN, profile, faster) <= likely_usd(OWN, profile, a_catalog())


@few
@given(VOLUMES, STEPS)
def test_own_servers_never_cost_more_with_a_larger_memory(volume: float, times: float) -> None:
    profile = a_profile(workload={"tokens_per_day": volume})
    larger = a_catalog(gpus=(a_gpu(memory_gb=80 * times),))

    assert likely_usd(OWN, profile, larger) <= likely_usd(OWN, profile, a_catalog())


@few
@given(VOLUMES, st.floats(0.1, 50), STEPS)
def test_own_servers_never_cost_less_at_a_higher_gpu_price(
    volume: float, usd: float, times: float
) -> None:
    profile = a_profile(workload={"tokens_per_day": volume})
    cheap, dear = (
        a_catalog(gpu_offers=(a_gpu_offer(on_demand_usd_per_gpu_hour=one),))
        for one in (usd, usd * times)
    )

    assert likely_usd(OWN, profile, cheap) <= likely_usd(OWN, profile, dear)


@few
@given(st.floats(0.01, 60), st.floats(0.01, 240))
def test_doubling_the_api_price_never_raises_the_break_even(usd_in: float, usd_out: float) -> None:
    once, twice = (first_crossing(a_priced(usd_in * times, usd_out * times)) for times in (1, 2))

    assert twice <= once


@few
@given(st.floats(0.5, 20), STEPS)
def test_a_dearer_gpu_never_lowers_the_break_even(usd: float, times: float) -> None:
    cheap, dear = (
        first_crossing(a_catalog(gpu_offers=(a_gpu_offer(on_demand_usd_per_gpu_hour=one),)))
        for one in (usd, usd * times)
    )

    assert cheap <= dear


@few
@given(VOLUMES, st.sampled_from([1, 2, 4, 8]), st.integers(0, 3))
def test_replicas_are_whole_and_paid_in_the_numbers_sold(
    volume: float, sold: int, spare: int
) -> None:
    catalog = a_catalog(gpu_offers=(a_gpu_offer(gpus_per_instance=sold),))
    profile = a_profile(
        workload={"tokens_per_day": volume}, infrastructure={"spare_replicas": spare}
    )

    found = option(costs(profile, catalog), OWN).deployment

    assert found is not None
    assert found.gpus % sold == 0
    assert found.replicas * found.gpus_per_replica <= found.gpus
    assert found.replicas >= found.replicas_for_peak + spare >= 1 + spare


@few
@given(VOLUMES, st.floats(1.0, 10.0))
def test_the_busiest_hour_stays_within_the_usable_share_of_what_is_paid(
    volume: float, peak: float
) -> None:
    """Half of the capacity is usable here, so that the mean uses at most 0.5 / peak of it."""
    profile = a_profile(workload={"tokens_per_day": volume, "peak_to_mean": peak})

    found = option(costs(profile), OWN).deployment

    assert found is not None
    assert 0 < found.utilisation * peak <= 0.5 * (1 + 1e-9)


@few
@given(VOLUMES, st.floats(0.1, 50))
def test_machines_cost_their_hours_and_tokens_their_millions(volume: float, usd: float) -> None:
    """730.5 hours and 30.4375 days a month; 2 and 8 USD a million tokens, a quarter is output."""
    catalog = a_catalog(gpu_offers=(a_gpu_offer(on_demand_usd_per_gpu_hour=usd),))

    found = costs(a_profile(workload={"tokens_per_day": volume}), catalog)

    own, api = option(found, OWN), option(found, FRONTIER)
    assert own.deployment is not None
    assert own.components["machines"].p50 == pytest.approx(own.deployment.gpus * usd * 730.5)
    assert api.components["tokens"].p50 == pytest.approx(volume * 30.4375 / 1e6 * 3.5)
    assert (HOURS_PER_MONTH, DAYS_PER_MONTH) == (730.5, 30.4375)


HOSTS = st.lists(st.tuples(st.floats(0.02, 30), st.floats(0.02, 30)), min_size=1, max_size=3)


@few
@given(VOLUMES, HOSTS)
def test_somebody_who_hosts_the_same_weights_is_always_compared(
    volume: float, prices: list[tuple[float, float]]
) -> None:
    hosts = [
        an_offer(
            "small-8b",
            a_price(input_usd_per_million_tokens=one, output_usd_per_million_tokens=other),
            provider="host" if place == 0 else "api-house",
        )
        for place, (one, other) in enumerate(prices[:2])
    ]
    others = [one for one in a_catalog().api_offers if one.model != "small-8b"]

    found = costs(
        a_profile(workload={"tokens_per_day": volume}),
        a_catalog(api_offers=(*others, *hosts)),
    )

    compared = [one for one in found.break_evens if one.self_hosted_option == OWN]
    assert any(one.same_weights for one in compared)
    assert any(one.lane is Lane.HOSTED_OPEN_WEIGHTS for one in found.options if one.priced)


SMALL_GPUS = st.floats(1, 15)


@few
@given(SMALL_GPUS, VOLUMES)
def test_weights_that_fit_nowhere_are_a_reason_and_no_cost(memory: float, volume: float) -> None:
    """70.6 billion weights in BF16 take 141 GB; 8 cards of at most 15 GB hold 120."""
    catalog = a_catalog(
        gpus=(a_gpu(memory_gb=memory),),
        models=(a_large_model(), *a_catalog().models[2:]),
        api_offers=a_catalog().api_offers[:2],
    )

    found = option(
        costs(a_profile(workload={"tokens_per_day": volume}), catalog), "large-70b@self:rented_eu"
    )

    assert not found.priced
    assert found.usd_per_month is found.deployment is None
    assert "GiB" in found.because


def test_no_traffic_costs_the_standing_machines_and_has_no_price_a_token() -> None:
    for one in costs(a_profile(workload={"tokens_per_day": 0})).options:
        assert one.usd_per_million_tokens is None
        if one.lane is Lane.SELF_HOSTED and one.priced:
            assert one.components["machines"].p50 > 0
            assert one.deployment is not None
            assert one.deployment.utilisation == 0


@few
@given(VOLUMES, st.floats(0.5, 5.0))
def test_another_gpu_to_choose_from_never_makes_own_servers_dearer(
    volume: float, usd: float
) -> None:
    profile = a_profile(workload={"tokens_per_day": volume})
    other = a_gpu(id="other", bandwidth_gb_per_s=1_000, memory_gb=48)
    offers = (a_gpu_offer(), a_gpu_offer(gpu="other", on_demand_usd_per_gpu_hour=usd))
    wider = a_catalog(gpus=(a_gpu(), other), gpu_offers=offers)

    assert likely_usd(OWN, profile, wider) <= likely_usd(OWN, profile, a_catalog()) + 0.01
