"""What to learn first: what a perfect trial of one option would be worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from playbook.compliance.records import OpenQuestion
from playbook.decision.ballot import Ballot
from playbook.decision.criteria import CRITERIA
from playbook.decision.situation import Candidate, Situation, price_age_days
from playbook.decision.value import Standing, ValueTable
from playbook.decision.wording import clipped, spoken, usd
from playbook.provenance import WARN_AFTER_DAYS

MOST_TRIALS, MOST_QUESTIONS, MOST_WORDS = 2, 3, 30
STANDARD_ERRORS = 1.959964


def value_of_trials(
    table: ValueTable, standing: Standing, weights: Mapping[str, float], *, most: int = 12
) -> dict[int, float]:
    """Return what knowing one option's pass rate exactly is worth, in value, by row, best first.

    Value is additive, so knowing option i's quality moves only its own mean: the worth is the mean
    over its draws of the best mean then, less the leader's mean now. Only the first `most` of the
    order are looked at.

    Source:
        Expected value of partial perfect information; Strong, Oakley and Brennan,
        Medical Decision Making 34 (2014), section 2.
    """
    means = standing.totals.mean(axis=1)
    lead = float(means[standing.order[0]])
    weight, column = weights["quality"], CRITERIA.index("quality")
    worth = {}
    for row in standing.order[:most]:
        others = np.delete(means, row).max(initial=-np.inf)
        quality = table.values[row, column]
        known = means[row] + weight * (quality - quality.mean())
        worth[row] = float(np.maximum(known, others).mean()) - lead
    return dict(sorted(worth.items(), key=lambda item: -item[1]))


def prompts_needed(situation: Situation) -> int:
    """Return how many prompts pin the target pass rate down to within the team's margin.

    Source:
        Normal interval of a proportion: n = p (1 - p) (z / margin)^2, z for 95%.
    """
    trials = situation.profile.trials
    rate = trials.target_pass_rate
    margin = max(trials.non_inferiority_margin, 0.01)
    return max(int(np.ceil(rate * (1 - rate) * (STANDARD_ERRORS / margin) ** 2)), 20)


def next_steps(ballot: Ballot, *, usd_per_value: float | None) -> tuple[str, ...]:
    """Return what to learn first: open questions, then the leader's trial, then other trials.

    Args:
        ballot: The options that stand for election.
        usd_per_value: USD a month of one point of value; None leaves amounts out.
    """
    situation, table = ballot.situation, ballot.table
    leader = table.candidates[ballot.leader]
    worth = value_of_trials(table, ballot.standing, ballot.weights)
    wanted = [ballot.leader] if _needs_trial(leader, situation) else []
    capable = _most_capable(ballot)
    others = [row for row, value in worth.items() if value > 0 and row not in (*wanted, capable)]
    trials = [
        _trial(table.candidates[row], situation, worth=worth[row], usd_per_value=usd_per_value)
        for row in (*wanted, *others[:MOST_TRIALS])
    ]
    if capable is not None and capable not in wanted:
        title = spoken(table.candidates[capable].option.title)
        trials.append(f"Try {title}: published benchmarks, which are no evidence here, favour it.")
    days = price_age_days(leader, situation)
    stale = days is None or days > WARN_AFTER_DAYS
    check = [f"Look up today's price of {spoken(leader.option.title)}."] if stale else []
    return (*questions_for(leader, situation), *trials, *check)


def _most_capable(ballot: Ballot) -> int | None:
    """Return the best row of the untested model that published benchmarks put highest."""
    indices = {
        row: one.model.capability_index
        for row, one in enumerate(ballot.table.candidates)
        if one.pass_rate is None and one.model and one.model.capability_index is not None
    }
    return max(
        (row for row in ballot.order if row in indices),
        key=lambda row: indices[row] or 0.0,
        default=None,
    )


def _needs_trial(candidate: Candidate, situation: Situation) -> bool:
    rate = candidate.pass_rate
    return rate is None or rate.low < situation.profile.trials.minimum_pass_rate


def _trial(
    candidate: Candidate, situation: Situation, *, worth: float, usd_per_value: float | None
) -> str:
    more = "Try" if candidate.pass_rate is None else "Try more prompts on"
    line = f"{more} {spoken(candidate.option.title)} on {prompts_needed(situation)} prompts"
    if usd_per_value is None or worth <= 0:
        return f"{line}."
    return f"{line}: knowing its pass rate is worth about {usd(worth * usd_per_value)} a month."


def questions_for(candidate: Candidate, situation: Situation) -> list[str]:
    """Return the open compliance questions of an option, with who can answer them."""
    wanted = set(candidate.verdict.questions) if candidate.verdict else set()
    found = [one for one in situation.compliance.open_questions if one.id in wanted]
    lines = [_question(one) for one in found[:MOST_QUESTIONS]]
    known = {one.id for one in found}
    rest = sorted(wanted - known)[: MOST_QUESTIONS - len(lines)]
    return lines + [f"Answer {name}." for name in rest]


def questions_that_bite(situation: Situation, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Return the open compliance questions of these options that can change most."""
    verdicts = [one.verdict for one in candidates if one.verdict]
    wanted = {name for one in verdicts for name in (*one.questions, *one.controls)}
    found = [one for one in situation.compliance.open_questions if one.id in wanted]
    return tuple(_question(one) for one in found[:MOST_QUESTIONS])


def _question(question: OpenQuestion) -> str:
    lead = f"Ask {question.owner}" if question.owner else "Answer"
    where = f" ({question.id})" if "." not in question.id else ""  # a field path says nothing
    return f"{lead}: {clipped(question.question, MOST_WORDS)}{where}"
