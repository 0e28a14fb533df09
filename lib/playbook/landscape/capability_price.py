"""What a fixed capability costs over time: the cheapest offer at or above a level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf, log

from playbook.catalog import Catalog
from playbook.catalog.price_history import CapabilityLevel
from playbook.landscape.breaks import break_in
from playbook.landscape.market_records import CapabilityPrice, PriceStep
from playbook.provenance import Source
from playbook.units import DAYS_PER_MONTH

BLEND = "landscape.input_tokens_per_output_token"
"""Assumption by which an input and an output price become one."""
DAYS_PER_YEAR = 12 * DAYS_PER_MONTH
SHORTEST_SPAN_YEARS = 1.0
"""A fall over less than this is not stated per year: that would be an extrapolation."""

NOT_CONSIDERED = (
    "Price of a capability: tokens per answer, of which models that reason take more.",
    "Price of a capability: free offers, quantised variants, and models that are not on the index.",
    "Price of a capability: few offers make its steps, so its break is approximate; no forecast.",
)


@dataclass(frozen=True)
class _Offer:
    first_seen: date
    last_seen: date
    usd: float
    model: str
    index_model: str
    provider: str
    source: Source

    def step(self, on: date) -> PriceStep:
        return PriceStep(
            on=on,
            usd_per_million_tokens=self.usd,
            model=self.model,
            provider=self.provider,
            source=self.source,
        )


def capability_prices(catalog: Catalog, *, as_of: date) -> tuple[CapabilityPrice, ...]:
    """Return the price of each followed capability, as far as it was seen by a day.

    The price is blended from input and output tokens by the catalog's assumption. A level begins on
    the first day on which the model that sets it was seen.

    Args:
        catalog: The facts.
        as_of: Last day that counts.
    """
    newest = catalog.newest_index
    if newest is None or not catalog.capability_levels or not catalog.price_histories:
        return ()
    index = {one.model: one.index for one in newest.models}
    offers = sorted(_offers(catalog, as_of), key=lambda one: (one.first_seen, one.usd))
    found = (
        _price(
            level,
            index[level.entry_model],
            [one for one in offers if index.get(one.index_model, -inf) >= index[level.entry_model]],
        )
        for level in catalog.capability_levels
        if level.entry_model in index
    )
    blend = catalog.assumption(BLEND)
    stated = {"index_source": newest.source, "blend_source": blend.source}
    return tuple(
        one.changed(input_parts=blend.value.likely, **stated) for one in found if one is not None
    )


def _offers(catalog: Catalog, as_of: date) -> Iterator[_Offer]:
    parts = catalog.assumption(BLEND).value.likely
    for history in catalog.price_histories:
        for one in history.intervals:
            usd = one.blended_usd(parts)
            if one.index_model and one.first_seen <= as_of and usd > 0:
                yield _Offer(
                    first_seen=one.first_seen,
                    last_seen=min(one.last_seen, as_of),
                    usd=usd,
                    model=one.model,
                    index_model=one.index_model,
                    provider=history.title,
                    source=one.source,
                )


@dataclass(frozen=True)
class _Path:
    """The running minimum of some offers, and its pace."""

    steps: tuple[PriceStep, ...]
    until: date

    @property
    def start(self) -> date:
        return self.steps[0].on

    def usd(self, on: date) -> float:
        return [step for step in self.steps if step.on <= on][-1].usd_per_million_tokens

    def fall(self, since: date, until: date) -> float:
        return self.usd(since) / self.usd(until)

    def fall_per_year(self, since: date, until: date) -> float | None:
        years = (until - since).days / DAYS_PER_YEAR
        if years < SHORTEST_SPAN_YEARS:
            return None
        return float(self.fall(since, until) ** (1 / years))

    def break_on(self) -> date | None:
        days = [self.start, *_firsts_of_months(self.start, self.until)]
        years = [(day - self.start).days / DAYS_PER_YEAR for day in days]
        found = break_in(years, [log(self.usd(day)) for day in days])
        return None if found is None else days[found]


def _firsts_of_months(after: date, until: date) -> Iterator[date]:
    day = after
    while (day := _next_month(day)) <= until:
        yield day


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _path(offers: Sequence[_Offer], start: date) -> _Path:
    steps: list[PriceStep] = []
    lowest = inf
    for offer in offers:
        if offer.usd < lowest and offer.last_seen >= start:
            lowest = offer.usd
            on = max(start, offer.first_seen)
            steps = [step for step in steps if step.on < on]
            steps.append(offer.step(on))
    return _Path(steps=tuple(steps), until=max(one.last_seen for one in offers))


def _price(
    level: CapabilityLevel, index: float, offers: Sequence[_Offer]
) -> CapabilityPrice | None:
    """Return the price of a level, or None where nobody offered its own model in time."""
    own = [one for one in offers if one.index_model == level.entry_model]
    if not own:
        return None
    start = own[0].first_seen
    path = _path(offers, start)
    overall = path.fall_per_year(start, path.until)
    if overall is None:
        return None
    broken = path.break_on()
    return CapabilityPrice(
        level=level.id,
        title=level.title,
        entry_model=level.entry_model,
        index=index,
        steps=path.steps,
        break_on=broken,
        fall_per_year=overall,
        fall_per_year_before=path.fall_per_year(start, broken) if broken else None,
        fall_per_year_after=path.fall_per_year(broken, path.until) if broken else None,
        fall_before=path.fall(start, broken) if broken else None,
        fall_after=path.fall(broken, path.until) if broken else None,
        observed_until=path.until,
        cheapest_now=_cheapest_now(offers, path.until),
        **_ranges(level, offers, path),
    )


def _cheapest_now(offers: Sequence[_Offer], until: date) -> PriceStep | None:
    seen = [one for one in offers if one.last_seen == until]
    cheapest = min(seen, key=lambda one: one.usd, default=None)
    return cheapest.step(cheapest.first_seen) if cheapest else None


def _ranges(
    level: CapabilityLevel, offers: Sequence[_Offer], path: _Path
) -> dict[str, float | date | None]:
    """Return the range of pace and break with all models and with each step's left out in turn."""
    rests = (
        [one for one in offers if one.index_model != left_out]
        for left_out in sorted({_indexed(step, offers) for step in path.steps})
        if left_out != level.entry_model
    )
    paths = [_path(rest, path.start) for rest in rests]
    every = (path, *paths)
    falls = [fall for one in every if (fall := one.fall_per_year(one.start, one.until))]
    breaks = [day for one in every if (day := one.break_on())]
    return {
        "fall_per_year_low": min(falls, default=None),
        "fall_per_year_high": max(falls, default=None),
        "break_earliest": min(breaks, default=None),
        "break_latest": max(breaks, default=None),
    }


def _indexed(step: PriceStep, offers: Sequence[_Offer]) -> str:
    return next(
        one.index_model for one in offers
        if (one.model, one.provider) == (step.model, step.provider)
    )  # fmt: skip
