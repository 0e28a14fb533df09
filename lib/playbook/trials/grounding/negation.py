"""Whether an answer says no where its documents say yes, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from playbook.trials.grounding.matching import words_of
from playbook.trials.grounding.sentences import plain, sentences

FEWEST_COMMON_WORDS, LEAST_OF_ANSWER, LEAST_OF_DOCUMENT = 2, 0.6, 0.7
MOST_CLAUSES_OF_ANSWER, MOST_CLAUSES_OF_DOCUMENTS = 200, 2_000
_CLAUSES = re.compile(
    r"[;:]|,? (?:but|while|whereas|although|though|except that|however) |, (?:and|nor) "
)
_LEADING = re.compile(r"^(yes|no)\b[,.:;! ]{0,3}")
_NEGATORS = frozenset(
    (
        "not", "no", "never", "none", "neither", "nor", "without", "cannot", "nothing", "nobody",
        "excluded", "excludes", "exclude", "excluding", "forbidden", "forbids", "prohibited",
        "prohibits", "barred", "banned", "ineligible", "unavailable",
        "invalid", "void",
    )
)  # fmt: skip
_EMPTY = frozenset(
    (
        "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "with", "from", "as", "is",
        "are", "was", "were", "be", "been", "it", "its", "this", "that", "these", "those", "and",
        "or", "if", "may", "can", "will", "must", "do", "does", "did", "has", "have", "had", "you",
        "your", "we", "our", "they", "their", "i", "there", "any", "all", "also", "so", "than",
        "then", "which", "who", "what", "when", "where", "under", "says", "states", "document",
        "policy", "text", "according",
    )
)  # fmt: skip
Polarity = Literal["same", "opposite", "unknown"]


def polarities(answer: str, asked: str, documents: Sequence[str]) -> tuple[Polarity, ...]:
    """Return for each clause of an answer whether the nearest clause of the documents agrees.

    Nearest is the one that shares the most words; `unknown` where too few are shared. To be
    opposite, most words of the document's clause must be shared as well, and no other clause that
    the answer repeats may agree. An answer
    that begins with yes or no is read as the question with that word. Negations are counted by a
    short list of English words, so double meanings and other languages are not seen.
    The first 200 clauses of an answer and 2,000 of the documents are read.

    Example:
        >>> polarities("Glasses are covered.", "", ["Glasses are not covered."])
        ('opposite',)
    """
    there = [one for text in documents for one in _clauses(text)][:MOST_CLAUSES_OF_DOCUMENTS]
    said = (*_answered(answer, asked), *_clauses(_without_lead(answer)))[:MOST_CLAUSES_OF_ANSWER]
    return tuple(_compared(clause, there, negated=negated) for clause, negated in said)


def _compared(
    clause: frozenset[str], there: Sequence[tuple[frozenset[str], bool]], *, negated: bool
) -> Polarity:
    if len(clause) < FEWEST_COMMON_WORDS:
        return "unknown"
    common = [len(clause & words) for words, _negated in there]
    most = max(common, default=0)
    if most < max(FEWEST_COMMON_WORDS, LEAST_OF_ANSWER * len(clause)):
        return "unknown"
    shared = [(count, *one) for one, count in zip(there, common, strict=True)]
    whole = [
        one for one in shared if one[0] >= max(FEWEST_COMMON_WORDS, LEAST_OF_DOCUMENT * len(one[1]))
    ]
    nearest = [one for one in shared if one[0] == most]
    if any(sign == negated for _count, _words, sign in (*nearest, *whole)):
        return "same"
    return "opposite" if any(one in whole for one in nearest) else "unknown"


def _answered(answer: str, asked: str) -> list[tuple[frozenset[str], bool]]:
    """Return the question as a claim, where the answer begins with yes or no."""
    lead = _LEADING.match(plain(answer).strip().casefold())
    if lead is None:
        return []
    questions = [one for one in sentences(plain(asked)) if one.endswith("?")]
    return [
        (words, negated != (lead[1] == "no"))
        for one in questions[-1:]
        for words, negated in _clauses(one)[-1:]
    ]


def _without_lead(answer: str) -> str:
    return _LEADING.sub("", plain(answer).strip().casefold())


@lru_cache(maxsize=256)
def _clauses(text: str) -> tuple[tuple[frozenset[str], bool], ...]:
    """Return the telling words of each clause, and whether it is negated."""
    parts = [
        words_of(part) for one in sentences(plain(text)) for part in _CLAUSES.split(one.casefold())
    ]
    return tuple((_telling(words), _is_negated(words)) for words in parts if words)


def _is_negated(words: Sequence[str]) -> bool:
    return sum(one in _NEGATORS or one.endswith("n't") for one in words) % 2 == 1


def _telling(words: Sequence[str]) -> frozenset[str]:
    kept = (one for one in words if one not in _EMPTY | _NEGATORS and not one.endswith("n't"))
    return frozenset(_stem(one) for one in kept)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 2:  # noqa: PLR2004  a stem is left
            return word.removesuffix(ending)
    return word.removesuffix("e")
