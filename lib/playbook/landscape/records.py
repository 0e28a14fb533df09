"""What the landscape stage says: which models are in the race, and why others are not."""

from __future__ import annotations

from datetime import date
from typing import Literal

from playbook.records import Record
from playbook.vocabulary import Lane


class Reason(Record):
    """Why a model or option is in, out or in doubt."""

    rule: Literal[
        "candidates", "context", "modality", "licence", "life_date", "price", "architecture",
        "demonstration",
    ]  # fmt: skip
    """What was tested."""
    result: Literal["pass", "fail", "unknown"]
    """How it came out."""
    because: str
    """The figures or the clause, in words."""
    citation: str = ""
    """Source and date of the fact."""


class OptionInRace(Record):
    """One option of a model with the outcome of each test; its own state, as lanes differ."""

    option: str
    """Option id."""
    lane: Lane
    """Lane."""
    state: Literal["in", "out", "in_doubt"]
    """in: all tests pass; out: one fails; in_doubt: one is unknown and none fails."""
    reasons: tuple[Reason, ...]
    """All tests, failed ones first."""
    retires: date | None
    """Announced end of the offer; None when none is announced, and for own servers."""


class ModelInRace(Record):
    """One model with the outcome of each test, at the best of its options."""

    model: str
    """Catalog model."""
    title: str
    """Name."""
    family: str
    """Family."""
    developer: str
    """Developer."""
    open_weights: bool
    """Whether the weights are open."""
    state: Literal["in", "out", "in_doubt"]
    """in: all tests pass; out: one fails; in_doubt: one is unknown and none fails."""
    reasons: tuple[Reason, ...]
    """All tests, failed ones first."""
    lanes: tuple[Lane, ...]
    """Lanes in which it can be had."""
    options: tuple[str, ...]
    """Ids of its options that no test ruled out, so still on offer at `as_of`."""
    findings: tuple[OptionInRace, ...] = ()
    """Each of its options with its own state and reasons; lanes can differ."""
    context_tokens: int | None
    """Longest context."""
    released: date | None
    """Release date."""
    retires: date | None
    """Announced retirement of its own API."""
    months_left: float | None
    """Months from `as_of` until the announced retirement; None when none is announced."""
    successor: str | None
    """Named successor."""
    capability_index: float | None
    """Pooled capability (logit scale), where fitted."""
    lowest_input_usd_per_million_tokens: float | None
    """Cheapest quoted input price."""
    lowest_output_usd_per_million_tokens: float | None
    """Output price of that same offer."""


class Landscape(Record):
    """All models of the catalogue against one profile."""

    as_of: date
    """Day for which it holds."""
    models: tuple[ModelInRace, ...]
    """Every model, those in the race first."""
    oldest_fact: date
    """Date of the oldest fact used."""
    not_considered: tuple[str, ...]
    """What this stage leaves out so far."""
