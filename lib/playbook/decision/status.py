"""How far the leading plan may be acted on today, and every reason for it.

The status is the most severe of the reasons found, in this order:

1. BLOCKED: no option is left, or none of those left has a cost.
2. CONDITIONAL: the leading plan passes under conditions, or a gate that only people or papers can
   settle (landscape, compliance) is unknown, or the terms it rests on were read too long ago.
3. RUN FIRST: it is untested, not timed or too slow, the evidence is thin or old, its capacity is
   in doubt, its price is too old, or learning is still worth money (it is best in too few draws,
   or the regret is not small).
4. WATCH: it may go ahead, but retires within a year, has an ageing price, ageing terms or a close
   rival.
5. DECIDE: none of these.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from playbook.decision.gates import open_points
from playbook.decision.records import Gate
from playbook.decision.situation import (
    Candidate,
    Situation,
    months_left,
    price_age_days,
    terms_age_days,
)
from playbook.decision.wording import clipped, count_of, listed, percent
from playbook.provenance import FAIL_AFTER_DAYS, WARN_AFTER_DAYS
from playbook.vocabulary import Status, Verdict

SEVERITY = (
    Status.BLOCKED, Status.CONDITIONAL, Status.RUN_FIRST, Status.WATCH, Status.DECIDE,
)  # fmt: skip
SHARE_TO_DECIDE, SHARE_TO_WATCH = 0.8, 0.6
SMALL_REGRET = 0.02
ALIKE = 0.02
WATCH_MONTHS = 12
MOST_WORDS, MOST_WORDS_QUOTED = 38, 24
UNTRIED = "nobody has tried it on this team's prompts yet"
CONTROL = re.compile(r"[A-Z]+-[0-9]+")


@dataclass(frozen=True)
class Confidence:
    """How sure the lead is: share of draws it is best in, mean value lost by it."""

    share_best: float
    regret: float
    as_good_untested: int = 0
    """Other untested options whose mean value is within `ALIKE` of the leader's."""


@dataclass(frozen=True)
class Reason:
    """Why the status is no better."""

    status: Status
    text: str
    """For the list of reasons, with ids in brackets."""
    clause: str = ""
    """For the verdict's sentence, without ids; empty to take the text."""

    @property
    def said(self) -> str:
        """Return what the verdict's sentence says."""
        return self.clause or self.text


def judge(
    leader: Candidate, situation: Situation, *, gates: Sequence[Gate], confidence: Confidence
) -> tuple[Status, tuple[Reason, ...]]:
    """Return the status of the leading plan and its reasons, the most severe first."""
    reasons = [
        *_gate_reasons(leader, situation, gates),
        *_evidence_reasons(leader, situation),
        *_price_reasons(leader, situation),
        *_terms_reasons(leader, situation),
        *_confidence_reasons(confidence),
        *_retirement_reasons(leader, situation),
    ]
    if not reasons:
        settled = "every gate passes on this option's own evidence, and the lead is clear"
        return Status.DECIDE, (Reason(Status.DECIDE, settled),)
    reasons.sort(key=lambda reason: SEVERITY.index(reason.status))
    return reasons[0].status, tuple(reasons)


def conditions_of(candidate: Candidate) -> tuple[str, ...]:
    """Return what compliance says must be done before the option may go live."""
    found = candidate.verdict
    return found.conditions if found and found.verdict is Verdict.CONDITIONAL else ()


def _gate_reasons(leader: Candidate, situation: Situation, gates: Sequence[Gate]) -> list[Reason]:
    reasons = _condition_reasons(leader)
    for gate in gates:
        if gate.gate not in open_points([gate]):
            continue
        if gate.gate == "compliance":
            reasons.append(_compliance_reason(leader, situation, gate))
        elif gate.gate == "landscape":
            said = "once an open point of its facts is settled"
            reasons.append(Reason(Status.CONDITIONAL, _unknown(gate), said))
        elif gate.gate == "quality" and leader.pass_rate is None:
            reasons.append(Reason(Status.RUN_FIRST, gate.because, UNTRIED))
        else:
            said = f"whether it passes on {gate.gate} is not known yet"
            reasons.append(Reason(Status.RUN_FIRST, _unknown(gate), said))
    return reasons


def _unknown(gate: Gate) -> str:
    return clipped(f"{gate.gate} is unknown: {gate.because}", MOST_WORDS)


def _condition_reasons(leader: Candidate) -> list[Reason]:
    found = leader.verdict
    if found is None or found.verdict is not Verdict.CONDITIONAL:
        return []
    told = [*(found.conditions or found.because)]
    name, _, condition = (told[0] if told else "").partition(": ")
    if not CONTROL.fullmatch(name):
        name, condition = "", told[0] if told else ""
    first = ", the first" if len(told) > 1 else ""
    shown = clipped(condition.rstrip("."), MOST_WORDS_QUOTED)
    where = f" ({name})" if name else ""
    clause = f"on {count_of(max(len(told), 1), 'condition')}"
    return [Reason(Status.CONDITIONAL, f"it may go live {clause}{first}: {shown}{where}", clause)]


def _compliance_reason(leader: Candidate, situation: Situation, gate: Gate) -> Reason:
    """Return the reason of an unknown compliance gate, with the question that is asked first."""
    wanted = set(leader.verdict.questions) if leader.verdict else set()
    if not wanted:
        return Reason(Status.CONDITIONAL, _unknown(gate), "once compliance has judged it")
    asked = [one for one in situation.compliance.open_questions if one.id in wanted]
    rest = sorted(wanted - {one.id for one in asked})
    ids = [name for name in (*(one.id for one in asked), *rest) if "." not in name]
    open_on = count_of(len(wanted), "open question")
    first = ", the first" if len(wanted) > 1 else ""
    question = f"{first}: {clipped(asked[0].question, MOST_WORDS_QUOTED)}" if asked else ""
    where = f" ({listed(ids)})" if ids else ""
    are = "is" if len(wanted) == 1 else "are"
    clause = f"once {open_on} {are} answered"
    return Reason(Status.CONDITIONAL, f"compliance has {open_on}{question}{where}", clause)


def _evidence_reasons(leader: Candidate, situation: Situation) -> list[Reason]:
    if leader.tested is None:
        return []  # the quality gate has said that it is untested
    reasons: list[Reason] = []
    since = min(leader.tested.answered_since or situation.evidence.as_of, situation.evidence.as_of)
    days = (situation.as_of - since).days
    if days > FAIL_AFTER_DAYS:
        reasons.append(
            Reason(Status.RUN_FIRST, f"its trial is {days} days old, over {FAIL_AFTER_DAYS}")
        )
    seen, target = leader.tested.first_token_p95_s, situation.profile.workload.first_token_p95_s
    if seen is None:
        said = f"nobody timed it against the target of {target:g} s"
        reasons.append(Reason(Status.RUN_FIRST, said))
    elif seen.value > target:
        said = f"its first token took {seen.value:.2f} s at p95, over the target of {target:g} s"
        reasons.append(Reason(Status.RUN_FIRST, said))
    return reasons


def _price_reasons(leader: Candidate, situation: Situation) -> list[Reason]:
    days = price_age_days(leader, situation)
    if days is None:
        return [Reason(Status.RUN_FIRST, "the date of its price is unknown")]
    if days > FAIL_AFTER_DAYS:
        return [Reason(Status.RUN_FIRST, f"its price is {days} days old, over {FAIL_AFTER_DAYS}")]
    if days > WARN_AFTER_DAYS:
        return [Reason(Status.WATCH, f"its price is {days} days old, over {WARN_AFTER_DAYS}")]
    return []


def _terms_reasons(leader: Candidate, situation: Situation) -> list[Reason]:
    reasons = []
    for whose, days in terms_age_days(leader, situation):
        said = f"its {whose}'s terms were read {days} days ago, over "
        if days > FAIL_AFTER_DAYS:
            clause = f"once its {whose}'s terms are read again"
            reasons.append(Reason(Status.CONDITIONAL, f"{said}{FAIL_AFTER_DAYS}", clause))
        elif days > WARN_AFTER_DAYS:
            reasons.append(Reason(Status.WATCH, f"{said}{WARN_AFTER_DAYS}"))
    return reasons


def _confidence_reasons(confidence: Confidence) -> list[Reason]:
    best, regret = confidence.share_best, confidence.regret
    said = f"it is best in {percent(best)} of draws"
    if best < SHARE_TO_WATCH:
        alike = confidence.as_good_untested
        why = f"; until tested, {alike} others are as good within 2 points of 100" if alike else ""
        text = f"{said}, under {percent(SHARE_TO_WATCH)}{why}"
        return [Reason(Status.RUN_FIRST, text, "others are about as good")]
    if regret > SMALL_REGRET:
        points = f"{100 * regret:.1f} points of 100"
        return [
            Reason(Status.RUN_FIRST, f"{said}, and choosing it still loses {points} on average")
        ]
    if best < SHARE_TO_DECIDE:
        return [Reason(Status.WATCH, f"{said}, under {percent(SHARE_TO_DECIDE)}: a rival is close")]
    return []


def _retirement_reasons(leader: Candidate, situation: Situation) -> list[Reason]:
    months = months_left(leader, situation)
    if months is None or months >= WATCH_MONTHS:
        return []
    return [Reason(Status.WATCH, f"it retires in {months:.1f} months, within {WATCH_MONTHS}")]
