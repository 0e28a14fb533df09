"""What the three lanes cost over the months ahead, as prices stay, fall or rise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from playbook.catalog import Option
from playbook.costs.api import usd_per_million_tokens
from playbook.costs.horizon import (
    MONTHS_PER_YEAR,
    CostOverVolume,
    monthly_costs,
    price_fall,
    price_rise,
    volume_growth,
)
from playbook.costs.lane_records import TrendScenario
from playbook.costs.pairs import is_offered
from playbook.costs.records import OptionCost
from playbook.costs.self_hosted import Plan, Unfit, cheapest_at
from playbook.costs.workbench import Workbench
from playbook.provenance import Provenance, Source
from playbook.uncertainty import Samples, percentiles, percentiles_of_rows
from playbook.units import DAYS_PER_MONTH
from playbook.vocabulary import Lane

FALL = "landscape.capability_price_fall_per_year"
RISE, RISE_MONTHS = "lanes.price_rise_factor", "lanes.price_rise_months"
OWN_STAYS = (
    " Own servers keep today's price: it is fixed while they are reserved or bought, and their "
    "model stays."
)


@dataclass(frozen=True)
class Path:
    """One way in which API prices go."""

    id: str
    title: str
    meaning: str
    source: Source
    api_price: Samples
    """Price of each month over today's, announcements aside; shape `(months,)`."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """One way to carry the load for the whole time; of own servers with one plan."""

    option: Option
    likely: CostOverVolume
    """Its cost over volume, likely scenario alone."""
    announced: Samples
    """Announced price of each month over today's; ones for own servers."""
    plan: Plan | None = None


def paths(bench: Workbench, months: int) -> tuple[Path, ...]:
    """Return the price paths: as they are, two paces of fall, and a rise; known facts only.

    A path whose pace no assumption of the catalog states is left out.
    """
    known = {one.id: one for one in bench.catalog.assumptions}
    rule = known["rule_api_below_tokens_per_day"].source
    found = [
        Path(
            "stays",
            "Prices stay",
            "The price of a fixed model id does not fall, and it is taken to stay after the id "
            "retires; announced prices count from their day." + OWN_STAYS,
            known[FALL].source if FALL in known else rule,
            np.ones(months),
        )
    ]
    if FALL in known:
        for name, pace in (
            ("falls", known[FALL].value.likely),
            ("falls_fast", known[FALL].value.high),
        ):
            found.append(_fall(name, pace, known[FALL].source, months))
    if RISE in known and RISE_MONTHS in known:
        factor, over = known[RISE].value.likely, known[RISE_MONTHS].value.likely
        found.append(
            Path(
                "rises",
                f"Prices rise {factor:g} times",
                f"Providers raise what tokens cost to {factor:g} times over {over:g} months, and "
                "prices then stay." + OWN_STAYS,
                known[RISE].source,
                price_rise(factor, over, months),
            )
        )
    return tuple(found)


def _fall(name: str, pace: float, source: Source, months: int) -> Path:
    return Path(
        name,
        f"A fixed capability gets {pace:g} times cheaper a year",
        f"The team moves on to the cheapest model of the same capability, whose price falls by "
        f"{pace:g} a year." + OWN_STAYS,
        source,
        price_fall(pace, months),
    )


def trend_scenarios(bench: Workbench, costs: Sequence[OptionCost]) -> tuple[TrendScenario, ...]:
    """Return what each lane costs over the profile's months, one scenario for each price path.

    In each scenario a lane is its option with the lowest likely sum over all months.

    Args:
        bench: Draws, bills and plans.
        costs: Options with their costs; those without one, and offers that have ended, are passed
            over.
    """
    workload = bench.scenarios.profile.workload
    growth = volume_growth(workload.growth_per_month, workload.horizon_months)
    options = [bench.options[one.option] for one in costs if one.priced]
    priced = [one for one in options if is_offered(bench.catalog, one, bench.as_of)]
    candidates = [each for one in priced for each in _candidates(bench, one, growth)]
    return tuple(_scenario(bench, path, candidates, growth) for path in paths(bench, len(growth)))


def _candidates(bench: Workbench, option: Option, growth: Samples) -> list[Candidate]:
    if option.lane is not Lane.SELF_HOSTED:
        line = bench.line(option).scenario(0)
        return [Candidate(option, line, announced_path(bench, option, len(growth)))]
    plans = bench.frontier(option)
    if isinstance(plans, Unfit):
        return []
    some = dict.fromkeys(cheapest_at(plans, bench.volume[0] * growth))
    stays = np.ones(len(growth))
    return [Candidate(option, bench.stairs(option, one).scenario(0), stays, one) for one in some]


def announced_path(bench: Workbench, option: Option, months: int) -> Samples:
    """Return the price of an API's mean call in each month over today's, as announced."""
    offer = bench.catalog.api_offer(option)
    if not offer.announced:
        return np.ones(months)
    days = [bench.as_of + timedelta(days=month * DAYS_PER_MONTH) for month in range(months)]
    counted = bench.flow.counted_by(bench.load(option).tokens.likely)
    workload = bench.scenarios.profile.workload
    usd = np.array(
        [usd_per_million_tokens(bench.catalog.price(offer, day), counted, workload) for day in days]
    )
    return usd / usd[0] if usd[0] > 0 else np.ones(months)


def _scenario(
    bench: Workbench, path: Path, candidates: Sequence[Candidate], growth: Samples
) -> TrendScenario:
    chosen = _cheapest_of_each_lane(bench, path, candidates, growth)
    by_lane = _in_all_draws(bench, path, chosen, growth)
    sums = {lane: usd.sum(axis=0) for lane, usd in by_lane.items()}
    share = _share_lowest(sums)
    return TrendScenario(
        id=path.id,
        title=path.title,
        meaning=path.meaning,
        source=path.source.cite(),
        provenance=Provenance.ASSUMED,
        price_factor_per_year={lane: _after_a_year(path, lane) for lane in Lane},
        months=len(growth),
        options={lane: one.option.id for lane, one in chosen.items()},
        usd_per_month={lane: percentiles_of_rows(usd) for lane, usd in by_lane.items()},
        usd_total={lane: percentiles(usd) for lane, usd in sums.items()},
        cheapest_lane=max(share, key=lambda lane: share[lane], default=None),
        share_of_draws=share,
        first_month_own_servers_cheaper=_own_cheaper_from(by_lane),
    )


def _after_a_year(path: Path, lane: Lane) -> float:
    """Return the price a year later over today's; of a shorter path carried on to a year."""
    if lane is Lane.SELF_HOSTED:
        return 1.0
    last = min(MONTHS_PER_YEAR, len(path.api_price) - 1)
    return float(path.api_price[last] ** (MONTHS_PER_YEAR / last)) if last else 1.0


def _cheapest_of_each_lane(
    bench: Workbench, path: Path, candidates: Sequence[Candidate], growth: Samples
) -> dict[Lane, Candidate]:
    if not candidates:
        return {}
    factors = np.stack([_factors(path, one) for one in candidates])
    usd = monthly_costs(
        [one.likely for one in candidates], bench.volume[:1], growth=growth, price_factors=factors
    )
    order = np.argsort(usd.sum(axis=(1, 2)), kind="stable")
    chosen: dict[Lane, Candidate] = {}
    for index in order:
        chosen.setdefault(candidates[index].option.lane, candidates[index])
    return {lane: chosen[lane] for lane in Lane if lane in chosen}


def _factors(path: Path, one: Candidate) -> Samples:
    if one.plan is not None:
        return one.announced
    return path.api_price * one.announced


def _in_all_draws(
    bench: Workbench, path: Path, chosen: Mapping[Lane, Candidate], growth: Samples
) -> dict[Lane, Samples]:
    if not chosen:
        return {}
    lines = [
        bench.stairs(one.option, bench.in_all_scenarios(one.option, one.plan)) if one.plan
        else bench.line(one.option)
        for one in chosen.values()
    ]  # fmt: skip
    usd = monthly_costs(
        lines,
        bench.volume,
        growth=growth,
        price_factors=np.stack([_factors(path, one) for one in chosen.values()]),
    )
    return dict(zip(chosen, usd[:, :, 1:], strict=True))


def _share_lowest(sums: Mapping[Lane, Samples]) -> dict[Lane, float]:
    if not sums:
        return {}
    lowest = np.argmin(np.stack(list(sums.values())), axis=0)
    return {lane: float(np.mean(lowest == index)) for index, lane in enumerate(sums)}


def _own_cheaper_from(by_lane: Mapping[Lane, Samples]) -> int | None:
    """Return the first month from which on own servers are cheaper in half of the draws."""
    own = by_lane.get(Lane.SELF_HOSTED)
    apis = [usd for lane, usd in by_lane.items() if lane is not Lane.SELF_HOSTED]
    if own is None or not apis:
        return None
    often = np.mean(own < np.min(np.stack(apis), axis=0), axis=1) >= 0.5  # noqa: PLR2004  half
    dear = np.flatnonzero(~often)
    first = int(dear[-1]) + 1 if len(dear) else 0
    return first + 1 if first < len(often) else None
