"""Conditions over facts where a missing value is unknown, never no."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from playbook.catalog.conditions import AllOf, AnyOf, Comparison, Condition, NamedSet, Not
from playbook.compliance.kleene import (
    Truth,
    Ways,
    conjunction,
    disjunction,
    either,
    negation,
    together,
)


@dataclass(frozen=True)
class Choice:
    """A value that is one of several, not yet said which, such as a region to be pinned."""

    among: tuple[str | tuple[str, ...], ...]


Seen = str | bool | int | float | tuple[str, ...] | Choice | None


@dataclass(frozen=True)
class World:
    """What is known: the team's facts, one option's attributes, and which codes lie in an area."""

    facts: Mapping[str, Seen]
    attributes: Mapping[str, Seen] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    """Question that would settle an unknown attribute or fact, where its name is not the one."""
    areas: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Country codes by area, such as `EU`."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Why a fact is another than the profile states, by fact."""

    def value(self, test: Comparison) -> Seen:
        """Return what a comparison looks at; None when unknown."""
        return (self.facts if test.of == "fact" else self.attributes).get(test.name)

    def question(self, test: Comparison) -> str:
        """Return the question that would settle an unknown comparison."""
        if (
            test.of == "opt"
            and test.verb == "within_fact"
            and self.facts.get(str(test.values[0])) is None
        ):
            return str(test.values[0])
        return self.questions.get(test.name, test.name)


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
