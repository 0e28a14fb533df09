import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.catalog import Catalog, Model
from playbook.costs.capacity import Setups, estimate_speeds
from playbook.costs.records import Deployment
from playbook.costs.scenarios import Scenarios
from playbook.costs.self_hosted import Plan, Planner, Unfit, cheapest_at, deployment_of
from playbook.costs.tokens import token_flow
from playbook.profile import Profile
from playbook.provenance import Provenance
from tests.costs.builders import (
    a_catalog,
    a_gpu,
    a_gpu_offer,
    a_large_model,
    a_measurement,
    a_model,
    a_profile,
    a_setup,
    an_engine,
    an_rng,
    the_fit,
)


def a_planner(profile: Profile | None = None, catalog: Catalog | None = None) -> Planner:
    profile = profile or a_profile()
    scenarios = Scenarios(profile, catalog or a_catalog(), rng=an_rng(), draws=20)
    return Planner(scenarios, token_flow(profile.workload))


def a_plan(
    tokens_per_day: float = 1e6,
    model: Model | None = None,
    profile: Profile | None = None,
    catalog: Catalog | None = None,
) -> Plan:
    planner = a_planner(profile, catalog)
    plans = planner.plans(model or a_model(), "rented_eu")
    assert not isinstance(plans, Unfit), plans.because
    return planner.in_all_scenarios(cheapest_at(plans, np.array([tokens_per_day]))[0])


def why_unfit(model: Model, place: str = "rented_eu", **catalog: object) -> str:
    found = a_planner(catalog=a_catalog(**catalog)).plans(model, place)
    assert isinstance(found, Unfit)
    return found.because


def test_monthly_cost_of_two_replicas_by_hand() -> None:
    """One replica for the peak and a spare, each an H100 at 2 USD for 730.5 h: 2,922 USD.

    Staff 0.25 x 180,000 / 12 = 3,750; gateway 100; storage 50: together 6,822 USD.
    """
    assert a_plan().stairs.usd(np.array([1e6]))[0] == pytest.approx(6_822)


def test_replicas_follow_from_the_peak_and_the_usable_share() -> None:
    plan = a_plan()
    capacity = plan.sized.capacity
    assert capacity is not None
    per_replica = 0.5 * float(capacity.output_tokens_per_second[0])

    peak = 1e9 / 86_400 * 0.25 * 3

    assert plan.stairs.replicas_for_peak(np.array([1e9]))[0] == np.ceil(peak / per_replica)


def test_machines_sold_by_eight_are_paid_by_eight() -> None:
    catalog = a_catalog(gpu_offers=(a_gpu_offer(gpus_per_instance=8),))

    plan = a_plan(catalog=catalog)
    found = deployment_of(plan, token_flow(a_profile().workload), 1e6)

    assert found.gpus == 8
    assert found.replicas == 8
    assert found.replicas_for_peak == 1


def a_deployment(tokens_per_day: float = 1e6, **sections: object) -> Deployment:
    profile = a_profile(**sections)
    plan = a_plan(tokens_per_day, profile=profile)
    return deployment_of(plan, token_flow(profile.workload), tokens_per_day)


def test_a_deployment_says_which_hours_are_paid_and_who_is_short() -> None:
    """Two H100 for 730.5 hours; round the clock takes six people on call, and there are none."""
    found = a_deployment(workload={"availability": "24x7"})

    assert found.gpu_hours_paid_per_month == pytest.approx(1_461)
    assert found.hours_paid == "all 730.5 hours of a month are paid, busy or not"
    assert found.purchase == "100% on demand"
    assert found.list_usd_per_gpu_hour == pytest.approx(2.0)
    assert (found.people_in_rota, found.people_short) == (6, pytest.approx(6))


def test_scale_to_zero_is_paid_for_the_hours_in_use_and_its_cold_start_is_said() -> None:
    """50.5 of 168 hours (see test_purchase) of two H100 at 2 USD: 878 of 2,922 USD."""
    sections = {
        "workload": {"hours_per_week": 50, "peak_to_mean": 4},
        "infrastructure": {"min_replicas": 0},
    }
    plan = a_plan(profile=a_profile(**sections))

    found = a_deployment(**sections)

    assert plan.stairs.machines_usd(np.array([1e6]))[0] == pytest.approx(878, abs=1)
    assert plan.stairs.machines_usd(np.array([0.0]))[0] == pytest.approx(0)
    assert found.gpu_hours_paid_per_month == pytest.approx(1_461 * 50.5 / 168)
    assert "waits 6 minutes" in found.cold_start


def test_reserved_machines_never_stop() -> None:
    sections = {
        "workload": {"hours_per_week": 50, "peak_to_mean": 4},
        "infrastructure": {"min_replicas": 0, "share_reserved": 1},
    }

    found = a_deployment(**sections)

    assert found.gpu_hours_paid_per_month == pytest.approx(1_461)
    assert found.cold_start == ""


def test_following_the_load_raises_utilisation_and_lowers_the_bill() -> None:
    workload = {"peak_to_mean": 6, "hours_per_week": 60}
    kept, switched = (
        {"workload": workload, "infrastructure": {"scales_by_hour": by_hour}}
        for by_hour in (False, True)
    )

    peak, load = a_deployment(2e9, **kept), a_deployment(2e9, **switched)

    assert load.gpus == peak.gpus
    assert load.gpu_hours_paid_per_month < 0.6 * peak.gpu_hours_paid_per_month
    assert load.utilisation > 1.6 * peak.utilisation
    bills = [
        a_plan(2e9, profile=a_profile(**one)).stairs.usd(np.array([2e9]))[0]
        for one in (kept, switched)
    ]
    assert bills[1] < bills[0]


def test_components_add_up_to_the_stairs_at_any_volume() -> None:
    plan = a_plan(profile=a_profile(workload={"availability": "extended"}))

    for volume in (np.array([0.0]), np.array([1e6]), np.array([1e10])):
        parts = sum(plan.parts(volume).values())
        assert parts == pytest.approx(plan.stairs.usd(volume))


def test_no_offer_in_an_allowed_region_is_a_reason() -> None:
    profile = a_profile(data={"allowed_regions": ["US"]})

    found = a_planner(profile).plans(a_model(), "rented_eu")

    assert isinstance(found, Unfit)
    assert "is shown to be in data.allowed_regions (US)" in found.because


def test_the_cheapest_gpu_that_meets_the_limits_is_chosen() -> None:
    l4 = a_gpu(
        id="l4",
        title="L4",
        memory_gb=24,
        bandwidth_gb_per_s=300,
        dense_bf16_tflops=121,
        dense_fp8_tflops=242,
        link_gb_per_s=0,
    )
    offers = (a_gpu_offer(), a_gpu_offer(gpu="l4", on_demand_usd_per_gpu_hour=0.8))
    catalog = a_catalog(gpus=(a_gpu(), l4), gpu_offers=offers)
    slow = a_profile(workload={"output_tokens_per_second": 8, "max_context_tokens": 4_096})
    fast = a_profile(workload={"output_tokens_per_second": 60, "max_context_tokens": 4_096})

    assert a_plan(profile=slow, catalog=catalog).sized.replica.gpu.id == "l4"
    assert a_plan(profile=fast, catalog=catalog).sized.replica.gpu.id == "h100"


def test_a_large_volume_moves_the_choice_to_the_faster_gpu() -> None:
    slow = a_gpu(id="slow", bandwidth_gb_per_s=400, dense_bf16_tflops=200)
    offers = (a_gpu_offer(), a_gpu_offer(gpu="slow", on_demand_usd_per_gpu_hour=1.2))
    plans = a_planner(catalog=a_catalog(gpus=(a_gpu(), slow), gpu_offers=offers)).plans(
        a_model(), "rented_eu"
    )
    assert not isinstance(plans, Unfit)

    small, large = cheapest_at(plans, np.array([1e5, 1e10]))

    assert small.sized.replica.gpu.id == "slow"
    assert large.sized.replica.gpu.id == "h100"


def test_utilisation_is_what_the_volume_uses_of_what_is_paid() -> None:
    plan = a_plan()
    capacity = plan.sized.capacity
    assert capacity is not None

    found = deployment_of(plan, token_flow(a_profile().workload), 1e6)

    mean = 1e6 * 0.25 / 86_400
    assert found.utilisation == pytest.approx(
        mean / (2 * float(capacity.output_tokens_per_second[0]))
    )


def test_output_and_total_rates_are_told_apart() -> None:
    """A quarter of the tokens is output, so the total rate is four times the output rate."""
    found = deployment_of(a_plan(), token_flow(a_profile().workload), 1e6)

    output, total = found.output_tokens_per_second_per_replica, found
    assert total.total_tokens_per_second_per_replica.p50 == pytest.approx(4 * output.p50)


def test_needed_memory_is_within_the_available() -> None:
    found = deployment_of(a_plan(model=a_large_model()), token_flow(a_profile().workload), 1e6)

    assert found.gpus_per_replica == 2
    assert found.memory_needed_gib <= found.memory_available_gib


def test_estimate_says_computed_and_a_measured_deployment_calibrated() -> None:
    flow = token_flow(a_profile().workload)
    measured = a_catalog().with_measurements([a_measurement(0.5)])

    plain, corrected = a_plan(), a_plan(catalog=measured)

    assert deployment_of(plain, flow, 1e6).capacity_provenance is Provenance.COMPUTED
    assert deployment_of(corrected, flow, 1e6).capacity_provenance is Provenance.CALIBRATED
    assert corrected.likely_output_tokens_per_second < 0.8 * plain.likely_output_tokens_per_second


def test_reasons_name_what_is_missing() -> None:
    huge = a_model(id="huge", parameters_billion=2_000)
    eight_bit = a_model(precision="int4")

    assert "does not fit" in why_unfit(huge)
    assert "8 x H100 give" in why_unfit(huge)
    assert why_unfit(eight_bit) == "no engine in the catalog serves its weights' format"
    assert "not in the catalog" in why_unfit(a_model(architecture=None))
    assert "no GPU offer for rented_eu" in why_unfit(a_model(), gpu_offers=())


def test_missed_latency_names_the_nearest_miss() -> None:
    profile = a_profile(workload={"output_tokens_per_second": 5_000})

    found = a_planner(profile).plans(a_model(), "rented_eu")

    assert isinstance(found, Unfit)
    assert "misses the latency limits:" in found.because


def test_gpus_that_miss_the_limits_in_too_many_draws_are_not_planned() -> None:
    """The limit is just below what a lone call on an H100 likely gets: half the draws miss it."""
    setup = a_setup(concurrency=1)
    seconds = estimate_speeds(Setups.of([setup]), the_fit()).seconds_per_output_token[0]
    profile = a_profile(workload={"output_tokens_per_second": 0.98 / float(seconds)})
    sure, risky = a_catalog(), a_catalog(capacity_fits=(the_fit(),))

    found = a_planner(profile, sure).plans(a_model(), "rented_eu")
    unsure = a_planner(profile, risky).plans(a_model(), "rented_eu")

    assert not isinstance(found, Unfit)
    assert 1 in [plan.sized.fit.gpus for plan in found]
    alone = [] if isinstance(unsure, Unfit) else [plan.sized.fit.gpus for plan in unsure]
    assert 1 not in alone


def test_weights_that_fit_no_single_gpu_take_more() -> None:
    plan = a_plan(model=a_large_model(), catalog=a_catalog(engines=(an_engine(overhead_gib=0),)))

    assert plan.sized.fit.gpus == 2


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_replicas_are_whole_and_never_fall_with_volume(one: float, other: float) -> None:
    stairs = PLAN.stairs
    low, high = sorted([one, other])

    few, many = (float(stairs.replicas_for_peak(np.array([v]))[0]) for v in (low, high))

    assert few == int(few)
    assert 1 <= few <= many


PLAN = a_plan()


def test_an_engine_measured_with_one_call_only_is_planned_where_no_other_serves() -> None:
    """Its many calls at once are a guess; here it would use every byte of memory and win."""
    vllm = an_engine()
    guessed = an_engine(id="llama-cpp", title="llama.cpp", speed_class="llamacpp-cuda")

    beside, alone = (
        a_plan(catalog=a_catalog(engines=engines)).sized.replica.engine.id
        for engines in ((guessed, vllm), (guessed,))
    )

    assert (beside, alone) == (vllm.id, "llama-cpp")
