"""The ranked options as records: value, share best, cost, evidence, criteria."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from playbook.decision.assessment import Assessment
from playbook.decision.criteria import CRITERIA
from playbook.decision.gates import LEAD_TIME_QUANTILE, open_points, quantile
from playbook.decision.measures import contract_only_share
from playbook.decision.records import CriterionValue, RankedOption
from playbook.decision.situation import Candidate, Situation, months_left
from playbook.decision.value import Standing, ValueTable, pareto_front
from playbook.decision.wording import percent, usd_band
from playbook.provenance import Provenance
from playbook.uncertainty import Percentiles, Samples
from playbook.vocabulary import Lane

MOST_RANKED = 40
SMALLEST_SHOWN = 0.005
Measure = tuple[str, Provenance]


def rank(
    assessment: Assessment,
    table: ValueTable,
    standing: Standing,
    *,
    weights: Mapping[str, float],
) -> tuple[RankedOption, ...]:
    """Return the options in the order of their mean value, at most `MOST_RANKED`."""
    rows = list(standing.order[:MOST_RANKED])
    front = pareto_front(table.means())
    totals = _bands(standing.totals[rows])
    values = [_bands(table.values[row]) for row in rows]
    ranked = []
    for place, row in enumerate(rows):
        one = table.candidates[row]
        cost = one.cost.usd_per_month if one.cost else None
        if cost is None:
            continue
        ranked.append(
            RankedOption(
                option=one.id,
                title=one.option.title,
                lane=one.lane,
                value=totals[place],
                share_best=float(standing.share_best[row]),
                usd_per_month=cost,
                evidence=evidence_word(one),
                open_gates=open_points(assessment.gates[one.id]),
                criteria=_criteria(one, assessment.situation, values[place], weights),
                on_pareto_front=bool(front[row]),
            )
        )
    return tuple(ranked)


def runner_up(table: ValueTable, standing: Standing) -> int | None:
    """Return the next best row of another lane, or of the same lane if there is no other."""
    leader, *others = standing.order
    lane = table.candidates[leader].lane
    elsewhere = [row for row in others if table.candidates[row].lane is not lane]
    return next(iter(elsewhere or others), None)


def evidence_word(candidate: Candidate) -> Literal["measured", "recorded", "untested"]:
    """Return whether the exact option answered, live or replayed."""
    if candidate.tested is None:
        return "untested"
    return "recorded" if candidate.tested.recorded else "measured"


def _bands(samples: Samples) -> list[Percentiles]:
    low, middle, high = np.percentile(samples, [10, 50, 90], axis=-1)
    return [
        Percentiles(p10=_tidy(one), p50=_tidy(two), p90=_tidy(three))
        for one, two, three in zip(low, middle, high, strict=True)
    ]


def _tidy(value: float) -> float:
    """Return a value, one that two decimals would show as -0.00 as zero."""
    return 0.0 if abs(value) < SMALLEST_SHOWN else float(value)


def _criteria(
    candidate: Candidate,
    situation: Situation,
    bands: list[Percentiles],
    weights: Mapping[str, float],
) -> tuple[CriterionValue, ...]:
    said = measures_in_words(candidate, situation)
    return tuple(
        CriterionValue(
            criterion=name,
            weight=weights[name],
            value=band,
            measure=said[name][0],
            provenance=said[name][1],
        )
        for name, band in zip(CRITERIA, bands, strict=True)
    )


def measures_in_words(candidate: Candidate, situation: Situation) -> dict[str, Measure]:
    """Return the natural figure of each criterion with its unit, and how it was got."""
    cost = candidate.cost
    months = months_left(candidate, situation)
    share = contract_only_share(candidate, situation)
    band = usd_band(cost.usd_per_month) if cost and cost.usd_per_month else "no cost known"
    life = "no retirement announced" if months is None else f"retires in {months:.1f} months"
    return {
        "cost": (band, cost.provenance if cost else Provenance.ASSUMED),
        "quality": _quality(candidate),
        "latency": _latency(candidate, situation),
        "infrastructure": (_people(candidate, situation), Provenance.ASSUMED),
        "residency": (f"{percent(share)} of tokens rest on contract only", Provenance.COMPUTED),
        "time_to_production": (_weeks(candidate, situation), Provenance.ASSUMED),
        "lifecycle": (life, Provenance.QUOTED),
    }


def _quality(candidate: Candidate) -> Measure:
    rate = candidate.pass_rate
    if rate is None or candidate.tested is None:
        return "untested: any pass rate is as likely", Provenance.ASSUMED
    band = f"{percent(rate.low)} to {percent(rate.high)}"
    return f"passed {percent(rate.value)} of {rate.n} ({band})", candidate.tested.provenance


def _latency(candidate: Candidate, situation: Situation) -> Measure:
    seen = candidate.tested.first_token_p95_s if candidate.tested else None
    if seen is None or candidate.tested is None:
        target = situation.profile.workload.first_token_p95_s
        return f"not timed: drawn between half and all of {target:g} s", Provenance.ASSUMED
    return f"first token p95 {seen.value:.2f} s", candidate.tested.provenance


def _people(candidate: Candidate, situation: Situation) -> str:
    people = situation.profile.infrastructure
    own = candidate.lane is Lane.SELF_HOSTED
    needed = people.fte_needed_self_hosted if own else people.fte_needed_api
    return f"likely {needed.likely:g} FTE, {people.staff_free_fte:g} free"


def _weeks(candidate: Candidate, situation: Situation) -> str:
    estimate = situation.profile.infrastructure.lead_times.of(candidate.lane)
    return f"P80 {quantile(estimate, LEAD_TIME_QUANTILE):.1f} weeks"
