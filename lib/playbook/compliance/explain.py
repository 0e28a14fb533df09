"""Conditions in words: why a control applies, and what an effect looks at."""

from __future__ import annotations

from playbook.catalog.conditions import AllOf, AnyOf, Comparison, Condition, NamedSet, Not
from playbook.compliance.logic import World, evaluate

_VERBS = {
    "is": "is", "in": "is", "has": "includes", "has_any": "includes", "has_all": "includes",
    "surely_has_any": "shows", "subset_of": "lies within", "within_fact": "lies within",
    "gt": "is above", "gte": "is at least", "lt": "is below", "lte": "is at most",
}  # fmt: skip
_DENIED = {"is": "is not", "includes": "without", "lies within": "outside",
           "is above": "is not above", "is at least": "is below", "is below": "is at least",
           "is at most": "is above"}  # fmt: skip


def explain(condition: Condition) -> str:
    """Return a condition in plain words.

    Example:
        >>> phi = Comparison(of="fact", name="data.data_types", verb="has", values=("phi",))
        >>> explain(AllOf(all=(phi, Not(condition=phi))))
        'data.data_types includes phi and data.data_types without phi'
    """
    if isinstance(condition, Comparison):
        return _words(condition)
    if isinstance(condition, AllOf):
        return " and ".join(_bracketed(part) for part in condition.all)
    if isinstance(condition, AnyOf):
        return " or ".join(explain(part) for part in condition.any)
    if isinstance(condition, Not):
        return _denied(condition.condition)
    return condition.words if isinstance(condition, NamedSet) else "always"


def why_true(condition: Condition, world: World) -> str:
    """Return in words the parts of a condition that make it hold, or keep it open."""
    if isinstance(condition, AnyOf):
        telling = [part for part in condition.any if evaluate(part, world) is True] or [
            part for part in condition.any if evaluate(part, world) is None
        ]
        return " or ".join(why_true(part, world) for part in telling or condition.any)
    if isinstance(condition, AllOf):
        return " and ".join(why_true(part, world) for part in condition.all)
    bare = condition.condition if isinstance(condition, Not) else condition
    if isinstance(bare, Comparison) and evaluate(bare, world) is None:
        return f"{world.question(bare)} is unknown"
    if isinstance(condition, Comparison) and condition.of == "fact":
        note = world.notes.get(condition.name)
        return _words(condition, world) + (f" ({note})" if note else "")
    return explain(condition)


def _denied(condition: Condition) -> str:
    if isinstance(condition, Comparison) and _VERBS.get(condition.verb) in _DENIED:
        return _words(condition, verb=_DENIED[_VERBS[condition.verb]])
    return f"not ({explain(condition)})"


def _bracketed(condition: Condition) -> str:
    text = explain(condition)
    return f"({text})" if isinstance(condition, AnyOf) and len(condition.any) > 1 else text


def _words(test: Comparison, world: World | None = None, *, verb: str = "") -> str:
    name = test.name if test.of == "fact" else test.name.replace("_", " ")
    if test.verb == "stated":
        return f"{name} is stated"
    values = [_value(value) for value in test.values]
    if world is not None and test.verb == "has_any":
        seen = world.value(test)
        single = [test.model_copy(update={"values": (value,)}) for value in test.values]
        telling = [_value(one.values[0]) for one in single if evaluate(one, world)]
        values = telling if isinstance(seen, tuple) and telling else values
    joined = (" and " if test.verb == "has_all" else " or ").join(values)
    return f"{name} {verb or _VERBS[test.verb]} {joined}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:,}" if isinstance(value, int) else str(value)
