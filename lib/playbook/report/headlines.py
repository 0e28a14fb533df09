"""The headline of each stage's record: the few lines that its notebook's test pins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from playbook.compliance.records import Compliance
from playbook.costs.records import Costs
from playbook.decision.records import Decision
from playbook.figures.theme import short, usd
from playbook.landscape.gap_records import Lag
from playbook.landscape.records import Landscape
from playbook.profile import Profile
from playbook.records import Record
from playbook.report.compliance_tables import left
from playbook.report.table import money, share
from playbook.trials.evidence_records import Evidence
from playbook.vocabulary import Lane, Verdict


def headline(record: Record) -> str:
    """Return the headline of a stage's record as plain text."""
    makers: dict[type[Record], Callable[[Any], list[str]]] = {
        Profile: _profile,
        Landscape: _landscape,
        Compliance: _compliance,
        Costs: _costs,
        Evidence: _evidence,
        Decision: _decision,
    }
    return "\n".join(makers[type(record)](record))


def _profile(profile: Profile) -> list[str]:
    volume, data = profile.workload.tokens_per_day, profile.data
    types = ", ".join(data.data_types) if data.data_types else "unknown types"
    return [
        (
            f"{profile.team.title or profile.team.name}: {short(volume.low)} to "
            f"{short(volume.high)} tokens a day, likely {short(volume.likely)}"
        ),
        f"data: {data.data_class or 'class unknown'}; {types}",
    ]


def _landscape(landscape: Landscape) -> list[str]:
    states = Counter(one.state for one in landscape.models)
    options = sum(len(one.options) for one in landscape.models if one.state != "out")
    race = (
        f"{states['in']} of {len(landscape.models)} models are in the race, "
        f"{states['in_doubt']} in doubt, {states['out']} out; {options} options"
    )
    pooled = landscape.gap.pooled if landscape.gap else None
    return [race, *([_lag(pooled)] if pooled and pooled.months is not None else [])]


def _lag(pooled: Lag) -> str:
    known = None not in (pooled.low, pooled.high)
    span = f" [{pooled.low:.1f}, {pooled.high:.1f}]" if known else ""
    ends = " (5 to 95%)" if known else ", its interval unknown"
    return (
        f"open weights come {pooled.months:.1f} months{span} after closed models on the pooled "
        f"index{ends}, data to {pooled.last_release:%Y-%m}"
    )


def _compliance(compliance: Compliance) -> list[str]:
    counts = Counter(one.verdict for one in compliance.verdicts)
    first = compliance.open_questions[0].id if compliance.open_questions else "none"
    return [
        ", ".join(f"{counts[word]} {word.value}" for word in Verdict)
        + f" of {len(compliance.verdicts)} options",
        f"ask first: {first}; {left(compliance)}",
    ]


def _costs(costs: Costs) -> list[str]:
    lines = []
    for lane in Lane:
        best = next((one for one in costs.options if one.priced and one.lane is lane), None)
        if best:
            lacks = costs.lacks_planned_tuning(best.option)
            lines.append(
                f"cheapest {lane.words}: {best.option} {money(best.usd_per_month)} a month"
                + " without the planned fine-tuning, whose cost is not known" * lacks
            )
    lines += [one.finding for one in costs.break_evens[:1]]
    return lines


def _evidence(evidence: Evidence) -> list[str]:
    lines = [f"{evidence.status}: {len(evidence.endpoints)} endpoints"]
    for one in evidence.endpoints:
        total = one.results[0] if one.results else None
        rate = share(total.pass_rate) if total else "not run"
        role = " (stand-in)" if one.stand_in else ""
        lines.append(f"{one.endpoint}{role}: passed {rate}; {one.refused_by_gate} kept back")
    return lines


def _decision(decision: Decision) -> list[str]:
    regret = decision.expected_regret_usd_per_month
    price = "not known yet" if regret is None else f"{usd(regret)} a month on average"
    return [
        f"{decision.status.value}: {decision.verdict}",
        f"best in {decision.share_best:.0%} of draws; cost of being wrong: {price}",
    ]
