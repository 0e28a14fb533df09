"""The registry of scorers: one decorated function in one file of this package each."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, TypeAlias, TypeVar, cast

from pydantic import JsonValue

from playbook.records import Record
from playbook.trials.scorers.answer import Answer, Scored

Expected: TypeAlias = JsonValue
ScoreFunction: TypeAlias = Callable[[Answer, Expected, Any], float]
AnyOptions = TypeVar("AnyOptions", bound=Record)


class NoOptions(Record):
    """Options of a scorer that has none."""


_ANSWERED: frozenset[Scored] = frozenset({"answered"})


@dataclass(frozen=True)
class Scorer:
    """A way to compare an answer with what was expected; gives 0 (wrong) to 1 (right)."""

    name: str
    """Name in prompt sets."""
    function: ScoreFunction
    """Takes the answer, what was expected and the options."""
    options: type[Record]
    """Record of its options."""
    expects: tuple[type, ...]
    """Kinds of `expected` that it can compare with; empty if it needs none."""
    outcomes: frozenset[Scored] = _ANSWERED
    """Outcomes that it scores; an answer with another outcome fails, whatever its text."""

    def objection(self, expected: Expected) -> str:
        """Return why it can't compare with a value of `expected`, or an empty string."""
        if not self.expects:
            return ""
        kinds = " or ".join(KIND_WORDS[kind] for kind in self.expects)
        if expected is None:
            return f"scorer {self.name} needs `expected`: {kinds}"
        fits = isinstance(expected, self.expects) and not isinstance(expected, bool)
        if fits and not _is_empty(expected):
            return ""
        got = "an empty value" if fits else KIND_WORDS.get(type(expected), "true or false")
        return f"scorer {self.name} compares with {kinds}, not with {got}"


def _is_empty(expected: Expected) -> bool:
    """Return whether there is nothing to compare with: an empty text would be in every answer."""
    if isinstance(expected, list):
        return not expected or any(not str(one).strip() for one in expected)
    return not expected.strip() if isinstance(expected, str) else expected == {}


KIND_WORDS: Mapping[type, str] = {
    str: "a text",
    list: "a list of texts",
    dict: "an object",
    int: "a whole number",
    float: "a number",
}

_REGISTRY: dict[str, Scorer] = {}


def scorer(
    name: str, *, expects: tuple[type, ...], options: type[Record] = NoOptions
) -> Callable[[Callable[[str, Any, AnyOptions], float]], Callable[[str, Any, AnyOptions], float]]:
    """Register a function of the answer's text as the scorer of a name.

    Args:
        name: Name in prompt sets.
        expects: Kinds of `expected` that it can compare with; empty if it needs none.
        options: Record of its options.
    """

    def register(
        function: Callable[[str, Any, AnyOptions], float],
    ) -> Callable[[str, Any, AnyOptions], float]:
        @wraps(function)
        def of_text(answer: Answer, expected: Expected, chosen: Any) -> float:  # noqa: ANN401  its own record
            return function(answer.text, expected, chosen)

        _enter(Scorer(name, of_text, options, expects))
        return function

    return register


def answer_scorer(
    name: str,
    *,
    expects: tuple[type, ...],
    options: type[Record] = NoOptions,
    outcomes: Collection[Scored] = _ANSWERED,
) -> Callable[
    [Callable[[Answer, Any, AnyOptions], float]], Callable[[Answer, Any, AnyOptions], float]
]:
    """Register a function of the whole answer: its outcome, tool calls and documents too.

    Args:
        name: Name in prompt sets.
        expects: Kinds of `expected` that it can compare with; empty if it needs none.
        options: Record of its options.
        outcomes: Outcomes that it scores; answers with another one fail.
    """

    def register(
        function: Callable[[Answer, Any, AnyOptions], float],
    ) -> Callable[[Answer, Any, AnyOptions], float]:
        _enter(Scorer(name, cast("ScoreFunction", function), options, expects, frozenset(outcomes)))
        return function

    return register


def _enter(one: Scorer) -> None:
    known = _REGISTRY.get(one.name)
    if known is not None and known.function.__module__ != one.function.__module__:
        msg = f"scorer {one.name} is in {known.function.__module__} and {one.function.__module__}"
        raise ValueError(msg)
    _REGISTRY[one.name] = one


@cache
def all_scorers() -> Mapping[str, Scorer]:
    """Return every scorer by name, in the order of the names; reads each module of the package."""
    package = importlib.import_module(__package__ or "")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return {name: _REGISTRY[name] for name in sorted(_REGISTRY)}


def choices(expected: Expected) -> list[str]:
    """Return the accepted texts: the one expected, or each of a list."""
    many = expected if isinstance(expected, list) else [expected]
    return [str(one) for one in many]
