"""What a trial measures reaches the costs of exactly the deployment that answered."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.costs.records import Costs, Deployment, OptionCost
from playbook.profile import Profile, profile_from_sections
from playbook.provenance import Provenance
from playbook.stages.measured import Measured, costs_with_trials
from playbook.stages.option_costs import costs_of
from playbook.trials.evidence import untested
from playbook.trials.load.measuring import measurements_of_trials
from playbook.uncertainty import Percentiles
from tests.trials.measured_runs import DAY, an_own_server, answers

AS_OF = date(2026, 11, 23)
OPTION = "llama-3.1-8b-instruct@self:rented_eu"
OTHER = "llama-3.3-70b-instruct@self:rented_eu"
MODELS = ["llama-3.1-8b-instruct", "llama-3.3-70b-instruct"]


@cache
def facts() -> Catalog:
    return load_catalog()


ESTIMATED = (Provenance.COMPUTED, Provenance.ASSUMED)


def a_team(**endpoint: object) -> Profile:
    profile = profile_from_sections(
        workload={"tokens_per_day": 50_000_000},
        infrastructure={"places": ["rented_eu"]},
        domain={"candidate_models": MODELS},
    )
    one = an_own_server(option=OPTION, **endpoint)
    return profile.changed(trials=profile.trials.changed(endpoints=(one,)))


@cache
def before() -> Costs:
    return costs_of(a_team(), facts(), as_of=AS_OF)


def cost(costs: Costs, option: str = OPTION) -> OptionCost:
    return next(one for one in costs.options if one.option == option)


def servers(costs: Costs) -> Deployment:
    found = cost(costs).deployment
    assert found is not None
    return found


def as_deployed() -> dict[str, object]:
    """Return the hardware on which the option is cheapest before anything is measured."""
    plan = servers(before())
    return {
        "engine": plan.engine,
        "gpu": plan.gpu,
        "gpus": plan.gpus_per_replica,
        "precision": plan.precision,
    }


def measured(times: float = 1.5, *, loads: int = 1, **hardware: object) -> Measured:
    """Return the costs after trials at so many times the estimated rate, at one or more loads."""
    plan = servers(before())
    rate = plan.output_tokens_per_second_per_replica.p50 * times
    profile = a_team(**{**as_deployed(), **hardware})
    attempts = [
        attempt
        for number in range(loads)
        for attempt in answers(
            rate,
            in_flight=plan.batch,
            calls=4 * plan.batch,
            load=number,
            start=DAY + timedelta(hours=number),
        )
    ]
    found, _ = measurements_of_trials(profile, attempts)
    evidence = untested(profile, as_of=AS_OF).changed(
        measurements=[
            one.changed(concurrency=one.concurrency + number) for number, one in enumerate(found)
        ]
    )
    return costs_with_trials(profile, facts(), before(), evidence, as_of=AS_OF)


def width(span: Percentiles) -> float:
    return span.p90 / span.p10


def test_a_faster_server_than_estimated_raises_the_capacity_and_the_badge() -> None:
    after = measured(1.5)

    assert servers(before()).capacity_provenance in ESTIMATED
    assert servers(after.costs).capacity_provenance in (Provenance.CALIBRATED, Provenance.MEASURED)
    assert (
        servers(after.costs).output_tokens_per_second_per_replica.p50
        > servers(before()).output_tokens_per_second_per_replica.p50
    )


def test_measurements_narrow_the_interval_the_more_the_more_there_are() -> None:
    one, three = measured(1.2), measured(1.2, loads=3)
    spans = [
        width(servers(costs).output_tokens_per_second_per_replica)
        for costs in (before(), one.costs, three.costs)
    ]

    assert spans[0] > spans[1] >= spans[2]


def test_only_the_deployment_that_answered_changes() -> None:
    after = measured(1.5)

    changed = {
        one.option
        for one in after.costs.options
        if one.draws_usd_per_month != cost(before(), one.option).draws_usd_per_month
        or one.deployment != cost(before(), one.option).deployment
    }
    assert changed == {OPTION}


@pytest.mark.parametrize(
    "elsewhere",
    [{"gpu": "rtx-pro-6000"}, {"engine": "llama-cpp"}, {"gpus": 8}, {"precision": "int4"}],
)
def test_a_measurement_of_other_hardware_moves_nothing_here(elsewhere: dict[str, object]) -> None:
    after = measured(0.9, **elsewhere)

    assert servers(after.costs) == servers(before())
    assert after.corrections == ()


def test_an_endpoint_without_declared_hardware_corrects_no_speed() -> None:
    after = measured(1.5, engine="", gpu="", gpus=None, precision="")

    assert servers(after.costs) == servers(before())
    assert len(after.catalog.measurements) == 1


def test_both_sides_are_kept_with_badge_interval_and_cost() -> None:
    after = measured(1.5)

    (found,) = after.corrections
    assert found.option == OPTION
    assert found.measurements == 1
    assert found.before.provenance in ESTIMATED
    assert found.after.provenance is servers(after.costs).capacity_provenance
    assert found.before.usd_per_month == cost(before()).usd_per_month
    assert found.after.usd_per_month == cost(after.costs).usd_per_month
    assert found.sources[0].startswith("Trials of ")


def test_a_measurement_of_a_falsely_claimed_option_is_left_out_with_the_reason() -> None:
    after = measured(1.5, expected_model="")

    assert servers(after.costs) == servers(before())
    assert after.left_out == ("own: say in expected_model which id the server answers with",)


def test_a_measurement_on_an_unknown_gpu_is_left_out_with_the_reason() -> None:
    """A notebook may run a profile that was never checked."""
    after = measured(1.5, gpu="h1000")

    assert after.left_out == ("own: GPU 'h1000' is not in the catalogue",)


def test_without_measurements_costs_and_facts_stay_the_same() -> None:
    profile = a_team()

    after = costs_with_trials(
        profile, facts(), before(), untested(profile, as_of=AS_OF), as_of=AS_OF
    )

    assert after == Measured(facts(), before(), (), ())


def test_measurements_in_a_folder_of_the_organisation_count_for_its_teams(tmp_path: Path) -> None:
    plan = servers(before())
    rate = plan.output_tokens_per_second_per_replica.p50 * 1.5
    (tmp_path / "measured.yaml").write_text(f"""
sources:
  bench: {{title: Load test of our platform team, as_of: 2026-11-20, kind: measured}}
measurements:
  - model: llama-3.1-8b-instruct
    endpoint: platform_test
    engine: {plan.engine}
    gpu: {plan.gpu}
    gpus: {plan.gpus_per_replica}
    precision: {plan.precision}
    concurrency: {plan.batch}
    requests: 500
    output_tokens_per_second: {rate}
    measured_on: 2026-11-20
    source: bench
""")
    profile, catalog = a_team(), load_catalog(tmp_path)

    costs = costs_of(profile, catalog, as_of=AS_OF)
    found = costs_with_trials(profile, catalog, costs, untested(profile, as_of=AS_OF), as_of=AS_OF)

    (correction,) = found.corrections
    assert correction.before.provenance in ESTIMATED
    assert correction.after.provenance not in ESTIMATED
    assert correction.sources == ("Load test of our platform team (2026-11-20)",)
