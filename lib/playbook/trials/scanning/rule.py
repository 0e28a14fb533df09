"""What a rule of the scan is, and what a hit says: which rule and where, never what stood there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playbook.trials.scanning.reading import Reading
from playbook.vocabulary import DataClass, DataType

Span = tuple[int, int]
"""Start and end (exclusive) in the plain text."""
Finder = Callable[[Reading], Iterator[Span]]
Check = Callable[[str], bool]

BEFORE = r"(?<![0-9A-Za-z])"
"""No letter or digit stands before; letters of other scripts may: not all put spaces."""
AFTER = r"(?![0-9A-Za-z])"
BETWEEN = (
    r"(?:\([^()\n]{0,30}\)|[\s\"'`:=#.,()\[\]<>°*_/-]|no?|nr|num(?:ber|ero|éro)?|nummer|is|es|est|ist|lautet|ids?|code"
    r"|the){0,10}"
)
"""What may stand between a label and its value."""


@dataclass(frozen=True)
class Rule:
    """One kind of personal data or secret, and what its presence means for a label."""

    id: str
    """Name in rulings, overrides and the audit log."""
    title: str
    """The kind in words."""
    data_class: DataClass
    """Lowest class that a prompt with it may be labelled."""
    data_types: tuple[DataType, ...]
    """Types of data that it is."""
    find: Finder
    """Yields where it stands."""
    cues: tuple[str, ...] = ()
    """Lower-case texts of which one must be there for the rule to be tried; none means always."""


@dataclass(frozen=True, order=True)
class Hit:
    """Where a rule found something. It holds no text of the prompt."""

    message: int
    """Number of the message, 0 for the first."""
    start: int
    """First character, 0 for the first of the message."""
    end: int
    """The character after the last."""
    rule: str
    """Rule id."""


def matching(pattern: str, check: Check | None = None, *, flags: int = 0) -> Finder:
    """Return a finder of a pattern's group `value`, of which a check may refuse some.

    Args:
        pattern: Every quantifier in it is bounded.
        check: Whether a value is one.
        flags: Of `re`.
    """
    compiled = re.compile(pattern, flags)

    def find(reading: Reading) -> Iterator[Span]:
        for found in compiled.finditer(reading.text):
            if check is None or check(found["value"]):
                yield found.span("value")

    return find


def caseless(pattern: str, check: Check | None = None, *, whole_words: bool = False) -> Finder:
    """Return a finder like `matching`, whatever the case; the check is given the value as written.

    Args:
        pattern: In small letters; it is quick if it begins with letters.
        check: Whether a value is one.
        whole_words: Whether no letter may stand before.
    """
    compiled = re.compile(pattern)

    def find(reading: Reading) -> Iterator[Span]:
        for found in compiled.finditer(reading.lower):
            start, end = found.span("value")
            before = reading.text[found.start() - 1 : found.start()]
            if whole_words and before.isascii() and before.isalpha():
                continue
            if check is None or check(reading.text[start:end]):
                yield start, end

    return find


def labelled(labels: str, value: str, check: Check | None = None) -> Finder:
    """Return a finder of values that stand after a label, such as `MRN: 00482913`.

    Args:
        labels: Alternatives of a pattern, in small letters.
        value: Pattern of the value, in small letters.
        check: Whether a value is one.
    """
    pattern = rf"(?:{labels}){BETWEEN}{BEFORE}(?P<value>{value}){AFTER}"
    return caseless(pattern, check, whole_words=True)


def all_of(*finders: Finder) -> Finder:
    """Return a finder of what any of some finders finds."""

    def find(reading: Reading) -> Iterator[Span]:
        for one in finders:
            yield from one(reading)

    return find


def digits(value: str) -> str:
    """Return the digits of a value.

    Example:
        >>> digits("943 476-5919")
        '9434765919'
    """
    return "".join(filter(str.isdecimal, value))


def compact(value: str) -> str:
    """Return a value in capitals without spaces, dots and dashes.

    Example:
        >>> compact("88.154.503-b")
        '88154503B'
    """
    return re.sub(r"[\s.-]", "", value).upper()
