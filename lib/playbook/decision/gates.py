"""The gates: pass, fail or unknown, each with its figures. Unknown never counts as pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import Literal

from playbook.decision.records import Gate
from playbook.decision.situation import Candidate, Situation, months_left
from playbook.decision.wording import percent, usd
from playbook.landscape.records import Reason
from playbook.landscape.rules import FEWEST_MONTHS_LEFT
from playbook.uncertainty import Estimate
from playbook.vocabulary import Lane, Verdict

GATES = ("landscape", "compliance", "budget", "time", "staff", "capacity", "quality")
MOST_FTE_SHORT = 1.0
LEAD_TIME_QUANTILE = 0.8
FEWEST_DRAWS_IN_TIME = 0.8
Result = Literal["pass", "fail", "unknown"]
Outcome = tuple[Result, str]


def gates_of(candidate: Candidate, situation: Situation) -> tuple[Gate, ...]:
    """Return the seven gates of one option, in the order of `GATES`."""
    outcomes: tuple[Outcome, ...] = (
        _landscape(candidate, situation),
        _compliance(candidate),
        _budget(candidate, situation),
        _time(candidate, situation),
        _staff(candidate, situation),
        _capacity(candidate),
        _quality(candidate, situation),
    )
    return tuple(
        Gate(option=candidate.id, gate=gate, result=result, because=because)
        for gate, (result, because) in zip(GATES, outcomes, strict=True)
    )


def closed_by(gates: Sequence[Gate]) -> tuple[str, ...]:
    """Return the names of the gates that are closed."""
    return tuple(gate.gate for gate in gates if gate.result == "fail")


def open_points(gates: Sequence[Gate]) -> tuple[str, ...]:
    """Return the names of the gates that are unknown."""
    return tuple(gate.gate for gate in gates if gate.result == "unknown")


def deciding_gate(gates: Sequence[Gate]) -> str:
    """Return the gate that closed most options with its count, empty when none closed any.

    Of two that closed as many, the earlier one in the order of `GATES` is named.
    """
    closed = Counter(gate.gate for gate in gates if gate.result == "fail")
    if not closed:
        return ""
    name = max(GATES, key=lambda gate: (closed[gate], -GATES.index(gate)))
    looked_at = len({gate.option for gate in gates})
    return f"{name.capitalize()} closed {closed[name]} of {looked_at} options."


def quantile(estimate: Estimate, share: float) -> float:
    """Return a quantile of the triangular distribution over low, likely, high.

    Source:
        Kotz and van Dorp, Beyond Beta (2004), section 1.1: inverse of the triangular distribution.

    Example:
        >>> quantile(Estimate(low=0, likely=1, high=2), 0.5)
        1.0
    """
    low, likely, high = estimate.low, estimate.likely, estimate.high
    width = high - low
    if width <= 0:
        return likely
    if share < (likely - low) / width:
        return low + sqrt(share * width * (likely - low))
    return high - sqrt((1 - share) * width * (high - likely))


def _landscape(candidate: Candidate, situation: Situation) -> Outcome:
    model = candidate.model
    if model is None or (candidate.finding is None and model.findings):
        return "unknown", "the landscape says nothing of this option"
    told = candidate.finding or model
    if told.state == "out":
        return "fail", _reason(told.reasons, "fail") or "the landscape ruled it out"
    if candidate.finding is None and candidate.id not in model.options:
        return "fail", f"this offer has ended by {situation.as_of}"
    months = months_left(candidate, situation)
    if months is not None and months < FEWEST_MONTHS_LEFT:
        return "fail", f"retires in {months:.1f} months, fewer than {FEWEST_MONTHS_LEFT}"
    if told.state == "in_doubt":
        return "unknown", _reason(told.reasons, "unknown") or "the landscape could not settle it"
    return "pass", "every landscape test passes"


def _reason(reasons: Sequence[Reason], result: Result) -> str:
    found = (f"{one.rule}: {one.because}" for one in reasons if one.result == result)
    return next(found, "")


def _compliance(candidate: Candidate) -> Outcome:
    found = candidate.verdict
    if found is None:
        return "unknown", "compliance says nothing of this option"
    because = "; ".join(found.because)
    if found.verdict is Verdict.OUT:
        return "fail", because or "a hard control is not met"
    if found.verdict is Verdict.UNDETERMINED:
        return "unknown", f"open: {', '.join(found.questions)}. {because}".strip()
    if found.verdict is Verdict.CONDITIONAL:
        return "pass", f"under conditions: {'; '.join(found.conditions) or because}"
    return "pass", because or "no control stands against it"


def _budget(candidate: Candidate, situation: Situation) -> Outcome:
    cost, ceiling = candidate.cost, situation.profile.team.budget_usd_per_month
    if cost is None or cost.usd_per_month is None:
        return "unknown", f"no cost is known: {cost.because if cost else 'it was not priced'}"
    p90 = f"P90 of the cost is {usd(cost.usd_per_month.p90)} a month"
    if ceiling is None:
        return "pass", f"{p90}; no budget is stated, so none is tested"
    if cost.usd_per_month.p90 <= ceiling:
        return "pass", f"{p90}, within {usd(ceiling)}"
    just = "just " if usd(cost.usd_per_month.p90) == usd(ceiling) else ""
    return "fail", f"{p90}, {just}above {usd(ceiling)}"


def _time(candidate: Candidate, situation: Situation) -> Outcome:
    infrastructure = situation.profile.infrastructure
    weeks = quantile(infrastructure.lead_times.of(candidate.lane), LEAD_TIME_QUANTILE)
    lead = f"P80 of the lead time is {weeks:.1f} weeks"
    if weeks <= infrastructure.deadline_weeks:
        return "pass", f"{lead}, within {infrastructure.deadline_weeks:g}"
    return "fail", f"{lead}, after the deadline of {infrastructure.deadline_weeks:g}"


def _staff(candidate: Candidate, situation: Situation) -> Outcome:
    if candidate.lane is not Lane.SELF_HOSTED:
        return "pass", "the provider runs the servers"
    people = situation.profile.infrastructure
    needed = situation.catalog.assumption("servers.rota_people_24x7").value.low
    if situation.profile.workload.availability == "24x7" and people.on_call_people < needed:
        return "fail", f"24x7 takes {needed:g} on-call people, there are {people.on_call_people}"
    likely = people.fte_needed_self_hosted.likely
    short = likely - people.staff_free_fte
    said = f"likely need {likely:g} FTE, free {people.staff_free_fte:g}"
    if short > MOST_FTE_SHORT:
        return "fail", f"{said}: more than {MOST_FTE_SHORT:g} short"
    return "pass", f"{said}; the cost includes the people needed"


def _capacity(candidate: Candidate) -> Outcome:
    if candidate.lane is not Lane.SELF_HOSTED:
        return "pass", "the provider sizes the servers; its rate limits are not tested yet"
    cost = candidate.cost
    if cost is None:
        return "unknown", "no deployment was computed"
    plan = cost.deployment
    if plan is None:
        told = candidate.finding or candidate.model
        reasons = told.reasons if told else ()
        unsure = any(one.rule == "architecture" and one.result == "unknown" for one in reasons)
        return ("unknown" if unsure else "fail"), f"no deployment: {cost.because}"
    fits = f"{plan.gpus} x {plan.gpu_title} in {plan.replicas} replicas"
    share = plan.share_of_draws_within_latency_limits
    if share < FEWEST_DRAWS_IN_TIME:
        return "unknown", f"{fits}, but only {percent(share)} of draws meet the latency limits"
    return "pass", f"{fits}; {percent(share)} of draws meet the latency limits"


def _quality(candidate: Candidate, situation: Situation) -> Outcome:
    minimum = situation.profile.trials.minimum_pass_rate
    rate = candidate.pass_rate
    if rate is None:
        return "unknown", "untested: this exact option answered none of the team's prompts"
    seen = f"passed {percent(rate.value)} of {rate.n}"
    band = f"{seen} (95% interval {percent(rate.low)} to {percent(rate.high)})"
    if rate.high < minimum:
        return "fail", f"{band}, under the minimum of {percent(minimum)}"
    if rate.low < minimum:
        return "unknown", f"{band}: too few prompts to tell it from the minimum {percent(minimum)}"
    return "pass", f"{band}, above the minimum of {percent(minimum)}"
