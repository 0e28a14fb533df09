"""The six rows say what the rule says and what the records say, and follow the field they name."""

from __future__ import annotations

import pytest

from playbook.costs.records import BreakEven
from playbook.decision.assessment import assess
from playbook.decision.records import Row
from playbook.decision.rows import (
    capacity_row,
    latency_row,
    residency_row,
    six_rows,
    specialisation_row,
    time_row,
    volume_row,
)
from playbook.trials.interval import Interval
from playbook.trials.records import Comparison
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Verdict
from tests.decision.builders import (
    HOSTED,
    OWN,
    Spec,
    a_profile,
    a_rate,
    a_situation,
    evidence_on,
    some_costs,
    some_evidence,
)

API, WEIGHTS, OWN_WEIGHTS = (
    Spec("alpha", usd=2_000), Spec("beta", HOSTED, "hostco", usd=1_500), Spec("beta", OWN, "own"),
)  # fmt: skip


def test_the_rows_keep_the_order_of_the_rule_and_name_their_field() -> None:
    rows = six_rows(assess(a_situation(API, WEIGHTS, OWN_WEIGHTS)))

    assert [(row.question, row.field) for row in rows] == [
        ("Team infrastructure capacity", "profile.infrastructure"),
        ("Data residency requirements", "compliance.verdicts"),
        ("Daily token volume", "costs.options"),
        ("Domain specialisation", "evidence.comparisons"),
        ("Latency requirements", "evidence.endpoints"),
        ("Time to production", "profile.infrastructure.lead_times"),
    ]


def capacity(*specs: Spec, **people: object) -> Row:
    profile = a_profile(infrastructure={"places": ("own",), **people})
    return capacity_row(assess(a_situation(*specs, profile=profile)))


def test_free_people_mean_high_capacity_which_decides_nothing() -> None:
    row = capacity(API, OWN_WEIGHTS, staff_free_fte=2.0)

    assert (row.rule_says, row.leans_to) == ("High: open weights", "either")


def test_low_capacity_leaves_hosted_open_weights() -> None:
    row = capacity(API, WEIGHTS, OWN_WEIGHTS, staff_free_fte=0.25)

    assert (row.rule_says, row.leans_to) == ("Low: commercial API", "either")
    assert row.we_say.startswith("Own servers take 0.25 more people than are free.")
    assert "hosted by a provider" in row.we_say


def test_low_capacity_without_hosted_open_weights_leans_to_a_commercial_api() -> None:
    shut = Spec("beta", HOSTED, "hostco", verdict=Verdict.OUT)

    row = capacity(API, shut, OWN_WEIGHTS, staff_free_fte=0.0, fte_needed_self_hosted=3.0)

    assert row.leans_to == "commercial API"
    assert row.we_say == "Own servers are closed."


@pytest.mark.parametrize(
    ("api", "weights", "leans"),
    [
        (Verdict.OK, Verdict.CONDITIONAL, "either"),
        (Verdict.OUT, Verdict.OK, "open weights"),
        (Verdict.OK, Verdict.OUT, "commercial API"),
        (Verdict.OUT, Verdict.OUT, "unknown"),
        (Verdict.UNDETERMINED, Verdict.OK, "unknown"),
        (Verdict.OUT, Verdict.UNDETERMINED, "unknown"),
    ],
)
def test_residency_follows_the_verdicts_of_both_sides(
    api: Verdict, weights: Verdict, leans: str
) -> None:
    specs = Spec("alpha", verdict=api), Spec("beta", OWN, "own", verdict=weights)

    row = residency_row(assess(a_situation(*specs)))

    assert row.leans_to == leans
    assert f"commercial API: 1 {api}" in row.why


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ({}, "None: commercial API"),
        ({"must_stay_in_own_network": True}, "Strict: open weights"),
        ({"allowed_regions": ("EU",)}, "Strict: open weights"),
    ],
)
def test_residency_rule_reads_the_stated_limits(data: dict[str, object], rule: str) -> None:
    assert residency_row(assess(a_situation(API, profile=a_profile(data=data)))).rule_says == rule


@pytest.mark.parametrize(
    ("volume", "rule"),
    [
        (999_999, "Under 1M tokens/day: commercial API"),
        (5e6, "1M tokens/day to 10M tokens/day: it does not say"),
        (1.1e7, "Over 10M tokens/day: open weights"),
    ],
)
def test_volume_rule_uses_the_two_thresholds(volume: float, rule: str) -> None:
    """Thresholds: catalogue assumptions rule_api_below... and rule_open_weights_above..."""
    costs = some_costs([API], volume=volume)

    assert volume_row(assess(a_situation(API, costs=costs))).rule_says.startswith(rule)


@pytest.mark.parametrize(
    ("api", "hosted", "own", "leans"),
    [
        (2_000, 3_000, 5_000, "commercial API"),
        (2_000, 1_500, 5_000, "either"),
        (2_000, 1_500, 1_000, "open weights"),
    ],
)
def test_volume_row_compares_costs_at_this_volume(
    api: float, hosted: float, own: float, leans: str
) -> None:
    specs = (
        Spec("alpha", usd=api), Spec("beta", HOSTED, "hostco", usd=hosted),
        Spec("beta", OWN, "own", usd=own),
    )  # fmt: skip

    assert volume_row(assess(a_situation(*specs))).leans_to == leans


def test_costs_that_overlap_lean_to_neither_side() -> None:
    specs = Spec("alpha", usd=2_000), Spec("beta", OWN, "own", usd=2_000, spread=500)

    row = volume_row(assess(a_situation(*specs)))

    assert row.leans_to == "either"
    assert "Own servers are cheaper in 50% of draws." in row.why


@pytest.mark.parametrize(
    ("crossing", "share", "said"),
    [
        (Percentiles(p10=2.47e10, p50=3.581e10, p90=6.18e10), 1.0,
         "Break-even with Alpha, acme: 35.8B tokens/day (P10 24.7B, P90 61.8B)."),
        (Percentiles(p10=2e9, p50=3e9, p90=4e9), 0.1,
         "Break-even with Alpha, acme: none up to 100B tokens/day."),
        (None, 0.0, "Break-even with Alpha, acme: none up to 100B tokens/day."),
    ],
)  # fmt: skip
def test_volume_row_gives_the_break_even_in_figures(
    crossing: Percentiles | None, share: float, said: str
) -> None:
    api, own = Spec("alpha", usd=1_000), Spec("beta", OWN, "own", usd=4_000)
    pair = BreakEven(
        self_hosted_option=own.id, api_option=api.id, same_weights=False, curve=(), crossings=(),
        crossings_left_out=0, first_crossing=crossing, share_of_draws_that_cross=share,
        highest_volume_considered=1e11, finding="A long sentence.",
    )  # fmt: skip
    costs = some_costs((api, own), break_evens=(pair,))

    row = volume_row(assess(a_situation(api, own, costs=costs)))

    assert row.why.endswith(said)
    assert "long sentence" not in row.why


def test_volume_row_ignores_options_that_compliance_closed() -> None:
    specs = Spec("alpha", usd=100, verdict=Verdict.OUT), Spec("beta", OWN, "own", usd=2_000)

    assert volume_row(assess(a_situation(*specs))).leans_to == "unknown"


def a_comparison(verdict: str) -> Comparison:
    gap = Interval(value=0.05, low=0.01, high=0.09, n=100, method="test")
    return Comparison.model_validate({
        "first": "try-alpha", "second": "try-beta", "task": "all", "n": 100, "difference": gap,
        "only_first_passed": 8, "only_second_passed": 3, "p_value": 0.2, "verdict": verdict,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "leans"),
    [
        ("first better", "commercial API"),
        ("second better", "open weights"),
        ("first not inferior", "either"),
        ("equivalent", "either"),
        ("inconclusive", "unknown"),
    ],
)
def test_specialisation_follows_the_paired_comparison_across_sides(
    verdict: str, leans: str
) -> None:
    api, weights = Spec("alpha", rate=a_rate(0.9)), Spec("beta", HOSTED, "hostco", rate=a_rate(0.8))
    endpoints = evidence_on(api.id, api), evidence_on(weights.id, weights)
    evidence = some_evidence(*endpoints, comparisons=[a_comparison(verdict)])

    row = specialisation_row(assess(a_situation(api, weights, evidence=evidence)))

    assert row.leans_to == leans
    assert "try-alpha against try-beta on 100 prompts" in row.why


@pytest.mark.parametrize("other", [{"metric": "latency"}, {"task": "classify"}])
def test_only_pass_rates_of_all_tasks_together_speak_for_a_side(other: dict[str, str]) -> None:
    api, weights = Spec("alpha", rate=a_rate(0.9)), Spec("beta", HOSTED, "hostco", rate=a_rate(0.8))
    endpoints = evidence_on(api.id, api), evidence_on(weights.id, weights)
    comparisons = [a_comparison("second better"), a_comparison("first better").changed(**other)]
    evidence = some_evidence(*endpoints, comparisons=comparisons)

    row = specialisation_row(assess(a_situation(api, weights, evidence=evidence)))

    assert row.leans_to == "open weights"


def test_a_comparison_with_a_stand_in_says_nothing_of_a_commercial_api() -> None:
    api, weights = Spec("alpha", rate=a_rate(0.9)), Spec("beta", HOSTED, "hostco", rate=a_rate(0.8))
    endpoints = evidence_on(api.id, api, stand_in=True), evidence_on(weights.id, weights)
    evidence = some_evidence(*endpoints, comparisons=[a_comparison("first better")])

    row = specialisation_row(assess(a_situation(api, weights, evidence=evidence)))

    assert row.leans_to == "unknown"
    assert row.why == "no paired comparison of a commercial API with open weights"


@pytest.mark.parametrize(
    ("api_s", "weights_s", "leans"),
    [
        (1.0, 1.0, "either"), (1.0, 3.0, "commercial API"), (3.0, 1.0, "open weights"),
        (3.0, 3.0, "unknown"), (None, None, "unknown"),
    ],
)  # fmt: skip
def test_latency_follows_who_was_seen_to_meet_the_target(
    api_s: float | None, weights_s: float | None, leans: str
) -> None:
    specs = (
        Spec("alpha", rate=a_rate(0.9), first_token_s=api_s),
        Spec("beta", HOSTED, "hostco", rate=a_rate(0.9), first_token_s=weights_s),
    )

    assert latency_row(assess(a_situation(*specs))).leans_to == leans


def test_latency_rule_reads_the_need_for_fine_control() -> None:
    fine = a_profile(workload={"needs_fine_latency_control": True})

    assert latency_row(assess(a_situation(API, profile=fine))).rule_says == (
        "Fine control: open weights"
    )
    assert latency_row(assess(a_situation(API))).rule_says == "Standard: commercial API"


@pytest.mark.parametrize(
    ("weeks", "rule", "leans"),
    [
        (30, "Can invest: open weights", "either"),
        (10, "Urgent: commercial API", "either"),
        (4, "Urgent: commercial API", "commercial API"),
        (1.5, "Urgent: commercial API", "unknown"),
    ],
)
def test_time_row_compares_p80_with_the_deadline(weeks: float, rule: str, leans: str) -> None:
    """Default lead times: P80 is 3.5 weeks by API, 4.8 hosted and 15.6 on own servers."""
    profile = a_profile(infrastructure={"places": ("own",), "deadline_weeks": weeks})

    row = time_row(assess(a_situation(API, profile=profile)))

    assert (row.rule_says, row.leans_to) == (rule, leans)
