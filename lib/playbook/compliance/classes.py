"""Of which class a team's data is: what it states, but never below what its types imply."""

from __future__ import annotations

from dataclasses import dataclass

from playbook.catalog import Catalog, least_class, underlabelled
from playbook.compliance.logic import Choice, Seen
from playbook.profile import Profile
from playbook.vocabulary import DataClass, highest

DATA_CLASS, DATA_TYPES = "data.data_class", "data.data_types"


@dataclass(frozen=True)
class TeamClass:
    """The class of a team's data, as far as it is known."""

    possible: tuple[DataClass, ...]
    """Classes that it may be of, lowest first; one where it is known."""
    question: str
    """Profile field that would tell more."""
    note: str
    """Why it is higher than stated; empty where it is not."""

    @property
    def highest(self) -> DataClass:
        """Return the highest class that it may be of."""
        return self.possible[-1]

    @property
    def seen(self) -> Seen:
        """Return it as conditions see it: one class, one of several, or unknown."""
        if len(self.possible) == len(DataClass):
            return None
        words = tuple(one.value for one in self.possible)
        return words[0] if len(words) == 1 else Choice(words)


def team_class(profile: Profile, catalog: Catalog) -> TeamClass:
    """Return the class of a team's data: the stated one, or a higher one that its types imply.

    Types that are not stated may be of any class: then the stated class is only the least.
    """
    stated, types = profile.data.data_class, profile.data.data_types
    implied = least_class(types or (), catalog.least_classes)
    least = highest(stated or DataClass.PUBLIC, implied)
    above = tuple(one for one in DataClass if one.rank >= least.rank)
    known = stated is not None and types is not None
    why = underlabelled(stated, types or (), catalog.least_classes) if stated else ""
    return TeamClass(
        possible=(least,) if known else above,
        question=DATA_CLASS if stated is None else DATA_TYPES,
        note=f"{DATA_CLASS} says {stated}, but {why}" if why else "",
    )
