"""What the records say of the two sides, commercial API and open weights; used by the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from playbook.costs.records import BreakEven
from playbook.decision.assessment import Assessment
from playbook.decision.situation import (
    OPEN_LANES,
    Candidate,
    Situation,
    attachable,
    evidence_by_option,
)
from playbook.decision.value import can_be_valued
from playbook.decision.wording import percent, tokens_a_day, usd
from playbook.vocabulary import Lane, Verdict

Side = Literal["commercial API", "open weights", "either", "unknown"]
Reading = tuple[str, str, Side]
CLEARLY = 0.8


def compare_verdicts(assessment: Assessment) -> Reading:
    """Return what compliance leaves open on each side, the counts by lane, and the side."""
    found = {
        lane: [one.verdict.verdict for one in assessment.in_lane(lane) if one.verdict]
        for lane in Lane
    }
    why = "; ".join(f"{lane.words}: {_counts(words)}" for lane, words in found.items() if words)
    api = _state(found[Lane.FRONTIER_API])
    weights = _state([word for lane in OPEN_LANES for word in found[lane]])
    sides: dict[tuple[str, str], tuple[str, Side]] = {
        ("open", "open"): ("Both sides pass, perhaps under conditions.", "either"),
        ("closed", "open"): ("Only open weights pass.", "open weights"),
        ("open", "closed"): ("Only commercial APIs pass.", "commercial API"),
        ("closed", "closed"): ("Neither side passes.", "unknown"),
    }
    unsettled: tuple[str, Side] = ("Open questions must be answered first.", "unknown")
    we_say, leans = sides.get((api, weights), unsettled)
    return we_say, why, leans


def _counts(words: Sequence[Verdict]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(Counter(words).items()))


def _state(words: Sequence[Verdict]) -> str:
    if any(word in (Verdict.OK, Verdict.CONDITIONAL) for word in words):
        return "open"
    return "unsettled" if Verdict.UNDETERMINED in words or not words else "closed"


def cheapest_by_lane(assessment: Assessment) -> dict[Lane, Candidate]:
    """Return each lane's cheapest option by median, of those that could serve the team at all.

    Budget, deadline and staff are left aside: the row asks what volume alone would say.
    """
    usable = assessment.closed_only_by("budget", "time", "staff")
    found: dict[Lane, Candidate] = {}
    for one in usable:
        if not can_be_valued(one, assessment.situation):
            continue
        rival = found.get(one.lane)
        if rival is None or _median(one) < _median(rival):
            found[one.lane] = one
    return found


def _median(candidate: Candidate) -> float:
    cost = candidate.cost.usd_per_month if candidate.cost else None
    return cost.p50 if cost else np.inf


def compare_costs(cheapest: Mapping[Lane, Candidate]) -> Reading:
    """Return whether own servers are cheaper than the cheapest API, the figures, and the side."""
    own = cheapest.get(Lane.SELF_HOSTED)
    apis = [cheapest[lane] for lane in Lane if lane is not Lane.SELF_HOSTED and lane in cheapest]
    if own is None or not apis:
        missing = "own-server option" if own is None else "API"
        why = f"No {missing} with a cost passes landscape, compliance, capacity and quality."
        return "There is nothing to compare.", why, "unknown"
    api = min(apis, key=_median)
    share = _share_cheaper(own, api)
    why = " ".join(f"{one.option.title}: {usd(_median(one))} a month." for one in (api, own))
    why += f" Own servers are cheaper in {percent(share)} of draws."
    if share >= CLEARLY:
        return "Own servers are cheaper at this volume.", why, "open weights"
    if share > 1 - CLEARLY:
        return "Cost does not tell them apart at this volume.", why, "either"
    if api.lane is Lane.HOSTED_OPEN_WEIGHTS:
        return "Open weights are cheapest, but hosted by a provider.", why, "either"
    return "A commercial API is cheaper at this volume.", why, "commercial API"


def _share_cheaper(first: Candidate, second: Candidate) -> float:
    if first.cost is None or second.cost is None:
        return 0.0
    ours = np.asarray(first.cost.draws_usd_per_month)
    theirs = np.asarray(second.cost.draws_usd_per_month)
    return float((ours < theirs).mean())


def finding_on(situation: Situation, cheapest: Mapping[Lane, Candidate]) -> str:
    """Return the break-even of two of these options in figures, empty if there is none."""
    titles = {one.id: one.option.title for one in cheapest.values()}
    found = [
        f"Break-even with {titles[pair.api_option]}: {_break_even(pair)}."
        for pair in situation.costs.break_evens
        if {pair.self_hosted_option, pair.api_option} <= set(titles)
    ]
    return next(iter(found), "")


def _break_even(pair: BreakEven) -> str:
    at = pair.first_crossing
    if at is None or pair.share_of_draws_that_cross < 1 - CLEARLY:
        return f"none up to {tokens_a_day(pair.highest_volume_considered)}"
    low, high = (tokens_a_day(volume).split()[0] for volume in (at.p10, at.p90))
    return f"{tokens_a_day(at.p50)} (P10 {low}, P90 {high})"


def comparison_votes(assessment: Assessment) -> tuple[list[Side], list[str]]:
    """Return the side that each paired comparison across sides speaks for, and its figures."""
    evidence = attachable(assessment.situation)
    lanes = {one.id: one.lane for one in assessment.candidates}
    sides: dict[str, Side] = {
        found.endpoint: "open weights" if lanes[option] in OPEN_LANES else "commercial API"
        for option, found in evidence_by_option(evidence).items() if option in lanes
    }  # fmt: skip
    votes: list[Side] = []
    why = []
    for one in evidence.comparisons:
        first, second = sides.get(one.first), sides.get(one.second)
        if one.metric != "pass rate" or one.task != "all":
            continue  # latency and cost have rows of their own; a task alone is a part of the whole
        if first is None or second is None or first == second:
            continue
        by_verdict: dict[str, Side] = {
            "first better": first, "second better": second, "first not inferior": "either",
            "second not inferior": "either", "equivalent": "either",
        }  # fmt: skip
        votes.append(by_verdict.get(one.verdict, "unknown"))
        gap = one.difference
        why.append(
            f"{one.first} against {one.second} on {one.n} prompts: {one.verdict}, "
            f"difference {percent(gap.value)} ({percent(gap.low)} to {percent(gap.high)})"
        )
    return votes, why


def compare_latency(met: Mapping[bool, bool]) -> tuple[str, Side]:
    """Return which sides were seen to meet the target.

    Args:
        met: Whether a timed option met it, by whether it serves open weights.
    """
    api, weights = met.get(False), met.get(True)
    if api and weights:
        return "Both sides met the target.", "either"
    if api:
        return "A commercial API met the target; no open weights were seen to.", "commercial API"
    if weights:
        return "Open weights met the target; no commercial API was seen to.", "open weights"
    if met:
        return "No timed option met the target.", "unknown"
    return "Nobody timed an option, so it is open whether steering is needed.", "unknown"
