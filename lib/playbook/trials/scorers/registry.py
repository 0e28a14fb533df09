"""The registry of scorers: one decorated function in one file of this package each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Literal, TypeAlias, TypeVar, cast

from pydantic import JsonValue

from playbook.records import Record
from playbook.trials.scorers.answer import Answer, Scored

Expected: TypeAlias = JsonValue
ScoreFunction: TypeAlias = Callable[[Answer, Expected, Any], float | None]
ReadBy: TypeAlias = Literal["rule", "judge", "judge_of_pairs"]
AnyOptions = TypeVar("AnyOptions", bound=Record)


class NoOptions(Record):
    """Options of a scorer that has none."""


_ANSWERED: frozenset[Scored] = frozenset({"answered"})


@dataclass(frozen=True)
class Scorer:
    """A way to compare an answer with what was expected; gives 0 (wrong) to 1 (right).

    None is no score: what the scorer needs is missing, such as leave to run code. It is never a
    pass, and never a failure.
    """

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
    costly: bool = False
    """Whether a score is worth keeping: it takes seconds to work out again."""
    read_by: ReadBy = "rule"
    """What gives the score; a judge of pairs compares two endpoints and scores neither."""
    objects: Callable[[Expected], str] | None = None
    """Says what is wrong with a value of `expected` of the right kind, or an empty text."""
    added_by: str = ""
    """Installed package that added it; empty for those of the playbook."""

    def objection(self, expected: Expected) -> str:
        """Return why it can't compare with a value of `expected`, or an empty string."""
        if not self.expects:
            return ""
        kinds = " or ".join(KIND_WORDS[kind] for kind in self.expects)
        if expected is None:
            return f"scorer {self.name} needs `expected`: {kinds}"
        fits = isinstance(expected, self.expects) and not isinstance(expected, bool)
        if fits and not _is_empty(expected):
            wrong = self.objects(expected) if self.objects else ""
            return f"scorer {self.name}: {wrong}" if wrong else ""
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

REGISTRY: dict[str, Scorer] = {}
"""Scorers of the modules that have been imported; `all_scorers` imports the rest."""

AnyScore = TypeVar("AnyScore", bound=float | None)


def scorer(
    name: str, *, expects: tuple[type, ...], options: type[Record] = NoOptions
) -> Callable[
    [Callable[[str, Any, AnyOptions], AnyScore]], Callable[[str, Any, AnyOptions], AnyScore]
]:
    """Register a function of the answer's text as the scorer of a name.

    Args:
        name: Name in prompt sets.
        expects: Kinds of `expected` that it can compare with; empty if it needs none.
        options: Record of its options.
    """

    def register(
        function: Callable[[str, Any, AnyOptions], AnyScore],
    ) -> Callable[[str, Any, AnyOptions], AnyScore]:
        @wraps(function)
        def of_text(answer: Answer, expected: Expected, chosen: Any) -> float | None:  # noqa: ANN401  its own record
            return function(answer.text, expected, chosen)

        _enter(Scorer(name, of_text, options, expects))
        return function

    return register


def answer_scorer(  # noqa: PLR0913  what a scorer is made of, by name
    name: str,
    *,
    expects: tuple[type, ...],
    options: type[Record] = NoOptions,
    outcomes: Collection[Scored] = _ANSWERED,
    costly: bool = False,
    read_by: ReadBy = "rule",
    objects: Callable[[Expected], str] | None = None,
) -> Callable[
    [Callable[[Answer, Any, AnyOptions], AnyScore]], Callable[[Answer, Any, AnyOptions], AnyScore]
]:
    """Register a function of the whole answer: its outcome, tool calls and documents too.

    Args:
        name: Name in prompt sets.
        expects: Kinds of `expected` that it can compare with; empty if it needs none.
        options: Record of its options.
        outcomes: Outcomes that it scores; answers with another one fail.
        costly: Whether its scores are kept in the ledger and not worked out again.
        read_by: What gives the score.
        objects: Says what is wrong with a value of `expected` of the right kind.
    """

    def register(
        function: Callable[[Answer, Any, AnyOptions], AnyScore],
    ) -> Callable[[Answer, Any, AnyOptions], AnyScore]:
        made = Scorer(name, cast("ScoreFunction", function), options, expects, frozenset(outcomes))
        _enter(replace(made, costly=costly, read_by=read_by, objects=objects))
        return function

    return register


def _enter(one: Scorer) -> None:
    known = REGISTRY.get(one.name)
    if known is not None and known.function.__module__ != one.function.__module__:
        msg = f"scorer {one.name} is in {known.function.__module__} and {one.function.__module__}"
        raise ValueError(msg)
    REGISTRY[one.name] = one


def choices(expected: Expected) -> list[str]:
    """Return the accepted texts: the one expected, or each of a list."""
    many = expected if isinstance(expected, list) else [expected]
    return [str(one) for one in many]
