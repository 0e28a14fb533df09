"""Three-valued logic: conditions over facts where a missing value is unknown, never no.

True and False are Python's; unknown is None (Kleene 1952, Introduction to Metamathematics, s.64).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from playbook.catalog.conditions import AllOf, AnyOf, Comparison, Condition, NamedSet, Not

Truth = bool | None
Ways = tuple[frozenset[str], ...]
"""Alternatives: each a set of questions that, answered well, settle a condition."""

_MOST_WAYS = 8


@dataclass(frozen=True)
class Choice:
    """A list value that is one of several, not yet said which, such as a region to be pinned."""

    among: tuple[tuple[str, ...], ...]


Seen = str | bool | int | float | tuple[str, ...] | Choice | None


@dataclass(frozen=True)
class World:
    """What is known: the team's facts, one option's attributes, and which codes lie in an area."""

    facts: Mapping[str, Seen]
    attributes: Mapping[str, Seen] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    """Question that would settle an unknown attribute, by attribute."""
    areas: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Country codes by area, such as `EU`."""

    def value(self, test: Comparison) -> Seen:
        """Return what a comparison looks at; None when unknown."""
        return (self.facts if test.of == "fact" else self.attributes).get(test.name)

    def question(self, test: Comparison) -> str:
        """Return the question that would settle an unknown comparison."""
        if test.of == "fact":
            return test.name
        if test.verb == "within_fact" and self.facts.get(str(test.values[0])) is None:
            return str(test.values[0])
        return self.questions.get(test.name, test.name)


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


def evaluate(condition: Condition, world: World) -> Truth:
    """Return whether a condition holds; None when what is known does not decide it."""
    if isinstance(condition, Comparison):
        return _compare(condition, world)
    if isinstance(condition, AllOf):
        return conjunction(evaluate(part, world) for part in condition.all)
    if isinstance(condition, AnyOf):
        return disjunction(evaluate(part, world) for part in condition.any)
    if isinstance(condition, Not):
        return negation(evaluate(condition.condition, world))
    if isinstance(condition, NamedSet) and condition.condition is not None:
        return evaluate(condition.condition, world)
    return True


def ways_to(wanted: bool, condition: Condition, world: World) -> Ways:  # noqa: FBT001  reads as a sentence
    """Return the smallest sets of questions that could make a condition True (or False).

    An empty set in the result: it is so already. An empty result: it can't become so.
    """
    if isinstance(condition, Not):
        return ways_to(not wanted, condition.condition, world)
    if isinstance(condition, NamedSet) and condition.condition is not None:
        return ways_to(wanted, condition.condition, world)
    if isinstance(condition, (AllOf, AnyOf)):
        parts = condition.all if isinstance(condition, AllOf) else condition.any
        found = [ways_to(wanted, part, world) for part in parts]
        return together(found) if isinstance(condition, AllOf) == wanted else either(found)
    truth = evaluate(condition, world)
    if truth is None and isinstance(condition, Comparison):
        return (frozenset({world.question(condition)}),)
    return (frozenset(),) if truth is wanted else ()


def either(found: Iterable[Ways]) -> Ways:
    """Return the ways of which any one is enough."""
    return _smallest({way for ways in found for way in ways})


def together(found: Iterable[Ways]) -> Ways:
    """Return the ways of which one each is needed."""
    result: Ways = (frozenset(),)
    for ways in found:
        result = _smallest({one | other for one, other in product(result, ways)})
    return result


def unknowns(condition: Condition, world: World) -> Iterator[str]:
    """Yield the questions on which a condition still hangs."""
    for ways in (ways_to(True, condition, world), ways_to(False, condition, world)):
        for way in ways:
            yield from way


def inside(code: str, area: str, areas: Mapping[str, frozenset[str]]) -> bool:
    """Return whether a place code lies in an area: itself, a part such as US-TX, or a member.

    Example:
        >>> inside("US-TX", "US", {}), inside("FR", "EU", {"EU": frozenset({"FR"})})
        (True, True)
    """
    return code == area or code.startswith(f"{area}-") or code in areas.get(area, frozenset())


def _smallest(ways: set[frozenset[str]]) -> Ways:
    kept: list[frozenset[str]] = []
    for way in sorted(ways, key=lambda one: (len(one), sorted(one))):
        if not any(other <= way for other in kept):
            kept.append(way)
    return tuple(kept[:_MOST_WAYS])


def _compare(test: Comparison, world: World) -> Truth:
    value = world.value(test)
    if test.verb == "stated":
        return value is not None
    wanted: Iterable[object] = test.values
    if test.verb == "within_fact":
        fact = world.facts.get(str(test.values[0]))
        if not isinstance(fact, tuple):
            return None
        wanted = fact
    if value is None:
        return False if test.verb == "surely_has_any" else None
    if isinstance(value, Choice):
        found = {_holds(test.verb, one, tuple(wanted), world) for one in value.among}
        mixed = False if test.verb == "surely_has_any" else None
        return found.pop() if len(found) == 1 else mixed
    return _holds(test.verb, value, tuple(wanted), world)


def _holds(verb: str, value: Seen, wanted: tuple[object, ...], world: World) -> bool:
    if isinstance(value, tuple):
        return _lists(verb, value, [str(one) for one in wanted], world)
    if verb in _ORDER and isinstance(value, (int, float)):
        return _ORDER[verb](float(value), float(str(wanted[0])))
    return value in wanted


def _lists(verb: str, value: tuple[str, ...], wanted: list[str], world: World) -> bool:
    if verb in ("subset_of", "within_fact"):
        return all(any(inside(one, area, world.areas) for area in wanted) for one in value)
    hits = [any(inside(one, area, world.areas) for one in value) for area in wanted]
    return all(hits) if verb == "has_all" else any(hits)


_ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "gt": float.__gt__,
    "gte": float.__ge__,
    "lt": float.__lt__,
    "lte": float.__le__,
}
