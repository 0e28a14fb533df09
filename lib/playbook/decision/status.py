"""How far the leading plan may be acted on today, and every reason for it.

The status is the most severe of the reasons found, in this order:

1. BLOCKED: no option is left, or none of those left has a cost.
2. CONDITIONAL: the leading plan passes under conditions, or a gate that only people or papers can
   settle (landscape, compliance) is unknown.
3. RUN FIRST: it is untested, not timed or too slow, the evidence is thin or old, its capacity is
   in doubt, its price is too old, or learning is still worth money (it is best in too few draws,
   or the regret is not small).
4. WATCH: it may go ahead, but retires within a year, has an ageing price or a close rival.
5. DECIDE: none of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playbook.decision.gates import open_points
from playbook.decision.records import Gate
from playbook.decision.situation import Candidate, Situation, months_left, price_age_days
from playbook.decision.wording import listed, percent
from playbook.provenance import FAIL_AFTER_DAYS, WARN_AFTER_DAYS
from playbook.vocabulary import Status, Verdict

SEVERITY = (
    Status.BLOCKED, Status.CONDITIONAL, Status.RUN_FIRST, Status.WATCH, Status.DECIDE,
)  # fmt: skip
SHARE_TO_DECIDE, SHARE_TO_WATCH = 0.8, 0.6
SMALL_REGRET = 0.02
ALIKE = 0.02
WATCH_MONTHS = 12
Reason = tuple[Status, str]


@dataclass(frozen=True)
class Confidence:
    """How sure the lead is: share of draws it is best in, mean value lost by it."""

    share_best: float
    regret: float
    as_good_untested: int = 0
    """Other untested options whose mean value is within `ALIKE` of the leader's."""


def judge(
    leader: Candidate, situation: Situation, *, gates: Sequence[Gate], confidence: Confidence
) -> tuple[Status, tuple[str, ...]]:
    """Return the status of the leading plan and its reasons, the most severe first."""
    reasons = [
        *_gate_reasons(leader, gates),
        *_evidence_reasons(leader, situation),
        *_price_reasons(leader, situation),
        *_confidence_reasons(confidence),
        *_retirement_reasons(leader, situation),
    ]
    if not reasons:
        settled = "every gate passes on this option's own evidence, and the lead is clear"
        return Status.DECIDE, (settled,)
    reasons.sort(key=lambda reason: SEVERITY.index(reason[0]))
    return reasons[0][0], tuple(text for _, text in reasons)


def conditions_of(candidate: Candidate) -> tuple[str, ...]:
    """Return what compliance says must be done before the option may go live."""
    found = candidate.verdict
    return found.conditions if found and found.verdict is Verdict.CONDITIONAL else ()


def _gate_reasons(leader: Candidate, gates: Sequence[Gate]) -> list[Reason]:
    reasons: list[Reason] = []
    found = leader.verdict
    if found is not None and found.verdict is Verdict.CONDITIONAL:
        told = list(found.conditions or found.because)
        count = "a condition" if len(told) == 1 else f"{len(told)} conditions"
        first = ": " + told[0].rstrip(".") if told else ""
        lead = first if len(told) <= 1 else f", the first{first}"
        reasons.append((Status.CONDITIONAL, f"compliance passes under {count}{lead}"))
    for gate in gates:
        if gate.gate not in open_points([gate]):
            continue
        papers = gate.gate in ("landscape", "compliance")
        because = gate.because
        if gate.gate == "compliance" and found is not None and found.questions:
            because = f"it waits for {listed(list(found.questions))}"
        status = Status.CONDITIONAL if papers else Status.RUN_FIRST
        untested = gate.gate == "quality" and leader.pass_rate is None
        reasons.append((status, because if untested else f"{gate.gate} is unknown: {because}"))
    return reasons


def _evidence_reasons(leader: Candidate, situation: Situation) -> list[Reason]:
    if leader.tested is None:
        return []  # the quality gate has said that it is untested
    reasons: list[Reason] = []
    days = (situation.as_of - situation.evidence.as_of).days
    if days > FAIL_AFTER_DAYS:
        reasons.append((Status.RUN_FIRST, f"its trial is {days} days old, over {FAIL_AFTER_DAYS}"))
    seen, target = leader.tested.first_token_p95_s, situation.profile.workload.first_token_p95_s
    if seen is None:
        reasons.append((Status.RUN_FIRST, f"nobody timed it against the target of {target:g} s"))
    elif seen.value > target:
        said = f"its first token took {seen.value:.2f} s at p95, over the target of {target:g} s"
        reasons.append((Status.RUN_FIRST, said))
    return reasons


def _price_reasons(leader: Candidate, situation: Situation) -> list[Reason]:
    days = price_age_days(leader, situation)
    if days is None:
        return [(Status.RUN_FIRST, "the date of its price is unknown")]
    if days > FAIL_AFTER_DAYS:
        return [(Status.RUN_FIRST, f"its price is {days} days old, over {FAIL_AFTER_DAYS}")]
    if days > WARN_AFTER_DAYS:
        return [(Status.WATCH, f"its price is {days} days old, over {WARN_AFTER_DAYS}")]
    return []


def _confidence_reasons(confidence: Confidence) -> list[Reason]:
    best, regret = confidence.share_best, confidence.regret
    said = f"it is best in {percent(best)} of draws"
    if best < SHARE_TO_WATCH:
        alike = confidence.as_good_untested
        why = f"; until tested, {alike} others are as good within 2 points of 100" if alike else ""
        return [(Status.RUN_FIRST, f"{said}, under {percent(SHARE_TO_WATCH)}{why}")]
    if regret > SMALL_REGRET:
        points = f"{100 * regret:.1f} points of 100"
        return [(Status.RUN_FIRST, f"{said}, and choosing it still loses {points} on average")]
    if best < SHARE_TO_DECIDE:
        return [(Status.WATCH, f"{said}, under {percent(SHARE_TO_DECIDE)}: a rival is close")]
    return []


def _retirement_reasons(leader: Candidate, situation: Situation) -> list[Reason]:
    months = months_left(leader, situation)
    if months is None or months >= WATCH_MONTHS:
        return []
    return [(Status.WATCH, f"it retires in {months:.1f} months, within {WATCH_MONTHS}")]
