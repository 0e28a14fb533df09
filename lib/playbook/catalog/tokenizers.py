"""How many tokens each family of models makes of the same text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from annotated_types import Unit
from pydantic import Field

from playbook.catalog.models import Model
from playbook.catalog.schema import Fact, FactId
from playbook.uncertainty import Estimate, NonNegativeEstimate

Writing = Literal["english", "latin", "other"]
"""English and code; other languages in Latin letters; all other scripts."""
TokenRatio = Annotated[NonNegativeEstimate, Unit("tokens per token of the reference")]


class Tokenizer(Fact):
    """A tokenizer, by its tokens over those of one reference for the same text."""

    title: str
    """Name."""
    models: tuple[FactId, ...] = ()
    """Catalog models that use it; they go before families."""
    families: tuple[str, ...] = ()
    """Families of catalog models that use it."""
    stands_for_others: bool = False
    """Whether it stands for models whose tokenizer nobody counted with; one in a catalog."""
    tokens_over_reference: dict[Writing, TokenRatio] = Field(min_length=3)
    """Tokens over the reference tokenizer's, by writing: lowest, median and highest text."""


def tokenizer_of(tokenizers: Iterable[Tokenizer], model: Model) -> Tokenizer | None:
    """Return a model's tokenizer, else the one that stands for others; None without either."""
    known = tuple(tokenizers)
    ranks = (
        lambda one: model.id in one.models,
        lambda one: model.family in one.families,
        lambda one: one.stands_for_others,
    )
    return next((one for rank in ranks for one in known if rank(one)), None)


def ratio_in(tokenizer: Tokenizer, writings: Iterable[Writing]) -> Estimate:
    """Return tokens over the reference's for text in several writings, parts unknown.

    The likely value is the mean of the writings; the spread reaches from the lowest text of any
    to the highest of any.
    """
    found = [tokenizer.tokens_over_reference[one] for one in dict.fromkeys(writings)]
    return Estimate(
        low=min(one.low for one in found),
        likely=sum(one.likely for one in found) / len(found),
        high=max(one.high for one in found),
    )
