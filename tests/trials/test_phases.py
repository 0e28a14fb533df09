"""What a run consists of beside the trials themselves, and what sends it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container
from datetime import UTC, datetime

from playbook.catalog import load_catalog
from playbook.profile import Endpoint, Profile
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.load.planning import load_phases
from playbook.trials.phases import (
    Agenda,
    Phase,
    asked_again,
    latency_phase,
    quality_phase,
    sent_by,
)
from playbook.trials.plan import Trial, plan_trials
from playbook.trials.prompts import load_prompt_set
from playbook.trials.records import Attempt
from tests.trials.conftest import FakeClient, Workplace, a_profile, an_endpoint
from tests.trials.measured_runs import an_own_server


def an_agenda(
    place: Workplace,
    profile: Profile,
    *,
    may_send: Callable[[Trial], bool] = lambda _: True,
    reached_by_lean: Callable[[Endpoint], bool] = lambda _: True,
    silent: Container[str] = (),
) -> Agenda:
    sets = [load_prompt_set(place.params / "prompts" / "demo.jsonl")]
    answers = [
        an_answer(one) for one in plan_trials(profile, sets) if one.endpoint.id not in silent
    ]
    return Agenda(
        profile,
        sets,
        plan_trials(profile, sets),
        may_send=may_send,
        reached_by_lean=reached_by_lean,
        attempts=lambda: answers,
    )


def an_answer(trial: Trial) -> Attempt:
    return Attempt(
        run_key=trial.run_key, prompt_set="demo", prompt=trial.prompt.id, task=trial.prompt.task,
        group="g", data_class=trial.prompt.data_class, endpoint=trial.endpoint.id, repeat=0,
        attempt=1, final=True, outcome="answered", at=datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip


def test_latency_is_measured_one_call_at_a_time_with_the_prompts_in_turn(
    workplace: Workplace,
) -> None:
    agenda = an_agenda(workplace, a_profile(latency_calls=25))

    (phase,) = latency_phase(agenda)

    assert (phase.in_flight, phase.client, phase.attempts) == (1, "lean", 1)
    assert [one.prompt.id for one in phase.trials] == [f"p{n % 10:03d}" for n in range(25)]
    assert {one.purpose for one in phase.trials} == {"latency"}
    assert len({one.run_key for one in (*phase.trials, *agenda.trials)}) == 35


def test_latency_is_not_measured_twice_where_lean_sent_the_trials(workplace: Workplace) -> None:
    assert not list(latency_phase(an_agenda(workplace, a_profile(client="lean"))))
    assert not list(latency_phase(an_agenda(workplace, a_profile(latency_calls=0))))


def test_an_endpoint_that_answered_nothing_is_not_asked_for_its_latency(
    workplace: Workplace,
) -> None:
    profile = a_profile(an_endpoint("well"), an_endpoint("dead"), latency_calls=2)

    (phase,) = latency_phase(an_agenda(workplace, profile, silent=("dead",)))

    assert {one.endpoint.id for one in phase.trials} == {"well"}


def test_latency_is_measured_where_lean_can_ask_and_of_what_may_be_sent(
    workplace: Workplace,
) -> None:
    profile = a_profile(an_endpoint("shaped"), an_endpoint("other"), latency_calls=5)
    agenda = an_agenda(
        workplace,
        profile,
        may_send=lambda one: one.prompt.id != "p000",
        reached_by_lean=lambda one: one.id == "shaped",
    )

    (phase,) = latency_phase(agenda)

    assert {one.endpoint.id for one in phase.trials} == {"shaped"}
    assert phase.trials[0].prompt.id == "p001"
    assert not list(latency_phase(an_agenda(workplace, profile, reached_by_lean=lambda _: False)))


def test_a_large_run_is_sent_by_lean_where_it_can_and_by_litellm_elsewhere(
    workplace: Workplace,
) -> None:
    profile = a_profile(an_endpoint("shaped"), an_endpoint("other"), client="lean")
    (phase,) = quality_phase(an_agenda(workplace, profile))

    trials = sent_by(phase, lambda one: one.id == "shaped")

    assert phase.adapts
    assert {(one.endpoint.id, one.client) for one in trials} == {
        ("shaped", "lean"),
        ("other", "litellm"),
    }
    assert [one.run_key for one in trials] == [one.run_key for one in phase.trials]


def test_a_sweep_is_one_phase_for_each_load(workplace: Workplace) -> None:
    profile = a_profile(an_own_server(), load_sweep=(4, 1), load_calls=20)

    phases = list(load_phases(an_agenda(workplace, profile)))

    assert [(one.name, one.in_flight, one.client) for one in phases] == [
        ("load of 1 in flight", 1, "lean"),
        ("load of 4 in flight", 4, "lean"),
    ]
    assert {trial.purpose for one in phases for trial in one.trials} == {"load"}


def test_the_ledger_says_what_each_call_was_for(workplace: Workplace) -> None:
    profile = a_profile(an_own_server(), load_sweep=(1,), load_calls=20)

    workplace.run(profile, FakeClient(), catalog=load_catalog())

    purposes = Counter(one.purpose for one in read_ledger(workplace.folder / LEDGER))
    assert purposes == {"trial": 10, "load": 22}


def test_a_trial_asked_for_another_purpose_has_a_key_of_its_own(workplace: Workplace) -> None:
    trial = an_agenda(workplace, a_profile()).trials[0]

    keys = {
        asked_again(trial, purpose, one).run_key
        for purpose in ("again", "judge")
        for one in range(3)
    }

    assert len(keys | {trial.run_key}) == 7
    assert Phase("x", [trial], 1).client == "litellm"
