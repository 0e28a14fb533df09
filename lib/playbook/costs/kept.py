"""Results kept between estimates on the same facts, so that a slider pays for what it moves."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from playbook.catalog import Catalog

Result = TypeVar("Result")


class Kept(Generic[Result]):
    """The last results of a computation on a catalog, by all else that they rest on.

    A result is the same whether it is kept or computed again: only its time differs. The catalog is
    told by identity, which costs nothing; one with other facts or measurements is another.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[Hashable, tuple[Catalog, Result]] = {}

    def get(self, catalog: Catalog, key: Hashable, make: Callable[[], Result]) -> Result:
        """Return the result of a key, computed if it is not kept.

        Args:
            catalog: The facts it rests on.
            key: Everything else that it rests on.
            make: Computes it.
        """
        found = self._found.get(key)
        if found is None or found[0] is not catalog:
            found = (catalog, make())
            self._found.pop(key, None)
            while len(self._found) >= self._most:
                self._found.pop(next(iter(self._found)))
            self._found[key] = found
        return found[1]
