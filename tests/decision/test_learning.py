"""What to learn first: worth by hand, order, and who to ask."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playbook.decision.learning import prompts_needed, value_of_trials
from playbook.decision.situation import gather
from playbook.decision.value import ValueTable, stand
from playbook.vocabulary import Verdict
from tests.decision.builders import (
    HOSTED,
    Spec,
    a_profile,
    a_rate,
    a_situation,
    decided,
    decision_on,
)

WEIGHTS = {
    "cost": 0.5, "quality": 0.5, "latency": 0.0, "infrastructure": 0.0, "residency": 0.0,
    "time_to_production": 0.0, "lifecycle": 0.0,
}  # fmt: skip


def test_worth_of_a_trial_worked_by_hand() -> None:
    """alpha 0.5 sure; gamma's quality 0 or 1 evenly: 0.2 or 0.7, mean 0.45.

    Knowing it: half the time 0.5 (keep alpha), half 0.7: 0.6, worth 0.1. alpha's is sure: 0.
    """
    candidates = gather(a_situation(Spec("alpha"), Spec("gamma")))
    values = np.zeros((2, 7, 2))
    values[0, 0], values[0, 1] = 0.6, 0.4
    values[1, 0], values[1, 1] = 0.4, [0.0, 1.0]
    table = ValueTable(candidates=candidates, values=values)

    worth = value_of_trials(table, stand(table, WEIGHTS), WEIGHTS)

    assert worth == pytest.approx({1: 0.1, 0: 0.0})
    assert next(iter(worth)) == 1


def test_prompts_needed_for_the_margin() -> None:
    """0.95 x 0.05 x (1.96 / 0.05)^2 = 73.0; twice as fine a margin takes four times as many."""
    fine = a_profile(trials={"non_inferiority_margin": 0.025})

    assert prompts_needed(a_situation(Spec("alpha"))) == 73
    assert prompts_needed(a_situation(Spec("alpha"), profile=fine)) == 292


def test_questions_come_before_trials_and_name_who_answers() -> None:
    spec = Spec("alpha", verdict=Verdict.UNDETERMINED, questions=("gdpr-1",))

    steps = decision_on(spec).learn_first

    assert steps[0] == "Ask DPO: Is gdpr-1 met? (gdpr-1)"
    assert steps[1].startswith("Try Alpha over acme on 73 prompts")


def test_a_tested_leader_is_not_sent_to_trial_but_its_untested_rival_is() -> None:
    leader = Spec("alpha", usd=1_500, rate=a_rate(0.94, half=0.01))

    steps = decision_on(leader, Spec("beta", HOSTED, "hostco", usd=1_000)).learn_first

    assert len(steps) == 1
    assert steps[0].startswith("Try Beta over hostco")
    assert "knowing its pass rate is worth about $" in steps[0]


def test_too_little_evidence_asks_for_more_prompts() -> None:
    thin = Spec("alpha", rate=a_rate(0.9, n=10, half=0.15))

    assert decision_on(thin).learn_first[0].startswith("Try more prompts on Alpha over acme")


def test_published_benchmarks_point_to_a_trial_but_move_no_value() -> None:
    situation = a_situation(Spec("alpha", usd=1_500), Spec("gamma", usd=2_000))
    strong = tuple(
        one.changed(capability_index=1.0 if one.model == "gamma" else -1.0)
        for one in situation.landscape.models
    )
    informed = replace(situation, landscape=situation.landscape.changed(models=strong))

    plain, told = decided(situation), decided(informed)

    assert told.ranked == plain.ranked
    assert told.learn_first[-1].startswith("Try Gamma over acme: published benchmarks")
    assert not any("benchmarks" in step for step in plain.learn_first)
