"""The lowest class that data of a type may have, whatever its label says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field

from playbook.catalog.schema import Fact
from playbook.vocabulary import DataClass, DataType, highest


class LeastClass(Fact):
    """Types of data that are of a class at least."""

    data_class: DataClass
    """Lowest class that they may have."""
    types: Annotated[tuple[DataType, ...], Field(min_length=1)]
    """The types."""

    @property
    def title(self) -> str:
        """Return it in words."""
        return f"at least {self.data_class}: {', '.join(self.types)}"


def least_class(types: Iterable[DataType], rows: Sequence[LeastClass]) -> DataClass:
    """Return the lowest class that data of some types may have; public where nothing follows."""
    given = set(types)
    return highest(DataClass.PUBLIC, *(row.data_class for row in rows if given & set(row.types)))


def underlabelled(
    data_class: DataClass, types: Sequence[DataType], rows: Sequence[LeastClass]
) -> str:
    """Return in words why data of some types is of a higher class than stated, empty if it is not.

    Example:
        >>> underlabelled(DataClass.PUBLIC, ("source_code",), ())
        ''
    """
    least = least_class(types, rows)
    if least.rank <= data_class.rank:
        return ""
    telling = [one for one in dict.fromkeys(types) if least_class((one,), rows) is least]
    verb = "counts" if len(telling) == 1 else "count"
    return f"{', '.join(telling)} {verb} as at least {least} (house rule)"
