"""Hosted open weights: which offers became dearer, cheaper, or are gone from their price table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isclose

from playbook.catalog import Catalog
from playbook.catalog.price_history import PriceHistory, PriceInterval
from playbook.landscape.capability_price import BLEND
from playbook.landscape.market_records import HostedChange, HostedSummary
from playbook.units import DAYS_PER_MONTH

SHORTEST_WATCH_DAYS = 6 * DAYS_PER_MONTH
"""An offer followed for less has hardly had time to change."""

NOT_CONSIDERED = (
    "Hosted prices: changes between copies of the tables; their days are those of the copies.",
    "Hosted prices: an exit is an id gone from a table, which may err or have renamed the offer.",
    "Hosted prices: hosts outside the tables read, clouds among them.",
)


@dataclass(frozen=True)
class _Offer:
    """What was seen of one model at one provider, up to a day."""

    history: PriceHistory
    model: str
    seen: tuple[PriceInterval, ...]

    @property
    def last_seen(self) -> date:
        return max(one.last_seen for one in self.seen)

    def watched_days(self, newest: Mapping[str, PriceInterval]) -> int:
        """Return days from the first price to the newest copy of a table that once showed it."""
        copies = [newest[one.table].last_seen for one in self.seen]
        return (max(copies) - self.seen[0].first_seen).days


@dataclass(frozen=True)
class _Followed:
    """An offer, for how long its tables were followed, and what changed."""

    offer: _Offer
    days: int
    changes: tuple[HostedChange, ...]


def hosted_changes(catalog: Catalog, *, as_of: date) -> tuple[HostedChange, ...]:
    """Return changes of hosted open-weight prices up to a day, newest first.

    A rise or a cut is a change of the blended price between two observations that do not overlap,
    so that two tables that disagree make no change; nor does a name that goes over to other
    weights. An exit needs a newer copy of a table that once showed the offer; it is stated of hosts
    only, as a developer announces its own ends.

    Args:
        catalog: The facts.
        as_of: Last day that counts.
    """
    found = [change for one in _followed(catalog, as_of) for change in one.changes]
    return tuple(sorted(found, key=lambda one: (-one.on.toordinal(), one.provider, one.model)))


def hosted_summary(catalog: Catalog, *, as_of: date) -> HostedSummary | None:
    """Return how many hosted offers rose, fell or are gone; None without any to speak of.

    Offers count whose price tables were followed for at least half a year after their first price.

    Args:
        catalog: The facts.
        as_of: Last day that counts.
    """
    counted = [one for one in _followed(catalog, as_of) if one.days >= SHORTEST_WATCH_DAYS]
    if not counted:
        return None
    kinds = [{change.kind for change in one.changes} for one in counted]
    rose, cut, gone = (sum(kind in one for one in kinds) for kind in ("rise", "cut", "exit"))
    return HostedSummary(
        offers=len(counted),
        rose=rose,
        cut=cut,
        gone=gone,
        share_rose=rose / len(counted),
        share_gone=gone / len(counted),
        first_seen=min(one.offer.seen[0].first_seen for one in counted),
        observed_until=max(one.offer.last_seen for one in counted),
        sources=tuple(dict.fromkeys(one.offer.history.source for one in counted)),
    )


def _followed(catalog: Catalog, as_of: date) -> Iterator[_Followed]:
    if not catalog.price_histories:
        return
    parts = catalog.assumption(BLEND).value.likely
    for offers in _by_provider(catalog, as_of):
        newest = _newest_copies(offers)
        for offer in offers:
            changes = (*_moves(offer, parts), *_exit(offer, newest))
            yield _Followed(offer, offer.watched_days(newest), changes)


def _by_provider(catalog: Catalog, as_of: date) -> Iterator[Sequence[_Offer]]:
    for history in catalog.price_histories:
        seen: dict[str, list[PriceInterval]] = {}
        for one in history.intervals:
            if one.open_weights and one.first_seen <= as_of:
                by_then = one.model_copy(update={"last_seen": min(one.last_seen, as_of)})
                seen.setdefault(one.model, []).append(by_then)
        yield [
            _Offer(history, model, tuple(sorted(rows, key=lambda one: one.first_seen)))
            for model, rows in seen.items()
        ]


def _moves(offer: _Offer, parts: float) -> Iterator[HostedChange]:
    before = offer.seen[0]
    for after in offer.seen[1:]:
        if _moved(before, after):
            before = after
            continue
        old, new = before.blended_usd(parts), after.blended_usd(parts)
        if isclose(old, new) or after.first_seen <= before.last_seen:
            before = max(before, after, key=lambda one: one.last_seen)
            continue
        yield HostedChange(
            provider=offer.history.title,
            model=offer.model,
            kind="rise" if new > old else "cut",
            on=after.first_seen,
            input_before=before.input_usd_per_million_tokens,
            output_before=before.output_usd_per_million_tokens,
            input_after=after.input_usd_per_million_tokens,
            output_after=after.output_usd_per_million_tokens,
            times=new / old if old else None,
            source=after.source,
        )
        before = after


def _moved(before: PriceInterval, after: PriceInterval) -> bool:
    """Return whether the name is known to have gone over to other weights in between."""
    known = before.catalog_model and after.catalog_model
    return bool(known) and before.catalog_model != after.catalog_model


def _newest_copies(offers: Sequence[_Offer]) -> Mapping[str, PriceInterval]:
    """Return for each price table the newest thing that it shows of a provider."""
    newest: dict[str, PriceInterval] = {}
    for offer in offers:
        for one in offer.seen:
            if one.table not in newest or one.last_seen > newest[one.table].last_seen:
                newest[one.table] = one
    return newest


def _exit(offer: _Offer, newest: Mapping[str, PriceInterval]) -> Iterator[HostedChange]:
    if offer.history.weights == "own":
        return
    copies = [newest[table] for table in {one.table for one in offer.seen}]
    later = [one for one in copies if one.last_seen > offer.last_seen]
    if not later:
        return
    last = max(offer.seen, key=lambda one: one.last_seen)
    yield HostedChange(
        provider=offer.history.title,
        model=offer.model,
        kind="exit",
        on=offer.last_seen,
        input_before=last.input_usd_per_million_tokens,
        output_before=last.output_usd_per_million_tokens,
        input_after=None,
        output_after=None,
        source=max(later, key=lambda one: one.last_seen).source,
    )
