"""How old facts are, and when offers end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel

from playbook.catalog.catalog import Catalog
from playbook.catalog.options import Option
from playbook.catalog.schema import ApiOffer
from playbook.provenance import FAIL_AFTER_DAYS, WARN_AFTER_DAYS, Source, days_old
from playbook.records import Record
from playbook.units import DAYS_PER_MONTH
from playbook.vocabulary import Lane

KINDS_THAT_AGE = ("vendor", "third_party", "package", "measured")
"""Licence texts and assumptions keep; what others say of prices and terms does not."""


class StaleSource(Record):
    """A source past its time, and how many facts rest on it."""

    source: Source
    """The source."""
    days_old: int
    """Its age."""
    facts: int
    """Facts that rest on it."""
    past_limit: bool
    """Whether it is past the longer limit, not only the first warning."""


class Retirement(Record):
    """An announced end of an API offer."""

    what: str
    """Option id."""
    on: date
    """Last day."""
    months_left: float
    """Months from the day of the check; negative when it has passed."""
    successor: str | None
    """Model to take in its place."""
    successor_words: str = ""
    """The same in words, with who says so."""

    @property
    def finding_id(self) -> str:
        """Return its name in the facts' check: `retired:<option>` once it has passed."""
        return f"{'retired' if self.months_left < 0 else 'retirement'}:{self.what}"

    def words(self) -> str:
        """Return what ends when, and what to take in its place."""
        ends = f"ended on {self.on}" if self.months_left < 0 else f"ends on {self.on}"
        left = "" if self.months_left < 0 else f", in {self.months_left:.1f} months"
        instead = f"; {self.successor_words}" if self.successor_words else ""
        return f"{self.what} {ends}{left}{instead}"


def sources_in(value: object) -> Iterator[Source]:
    """Yield every source within a record, a tuple or a mapping of them."""
    if isinstance(value, Source):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from sources_in(getattr(value, name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from sources_in(part)


def stale_sources(catalog: Catalog, *, as_of: date) -> tuple[StaleSource, ...]:
    """Return sources older than the first limit, oldest first; what was charged or claimed keeps.

    Args:
        catalog: The facts.
        as_of: Day of the check.
    """
    current = catalog.changed(
        api_offers=tuple(
            offer.changed(
                prices=(catalog.price(offer, as_of),),
                announced=tuple(one for one in offer.announced if one.since > as_of),
            )
            for offer in catalog.api_offers
        ),
        price_histories=tuple(one.changed(intervals=()) for one in catalog.price_histories),
        claims=(),
    )
    counts = Counter(source for source in sources_in(current) if source.kind in KINDS_THAT_AGE)
    found = [
        StaleSource(source=source, days_old=age, facts=count, past_limit=age > FAIL_AFTER_DAYS)
        for source, count in counts.items()
        if (age := days_old(source, as_of=as_of)) > WARN_AFTER_DAYS
    ]
    return tuple(sorted(found, key=lambda one: -one.days_old))


def retirement(catalog: Catalog, option: Option) -> date | None:
    """Return the announced end of an option, or None when none is announced.

    Weights on own servers never retire. For an API the offer's own date counts; a closed model's
    date stands in where the offer has none.

    Raises:
        CatalogError: for an API option that this catalog does not hold.
    """
    if option.lane is Lane.SELF_HOSTED:
        return None
    return offer_end(catalog, catalog.api_offer(option))


def offer_end(catalog: Catalog, offer: ApiOffer) -> date | None:
    """Return the announced end of an API offer; a closed model's date stands in for its own."""
    model = catalog.model(offer.model)
    return offer.retires if offer.retires is not None or model.open_weights else model.retires


def retirements(catalog: Catalog, *, as_of: date, within_months: float) -> tuple[Retirement, ...]:
    """Return API offers that have ended, or end within some months, soonest first.

    Args:
        catalog: The facts.
        as_of: Day of the check.
        within_months: How far to look ahead, in months.
    """
    found = []
    for option in catalog.options(()):
        on = retirement(catalog, option)
        months = months_until(on, as_of=as_of)
        if on is not None and months is not None and months <= within_months:
            model = catalog.model(option.model)
            found.append(
                Retirement(
                    what=option.id,
                    on=on,
                    months_left=months,
                    successor=model.successor,
                    successor_words=model.successor_words,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.on, one.what)))


def months_until(day: date | None, *, as_of: date) -> float | None:
    """Return months from a day to another, negative when it has passed, None for no day.

    Example:
        >>> round(months_until(date(2027, 1, 1), as_of=date(2026, 12, 1)), 2)
        1.02
    """
    return None if day is None else (day - as_of).days / DAYS_PER_MONTH
