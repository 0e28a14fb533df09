"""Claims about a team's own numbers are recomputed from them, never asserted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playbook.catalog import load_catalog
from playbook.catalog.claims import Claim
from playbook.costs.records import BreakEven
from playbook.decision.claims import CHECKS, TeamNumbers, check_team_claims
from playbook.decision.situation import Situation
from playbook.landscape.claim_records import ClaimFinding
from playbook.profile.endpoints import Endpoint
from playbook.profile.sections import Weights
from playbook.profile.trial_settings import Trials
from playbook.trials.interval import Interval
from playbook.trials.records import Comparison
from playbook.uncertainty import Percentiles
from tests.decision.builders import (
    OWN,
    Spec,
    a_profile,
    a_rate,
    a_situation,
    decided,
    evidence_on,
    some_costs,
    some_evidence,
)

API, SERVERS = Spec("alpha", usd=1_000), Spec("beta", OWN, "own", usd=4_000)
TEAM_CLAIMS = tuple(one for one in load_catalog().claims if one.about == "team")


def test_every_catalogued_claim_about_a_team_has_a_check_and_every_check_a_claim() -> None:
    assert {one.id for one in TEAM_CLAIMS} == set(CHECKS)


def a_crossing(p10: float, p50: float, p90: float, *, share: float = 1.0) -> BreakEven:
    return BreakEven(
        self_hosted_option=SERVERS.id, api_option=API.id, self_hosted_title="Beta",
        api_title="Alpha", api_lane=API.lane, same_weights=False, curve=(), crossings=(),
        crossings_left_out=0, first_crossing=Percentiles(p10=p10, p50=p50, p90=p90),
        share_of_draws_that_cross=share, highest_volume_considered=1e11, finding="",
    )  # fmt: skip


def claim(name: str) -> Claim:
    return next(one for one in TEAM_CLAIMS if one.id == name)


def found(name: str, situation: Situation) -> ClaimFinding:
    catalog = situation.catalog.changed(claims=(claim(name),))
    numbers = TeamNumbers(
        situation.profile, catalog, situation.costs, situation.evidence, decided(situation)
    )
    (one,) = check_team_claims(numbers)
    return one


def volume_rule(*pairs: BreakEven) -> ClaimFinding:
    costs = some_costs((API, SERVERS), break_evens=pairs)
    return found("api-below-1m-open-above-10m", a_situation(API, SERVERS, costs=costs))


@pytest.mark.parametrize(
    ("pair", "verdict"),
    [
        (a_crossing(2e6, 4e6, 8e6), "holds"),
        (a_crossing(2e6, 4e6, 8e6, share=0.5), "holds_in_part"),
        (a_crossing(3e7, 6e7, 9e7), "holds_in_part"),
        (a_crossing(2e5, 6e5, 9e6), "holds_in_part"),
        (a_crossing(2e5, 6e6, 9e7), "does_not_hold"),
    ],
)
def test_the_volume_rule_holds_only_where_the_whole_band_lies_between_its_figures(
    pair: BreakEven, verdict: str
) -> None:
    assert volume_rule(pair).verdict == verdict


def test_the_volume_rule_says_which_half_of_it_holds() -> None:
    said = volume_rule(a_crossing(2e6, 4e6, 8e6), a_crossing(3e7, 6e7, 9e7)).because

    assert "Up to 1M tokens/day the API costs less in 2 of 2 pairs" in said
    assert "from 10M tokens/day on own servers do in 1" in said


def test_a_pair_that_never_crosses_speaks_for_the_api_at_any_volume() -> None:
    never = a_crossing(1, 1, 1).changed(first_crossing=None, share_of_draws_that_cross=0.0)

    one = volume_rule(never)

    assert one.verdict == "holds_in_part"
    assert "no volume up to 100B tokens/day against Alpha" in one.because
    assert one.figures == ()


def test_the_crossing_is_shown_with_its_band_and_the_prices_it_rests_on() -> None:
    (figure,) = volume_rule(a_crossing(2e6, 4e6, 8e6)).figures

    assert (figure.low, figure.value, figure.high) == (2e6, 4e6, 8e6)
    assert (figure.unit, figure.interval, figure.provenance) == ("tokens/day", "10-90%", "computed")
    assert figure.sources


def test_without_a_pair_of_prices_the_volume_rule_cannot_be_settled() -> None:
    assert volume_rule().verdict == "cannot_be_settled"


def test_a_lane_that_nearly_always_wins_speaks_against_a_mix() -> None:
    """Only cost counts: own servers at 4,000 +- 900 are cheaper than 4,000 in half of the draws."""
    profile = a_profile(weights={name: int(name == "cost") for name in Weights.model_fields})
    api, far = (
        replace(API, usd=4_000, rate=a_rate(0.9)),
        replace(SERVERS, usd=9_000, rate=a_rate(0.9)),
    )
    near = replace(far, usd=4_000, spread=900)

    clear = found("most-teams-go-hybrid", a_situation(api, far, profile=profile))
    close = found("most-teams-go-hybrid", a_situation(api, near, profile=profile))

    assert (clear.verdict, close.verdict) == ("does_not_hold", "cannot_be_settled")
    assert [one.value for one in close.figures] == pytest.approx([0.5, 0.5], abs=0.01)


def tuned_claim(
    *, low: float, stand_in: bool = False, tuned_first: bool = True, high: float = 0.2
) -> ClaimFinding:
    """Return the finding of a tuned model against a general API, halfway between the ends."""
    value = (low + high) / 2
    ends = (value, low, high) if tuned_first else (-value, -high, -low)
    ids = ("ours", "general") if tuned_first else ("general", "ours")
    comparison = Comparison(
        first=ids[0], second=ids[1], task="all", n=200,
        difference=Interval(value=ends[0], low=ends[1], high=ends[2], n=200, method="test"),
        only_first_passed=0, only_second_passed=0, p_value=0.5, verdict="inconclusive",
    )  # fmt: skip
    evidence = some_evidence(
        evidence_on(SERVERS.id, SERVERS, endpoint="ours"),
        evidence_on(API.id, API, endpoint="general", stand_in=stand_in),
        comparisons=(comparison,),
    )
    situation = a_situation(API, SERVERS, evidence=evidence)
    endpoints = (
        Endpoint(id="ours", option=SERVERS.id, tuned_on_own_data=True),
        Endpoint(id="general", option=API.id),
    )
    profile = situation.profile.changed(trials=Trials(endpoints=endpoints))
    return found("tuned-models-beat-general-ones", replace(situation, profile=profile))


@pytest.mark.parametrize("tuned_first", [True, False])
def test_a_tuned_model_beats_a_general_one_only_beyond_the_interval(*, tuned_first: bool) -> None:
    better = tuned_claim(low=0.02, tuned_first=tuned_first)
    perhaps = tuned_claim(low=-0.02, tuned_first=tuned_first)

    assert (better.verdict, perhaps.verdict) == ("holds", "cannot_be_settled")
    (figure,) = better.figures
    assert (figure.value, figure.low, figure.high) == pytest.approx((0.11, 0.02, 0.2))


def test_a_tuned_model_that_is_worse_beyond_the_interval_does_not_beat_a_general_one() -> None:
    assert tuned_claim(low=-0.2, high=-0.02).verdict == "does_not_hold"


def test_a_stand_in_never_settles_whether_tuned_models_are_better() -> None:
    assert tuned_claim(low=0.02, stand_in=True).verdict == "cannot_be_settled"
