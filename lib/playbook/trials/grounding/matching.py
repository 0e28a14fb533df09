"""Whether a fact, a quote or a name of an answer stands in a text."""

from __future__ import annotations

import re
from functools import lru_cache

from playbook.trials.grounding.quantities import holds, is_counting_word, quantities
from playbook.trials.grounding.sentences import plain

FEWEST_QUOTED_WORDS = 3
_QUOTED = re.compile(r'"([^"\n]{8,600})"')
_ELIDED = re.compile(r"\.{3}|\u2026|\[\.\.\.\]")
_WORD = re.compile(r"\d{1,15}(?:[.,]\d{1,15}){0,5}(?!\w)|[^\W_]{1,40}(?:['-][^\W_]{1,40}){0,4}")
_LETTERS = re.compile(r"[^\W\d_]{2,40}")
_NAME = re.compile(r"(?<=[\w,;:)'\"] )[A-Z][\w'-]{2,30}(?: [A-Z][\w'-]{2,30}){0,4}")
_NO_NAMES = frozenset(
    (
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
        "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december", "yes", "no",
    )
)  # fmt: skip


def holds_fact(text: str, fact: str) -> bool:
    """Return whether a text holds a fact: the words in a row, or its quantities and its words.

    Alternatives are divided by `|`. Case, punctuation and the writing of numbers, units and dates
    do not count.

    Example:
        >>> holds_fact("You have thirty days.", "30 days|one month")
        True
    """
    return any(_holds(text, one) for one in fact.split("|") if one.strip())


def _holds(text: str, fact: str) -> bool:
    words = f" {' '.join(words_of(text))} "
    if f" {' '.join(words_of(fact))} " in words:
        return True
    wanted = quantities(fact)
    among = frozenset(quantities(text))
    rest = {one for one in _LETTERS.findall(plain(fact).casefold()) if not is_counting_word(one)}
    return bool(wanted) and all(holds(one, among) for one in wanted) and rest <= set(words.split())


@lru_cache(maxsize=256)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, without punctuation.

    Example:
        >>> words_of("It's DONE, at last!")
        ("it's", 'done', 'at', 'last')
    """
    return tuple(_WORD.findall(plain(text).casefold()))


def quotes_in(text: str) -> tuple[str, ...]:
    """Return what stands between double quotes and has three words or more.

    Example:
        >>> quotes_in('It says "within thirty days" and "no".')
        ('within thirty days',)
    """
    parts = (part for found in _QUOTED.findall(plain(text)) for part in _ELIDED.split(found))
    return tuple(one.strip() for one in parts if len(words_of(one)) >= FEWEST_QUOTED_WORDS)


def is_verbatim(quote: str, text: str) -> bool:
    """Return whether a quote stands in a text word by word, but for case and punctuation."""
    return f" {' '.join(words_of(quote))} " in f" {' '.join(words_of(text))} "


def names_in(sentence: str) -> tuple[str, ...]:
    """Return words with a capital letter inside a sentence; its first word is not told apart.

    Example:
        >>> names_in("Staff of Harbour House may call on Monday.")
        ('Harbour House',)
    """
    found = _NAME.findall(plain(sentence))
    return tuple(one for one in found if one.casefold() not in _NO_NAMES)
