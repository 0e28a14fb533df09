"""Claims about the frontiers: how far open weights are behind, how fast, and since when."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

import numpy as np

from playbook.catalog.boards import IndexedModel
from playbook.catalog.claims import Claim, Claimed
from playbook.landscape.claim_records import ClaimVerdict, Figure
from playbook.landscape.judging import Judged, Known, unsettled
from playbook.landscape.lag import interval
from playbook.provenance import Provenance


def lag_length(claim: Claim, known: Known) -> Judged:
    """Check the mean delay against the range claimed."""
    pooled = known.gap.pooled if known.gap else None
    if pooled is None or pooled.months is None or claim.claimed is None:
        return unsettled("No pooled index with matched levels is catalogued.")
    if pooled.low is None or pooled.high is None:
        return unsettled(f"The delay is {pooled.months:.1f} months, but its interval is unknown.")
    low, high = pooled.low, pooled.high
    delay = Figure(
        name="delay over matched levels, pooled index",
        value=pooled.months,
        unit="months",
        low=low,
        high=high,
        provenance=Provenance.COMPUTED,
        sources=(pooled.source,),
    )
    lead = lead_figure(known)
    years = "; ".join(f"{one.year}: {one.months:.1f}" for one in pooled.by_year)
    because = (
        f"The delay is {pooled.months:.1f} months (5-95%: {low:.1f} to {high:.1f}; by year of the "
        f"open arrival {years}), but the levels not reached yet are not in it"
    )
    if lead:
        because += f": {lead_words(known)}"
    figures = tuple(one for one in (delay, lead) if one)
    return Judged(_within(low, high, claim.claimed), f"{because}.", figures)


def faster(_claim: Claim, known: Known) -> Judged:
    """Check whether the open frontier rises faster than the closed one."""
    ratio = known.gap.speed_ratio if known.gap else None
    if ratio is None or ratio.low is None or ratio.high is None:
        return unsettled("The speed of the two frontiers is not known with an interval.")
    words = (
        f"Open over closed speed is {ratio.value:.2f} (5-95%: {ratio.low:.2f} to {ratio.high:.2f})"
    )
    if ratio.low > 1:
        return Judged("holds", f"{words}, above 1 throughout.", (ratio,))
    if ratio.high < 1:
        return Judged("does_not_hold", f"{words}, below 1 throughout.", (ratio,))
    return unsettled(f"{words}: the interval includes equal speed.", ratio)


def equals_earlier_frontier(claim: Claim, known: Known) -> Judged:
    """Check a model's index against the closed frontier some months before its release."""
    index = known.catalog.newest_index
    places = {one.catalog_model: one for one in index.models if one.catalog_model} if index else {}
    model = next((places[one] for one in claim.models if one in places), None)
    if index is None or model is None or claim.claimed is None:
        return unsettled("The model is not on a catalogued capability index.")
    day = _months_before(model.released, round(claim.claimed.low))
    earlier = [one for one in index.models if not one.open_weights and one.released <= day]
    frontier = max(earlier, key=lambda one: one.index, default=None)
    if frontier is None:
        return unsettled(f"The index holds no closed model from {day} or before.")
    low, high = _spread(model, earlier)
    figure = Figure(
        name=f"{model.model} over {frontier.model}, the closed frontier of {day}",
        value=model.index - frontier.index,
        unit="logits of the pooled index",
        low=low,
        high=high,
        provenance=Provenance.COMPUTED,
        sources=(index.source,),
    )
    words = f"Index {model.index:.2f} against {frontier.index:.2f} of {frontier.model} by {day}"
    if low is None or high is None:
        return unsettled(f"{words}, but the interval of the difference is unknown.", figure)
    words = f"{words}, a difference of {figure.value:+.2f} (5-95%: {low:+.2f} to {high:+.2f})"
    if high < 0:
        return Judged("does_not_hold", f"{words}: lower in nearly all refits.", (figure,))
    return Judged("holds", f"{words}: the refits do not show it lower.", (figure,))


def _spread(
    model: IndexedModel, earlier: Sequence[IndexedModel]
) -> tuple[float | None, float | None]:
    """Return 5% and 95% of a model's lead over the best of some others, over the refits."""
    leads = [
        mine - max(others)
        for mine, *places in zip(model.refits, *(one.refits for one in earlier), strict=True)
        if mine is not None and (others := [place for place in places if place is not None])
    ]
    return interval(np.array(leads))


def lead_figure(known: Known) -> Figure | None:
    """Return the age of the oldest closed level that open weights have not reached."""
    pooled = known.gap.pooled if known.gap else None
    if pooled is None:
        return None
    return Figure(
        name=f"age of the oldest closed level unmatched on {pooled.last_release}, pooled index",
        value=pooled.unmatched_lead_months,
        unit="months, at least",
        low=pooled.unmatched_lead_low,
        high=pooled.unmatched_lead_high,
        provenance=Provenance.COMPUTED,
        sources=(pooled.source,),
    )


def lead_words(known: Known) -> str:
    """Return how old the oldest unmatched level of the pooled index is; empty without an index."""
    pooled = known.gap.pooled if known.gap else None
    if pooled is None:
        return ""
    low, high = pooled.unmatched_lead_low, pooled.unmatched_lead_high
    spread = "" if low is None or high is None else f" (5-95%: {low:.1f} to {high:.1f})"
    age = f"{pooled.unmatched_lead_months:.1f} months old{spread}"
    return f"the oldest closed level that they had not reached by {pooled.last_release} was {age}"


def _within(low: float, high: float, claimed: Claimed) -> ClaimVerdict:
    if claimed.low <= low and high <= claimed.high:
        return "holds"
    overlaps = low <= claimed.high and high >= claimed.low
    return "holds_in_part" if overlaps else "does_not_hold"


def _months_before(day: date, months: int) -> date:
    """Return the same day some months earlier, or the last of a shorter month.

    Example:
        >>> _months_before(date(2024, 4, 18), 24), _months_before(date(2024, 3, 31), 1)
        (datetime.date(2022, 4, 18), datetime.date(2024, 2, 29))
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
