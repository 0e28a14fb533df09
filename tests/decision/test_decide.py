"""The decision as a whole: a case worked by hand, and what must never happen."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.decision import Decision
from playbook.vocabulary import Lane, Status, Verdict
from tests.decision.builders import (
    DRAWS,
    FRONTIER,
    HOSTED,
    OWN,
    Spec,
    a_profile,
    a_rate,
    a_situation,
    decided,
    decision_on,
)

ONLY = {
    "cost": 0, "quality": 0, "latency": 0, "infrastructure": 0, "residency": 0,
    "time_to_production": 0, "lifecycle": 0,
}  # fmt: skip
COST_AND_QUALITY = a_profile(weights={**ONLY, "cost": 30, "quality": 10})
ALPHA = Spec("alpha", usd=2_800, rate=a_rate(0.92, half=0))
GAMMA = Spec("gamma", usd=1_900, rate=a_rate(0.83, half=0))


def test_a_case_worked_by_hand() -> None:
    """Cost anchors 10,000 to 1,000 (weight 0.75), pass rate 0.8 to 0.95 (weight 0.25).

    alpha: 0.75 x 7,200/9,000 + 0.25 x 0.12/0.15 = 0.6 + 0.2 = 0.8.
    gamma: 0.75 x 8,100/9,000 + 0.25 x 0.03/0.15 = 0.675 + 0.05 = 0.725.
    """
    found = decision_on(ALPHA, GAMMA, profile=COST_AND_QUALITY)

    assert [one.option for one in found.ranked] == ["alpha@acme", "gamma@acme"]
    assert found.ranked[0].value.p50 == pytest.approx(0.8)
    assert found.ranked[1].value.p50 == pytest.approx(0.725)
    assert (found.share_best, found.expected_regret_usd_per_month) == (1.0, 0.0)
    assert (found.status, found.runner_up) == (Status.DECIDE, "gamma@acme")


def test_share_best_and_regret_worked_by_hand() -> None:
    """Only cost counts. alpha costs 2,800; gamma evenly 1,990 to 3,790.

    gamma is cheaper in (2,800 - 1,990) / 1,800 = 45% of draws, there by 405 on average: 182.25.
    """
    profile = a_profile(weights={**ONLY, "cost": 1})
    gamma = replace(GAMMA, usd=2_890, spread=900)

    found = decision_on(ALPHA, gamma, profile=profile)

    assert found.leading_plan == "alpha@acme"
    assert found.share_best == pytest.approx(0.55, abs=0.002)
    assert found.expected_regret_usd_per_month == pytest.approx(182.25, rel=0.01)
    assert found.expected_regret_value == pytest.approx(182.25 / 9_000, rel=0.01)


def test_without_weight_on_cost_regret_has_no_price_but_a_size() -> None:
    profile = a_profile(weights={**ONLY, "quality": 1})

    found = decision_on(ALPHA, Spec("gamma"), profile=profile)

    assert found.expected_regret_usd_per_month is None
    assert found.expected_regret_value > 0


SPECS = (
    Spec("alpha", usd=3_000, spread=900, rate=a_rate(0.9)),
    Spec("gamma", usd=2_500, spread=900, rate=a_rate(0.86), first_token_s=1.4),
    Spec("beta", HOSTED, "hostco", usd=1_500, spread=400),
    Spec("delta", HOSTED, "hostco", usd=1_700, spread=100),
    Spec("beta", OWN, "own", usd=7_000, spread=2_000),
    Spec("delta", OWN, "own", usd=5_500, spread=2_000),
)
PICKS = st.lists(st.sampled_from(SPECS), min_size=2, unique_by=lambda spec: spec.id)
AMOUNTS = st.floats(1, 60)


def ranking(decision: Decision) -> list[str]:
    return [one.option for one in decision.ranked]


@settings(max_examples=25, deadline=None)
@given(specs=PICKS, out=st.integers(0, 5), cost=AMOUNTS, quality=AMOUNTS, residency=AMOUNTS)
def test_removing_an_option_never_reorders_the_others(
    specs: list[Spec], out: int, cost: float, quality: float, residency: float
) -> None:
    profile = a_profile(weights={"cost": cost, "quality": quality, "residency": residency})
    before = decision_on(*specs, profile=profile)
    removed = specs[out % len(specs)]

    rest = [spec for spec in specs if spec is not removed]
    after = decision_on(*rest, profile=profile)

    assert ranking(after) == [one for one in ranking(before) if one != removed.id]
    kept = {one.option: one.value for one in before.ranked}
    assert all(one.value == kept[one.option] for one in after.ranked)


def test_without_a_budget_removing_the_dearest_option_reorders_nothing() -> None:
    profile = a_profile(team={"budget_usd_per_month": None})

    before = decision_on(*SPECS, profile=profile)
    after = decision_on(*SPECS[:4], profile=profile)

    assert ranking(after) == [one for one in ranking(before) if "self" not in one]


@pytest.mark.parametrize("cloned", [spec for spec in SPECS if spec.lane is not OWN])
def test_a_clone_at_another_provider_reorders_nothing(cloned: Spec) -> None:
    before = decision_on(*SPECS)
    twin = replace(cloned, where="twin")

    after = decision_on(*SPECS, twin)

    assert [one for one in ranking(after) if one != twin.id] == ranking(before)


def test_an_equal_twin_takes_no_confidence_from_the_leader() -> None:
    twin = replace(ALPHA, where="twin")

    found = decision_on(ALPHA, twin, GAMMA, profile=COST_AND_QUALITY)

    assert [one.share_best for one in found.ranked] == [1.0, 1.0, 0.0]
    assert found.status is Status.DECIDE


@settings(max_examples=15, deadline=None)
@given(factor=st.floats(0.01, 1_000))
def test_scaling_all_weights_changes_nothing(factor: float) -> None:
    base = {"cost": 30.0, "quality": 25.0, "latency": 10.0, "infrastructure": 10.0,
            "residency": 10.0, "time_to_production": 10.0, "lifecycle": 5.0}  # fmt: skip
    scaled = a_profile(weights={name: weight * factor for name, weight in base.items()})

    found, usual = decision_on(*SPECS, profile=scaled), decision_on(*SPECS)

    assert ranking(found) == ranking(usual)
    assert found.share_best == usual.share_best
    assert found.expected_regret_value == pytest.approx(usual.expected_regret_value)


def test_same_seed_gives_the_same_decision() -> None:
    situation = a_situation(*SPECS)

    assert decided(situation, seed=5) == decided(situation, seed=5)
    assert decided(situation, seed=5) != decided(situation, seed=6)


def test_a_closed_option_is_never_ranked_and_an_unknown_one_is() -> None:
    out = Spec("alpha", usd=1_000, rate=a_rate(0.99), verdict=Verdict.OUT)
    unknown = Spec("gamma", usd=9_000, verdict=Verdict.UNDETERMINED)

    found = decision_on(out, unknown)

    assert ranking(found) == ["gamma@acme"]
    assert found.status is Status.CONDITIONAL


def test_a_model_off_the_teams_list_is_nowhere_in_the_decision_but_is_counted() -> None:
    aside = Spec("other", state="out", considered=False)

    alone, both = decision_on(Spec("m")), decision_on(Spec("m"), aside)

    counted = "Models of the catalogue that the team does not consider: 1."
    assert both.changed(not_considered=()) == alone.changed(not_considered=())
    assert counted in both.not_considered


def test_a_list_that_leaves_no_option_is_blocked_with_that_reason() -> None:
    decision = decision_on(Spec("other", state="out", considered=False))

    assert decision.status is Status.BLOCKED
    assert "models and places that the team considers" in decision.status_because[0]


def test_an_option_without_a_cost_is_not_ranked_and_that_is_said() -> None:
    found = decision_on(ALPHA, Spec("gamma", usd=None))

    assert ranking(found) == ["alpha@acme"]
    assert found.not_considered[0] == "Open options without a cost, so without a rank: Gamma, acme."


def test_at_most_forty_are_listed_while_all_count() -> None:
    specs = [Spec(f"m{number}", usd=1_000 + 10 * number) for number in range(50)]

    found = decision_on(*specs)

    assert len(found.ranked) == 40
    assert any(line.startswith("10 open options of lower value") for line in found.not_considered)


def test_the_runner_up_is_also_named_in_words() -> None:
    found = decision_on(Spec("alpha", usd=1_500), Spec("beta", HOSTED, "hostco", usd=2_000))

    assert (found.runner_up, found.runner_up_title) == ("beta@hostco", "Beta, hostco")
    assert decision_on(Spec("alpha")).runner_up_title == ""


def test_runner_up_is_of_another_lane_when_there_is_one() -> None:
    dear = Spec("beta", HOSTED, "hostco", usd=9_000)

    assert decision_on(ALPHA, GAMMA, dear).runner_up == "beta@hostco"
    assert decision_on(ALPHA, GAMMA).runner_up == "gamma@acme"
    assert decision_on(ALPHA).runner_up is None


def test_share_best_by_lane_adds_up_when_there_are_no_ties() -> None:
    found = decision_on(*SPECS)

    assert sum(found.share_best_by_lane.values()) == pytest.approx(1)
    assert set(found.share_best_by_lane) == {lane.value for lane in Lane}


def test_the_pareto_flag_falls_only_on_options_beaten_everywhere() -> None:
    beaten = Spec("gamma", usd=5_000, rate=a_rate(0.85, half=0), first_token_s=1.9)

    found = {one.option: one.on_pareto_front for one in decision_on(ALPHA, beaten).ranked}

    assert found == {"alpha@acme": True, "gamma@acme": False}


def test_evidence_words_say_measured_recorded_or_untested() -> None:
    situation = a_situation(ALPHA, Spec("gamma"))
    recorded = situation.evidence.endpoints[0].changed(recorded=True)
    replayed = replace(situation, evidence=situation.evidence.changed(endpoints=(recorded,)))

    words = {one.option: one.evidence for one in decided(situation).ranked}

    assert words == {"alpha@acme": "measured", "gamma@acme": "untested"}
    assert decided(replayed).ranked[0].evidence == "recorded"


@pytest.mark.slow
def test_deciding_again_with_other_weights_is_quick_enough_for_a_slider() -> None:
    """At most 0.3 CPU seconds with 90 options; the bound is doubled here for slow machines."""
    lanes = (FRONTIER, HOSTED, OWN)
    places = ("acme", "hostco", "own")
    situation = a_situation(
        *(
            Spec(f"m{one}", lanes[one % 3], places[one % 3], usd=500 + 37 * one, spread=200)
            for one in range(90)
        )
    )
    assert situation.costs.draws == DRAWS

    started = time.process_time()
    decided(replace(situation, profile=a_profile(weights={"cost": 60})))

    assert time.process_time() - started < 0.6
