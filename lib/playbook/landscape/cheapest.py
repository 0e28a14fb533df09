"""The quoted prices of a model, cheapest first, and what second sources say of the same offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from playbook.catalog import Catalog, Price, SecondOpinion, disagreement
from playbook.landscape.records import OptionInRace, SecondPrice
from playbook.provenance import Source
from playbook.vocabulary import Lane


@dataclass(frozen=True)
class Quote:
    """The price of an option, and the source that contradicts its input or output, if one does."""

    option: OptionInRace
    price: Price
    second: SecondOpinion | None

    @property
    def second_price(self) -> SecondPrice | None:
        """Return both statements of the price, or None where no second source differs."""
        if self.second is None:
            return None
        return SecondPrice(
            option=self.option.option,
            title=self.option.title,
            input_usd_per_million_tokens=self.price.input_usd_per_million_tokens,
            output_usd_per_million_tokens=self.price.output_usd_per_million_tokens,
            second_input_usd_per_million_tokens=self.second.input_usd_per_million_tokens,
            second_output_usd_per_million_tokens=self.second.output_usd_per_million_tokens,
            source=self.price.source,
            second_source=self.second.source,
        )


def quotes(findings: Sequence[OptionInRace], catalog: Catalog, *, as_of: date) -> tuple[Quote, ...]:
    """Return the quoted prices of some options, lowest input first, then lowest output.

    Args:
        findings: The options; own servers have no quoted price.
        catalog: The facts.
        as_of: Day of the prices.
    """
    options = {one.option: one for one in findings if one.lane is not Lane.SELF_HOSTED}
    found = []
    for offer in catalog.api_offers:
        option = options.get(f"{offer.model}@{offer.provider}")
        if option:
            price = catalog.price(offer, as_of)
            contradicted = disagreement(offer, price)
            found.append(
                Quote(option, price, contradicted.second_price() if contradicted else None)
            )
    return tuple(sorted(found, key=_input_then_output))


def sources_of(found: Sequence[Quote]) -> tuple[Source, ...]:
    """Return where the lowest price was read, then both sources of each contradicted one."""
    differing = [one for one in found if one.second]
    read = [one.price.source for one in (*found[:1], *differing)]
    return tuple(dict.fromkeys([*read, *(one.second.source for one in differing if one.second)]))


def _input_then_output(quote: Quote) -> tuple[float, float]:
    price = quote.price
    return price.input_usd_per_million_tokens, price.output_usd_per_million_tokens
