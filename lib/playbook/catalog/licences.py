"""Terms of a licence, clause by clause, in our own words: a record is no substitute for its text.

Each clause names its section. Of a kind of clause a licence has some, was read and has none, or was
not read: the three are told apart, so that what nobody read is never taken for what is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from playbook.catalog.schema import Fact, FactId
from playbook.records import Record
from playbook.units import Positive, Usd
from playbook.vocabulary import DataType, Use

ClauseKind = Literal[
    "commercial_use", "research_only", "user_ceiling", "revenue_cap", "geography", "field_of_use",
    "outputs_training", "naming", "pass_on", "patent_termination", "governing_law", "revocability",
]  # fmt: skip
"""What clauses are about; the last three are shown and decide nothing."""

Reading = Literal["present", "absent", "not_read"]
Trigger = Literal["distributes", "serves_others", "trains_on_outputs"]
"""When a duty bites: when weights are passed on, when a product or service with the model is
offered to others, or when outputs train another model."""


class ClauseText(Record):
    """Where a clause stands and what it says, in our own words."""

    section: Annotated[str, Field(min_length=1, max_length=60)]
    """Section of the licence, as one would cite it."""
    words: Annotated[str, Field(min_length=10, max_length=400)]
    """What it says, in our own words."""
    reaches_api_customers: bool = False
    """Whether it also binds who only calls the model at a host."""


class CommercialUse(ClauseText):
    """Whether commercial use is granted."""

    kind: Literal["commercial_use"] = "commercial_use"
    granted: Literal["yes", "on_registration", "no"]
    """on_registration: only after registering with the licensor."""


class PlainClause(ClauseText):
    """A clause without parameters: a grant for research alone, a ban, or what is only shown."""

    kind: Literal[
        "research_only", "outputs_training", "patent_termination", "governing_law", "revocability"
    ]
    """research_only: for research or tests alone. outputs_training: outputs may not improve other
    models. patent_termination: rights end for who sues. revocability: how the grant may end."""


class UserCeiling(ClauseText):
    """Monthly users above which a separate licence is needed."""

    kind: Literal["user_ceiling"] = "user_ceiling"
    users: Positive
    """Highest number of monthly active users that needs none."""
    tested_in: date | None = None
    """First day of the one calendar month that counts; missing where each month does."""


class RevenueCap(ClauseText):
    """Revenue above which there are no rights, or a separate licence is needed."""

    kind: Literal["revenue_cap"] = "revenue_cap"
    amount_usd: Usd
    """Highest revenue of a period that is within the licence."""
    period: Literal["month", "year"]
    """The period."""
    hosts_only: bool = False
    """Whether it binds only who gives the model to others, as a host of its inference does."""


class Geography(ClauseText):
    """Places whose people and companies get no grant."""

    kind: Literal["geography"] = "geography"
    excludes: Literal["EU"]
    """The place."""
    multimodal_only: bool
    """Whether models that take only text are spared."""
    end_users_exempt: bool
    """Whether who merely uses a product with the model is spared."""


class FieldOfUse(ClauseText):
    """Uses that are barred; the rest of the clause is a duty."""

    kind: Literal["field_of_use"] = "field_of_use"
    uses: tuple[Use, ...] = ()
    """Uses barred outright."""
    uses_without_review: tuple[Use, ...] = ()
    """Uses barred where no person checks an answer before it takes effect."""
    data_types: tuple[DataType, ...] = ()
    """Data whose use is barred."""


class Duty(ClauseText):
    """What its user must show, name, keep or hand on."""

    kind: Literal["naming", "pass_on"]
    """naming: a name to show or to use. pass_on: terms, texts and notices."""
    when: Trigger
    """When it bites."""
    above_users: Positive | None = None
    """It bites above so many monthly active users, or above the revenue; missing: at any size."""
    above_revenue_usd_per_month: Usd | None = None
    """See `above_users`."""


Clause = Annotated[
    CommercialUse | UserCeiling | RevenueCap | Geography | FieldOfUse | Duty | PlainClause,
    Field(discriminator="kind"),
]


class LicenceRow(Record):
    """One kind of clause of one licence, as a table shows it."""

    licence: str
    """Title of the licence."""
    kind: ClauseKind
    """What it is about."""
    reading: Reading
    """Whether it is there."""
    section: str = ""
    """Section, where it is present."""
    words: str = ""
    """What it says, where it is present."""
    source: str
    """Text with its date."""


class Licence(Fact):
    """Terms of a licence: its clauses, and the kinds that were looked for and not found.

    A kind in neither was not read: unknown, never no.
    """

    title: str
    """Name of the licence."""
    spdx: str
    """SPDX id or `LicenseRef-...`."""
    clauses: tuple[Clause, ...] = ()
    """What it says."""
    absent: tuple[ClauseKind, ...] = ()
    """Kinds of clause that its reader looked for and did not find."""
    began: date | None = None
    """Copies taken before this day are under an older text that is not catalogued."""
    ended: date | None = None
    """Copies of the weights taken on this day or later are under `superseded_by`."""
    superseded_by: FactId | None = None
    """Licence of later copies."""
    note: str = ""
    """What else matters: which models it covers, what was read and what was not."""

    @model_validator(mode="after")
    def _consistent(self) -> Licence:
        both = sorted({clause.kind for clause in self.clauses} & set(self.absent))
        if both:
            raise ValueError(f"{', '.join(both)}: both among the clauses and absent; keep one")
        if (self.ended is None) != (self.superseded_by is None):
            raise ValueError("ended and superseded_by go together; give both or neither")
        return self

    def reading(self, kind: ClauseKind) -> Reading:
        """Return whether the licence has such a clause, has none, or was not read for it."""
        if any(clause.kind == kind for clause in self.clauses):
            return "present"
        return "absent" if kind in self.absent else "not_read"

    @property
    def verified(self) -> bool:
        """Return whether anybody read if commercial use is granted: the least one must know."""
        return self.reading("commercial_use") == "present"

    @property
    def rows(self) -> tuple[LicenceRow, ...]:
        """Return a row for each clause, and one for each kind that is absent or was not read."""
        return tuple(self._rows())

    def _rows(self) -> Iterator[LicenceRow]:
        cited = self.source.cite()
        for kind in get_args(ClauseKind):
            found = [clause for clause in self.clauses if clause.kind == kind]
            for clause in found:
                yield LicenceRow(
                    licence=self.title, kind=kind, reading="present",
                    section=clause.section, words=clause.words, source=cited,
                )  # fmt: skip
            if not found:
                reading = self.reading(kind)
                yield LicenceRow(licence=self.title, kind=kind, reading=reading, source=cited)
