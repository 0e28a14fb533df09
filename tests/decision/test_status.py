"""The status is the most severe reason found, and every reason is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from playbook.catalog import Licence
from playbook.catalog.schema import ModelTerms
from playbook.decision import Decision
from playbook.provenance import Source, SourceKind
from playbook.vocabulary import Status, Verdict
from tests.decision.builders import (
    HOSTED,
    OWN,
    TODAY,
    Spec,
    a_profile,
    a_rate,
    a_situation,
    decided,
    decision_on,
)

SURE = Spec("alpha", usd=1_000, rate=a_rate(0.94, half=0.005), first_token_s=0.8)
WEAK = Spec("gamma", usd=8_000, rate=a_rate(0.82, half=0.005), first_token_s=1.9)


def status_of(spec: Spec) -> Decision:
    return decision_on(spec, WEAK)


def test_tested_clear_fresh_and_passing_is_decide() -> None:
    found = status_of(SURE)

    assert found.status is Status.DECIDE
    assert found.verdict == (
        "Choose Alpha over acme: it passes every gate on its own evidence, and its lead is clear."
    )


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"verdict": Verdict.CONDITIONAL, "conditions": ("sign",)}, Status.CONDITIONAL, "sign"),
        ({"verdict": Verdict.UNDETERMINED, "questions": ("gdpr-1",)}, Status.CONDITIONAL, "gdpr-1"),
        ({"verdict": None}, Status.CONDITIONAL, "compliance is unknown"),
        ({"state": "in_doubt"}, Status.CONDITIONAL, "landscape is unknown"),
        ({"rate": None}, Status.RUN_FIRST, "untested: this exact option"),
        ({"rate": a_rate(0.9, n=12, half=0.15)}, Status.RUN_FIRST, "too few prompts"),
        ({"first_token_s": None}, Status.RUN_FIRST, "nobody timed it"),
        ({"priced_on": TODAY - timedelta(days=181)}, Status.RUN_FIRST, "price is 181 days old"),
        ({"priced_on": TODAY - timedelta(days=91)}, Status.WATCH, "price is 91 days old"),
        ({"priced_on": TODAY - timedelta(days=90)}, Status.DECIDE, "every gate passes"),
        (
            {"terms_on": TODAY - timedelta(days=181)},
            Status.CONDITIONAL,
            "its provider's terms were read 181 days ago, over 180",
        ),
        ({"terms_on": TODAY - timedelta(days=180)}, Status.WATCH, "180 days ago, over 90"),
        ({"terms_on": TODAY - timedelta(days=90)}, Status.DECIDE, "every gate passes"),
        ({"months_left": 11.0}, Status.WATCH, "retires in 11.0 months"),
        ({"months_left": 18.0}, Status.DECIDE, "every gate passes"),
    ],
)
def test_one_flaw_sets_the_status(change: dict[str, object], status: Status, said: str) -> None:
    found = status_of(replace(SURE, **change))  # type: ignore[arg-type]

    assert found.leading_plan == "alpha@acme"
    assert found.status is status
    assert said in found.status_because[0]


@pytest.mark.parametrize(
    ("kind", "status"), [("third_party", Status.CONDITIONAL), ("licence_text", Status.DECIDE)]
)
def test_what_others_say_of_a_licence_ages_and_its_text_does_not(
    kind: SourceKind, status: Status
) -> None:
    read = Source(title="On the licence", url="a.org", as_of=date(2026, 1, 1), kind=kind)
    situation = a_situation(SURE, WEAK)
    licence = Licence(id="any", title="Any", spdx="MIT", source=read)

    found = decided(replace(situation, catalog=situation.catalog.changed(licences=(licence,))))

    assert found.status is status


def test_terms_of_the_very_model_age_beside_the_providers_own() -> None:
    situation = a_situation(SURE, WEAK)
    old = Source(title="Terms of Alpha", as_of=date(2026, 1, 1), kind="vendor")
    own = ModelTerms(models=("alpha",), note="kept for 30 days", source=old)
    providers = tuple(one.changed(model_terms=(own,)) for one in situation.catalog.providers)

    found = decided(replace(situation, catalog=situation.catalog.changed(providers=providers)))

    assert found.status is Status.CONDITIONAL
    assert found.status_because[0].startswith("its provider's terms were read 326 days ago")


def test_the_price_of_a_rented_gpu_ages_as_an_apis_does() -> None:
    own = Spec("alpha", OWN, "own", usd=1_000, rate=a_rate(0.94, half=0.005), first_token_s=0.8)

    old = status_of(replace(own, priced_on=TODAY - timedelta(days=181)))

    assert old.leading_plan == own.id
    assert any("price is 181 days old" in one for one in old.status_because)
    assert old.status is not Status.DECIDE


def test_the_most_severe_reason_wins_and_all_are_told() -> None:
    flawed = replace(
        SURE, verdict=Verdict.CONDITIONAL, conditions=("sign the DPA",), rate=None, months_left=11.0
    )

    found = status_of(flawed)

    assert found.status is Status.CONDITIONAL
    assert found.conditions == ("sign the DPA",)
    told = " ".join(found.status_because)
    assert "sign the DPA" in told
    assert "untested" in told
    assert "retires in 11.0 months" in told


def test_the_verdict_is_one_sentence_with_conditions_counted_and_no_ids() -> None:
    flawed = replace(
        SURE, verdict=Verdict.CONDITIONAL, rate=None,
        conditions=("HIPAA-04: Add the system to the analysis.", "HIPAA-08: Sign it."),
    )  # fmt: skip

    found = status_of(flawed)

    assert found.verdict == (
        "Alpha over acme leads, on two conditions; nobody has tried it on this team's prompts yet."
    )
    assert found.status_because[0] == (
        "it may go live on two conditions, the first: Add the system to the analysis (HIPAA-04)"
    )


def test_open_questions_are_asked_in_words_and_field_paths_are_left_out() -> None:
    asked = ("BASE-03", "provider.acme.processing_regions")

    found = status_of(replace(SURE, verdict=Verdict.UNDETERMINED, questions=asked))

    assert found.verdict == "Alpha over acme leads, once two open questions are answered."
    assert found.status_because == (
        "compliance has two open questions, the first: Is BASE-03 met? (BASE-03)",
    )


def test_an_untested_leader_has_no_money_figure_of_regret_and_says_why() -> None:
    untested = decision_on(Spec("alpha", usd=1_500), Spec("gamma", usd=1_600))
    tested = decision_on(SURE, WEAK)

    assert untested.expected_regret_usd_per_month is None
    assert untested.expected_regret_value > 0
    assert untested.not_considered[0].startswith("What being wrong costs in money")
    assert tested.expected_regret_usd_per_month is not None
    assert not any("being wrong" in line for line in tested.not_considered)


def test_a_latency_target_that_was_missed_is_no_decide() -> None:
    found = decision_on(replace(SURE, first_token_s=2.5))

    assert found.status is Status.RUN_FIRST
    assert "over the target of 2 s" in found.status_because[0]


def test_an_old_trial_is_run_again_first() -> None:
    situation = a_situation(SURE, WEAK)
    old = situation.evidence.changed(as_of=date(2026, 1, 1))

    found = decided(replace(situation, evidence=old))

    assert found.status is Status.RUN_FIRST
    assert "trial is 326 days old" in found.status_because[0]


def test_old_answers_that_were_evaluated_today_are_run_again_first() -> None:
    situation = a_situation(SURE, WEAK)
    answered = date(2026, 1, 1)
    endpoints = [one.changed(answered_since=answered) for one in situation.evidence.endpoints]
    old = situation.evidence.changed(endpoints=tuple(endpoints))

    found = decided(replace(situation, evidence=old))

    assert found.status is Status.RUN_FIRST
    assert "trial is 326 days old" in found.status_because[0]


def test_own_servers_without_a_dated_price_are_no_decide() -> None:
    own = Spec("beta", OWN, "own", usd=1_000, rate=a_rate(0.94, half=0.005))
    situation = a_situation(own)
    undated = situation.catalog.changed(gpu_offers=())

    assert decided(situation).status is Status.DECIDE
    assert decided(replace(situation, catalog=undated)).status is Status.RUN_FIRST


def test_a_lead_in_few_draws_is_run_first_and_a_close_one_with_little_at_stake_is_watch() -> None:
    """gamma's cost is even over 1,800: best in 45% of draws when 90 dearer, 30% when 360."""
    profile = a_profile(
        weights={
            "cost": 1, "quality": 0.0, "latency": 0, "infrastructure": 0, "residency": 0,
            "time_to_production": 0, "lifecycle": 0,
        }
    )  # fmt: skip
    alpha = replace(SURE, usd=2_800)
    rival = replace(WEAK, usd=2_890, spread=900)
    close = replace(WEAK, usd=2_920, spread=450)

    run_first = decision_on(alpha, rival, profile=profile)
    watch = decision_on(alpha, close, profile=profile)

    assert run_first.status is Status.RUN_FIRST
    assert "best in 55" in run_first.status_because[0]
    assert watch.status is Status.WATCH
    assert "a rival is close" in watch.status_because[0]


def test_an_untested_option_can_lead_but_never_be_decided() -> None:
    cheap = Spec("beta", HOSTED, "hostco", usd=100)

    found = decision_on(cheap, replace(WEAK, usd=9_999))

    assert found.leading_plan == "beta@hostco"
    assert found.status is Status.RUN_FIRST
    assert found.learn_first[0].startswith("Try Beta over hostco on 73 prompts")


def test_many_untested_options_of_like_value_are_counted_in_the_reason() -> None:
    found = decision_on(*(Spec(f"m{number}", usd=1_500 + number) for number in range(4)))

    assert found.status is Status.RUN_FIRST
    assert "until tested, 3 others are as good" in found.status_because[1]


def test_blocked_names_the_gate_that_closed_most_and_what_would_open_one() -> None:
    found = decision_on(
        Spec("alpha", usd=12_000), Spec("gamma", usd=15_000), Spec("delta", verdict=Verdict.OUT)
    )

    assert found.status is Status.BLOCKED
    assert found.leading_plan is None
    assert found.deciding_gate == "Budget closed 2 of 3 options."
    assert found.verdict == "No option is left: budget closed 2 of 3 options."
    assert "a budget of $12k a month opens the cheapest" in found.status_because[1]
    assert "Opening compliance alone would bring back 1: settle c-1." in found.status_because


def test_blocked_by_two_gates_at_once_says_so() -> None:
    found = decision_on(Spec("alpha", usd=12_000, verdict=Verdict.OUT))

    assert found.status_because[1].startswith("No single gate keeps an option closed")


def test_open_options_without_any_cost_are_blocked_with_that_reason() -> None:
    found = decision_on(Spec("alpha", usd=None))

    assert found.status is Status.BLOCKED
    assert found.deciding_gate == ""
    assert found.status_because == (
        "No option that passes the gates has a cost; price one of them.",
    )


def test_a_blocked_decision_still_shows_its_six_rows_and_anchors() -> None:
    found = decision_on(Spec("alpha", verdict=Verdict.OUT))

    assert len(found.rows) == 6
    assert len(found.anchors) == 7
