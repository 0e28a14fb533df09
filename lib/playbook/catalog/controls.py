"""Regimes and their controls: what to ask, of whom, and what each answer does to options."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from playbook.catalog.conditions import AllOf, Always, Comparison, Condition, Not, comparisons_in
from playbook.catalog.schema import Fact, FactId
from playbook.provenance import Source
from playbook.records import Record
from playbook.vocabulary import DataClass

ControlId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,11}-[0-9]{2}$")]
Severity = Literal["hard_gate", "condition", "advice"]
Basis = Literal["sourced", "secondary", "house", "memory"]
When = Literal["always", "unless_met", "not_met"]


class Effect(Record):
    """What an answer does to the options that match.

    An effect of a worse answer never spares what a better answer hits: `unless_met` fires on
    partly and not_met, `not_met` only on that, `always` whatever the answer. So a better answer
    can't make an option worse, whatever the data say.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    when: When
    """Answers that fire it."""
    exclude: Condition | None = None
    """Options that are out (hard gate) or flagged (condition)."""
    require: Condition | None = None
    """What the options in `for` must be, else out or flagged."""
    cap: DataClass | None = None
    """Highest data class that may be sent to the options in `for`."""
    advise: Annotated[str, Field(max_length=400)] = ""
    """Text for the report; no arithmetic."""
    to: Condition = Field(default=Always(), alias="for")
    """Options that `require` and `cap` are about."""

    @model_validator(mode="after")
    def _one_verb(self) -> Effect:
        verbs = [name for name in ("exclude", "require", "cap", "advise") if getattr(self, name)]
        if len(verbs) != 1:
            raise ValueError(f"needs exactly one of exclude, require, cap, advise; got {verbs}")
        if verbs[0] in ("exclude", "advise") and not isinstance(self.to, Always):
            raise ValueError(f"`for` goes with require and cap only, not with {verbs[0]}")
        if any(test.of != "opt" for test in self._comparisons()):
            raise ValueError("an effect looks at `opt` only; facts belong in applies_when")
        return self

    def _comparisons(self) -> list[Comparison]:
        parts = (self.exclude, self.require, self.to)
        return [test for part in parts if part is not None for test in comparisons_in(part)]

    @cached_property
    def hits(self) -> Condition | None:
        """Return the condition under which it hits an option; None for mere advice."""
        if self.exclude is not None:
            return self.exclude
        if self.require is not None:
            return AllOf(all=(self.to, Not(condition=self.require)))
        return self.to if self.cap is not None else None

    @cached_property
    def looks_at(self) -> tuple[str, ...]:
        """Return the attributes of an option that decide whether it hits it."""
        tests = comparisons_in(self.hits) if self.hits is not None else ()
        return tuple(sorted({test.name for test in tests}))


class Control(Record):
    """One question of the checklist, and what hangs on it."""

    id: ControlId
    """Name such as `HIPAA-01`; answers refer to it."""
    regime: FactId
    """Regime that it belongs to."""
    title: Annotated[str, Field(min_length=3, max_length=120)]
    """What it is about."""
    question: Annotated[str, Field(pattern=r"\?$", max_length=400)]
    """The question, worded so that `met` is good."""
    severity: Severity
    """How hard it bites."""
    applies_when: Condition
    """Teams that it concerns."""
    effects: tuple[Effect, ...] = Field(min_length=1)
    """What answers do."""
    citation: Annotated[str, Field(min_length=3, max_length=200)]
    """Law, clause or house rule."""
    basis: Basis
    """What it rests on; `memory`: no text was checked, so it never puts an option OUT."""
    as_of: date
    """Day for which it is stated."""
    review_by: date
    """Day by which it must be read again."""
    sources: tuple[Source, ...]
    """Texts read for it."""
    owner: Annotated[str, Field(min_length=2, max_length=60)]
    """Role to ask."""
    remedy: Annotated[str, Field(min_length=3, max_length=400)]
    """What to do when it is not met."""

    @model_validator(mode="after")
    def _consistent(self) -> Control:
        if any(test.of != "fact" for test in comparisons_in(self.applies_when)):
            raise ValueError("applies_when looks at `fact` only; options belong in effects")
        if not self.sources and self.basis in ("sourced", "secondary"):
            raise ValueError(f"basis {self.basis} needs at least one source")
        if self.severity == "advice" and any(effect.hits is not None for effect in self.effects):
            raise ValueError("severity advice allows only `advise` effects")
        if self.review_by <= self.as_of:
            raise ValueError("review_by must come after as_of")
        return self

    @property
    def needs_answer(self) -> bool:
        """Return whether the answer can change anything (not every effect fires always)."""
        return any(effect.when != "always" for effect in self.effects)


class Area(Record):
    """A name for several countries, such as `EU`."""

    id: str
    """Name used in conditions and params; never that of a place, which it would widen."""
    members: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...]
    """ISO codes of its countries."""
    source: Source
    """Where the list comes from."""

    @model_validator(mode="after")
    def _names_no_place(self) -> Area:
        if not re.fullmatch("EU|[A-Z]{3,12}", self.id):
            raise ValueError("an area's id is EU, or 3 to 12 capitals: shorter is a country's code")
        return self


class Regime(Fact):
    """A law, contract family, licence family or the house's own rules."""

    title: str
    """Name."""
    scope: str
    """Whom and what it concerns, in a sentence."""
    controls: tuple[Control, ...] = Field(min_length=1)
    """Its questions."""
    areas: tuple[Area, ...] = ()
    """Names for groups of countries that conditions use."""
