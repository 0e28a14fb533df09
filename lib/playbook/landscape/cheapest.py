"""The cheapest quoted price of a model, and what a second source says of the same offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from playbook.catalog import Catalog, Price, SecondOpinion, disagreement
from playbook.landscape.records import OptionInRace
from playbook.provenance import Source
from playbook.vocabulary import Lane


@dataclass(frozen=True)
class Quote:
    """A price, and the second source that contradicts its input or output, if one does."""

    price: Price
    second: SecondOpinion | None

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return where both were read."""
        second = () if self.second is None else (self.second.source,)
        return (self.price.source, *second)


def cheapest_quote(
    findings: Sequence[OptionInRace], catalog: Catalog, *, as_of: date
) -> Quote | None:
    """Return the lowest price of some options, by input and then output, or None without offers.

    Args:
        findings: The options to choose from; own servers have no quoted price.
        catalog: The facts.
        as_of: Day of the price.
    """
    ids = {one.option for one in findings if one.lane is not Lane.SELF_HOSTED}
    offers = [one for one in catalog.api_offers if f"{one.model}@{one.provider}" in ids]
    quoted = [(offer, catalog.price(offer, as_of)) for offer in offers]
    if not quoted:
        return None
    offer, price = min(quoted, key=lambda pair: _input_then_output(pair[1]))
    contradicted = disagreement(offer, price)
    return Quote(price, contradicted.second_price() if contradicted else None)


def _input_then_output(price: Price) -> tuple[float, float]:
    return price.input_usd_per_million_tokens, price.output_usd_per_million_tokens
