"""Which offers and models end when, and what is named in their place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from playbook.catalog import Catalog, Model, Option
from playbook.catalog.ageing import months_until, retirement
from playbook.landscape.market_records import RetirementDue
from playbook.provenance import Source

MONTHS_AHEAD = 24


def retirement_calendar(catalog: Catalog, *, as_of: date) -> tuple[RetirementDue, ...]:
    """Return ends of API offers and of models' own APIs, those to come first, soonest first.

    Those that have passed follow, latest first; those more than two years away are left out. The
    end of a model's own API is listed where no catalogued offer ends with it.

    Args:
        catalog: The facts.
        as_of: Day from which months are counted.
    """
    found = [*_offers(catalog, as_of)]
    listed = {(one.option.partition("@")[0], one.on) for one in found}
    found += [one for one in _models(catalog, as_of) if (one.option, one.on) not in listed]
    near = [one for one in found if one.months_left <= MONTHS_AHEAD]
    return tuple(
        sorted(near, key=lambda one: (one.months_left < 0, abs(one.months_left), one.option))
    )


def _offers(catalog: Catalog, as_of: date) -> Iterator[RetirementDue]:
    for option in catalog.options(()):
        on = retirement(catalog, option)
        if on is not None:
            yield _due(
                catalog.model(option.model), on, as_of, what=option.id, title=option.title,
                source=_read_in(catalog, option),
            )  # fmt: skip


def _models(catalog: Catalog, as_of: date) -> Iterator[RetirementDue]:
    for model in catalog.models:
        if model.retires is not None:
            yield _due(
                model, model.retires, as_of, what=model.id, title=f"{model.title}, own API",
                source=model.source,
            )  # fmt: skip


def _due(
    model: Model, on: date, as_of: date, *, what: str, title: str, source: Source
) -> RetirementDue:
    return RetirementDue(
        option=what,
        title=title,
        on=on,
        months_left=months_until(on, as_of=as_of) or 0.0,
        successor=model.successor,
        source=source,
    )


def _read_in(catalog: Catalog, option: Option) -> Source:
    """Return where an offer's end was read: with the offer, or else with its model."""
    offer = catalog.api_offer(option)
    stated = offer.source if offer.retires is not None else None
    return stated or catalog.model(option.model).source
