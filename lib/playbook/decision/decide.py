"""`decide`: gates, then value with fixed anchors, then how far the answer may be acted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from playbook.catalog import Catalog
from playbook.compliance.records import Compliance
from playbook.costs.records import Costs
from playbook.decision.assessment import Assessment, assess
from playbook.decision.ballot import Ballot
from playbook.decision.blocked import reasons_blocked
from playbook.decision.claims import TeamNumbers, check_team_claims
from playbook.decision.criteria import (
    Anchor,
    anchors_of,
    anchors_used,
    usd_per_value,
    weights_of,
)
from playbook.decision.flips import find_flips
from playbook.decision.gate_prices import prices_of
from playbook.decision.gates import deciding_gate
from playbook.decision.learning import next_steps, questions_that_bite
from playbook.decision.measures import Streams
from playbook.decision.ranking import MOST_RANKED, rank, runner_up
from playbook.decision.records import AnchorUsed, Decision
from playbook.decision.rows import six_rows
from playbook.decision.situation import Candidate, Situation, false_claims, is_considered
from playbook.decision.status import ALIKE, Confidence, Reason, conditions_of, judge
from playbook.decision.value import (
    ValueTable,
    build_table,
    can_be_valued,
    share_best_by_lane,
    stand,
)
from playbook.decision.verdict import blocked_sentence, sentence
from playbook.decision.wording import listed
from playbook.landscape.records import Landscape
from playbook.profile.profile import Profile
from playbook.trials.evidence_records import Evidence
from playbook.vocabulary import Status

NO_REGRET = (
    "What being wrong costs in money: while the leading plan is untested any pass rate is as "
    "likely, so an amount would say nothing."
)
NOT_CONSIDERED = (
    "Plans that mix lanes, or that move from one lane to another later, are not compared yet.",
    "A pass rate below the minimum counts as value 0, not as useless, until a trial shows it.",
    "An untested option's pass rate is drawn evenly from 0 to 1, once per model.",
    "Capability indices and other teams' scores are not evidence here.",
    "Rented machines count as the team's own when residency is valued.",
    "Lead times do not grow with fine-tuning or procurement.",
    "People needed are drawn apart from the staff line of the costs.",
    "Safety, exit cost and provider rate limits carry no weight yet.",
)


def decide(  # noqa: PLR0913  the stage signature: every earlier record comes in by name
    profile: Profile,
    catalog: Catalog,
    landscape: Landscape,
    compliance: Compliance,
    costs: Costs,
    evidence: Evidence,
    *,
    rng: np.random.Generator,
    as_of: date,
) -> Decision:
    """Return the leading plan of a profile, how far it may be acted on, and why.

    Args:
        profile: The team's answers.
        catalog: Facts; options, offers and the method's assumptions are read.
        landscape: Which models are in the race.
        compliance: Verdicts on options.
        costs: Joint cost draws; their number sets the number of draws here.
        evidence: Trials; only an endpoint declared to be an exact option counts for it.
        rng: Source of randomness; one number is taken from it.
        as_of: Today.

    Raises:
        ParamsError: when every weight is 0.
    """
    situation = Situation(profile, catalog, landscape, compliance, costs, evidence, as_of)
    assessment = assess(situation)
    anchors, weights = anchors_of(situation), weights_of(profile)
    ballot = hold_ballot(
        assessment,
        anchors=anchors,
        weights=weights,
        streams=Streams.from_rng(rng, costs.draws),
    )
    if ballot is None:
        decision = _blocked(assessment, anchors_used(anchors, weights))
    else:
        decision = _led(assessment, ballot)
    numbers = TeamNumbers(profile, catalog, costs, evidence, decision)
    return decision.changed(claims=check_team_claims(numbers), gate_prices=prices_of(assessment))


def hold_ballot(
    assessment: Assessment,
    *,
    anchors: Mapping[str, Anchor],
    weights: Mapping[str, float],
    streams: Streams,
) -> Ballot | None:
    """Return the open options with their values and order, None when none can be valued."""
    situation = assessment.situation
    open_options = _valued(assessment.feasible(), situation)
    if not open_options:
        return None
    open_ids = {one.id for one in open_options}
    late = [one for one in assessment.closed_only_by("time") if one.id not in open_ids]
    table = build_table(open_options, situation, anchors=anchors, streams=streams)
    return Ballot(
        situation=situation,
        anchors=anchors,
        weights=weights,
        table=table,
        late=build_table(_valued(late, situation), situation, anchors=anchors, streams=streams),
        standing=stand(table, weights),
        streams=streams,
    )


def _valued(candidates: Sequence[Candidate], situation: Situation) -> list[Candidate]:
    return [one for one in candidates if can_be_valued(one, situation)]


def _led(assessment: Assessment, ballot: Ballot) -> Decision:
    situation, table, standing = ballot.situation, ballot.table, ballot.standing
    leader = table.candidates[ballot.leader]
    status, reasons = _status(assessment, ballot)
    second = runner_up(table, standing)
    price = usd_per_value(ballot.anchors, ballot.weights)
    untested = leader.pass_rate is None
    regret = None if price is None or untested else standing.regret * price
    return Decision(
        as_of=situation.as_of,
        status=status,
        status_because=tuple(one.text for one in reasons),
        verdict=sentence(leader.option.title, reasons),
        leading_plan=leader.id,
        leading_title=leader.option.title,
        leading_lane=leader.lane,
        runner_up=None if second is None else table.candidates[second].id,
        runner_up_title="" if second is None else table.candidates[second].option.title,
        share_best=float(standing.share_best[ballot.leader]),
        share_best_by_lane=share_best_by_lane(table, standing),
        expected_regret_usd_per_month=regret,
        expected_regret_value=standing.regret,
        ranked=rank(assessment, table, standing, weights=ballot.weights),
        gates=assessment.all_gates(),
        rows=six_rows(assessment),
        flips=find_flips(ballot),
        learn_first=next_steps(ballot, usd_per_value=price),
        conditions=conditions_of(leader),
        anchors=anchors_used(ballot.anchors, ballot.weights),
        deciding_gate=deciding_gate(assessment.all_gates()),
        not_considered=(
            *((NO_REGRET,) if untested else ()), *_left_out(assessment, table), *NOT_CONSIDERED,
        ),
    )  # fmt: skip


def _status(assessment: Assessment, ballot: Ballot) -> tuple[Status, tuple[Reason, ...]]:
    leader = ballot.table.candidates[ballot.leader]
    confidence = Confidence(
        share_best=float(ballot.standing.share_best[ballot.leader]),
        regret=ballot.standing.regret,
        as_good_untested=_as_good_untested(ballot),
    )
    gates = assessment.gates[leader.id]
    return judge(leader, ballot.situation, gates=gates, confidence=confidence)


def _as_good_untested(ballot: Ballot) -> int:
    means = ballot.standing.totals.mean(axis=1)
    return sum(
        one.pass_rate is None and means[row] >= means[ballot.leader] - ALIKE
        for row, one in enumerate(ballot.table.candidates)
        if row != ballot.leader
    )


def _blocked(assessment: Assessment, anchors: tuple[AnchorUsed, ...]) -> Decision:
    because = reasons_blocked(assessment)
    return Decision(
        as_of=assessment.situation.as_of,
        status=Status.BLOCKED,
        status_because=because,
        verdict=blocked_sentence(because[0]),
        leading_plan=None,
        leading_title="",
        leading_lane=None,
        runner_up=None,
        share_best=0.0,
        expected_regret_usd_per_month=None,
        ranked=(),
        gates=assessment.all_gates(),
        rows=six_rows(assessment),
        flips=(),
        learn_first=(
            *because[1:],
            *questions_that_bite(assessment.situation, assessment.candidates),
        ),
        anchors=anchors,
        deciding_gate=deciding_gate(assessment.all_gates()),
        not_considered=NOT_CONSIDERED,
    )


def _left_out(assessment: Assessment, table: ValueTable) -> tuple[str, ...]:
    """Return lines on options that were open but are not ranked, or are beyond the list."""
    situation = assessment.situation
    aside = sum(not is_considered(one) for one in situation.landscape.models)
    valued = {one.id for one in table.candidates}
    unpriced = [one.option.title for one in assessment.feasible() if one.id not in valued]
    beyond = len(table.candidates) - MOST_RANKED
    lines = []
    lines += [f"Evidence of {name}: {why}." for name, why in false_claims(situation).items()]
    if aside:
        lines.append(f"Models of the catalogue that the team does not consider: {aside}.")
    if unpriced:
        lines.append(f"Open options without a cost, so without a rank: {listed(unpriced)}.")
    if beyond > 0:
        lines.append(f"{beyond} open options of lower value are not listed; shares count them.")
    return tuple(lines)
