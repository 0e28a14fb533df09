from datetime import date
from typing import Any

import pytest

from playbook.catalog import (
    Catalog,
    Provider,
    TunedServing,
    TuningOffer,
    TuningPrice,
    load_catalog,
)
from playbook.catalog.schema import FineTuning
from playbook.costs import Costs, OptionCost, TuningCost, estimate_costs
from playbook.profile import Profile
from playbook.provenance import Provenance
from playbook.units import HOURS_PER_MONTH
from tests.costs.builders import (
    AS_OF,
    SOURCE,
    a_catalog,
    a_gpu,
    a_gpu_offer,
    a_large_model,
    a_model,
    a_profile,
    an_api_model,
    an_rng,
    some_assumptions,
)

OWN, LARGE = "small-8b@self:rented_eu", "large-70b@self:rented_eu"
HOSTED, FRONTIER = "small-8b@host", "frontier@api-house"
PLANNED = {"will_fine_tune": True, "labelled_examples": 1_000, "fine_tune_tokens_per_example": 1e4}


def costs(catalog: Catalog | None = None, **domain: object) -> Costs:
    profile = a_profile(domain=domain)
    return estimate_costs(profile, catalog or a_catalog(), rng=an_rng(), as_of=AS_OF)


def tuning(found: Costs, option: str) -> TuningCost:
    return next(one for one in found.tuning if one.option == option)


def cost(found: Costs, option: str) -> OptionCost:
    return next(one for one in found.options if one.option == option)


def p50(found: object) -> float:
    assert found is not None
    return found.p50  # type: ignore[attr-defined, no-any-return]


def a_price(usd: float, **fields: object) -> TuningPrice:
    values: dict[str, Any] = {
        "models": ("frontier", "small-8b"),
        "methods": ("lora",),
        "usd_per_million_training_tokens": usd,
        "since": date(2026, 11, 1),
        "source": SOURCE,
    }
    return TuningPrice.model_validate({**values, **fields})


def a_catalog_that_tunes(
    *offers: TuningOffer, tuned: tuple[str, ...] = ("frontier", "small-8b"), **terms: object
) -> Catalog:
    offered = FineTuning.model_validate(
        {"offered": "yes", "models": tuned, "words": "it tunes", "source": SOURCE, **terms}
    )
    providers = tuple(
        Provider(id=name, source=SOURCE, title=name, jurisdiction=("US",), fine_tuning=offered)
        for name in ("api-house", "host")
    )
    return a_catalog(providers=providers, tuning_offers=offers)


def test_own_tuning_costs_its_gpu_hours_at_the_price_of_the_place() -> None:
    """10M tokens x 3 epochs of LoRA on an H100 of 989 TFLOP/s at 26%, one run, 2 USD an hour.

    4 x 8.03e9 x 30e6 / (989e12 x 0.26) / 3600 = 1.041 h, so 2.08 USD.
    """
    found = tuning(costs(**PLANNED), OWN)

    assert p50(found.gpu_hours_per_run) == pytest.approx(1.041, abs=0.001)
    assert p50(found.training_usd) == pytest.approx(2.08, abs=0.01)
    assert p50(found.training_tokens_per_run) == 30e6


def test_people_dominate_the_cost_of_tuning() -> None:
    """20 h of evaluation at 180,000 / 1,800 = 100 USD an hour: 2,000 USD beside 2 USD of GPU.

    Repeats check 100 examples anew, 6 minutes each at 50 USD an hour: 500 USD more.
    """
    found = tuning(costs(**PLANNED), OWN)

    assert p50(found.first_usd) == pytest.approx(2_002, abs=1)
    assert p50(found.repeat_usd) == pytest.approx(2_502, abs=1)


def test_examples_beyond_those_at_hand_are_labelled_at_the_cost_of_people() -> None:
    """2,000 wanted, 1,000 at hand: 1,000 x 6 minutes = 100 h at 50 USD."""
    found = tuning(costs(**PLANNED, fine_tune_examples=2_000), OWN)

    assert p50(found.labelling_usd) == pytest.approx(5_000)


def test_the_monthly_cost_spreads_the_first_tuning_and_adds_the_repeats() -> None:
    """2,002 USD over 24 months and 2,502 USD twice a year: 83.4 + 417.0 = 500.4 USD."""
    found = tuning(costs(**PLANNED, fine_tunes_per_year=2), OWN)

    assert p50(found.usd_per_month) == pytest.approx(500.4, abs=0.5)


def test_more_repeats_cost_more_a_month() -> None:
    few, many = (tuning(costs(**PLANNED, fine_tunes_per_year=n), OWN) for n in (1, 12))

    assert p50(few.usd_per_month) < p50(many.usd_per_month)


def test_a_team_that_does_not_plan_to_tune_sees_the_cost_and_does_not_pay_it() -> None:
    without, planned = costs(), costs(**PLANNED)

    assert tuning(without, OWN).usd_per_month is not None
    assert not tuning(without, OWN).in_monthly_cost
    assert "fine_tuning" not in cost(without, OWN).components
    assert tuning(planned, OWN).in_monthly_cost


def test_a_team_that_plans_to_tune_pays_it_each_month() -> None:
    domain = {**PLANNED, "fine_tunes_per_year": 2}
    without, planned = costs(**{**domain, "will_fine_tune": False}), costs(**domain)

    dearer = p50(cost(planned, OWN).usd_per_month) - p50(cost(without, OWN).usd_per_month)

    assert dearer == pytest.approx(p50(tuning(planned, OWN).usd_per_month), rel=0.01)
    assert p50(cost(planned, OWN).components["fine_tuning"]) == pytest.approx(dearer, rel=0.01)
    assert len(cost(planned, OWN).draws_usd_per_month) == planned.draws


def test_an_option_that_cannot_be_tuned_says_so_and_costs_no_more() -> None:
    catalog = a_catalog_that_tunes(offered="no")

    found = costs(catalog, **PLANNED)

    assert tuning(found, FRONTIER).can_be_tuned == "no"
    assert "cannot be fine-tuned: it tunes" in cost(found, FRONTIER).because
    assert "fine_tuning" not in cost(found, FRONTIER).components


def test_an_option_of_which_nobody_knows_stays_unknown() -> None:
    found = costs(**PLANNED)

    assert tuning(found, FRONTIER).can_be_tuned == "unknown"
    assert tuning(found, FRONTIER).usd_per_month is None
    assert "fine-tuning is unknown and not in it" in cost(found, FRONTIER).because


def test_no_option_is_tuned_on_examples_that_the_team_may_not_use() -> None:
    found = costs(**PLANNED, may_train_on_examples=False)

    assert {one.can_be_tuned for one in found.tuning} == {"no"}
    assert "no right to train" in cost(found, OWN).because


def test_a_service_that_has_ended_tunes_no_more() -> None:
    catalog = a_catalog_that_tunes(last_start=date(2026, 11, 22))

    found = tuning(costs(catalog, **PLANNED), FRONTIER)

    assert (found.can_be_tuned, found.because) == ("no", "new tuning ended on 2026-11-22")


def test_training_at_an_api_is_billed_by_the_token_and_epoch() -> None:
    """30M training tokens at 25 USD a million: 750 USD for one run."""
    offer = TuningOffer(
        provider="api-house",
        serving=TunedServing(kind="shared", words="per token", source=SOURCE),
        prices=(a_price(25),),
    )

    found = tuning(costs(a_catalog_that_tunes(offer), **PLANNED), FRONTIER)

    assert p50(found.training_usd) == pytest.approx(750)
    assert (found.gpus, found.fits, found.gpu_hours_per_run) == (0, (), None)
    assert found.price_source == SOURCE.cite()


def test_a_run_costs_at_least_the_smallest_charge() -> None:
    offer = TuningOffer(
        provider="host",
        serving=TunedServing(kind="shared", words="per token", source=SOURCE),
        prices=(a_price(0.01, least_usd_per_run=4),),
    )

    found = tuning(costs(a_catalog_that_tunes(offer), **PLANNED), HOSTED)

    assert p50(found.training_usd) == pytest.approx(4)


def test_a_tuned_model_that_is_dearer_by_the_token_costs_more_each_month() -> None:
    """1M tokens a day, 3:1: base 3.5 USD a million, tuned (3 x 4 + 16) / 4 = 7: 3.5 x 30.4375."""
    price = a_price(
        25, tuned_input_usd_per_million_tokens=4, tuned_output_usd_per_million_tokens=16
    )
    offer = TuningOffer(
        provider="api-house",
        serving=TunedServing(kind="shared", words="per token, dearer", source=SOURCE),
        prices=(price,),
    )

    found = costs(a_catalog_that_tunes(offer), **PLANNED)

    assert p50(tuning(found, FRONTIER).serving_usd_per_month) == pytest.approx(106.5, abs=0.1)
    assert p50(cost(found, FRONTIER).components["tuned_serving"]) == pytest.approx(106.5, abs=0.1)


def test_the_dearer_tokens_of_a_tuned_model_are_as_many_as_are_billed() -> None:
    """A tenth of all tokens is billed again: 3.5 x 30.4375 x 1.1; a dedicated one saves as many."""
    dearer = a_price(
        25, tuned_input_usd_per_million_tokens=4, tuned_output_usd_per_million_tokens=16
    )
    shared = TunedServing(kind="shared", words="per token, dearer", source=SOURCE)
    alone = TunedServing(
        kind="dedicated", gpu="h100", usd_per_gpu_hour=4, words="an own one", source=SOURCE
    )
    offers = (
        TuningOffer(provider="api-house", serving=shared, prices=(dearer,)),
        TuningOffer(provider="host", serving=alone, prices=(a_price(0.5),)),
    )
    again = a_catalog_that_tunes(*offers).changed(assumptions=some_assumptions(api_retry_share=0.1))

    found = costs(again, **PLANNED)

    assert p50(tuning(found, FRONTIER).serving_usd_per_month) == pytest.approx(117.2, abs=0.1)
    hosted = cost(found, HOSTED).components
    assert p50(hosted["tokens"]) + p50(hosted["tuned_serving"]) == pytest.approx(
        4 * HOURS_PER_MONTH
    )


def test_a_tuned_model_on_a_dedicated_deployment_loses_the_shared_price() -> None:
    """One H100 at 4 USD is 2,922 USD a month; the shared tokens, 0.2 USD x 30.4, are not paid."""
    serving = TunedServing(
        kind="dedicated", gpu="h100", usd_per_gpu_hour=4, words="an own one", source=SOURCE
    )
    offer = TuningOffer(provider="host", serving=serving, prices=(a_price(0.5),))

    found = tuning(costs(a_catalog_that_tunes(offer), **PLANNED), HOSTED)

    assert p50(found.serving_usd_per_month) == pytest.approx(
        4 * HOURS_PER_MONTH - 0.2 * 30.4375, abs=0.1
    )
    assert found.serving.startswith("the shared API is lost: an own one")


def test_several_adapters_share_own_servers_for_some_memory_and_throughput() -> None:
    """An adapter of 0.5% of 8.03e9 parameters in 16 bits is 0.075 GiB; a tenth of the speed."""
    lora, full = (
        tuning(costs(**PLANNED, fine_tune_method=method), OWN) for method in ("lora", "full")
    )

    assert "about 0.075 GiB of memory each and 10% to 10% of the throughput" in lora.serving
    assert "each further tuning needs servers of its own" in full.serving


def test_serving_that_nobody_describes_leaves_the_monthly_cost_unknown() -> None:
    offer = TuningOffer(provider="host", prices=(a_price(0.5),))

    found = costs(a_catalog_that_tunes(offer), **PLANNED)

    assert tuning(found, HOSTED).training_usd is not None
    assert tuning(found, HOSTED).usd_per_month is None
    assert "fine-tuning is not in it" in cost(found, HOSTED).because


def test_memory_decides_on_how_many_gpus_of_each_kind_a_model_is_tuned() -> None:
    """Full tuning of 70.6B: 70.6e9 x 16 / 2**30 = 1,052 GiB to split, and on each GPU 5 GiB of
    overhead and 15 x 4,096 x 80 x 8,192 / 2**30 = 37.5 for a pass. On 32 that is 75.4 GiB, more
    than the 70.8 that may be filled; on 64 it is 58.9.
    LoRA of 8B, 15.0 + 0.6 + 7.5 + 5 = 28.1 GiB, takes one.
    """
    full, lora = costs(**PLANNED, fine_tune_method="full"), costs(**PLANNED)

    assert [one.gpus for one in tuning(full, LARGE).fits] == [64]
    assert [one.gpus for one in tuning(lora, OWN).fits] == [1]
    assert p50(tuning(lora, OWN).fits[0].memory_gib_per_gpu) == pytest.approx(28.1, abs=0.1)


def test_qlora_needs_less_memory_than_lora_and_lora_less_than_full() -> None:
    needed = [
        p50(tuning(costs(**PLANNED, fine_tune_method=method), OWN).fits[0].memory_gib_per_gpu)
        * (tuning(costs(**PLANNED, fine_tune_method=method), OWN).fits[0].gpus or 0)
        for method in ("qlora", "lora", "full")
    ]

    assert needed == sorted(needed)
    assert needed[0] < needed[2]


def test_a_model_that_fits_no_gpu_says_what_is_missing() -> None:
    tiny = a_gpu(memory_gb=6)
    catalog = a_catalog(
        gpus=(tiny,),
        models=(a_model(), an_api_model("frontier"), an_api_model("mini"), a_large_model()),
    )

    found = tuning(costs(catalog, **PLANNED), OWN)

    assert found.usd_per_month is None
    assert "does not fit" in found.because
    assert found.fits[0].gpus is None


def test_the_cheapest_gpu_of_the_place_is_taken_and_whole_instances_are_paid() -> None:
    slow = a_gpu(id="slow", title="Slow", dense_bf16_tflops=100)
    offers = (
        a_gpu_offer(gpus_per_instance=8, instance="h100-x8"),
        a_gpu_offer(gpu="slow", instance="slow-x1", on_demand_usd_per_gpu_hour=1.9),
    )

    found = tuning(costs(a_catalog(gpus=(a_gpu(), slow), gpu_offers=offers), **PLANNED), OWN)

    assert (found.gpu_title, found.gpus) == ("H100", 8)


def test_a_run_over_several_machines_is_planned_only_where_none_holds_it() -> None:
    """LoRA of 70.6B keeps 42.5 GiB on each GPU: 48 GB hold little more, so it takes 32 or 64."""
    small = a_gpu(id="small", title="Small", memory_gb=52)
    cheap = a_gpu_offer(gpu="small", instance="small-x1", on_demand_usd_per_gpu_hour=0.1)
    both = a_catalog(gpus=(a_gpu(), small), gpu_offers=(a_gpu_offer(), cheap))
    alone = a_catalog(gpus=(small,), gpu_offers=(cheap,))

    assert tuning(costs(both, **PLANNED), LARGE).gpu_title == "H100"
    assert tuning(costs(both, **PLANNED), LARGE).gpus <= 8
    assert tuning(costs(alone, **PLANNED), LARGE).gpus > 8


def test_tuning_takes_only_gpus_that_the_team_names() -> None:
    named = a_profile(domain=PLANNED, infrastructure={"gpus": ("l4",)})

    found = tuning(estimate_costs(named, a_catalog(), rng=an_rng(), as_of=AS_OF), OWN)

    assert found.training_usd is None
    assert "none of the GPUs named in infrastructure.gpus" in found.because


def test_padded_examples_take_four_times_as_long() -> None:
    packed, padded = (
        tuning(costs(**PLANNED, fine_tune_packed=packed), OWN).gpu_hours_per_run
        for packed in (True, False)
    )

    assert p50(padded) / p50(packed) == pytest.approx(4)


def test_a_mixture_of_experts_trains_its_active_parameters_less_efficiently() -> None:
    architecture = a_model().architecture
    assert architecture is not None
    experts = a_model(
        active_parameters_billion=4.015,
        architecture=architecture.changed(experts=8, active_experts=2),
    )
    models = (experts, a_large_model(), an_api_model("frontier"), an_api_model("mini"))

    dense = tuning(costs(**PLANNED), OWN)
    sparse = tuning(costs(a_catalog(models=models), **PLANNED), OWN)

    assert p50(sparse.gpu_hours_per_run) == pytest.approx(p50(dense.gpu_hours_per_run))


def test_a_team_that_states_no_examples_gets_an_assumed_number_with_its_spread() -> None:
    examples = {"low": 500, "likely": 1_000, "high": 5_000}
    catalog = a_catalog(assumptions=some_assumptions(tuning__examples_if_not_stated=examples))

    found = costs(catalog)
    tokens = tuning(found, OWN).training_tokens_per_run

    assert tokens is not None
    assert tokens.p10 < tokens.p90
    assert "tuning.examples_if_not_stated" in {one.name for one in found.inputs}


def test_every_figure_of_tuning_rests_on_an_assumption_and_says_so() -> None:
    assert {one.provenance for one in costs(**PLANNED).tuning} == {Provenance.ASSUMED}


def test_tuning_moves_no_draw_of_another_input() -> None:
    spread = {"workload": {"tokens_per_day": {"low": 5e5, "likely": 1e6, "high": 2e6}}}

    def draws(profile: Profile) -> tuple[float, ...]:
        found = estimate_costs(profile, a_catalog(), rng=an_rng(), as_of=AS_OF)
        return cost(found, FRONTIER).draws_usd_per_month

    assert draws(a_profile(**spread)) == draws(a_profile(**spread, domain=PLANNED))


def test_openai_prices_of_the_catalog_make_a_tuned_model_dearer() -> None:
    domain = {**PLANNED, "candidate_models": ["gpt-4.1-2025-04-14", "llama-3.1-8b-instruct"]}

    found = costs(load_catalog(), **domain)
    there = tuning(found, "gpt-4.1-2025-04-14@openai")

    assert there.can_be_tuned == "limited"
    assert p50(there.usd_per_million_training_tokens) == 25
    assert p50(there.serving_usd_per_month) > 0
