"""Three-valued connectives, and the alternatives that settle what is unknown.

True and False are Python's; unknown is None (Kleene 1952, Introduction to Metamathematics, s.64).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

Truth = bool | None
Ways = tuple[frozenset[str], ...]
"""Alternatives: each a set of questions that, answered well, settle a condition."""

_MOST_WAYS = 8


def conjunction(parts: Iterable[Truth]) -> Truth:
    """Return Kleene's `and`: one False decides, else one unknown leaves it unknown.

    Example:
        >>> conjunction([None, False]), conjunction([None, True]), conjunction([])
        (False, None, True)
    """
    found: Truth = True
    for part in parts:
        if part is False:
            return False
        found = None if part is None else found
    return found


def disjunction(parts: Iterable[Truth]) -> Truth:
    """Return Kleene's `or`: one True decides, else one unknown leaves it unknown."""
    return negation(conjunction(negation(part) for part in parts))


def negation(part: Truth) -> Truth:
    """Return Kleene's `not`: unknown stays unknown."""
    return None if part is None else not part


def either(found: Iterable[Ways]) -> Ways:
    """Return the ways of which any one is enough."""
    return _smallest({way for ways in found for way in ways})


def together(found: Iterable[Ways]) -> Ways:
    """Return the ways of which one each is needed."""
    result: Ways = (frozenset(),)
    for ways in found:
        result = _smallest({one | other for one, other in product(result, ways)})
    return result


def _smallest(ways: set[frozenset[str]]) -> Ways:
    kept: list[frozenset[str]] = []
    for way in sorted(ways, key=lambda one: (len(one), sorted(one))):
        if not any(other <= way for other in kept):
            kept.append(way)
    return tuple(kept[:_MOST_WAYS])
