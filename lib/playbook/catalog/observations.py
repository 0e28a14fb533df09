"""One API offer against what the installed price packages say of it now.

Prices that were read at a vendor's own page are never replaced from a package: that is a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from playbook.catalog.aliases import is_moving_alias
from playbook.catalog.opinions import differences
from playbook.catalog.prices import MapEntry, litellm_facts, litellm_source
from playbook.catalog.pricing import Price, PriceList, PriceTier, SecondOpinion
from playbook.catalog.refresh_records import Change, FiledOffer
from playbook.catalog.schema import ApiOffer
from playbook.catalog.seals import sealed
from playbook.catalog.second_source import announced_prices, second_opinions, second_source
from playbook.provenance import Source, days_old

CONFIRM_AFTER_DAYS = 30
"""An unchanged price is noted again when a newer package states it and it is older than this."""

Announced = tuple[tuple[date, PriceList], ...]


class PricePackages(NamedTuple):
    """What is read of the installed price packages; tests plant their own."""

    facts: Callable[[str], MapEntry | None] = litellm_facts
    """litellm's facts of an id."""
    opinions: Callable[..., tuple[SecondOpinion, ...]] = second_opinions
    """The second opinions on an offer of a provider on a day."""
    announced: Callable[..., Announced] = announced_prices
    """Prices that the second source states for days to come."""
    source: Callable[[date], Source] = litellm_source
    """litellm's citation."""
    second_source: Callable[[date], Source] = second_source
    """The second source's citation."""


def changes_in(
    filed: FiledOffer, *, as_of: date, seal: bool, packages: PricePackages
) -> tuple[Change, ...]:
    """Return what the packages change of an offer: its price first, then what is set.

    Args:
        filed: The offer and its file.
        as_of: Day of the observation.
        seal: Whether to seal the prices that carry no seal yet.
        packages: What is read of the price packages.

    Raises:
        CatalogError: when a package is broken.
    """
    facts = _facts(filed.offer, packages)
    source = packages.source(as_of)
    found = [*_sealing(filed)] if seal else []
    if facts is not None:
        found += [*_appended(filed, facts, source, seal), *_terms(filed, facts, source)]
    return (
        *found,
        *_second_opinion(filed, as_of, packages),
        *_announcement(filed, as_of, packages),
    )


def notes_on(offer: ApiOffer, *, as_of: date, packages: PricePackages) -> tuple[str, ...]:
    """Return what somebody should look at and a refresh does not decide, one line each.

    Args:
        offer: The offer.
        as_of: Day of the observation.
        packages: What is read of the price packages.

    Raises:
        CatalogError: when a package is broken.
    """
    facts = _facts(offer, packages)
    if facts is None:
        gone = f"litellm does not know {offer.litellm_id}; kept, ask whether it is still sold"
        found = [gone]
    else:
        found = [*_left_alone(offer, facts, as_of), *_moved_aliases(offer, facts, packages)]
    return tuple(f"{_key(offer)}: {line}" for line in found)


def _facts(offer: ApiOffer, packages: PricePackages) -> MapEntry | None:
    facts = packages.facts(offer.litellm_id)
    return facts.of_region() if facts and offer.regional_endpoint else facts


def _key(offer: ApiOffer) -> str:
    return f"{offer.model}@{offer.provider}"


def _sealing(filed: FiledOffer) -> Iterator[Change]:
    key = _key(filed.offer)
    for old, new in zip(filed.offer.prices, sealed(key, filed.offer.prices), strict=True):
        if old.seal is None:
            yield Change(
                file=filed.file,
                offer=key,
                kind="seal",
                catalogued=f"price of {old.since} without a seal",
                stated=f"{new.seal}",
                price=new,
            )


def _appended(
    filed: FiledOffer,
    facts: MapEntry,
    source: Source,
    seal: bool,  # noqa: FBT001  internal
) -> Iterator[Change]:
    key, newest = _key(filed.offer), filed.offer.prices[-1]
    if facts.prices is None or newest.since >= source.as_of or not _is_map(newest.source):
        return
    changed = _new(newest, facts.prices)
    if not changed and not _confirms(newest, source):
        return
    stated = {**dict(facts.prices), "since": source.as_of, "source": source}
    price = Price.model_validate(stated)
    if seal or newest.seal:
        price = sealed(key, (*filed.offer.prices, price))[-1]
    yield Change(
        file=filed.file,
        offer=key,
        kind="price",
        catalogued=f"{_words(newest)} since {newest.since}",
        stated=f"{_words(price)}{_parts(newest, price)}" if changed else "unchanged, seen again",
        price=price,
    )


def _confirms(newest: Price, source: Source) -> bool:
    """Return whether a newer package states an old price again; the same one says nothing new."""
    old = days_old(newest.source, as_of=source.as_of) > CONFIRM_AFTER_DAYS
    return old and newest.source.title != source.title


def _terms(filed: FiledOffer, facts: MapEntry, source: Source) -> Iterator[Change]:
    offer = filed.offer
    if offer.source is not None and not _is_map(offer.source):
        return
    kinds: tuple[Literal["context_tokens", "retires"], ...] = ("context_tokens", "retires")
    for kind in kinds:
        ours, theirs = getattr(offer, kind), getattr(facts, kind)
        if theirs is not None and ours != theirs:
            yield Change(
                file=filed.file,
                offer=_key(offer),
                kind=kind,
                catalogued=f"{ours or 'unknown'}",
                stated=f"{theirs}",
                value=theirs,
                source=source,
            )


def _second_opinion(filed: FiledOffer, as_of: date, packages: PricePackages) -> Iterator[Change]:
    offer = filed.offer
    package = packages.second_source(as_of).title.rpartition(" ")[0]
    others = [one for one in offer.second_opinions if not one.source.title.startswith(package)]
    found = (*others, *packages.opinions(offer.provider, offer.litellm_id, as_of=as_of))
    if _undated(offer.second_opinions) != _undated(found):
        yield Change(
            file=filed.file,
            offer=_key(offer),
            kind="second_opinion",
            catalogued="; ".join(map(_words, offer.second_opinions)) or "none",
            stated="; ".join(map(_words, found)) or "none",
            opinions=found,
        )


def _announcement(filed: FiledOffer, as_of: date, packages: PricePackages) -> Iterator[Change]:
    """Yield the change of what is announced; what has begun, or another source said, stays."""
    offer, source = filed.offer, packages.second_source(as_of)
    package = source.title.rpartition(" ")[0]
    kept = {
        one.since: one
        for one in offer.announced
        if one.since <= as_of or not one.source.title.startswith(package)
    }
    stated = packages.announced(offer.provider, offer.litellm_id, as_of=as_of)
    for day, prices in sorted(stated, key=lambda one: one[1].input_usd_per_million_tokens):
        price = Price.model_validate({**dict(prices), "since": day, "source": source})
        kept[day] = _same_but_read_again(offer, price)  # by the hour of the day: the dearest
    found = tuple(kept[day] for day in sorted(kept))
    if found != offer.announced:
        yield Change(
            file=filed.file,
            offer=_key(offer),
            kind="announced",
            catalogued=_days(offer.announced),
            stated=_days(found),
            announced=found,
        )


def _same_but_read_again(offer: ApiOffer, price: Price) -> Price:
    """Return the price as it is already held if only the day of its reading is another."""
    never = {"as_of": date.min}
    wanted = price.changed(source=price.source.model_copy(update=never))
    for one in offer.announced:
        if one.changed(source=one.source.model_copy(update=never)) == wanted:
            return one
    return price


def _days(prices: Iterable[Price]) -> str:
    return "; ".join(f"{_words(one)} from {one.since}" for one in prices) or "none"


def _undated(opinions: Iterable[SecondOpinion]) -> list[SecondOpinion]:
    """Return opinions without the day on which their package was read."""
    never = {"as_of": date.min}
    return [one.changed(source=one.source.model_copy(update=never)) for one in opinions]


def _left_alone(offer: ApiOffer, facts: MapEntry, as_of: date) -> Iterator[str]:
    newest = offer.prices[-1]
    kept = f"kept is {_words(newest)} from {newest.source.cite()}"
    if facts.prices is None:
        yield f"litellm states no price; {kept}"
    elif newest.since > as_of:
        yield f"its newest price is of {newest.since}, after {as_of}; nothing is appended"
    elif _new(newest, facts.prices) and not _is_map(newest.source):
        yield f"litellm states {_words(facts.prices)}; {kept}"
    elif _new(newest, facts.prices) and newest.since == as_of:
        yield f"litellm states {_words(facts.prices)}; {kept} of the same day: append it tomorrow"
    if facts.retires is None and offer.retires is not None:
        yield f"litellm states no end of it; {offer.retires} is kept"


def _moved_aliases(offer: ApiOffer, facts: MapEntry, packages: PricePackages) -> Iterator[str]:
    for alias in offer.aliases:
        theirs = packages.facts(alias)
        if theirs is None or theirs.prices is None or facts.prices is None:
            continue
        if differences(facts.prices, theirs.prices):
            kind = "has it moved?" if is_moving_alias(alias) else "is one of them stale?"
            yield (
                f"litellm prices its alias {alias} at {_words(theirs.prices)}, not"
                f" {_words(facts.prices)}; {kind}"
            )


def _is_map(source: Source) -> bool:
    return source.kind == "package" and source.title.startswith("litellm ")


def _new(ours: PriceList, theirs: PriceList) -> bool:
    """Return whether a list states other prices, or states one more than a share apart."""
    return _stated(ours) != _stated(theirs) or bool(differences(ours, theirs))


def _stated(prices: PriceList) -> set[str]:
    """Return the names of the prices that a list states, those of its tiers included."""
    own = {name for name in PriceList.model_fields if getattr(prices, name) is not None}
    return own | {
        f"above {tier.above_input_tokens} tokens: {name}"
        for tier in prices.tiers
        for name in PriceTier.model_fields
        if getattr(tier, name) is not None
    }


def _parts(ours: PriceList, theirs: PriceList) -> str:
    """Return in words what else changed, besides input and output."""
    changed = {one.field for one in differences(ours, theirs)} | (_stated(ours) ^ _stated(theirs))
    more = sorted(changed - {"input_usd_per_million_tokens", "output_usd_per_million_tokens"})
    return f" ({len(more)} more: {', '.join(more[:3])})" if more else ""


def _words(prices: PriceList) -> str:
    tiers = f", another above {prices.tiers[0].above_input_tokens} tokens" if prices.tiers else ""
    return (
        f"{prices.input_usd_per_million_tokens:g} in, {prices.output_usd_per_million_tokens:g} out"
        f" USD per million tokens{tiers}"
    )
