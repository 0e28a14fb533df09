"""Why no option is left, and which single change would open one."""

from __future__ import annotations

from playbook.decision.assessment import Assessment
from playbook.decision.gates import GATES, deciding_gate
from playbook.decision.situation import Candidate
from playbook.decision.wording import listed, usd


def reasons_blocked(assessment: Assessment) -> tuple[str, ...]:
    """Return why nothing can lead: the gate that closed most, and what would open an option."""
    if assessment.feasible():
        return ("No option that passes the gates has a cost; price one of them.",)
    if not assessment.candidates:
        return ("The catalogue has no option of the models and places that the team considers.",)
    return (deciding_gate(assessment.all_gates()), *what_would_open(assessment))


def what_would_open(assessment: Assessment) -> tuple[str, ...]:
    """Return a line for each gate that alone keeps some option closed, most options first."""
    alone = {gate: assessment.closed_only_by(gate) for gate in GATES}
    lines = [
        f"Opening {gate} alone would bring back {len(found)}: {_fix(gate, found, assessment)}."
        for gate, found in sorted(alone.items(), key=lambda item: -len(item[1])) if found
    ]  # fmt: skip
    return tuple(lines) or ("No single gate keeps an option closed: at least two must open.",)


def _fix(gate: str, found: tuple[Candidate, ...], assessment: Assessment) -> str:
    costs = [one.cost.usd_per_month.p90 for one in found if one.cost and one.cost.usd_per_month]
    if gate == "budget" and costs:
        return f"a budget of {usd(min(costs))} a month opens the cheapest"
    controls = sorted({name for one in found if one.verdict for name in one.verdict.controls})
    if gate == "compliance" and controls:
        return f"settle {listed(controls)}"
    return assessment.gate(found[0], gate).because
