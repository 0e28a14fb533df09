"""The six rows: what the rule of thumb says for this team, and what the evidence says."""

from __future__ import annotations

from playbook.decision.assessment import Assessment
from playbook.decision.gates import LEAD_TIME_QUANTILE, quantile
from playbook.decision.readings import (
    Side,
    cheapest_by_lane,
    compare_costs,
    compare_latency,
    compare_verdicts,
    comparison_votes,
    finding_on,
)
from playbook.decision.records import Row
from playbook.decision.situation import OPEN_LANES
from playbook.decision.wording import clipped, tokens_a_day
from playbook.vocabulary import Lane

LOW = "rule_api_below_tokens_per_day"
HIGH = "rule_open_weights_above_tokens_per_day"
MOST_WORDS = 45


def six_rows(assessment: Assessment) -> tuple[Row, ...]:
    """Return the six rows of the decision table, in the order of the rule of thumb."""
    rows = (
        capacity_row(assessment),
        residency_row(assessment),
        volume_row(assessment),
        specialisation_row(assessment),
        latency_row(assessment),
        time_row(assessment),
    )
    return tuple(row.changed(why=clipped(row.why, MOST_WORDS)) for row in rows)


def capacity_row(assessment: Assessment) -> Row:
    """Return the row on the team's capacity to run servers, read from the staff gate."""
    own = assessment.in_lane(Lane.SELF_HOSTED)
    people = assessment.situation.profile.infrastructure
    short = people.fte_needed_self_hosted.likely - people.staff_free_fte
    gate = assessment.gate(own[0], "staff") if own else None
    closed = gate is None or gate.result == "fail"
    low = closed or short > 0
    we_say = "Own servers are staffed; capacity leaves the choice free."
    if closed:
        we_say = "Own servers are closed."
    elif low:
        we_say = f"Own servers take {short:.2g} more people than are free."
    hosted = any(one.lane is Lane.HOSTED_OPEN_WEIGHTS for one in assessment.feasible())
    if low and hosted:
        we_say += " Open weights hosted by a provider need no more people than a commercial API."
    return Row(
        question="Team infrastructure capacity",
        rule_says="Low: commercial API" if low else "High: open weights",
        we_say=we_say,
        why=gate.because if gate else "infrastructure.places is empty",
        leans_to="commercial API" if low and not hosted else "either",
        field="profile.infrastructure",
    )


def residency_row(assessment: Assessment) -> Row:
    """Return the row on data residency, read from the verdicts of compliance."""
    data = assessment.situation.profile.data
    strict = data.must_stay_in_own_network or bool(data.allowed_regions)
    we_say, why, leans = compare_verdicts(assessment)
    return Row(
        question="Data residency requirements",
        rule_says="Strict: open weights" if strict else "None: commercial API",
        we_say=we_say,
        why=why or "compliance judged no option",
        leans_to=leans,
        field="compliance.verdicts",
    )


def volume_row(assessment: Assessment) -> Row:
    """Return the row on daily volume, read from the joint cost draws of usable options."""
    situation = assessment.situation
    volume = situation.costs.tokens_per_day.p50
    low, high = (situation.catalog.assumption(name).value.likely for name in (LOW, HIGH))
    rule = f"{tokens_a_day(low)} to {tokens_a_day(high)}: it does not say"
    if volume < low:
        rule = f"Under {tokens_a_day(low)}: commercial API"
    elif volume > high:
        rule = f"Over {tokens_a_day(high)}: open weights"
    cheapest = cheapest_by_lane(assessment)
    we_say, why, leans = compare_costs(cheapest)
    return Row(
        question="Daily token volume",
        rule_says=f"{rule} (this team: {tokens_a_day(volume)})",
        we_say=we_say,
        why=f"{why} {finding_on(situation, cheapest)}".strip(),
        leans_to=leans,
        field="costs.options",
    )


def specialisation_row(assessment: Assessment) -> Row:
    """Return the row on domain specialisation, read from paired comparisons of trials."""
    word = assessment.situation.profile.domain.specialisation
    rule = {
        "general": "General: commercial API",
        "some": "Some: it does not say",
        "highly_specific": "Highly specific: open weights",
    }[word]
    votes, why = comparison_votes(assessment)
    leans: Side = "unknown"
    we_say = "Nobody tried both sides on the team's prompts, so quality decides nothing yet."
    if votes:
        leans = votes[0] if len(set(votes)) == 1 else "either"
        we_say = {
            "commercial API": "The commercial API did better on the team's prompts.",
            "open weights": "Open weights did better on the team's prompts.",
            "either": "Neither side is better on all of the team's prompts.",
        }.get(leans, "The trials do not tell the sides apart yet.")
    return Row(
        question="Domain specialisation",
        rule_says=rule,
        we_say=we_say,
        why="; ".join(why) or "no paired comparison of a commercial API with open weights",
        leans_to=leans,
        field="evidence.comparisons",
    )


def latency_row(assessment: Assessment) -> Row:
    """Return the row on latency, read from the measured time to the first token."""
    workload = assessment.situation.profile.workload
    fine, target = workload.needs_fine_latency_control, workload.first_token_p95_s
    met: dict[bool, bool] = {}
    why = []
    for one in assessment.candidates:
        seen = one.tested.first_token_p95_s if one.tested else None
        if seen is not None:
            side = one.lane in OPEN_LANES
            met[side] = met.get(side, False) or seen.high <= target
            why.append(f"{one.option.title}: p95 {seen.value:.2f} s (up to {seen.high:.2f})")
    we_say, leans = compare_latency(met)
    return Row(
        question="Latency requirements",
        rule_says="Fine control: open weights" if fine else "Standard: commercial API",
        we_say=we_say,
        why=f"target {target:g} s at p95; " + ("; ".join(why) or "no option was timed"),
        leans_to=leans,
        field="evidence.endpoints",
    )


def time_row(assessment: Assessment) -> Row:
    """Return the row on time to production, read from the lead times of the lanes."""
    people = assessment.situation.profile.infrastructure
    weeks = {lane: quantile(people.lead_times.of(lane), LEAD_TIME_QUANTILE) for lane in Lane}
    in_time = [lane for lane in Lane if weeks[lane] <= people.deadline_weeks]
    urgent = Lane.SELF_HOSTED not in in_time
    we_say, leans = "Every lane is ready in time.", "either"
    if not in_time:
        we_say, leans = "No lane is ready in time.", "unknown"
    elif len(in_time) < len(Lane):
        we_say = "Ready in time: " + ", ".join(lane.words for lane in in_time) + "."
        if Lane.FRONTIER_API not in in_time:
            leans = "open weights"
        elif in_time == [Lane.FRONTIER_API]:
            leans = "commercial API"
    return Row(
        question="Time to production",
        rule_says="Urgent: commercial API" if urgent else "Can invest: open weights",
        we_say=we_say,
        why=f"P80 in weeks against {people.deadline_weeks:g}: "
        + ", ".join(f"{lane.words} {weeks[lane]:.1f}" for lane in Lane),
        leans_to=leans,
        field="profile.infrastructure.lead_times",
    )
