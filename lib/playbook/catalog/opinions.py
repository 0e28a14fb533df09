"""Where a second price source differs from the catalogued price, and by how much."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.catalog.pricing import Price, PriceList, PriceTier, Rates, SecondOpinion
from playbook.catalog.schema import ApiOffer
from playbook.records import Record

DISAGREE_ABOVE_SHARE = 0.01
"""Two statements of a number disagree if they differ by more than this share of the larger."""

PER_MILLION = "_usd_per_million_tokens"
MAIN = (f"input{PER_MILLION}", f"output{PER_MILLION}")
NUMBERS = (*Rates.model_fields, "usd_per_input_image")
"""Fields of `PriceList` that hold one number; a tier has all but the last."""


class PriceDifference(Record):
    """One price of which two sources state different values."""

    field: str
    """Field of `PriceList`; of a tier, with its threshold before it."""
    quoted: float
    """What the catalogued price says, USD per million tokens or per image."""
    stated: float
    """What the other source says, same unit."""

    def words(self) -> str:
        """Return both values in words, such as `cached input 0.5 instead of 0.25`."""
        named = self.field.removesuffix(PER_MILLION).replace("_", " ")
        return f"{named} {self.stated:g} instead of {self.quoted:g}"

    @property
    def share(self) -> float:
        """Return the difference as a share of the larger value, 0 to 1."""
        return abs(self.quoted - self.stated) / max(self.quoted, self.stated)


class PriceDisagreement(Record):
    """A price and the other sources that state a different one."""

    quoted: Price
    """The catalogued price, with its source."""
    opinions: tuple[SecondOpinion, ...]
    """Those that differ from it, the farthest first."""
    differences: tuple[PriceDifference, ...]
    """How the farthest differs, largest share first."""

    @property
    def farthest(self) -> SecondOpinion:
        """Return the source that differs most."""
        return self.opinions[0]

    def second_price(self) -> SecondOpinion | None:
        """Return the source whose input or output price differs most, if any of these does."""
        by_share = {
            one.share: opinion
            for opinion in reversed(self.opinions)
            for one in differences(self.quoted, opinion)
            if one.field in MAIN
        }
        return by_share[max(by_share)] if by_share else None

    def words(self) -> str:
        """Return the values that differ in words, each with its source."""
        said = [
            f"{opinion.source.cite()} states, in USD per million tokens, "
            + ", ".join(one.words() for one in differences(self.quoted, opinion))
            for opinion in self.opinions
        ]
        return f"{'; '.join(said)} of {self.quoted.source.cite()}"


def differs(one: float, other: float) -> bool:
    """Return whether two statements of a number disagree.

    Example:
        >>> differs(1.0, 1.009), differs(1.0, 1.02)
        (False, True)
    """
    return abs(one - other) > DISAGREE_ABOVE_SHARE * max(one, other)


def disagreement(offer: ApiOffer, price: Price) -> PriceDisagreement | None:
    """Return which other sources contradict a price of an offer, or None if none does.

    What only one of the two states is no contradiction. A price that a newer one has replaced is
    not compared: second opinions are of today.

    Args:
        offer: Holds the second opinions.
        price: One of its prices, such as the one in force on a day.
    """
    if price.since < max(each.since for each in offer.prices):
        return None
    found = [(differences(price, opinion), opinion) for opinion in offer.second_opinions]
    differing = [(each, opinion) for each, opinion in found if each]
    if not differing:
        return None
    differing.sort(key=lambda pair: -pair[0][0].share)
    return PriceDisagreement(
        quoted=price,
        opinions=tuple(opinion for _, opinion in differing),
        differences=differing[0][0],
    )


def differences(price: PriceList, other: PriceList) -> tuple[PriceDifference, ...]:
    """Return the prices that both lists state and state differently, largest share first."""
    pairs = [*_shared(price, other, "")]
    for tier, same in _same_tiers(price, other):
        pairs += _shared(tier, same, f"above {tier.above_input_tokens} tokens: ")
    found = [each for each in pairs if differs(each.quoted, each.stated)]
    return tuple(sorted(found, key=lambda each: -each.share))


def as_stated_by(opinion: SecondOpinion, price: Price) -> Price:
    """Return a price with the values of another source wherever both state one."""
    theirs = dict(_same_tiers(price, opinion))
    tiers = (
        tier.changed(**_stated_by(theirs[tier], tier)) if tier in theirs else tier
        for tier in price.tiers
    )
    return price.changed(**_stated_by(opinion, price), tiers=tuple(tiers))


def _shared(price: Rates, other: Rates, prefix: str) -> Iterator[PriceDifference]:
    for field, stated in _stated_by(other, price).items():
        quoted = getattr(price, field)
        yield PriceDifference(field=f"{prefix}{field}", quoted=quoted, stated=stated)


def _stated_by(other: Rates, price: Rates) -> dict[str, float]:
    ours = {field: getattr(price, field, None) for field in NUMBERS}
    theirs = {field: getattr(other, field, None) for field in NUMBERS}
    return {
        field: stated
        for field, stated in theirs.items()
        if stated is not None and ours[field] is not None
    }


def _same_tiers(price: PriceList, other: PriceList) -> list[tuple[PriceTier, PriceTier]]:
    theirs = {tier.above_input_tokens: tier for tier in other.tiers}
    known = [tier for tier in price.tiers if tier.above_input_tokens in theirs]
    return [(tier, theirs[tier.above_input_tokens]) for tier in known]
