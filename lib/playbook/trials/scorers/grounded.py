"""The scorer `grounded`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from playbook.records import Record
from playbook.trials.grounding.matching import (
    holds_fact,
    is_verbatim,
    names_in,
    quotes_in,
)
from playbook.trials.grounding.negation import polarities
from playbook.trials.grounding.quantities import holds, quantities
from playbook.trials.grounding.sentences import plain, sentences
from playbook.trials.scorers.answer import Answer
from playbook.trials.scorers.registry import Expected, answer_scorer, choices

GroundedCheck = Literal["facts", "quotes", "markers", "numbers", "negation"]
MOST_CLAIMS = 500
_MARKERS = re.compile(r"(?:\[\d{1,3}\][ ,]{0,2}){1,10}")
_NUMBER = re.compile(r"\d{1,3}")


class GroundedOptions(Record):
    """What of an answer is held against its documents."""

    checks: Annotated[tuple[GroundedCheck, ...], Field(min_length=1)] = (
        "facts", "quotes", "markers", "numbers", "negation",
    )  # fmt: skip
    """Kinds of claims that count: expected facts, quotes, markers `[N]`, numbers, negations."""
    needs_markers: bool = False
    """Whether an answer without any marker `[N]` has one claim without support."""


@answer_scorer("grounded", expects=(), options=GroundedOptions)
def score_grounded(answer: Answer, expected: Expected, options: GroundedOptions) -> float | None:
    """Return the share of an answer's claims that its documents support, told by their letters.

    Claims are: each expected fact (present or not); each quote (verbatim in a document); each
    marker `[N]` (document N exists and holds the numbers and names beside it); each number (in a
    document or in the question); each clause near to one of a document (negated alike). It is a
    lower bound: what is said in other words, or computed from what is given, counts as without
    support. And it sees letters, not meaning: a false claim without number, name, quote or
    negation passes. Without documents, or where an answer has no such claim, there is no score;
    an empty answer has 0.

    Args:
        answer: The answer with its documents.
        expected: Facts, alternatives divided by `|`; may be left out. There is no score where it
            is a number or an object.
        options: Which checks.

    Example:
        >>> lease = ("Notice is 30 days. Pets are not allowed.",)
        >>> score_grounded(Answer("30 days.", documents=lease), "30 days", GroundedOptions())
        1.0
        >>> score_grounded(
        ...     Answer("30 days. Pets are allowed.", documents=lease), "30 days", GroundedOptions()
        ... )
        0.75
    """
    if not answer.documents or not isinstance(expected, str | list | None):
        return None
    facts = choices(expected) if isinstance(expected, str | list) else []
    claims: list[bool] = []
    for check in dict.fromkeys(options.checks):
        claims += _CHECKS[check](answer, facts)
    if options.needs_markers and "markers" in options.checks and not _MARKERS.search(answer.text):
        claims.append(False)
    if not claims:
        return None if answer.text.strip() else 0.0
    return sum(claims) / len(claims)


def _facts(answer: Answer, facts: Sequence[str]) -> list[bool]:
    return [holds_fact(answer.text, one) for one in facts]


def _quotes(answer: Answer, _facts: Sequence[str]) -> list[bool]:
    return [
        any(is_verbatim(one, text) for text in answer.documents)
        for one in quotes_in(answer.text)[:MOST_CLAIMS]
    ]


def _numbers(answer: Answer, _facts: Sequence[str]) -> list[bool]:
    given = frozenset(one for text in (*answer.documents, answer.asked) for one in quantities(text))
    return [holds(one, given) for one in dict.fromkeys(quantities(answer.text)[:MOST_CLAIMS])]


def _markers(answer: Answer, _facts: Sequence[str]) -> list[bool]:
    return [
        supported
        for segment, numbers in _cited(answer.text)
        for supported in _cited_claims(segment, numbers, answer.documents)
    ]


def _cited(text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the words before each group of markers, and the numbers of the group."""
    for sentence in sentences(plain(text))[:MOST_CLAIMS]:
        start = 0
        for found in _MARKERS.finditer(sentence):
            yield sentence[start : found.start()], tuple(map(int, _NUMBER.findall(found[0])))
            start = found.end()


def _cited_claims(segment: str, numbers: Sequence[int], documents: Sequence[str]) -> list[bool]:
    """Return for each marker whether its passage exists and carries part of what is said.

    What is said must also be carried by the passages together.
    """
    passages = [documents[one - 1] if 0 < one <= len(documents) else "" for one in numbers]
    said = [*map(_has_number(passages), quantities(segment))]
    said += [[is_verbatim(name, one) for one in passages] for name in names_in(segment)]
    together = all(any(held) for held in said)
    return [
        bool(passage) and together and (not said or any(held[place] for held in said))
        for place, passage in enumerate(passages)
    ]


def _has_number(passages: Sequence[str]) -> Callable[..., list[bool]]:
    known = [frozenset(quantities(one)) for one in passages]
    return lambda quantity: [holds(quantity, among) for among in known]


def _negation(answer: Answer, _facts: Sequence[str]) -> list[bool]:
    found = polarities(answer.text, answer.asked, answer.documents)
    return [one == "same" for one in found if one != "unknown"]


_CHECKS: Mapping[GroundedCheck, Callable[[Answer, Sequence[str]], list[bool]]] = {
    "facts": _facts,
    "quotes": _quotes,
    "markers": _markers,
    "numbers": _numbers,
    "negation": _negation,
}
