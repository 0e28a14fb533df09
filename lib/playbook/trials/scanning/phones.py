"""Find telephone numbers by the number plans of `phonenumbers`.

International numbers need their `+` or 00. National ones are told by how they are grouped, or by a
label such as `tel.` before them; digits in one run without a label are no telephone number here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from playbook.trials.scanning.reading import Reading
from playbook.trials.scanning.rule import Span

_RUN = re.compile(r"\d(?:[ \t().\-/]{0,3}\d){6,}+")
_GROUP = re.compile(r"\d+")
_LABEL = re.compile(
    r"tel|phone|fon|mobil|m[oó]vil|handy|cell|call|appel|fax|whatsapp|ruf|dial|text me|n[uú]mero"
    r"|llám|電話|contact|ring"
)
_AFTER_LABEL = re.compile(r"[^0-9\n]{0,24}")
_OTHER_NUMBER = re.compile(
    r"(?i)(?:\d[ -]|\b(?:nhs|order|ref|reference|invoice|part|sku|serial|article|ticket|case|id"
    r"|account|tracking|isbn)\b[^0-9\n(]{0,20})$"
)
"""What shows that a number is of another kind: its label, or digits that go before."""
_LOOK_BACK = 34
_MOST_GROUPS, _FEWEST_DIGITS, _MOST_DIGITS = 7, 7, 15
_FEWEST_AFTER_TRUNK, _FEWEST_INTERNATIONAL = 9, 9
_REGIONS = ("GB", "DE", "FR", "IT", "NL", "AU")
"""Regions whose national numbers begin with 0; the US and Spain are told by their shape."""
_US_SHAPES = ((3, 3, 4), (1, 3, 3, 4))
_ES_SHAPES = ((3, 3, 3), (3, 2, 2, 2), (2, 3, 2, 2))
_DATE_SHAPES = ((4, 2, 2), (2, 2, 4), (1, 2, 4), (2, 1, 4))
_FICTION = ("07700900", "01632960", "063998")
"""National prefixes kept for fiction, which the number plans call invalid: they stand for numbers.

Source: Ofcom, numbers for use in TV and radio drama; ARCEP, decision 2018-0881.
"""


def phones(reading: Reading) -> Iterator[Span]:
    """Yield telephone numbers, the longest of those that begin at the same place."""
    text = reading.text
    labels: list[int] | None = None
    for run in _RUN.finditer(text):
        if labels is None:
            labels = [found.end() for found in _LABEL.finditer(reading.lower)]
        yield from _Run(text, run.span(), labels).numbers()


class _Run:
    """Groups of digits with little between them, of which some may be telephone numbers."""

    def __init__(self, text: str, span: Span, labels: list[int]) -> None:
        self.text = text
        self.labels = labels
        self.told_up_to = 0
        self.groups = [found.span() for found in _GROUP.finditer(text, *span)]

    def numbers(self) -> Iterator[Span]:
        """Yield the numbers, left to right."""
        at = 0
        while at < len(self.groups):
            last = self._last_group(at)
            if last is not None:
                self.told_up_to = self.groups[last][1]
                yield self._with_lead(self.groups[at][0], self.told_up_to)
            at = at + 1 if last is None else last + 1

    def _last_group(self, at: int) -> int | None:
        """Return the last group of the longest number that begins with a group, if there is one."""
        start = self.groups[at][0]
        if self._goes_on_before(start):
            return None
        best, total = None, 0
        shape: list[int] = []
        for last in range(at, min(at + _MOST_GROUPS, len(self.groups))):
            begin, end = self.groups[last]
            total += end - begin
            shape.append(end - begin)
            if total > _MOST_DIGITS:
                break
            whole = not _of_word(self.text[end : end + 1])
            if total >= _FEWEST_DIGITS and whole and self._is_number(start, end, tuple(shape)):
                best = last
        return best

    def _goes_on_before(self, start: int) -> bool:
        """Return whether digits are the rest of a word, a decimal, an amount or a longer number."""
        before, earlier = self.text[start - 1 : start], self.text[start - 2 : start - 1]
        if before in ("-", "/", "_"):
            return _of_word(earlier)
        if before in (".", ","):
            return earlier.isdecimal()
        return _of_word(before) or before in ("#", "$", "€", "£")

    def _with_lead(self, start: int, end: int) -> Span:
        """Return a span with the `+` and the bracket that stand before its first digit."""
        if ")" in self.text[start:end] and self.text[start - 1 : start] == "(":
            start -= 1
        return (start - 1, end) if self.text[start - 1 : start] == "+" else (start, end)

    def _is_number(self, start: int, end: int, shape: tuple[int, ...]) -> bool:
        written = self.text[start:end]
        number = "".join(filter(str.isdecimal, written))
        if self.text[max(0, start - 2) : start].rstrip("( ").endswith("+"):
            return _international(number)
        if number.startswith("00"):
            return _international(number[2:])
        if number.startswith(_FICTION):
            return len(number) in (10, 11)
        return any(_national(number, region) for region in self._regions(start, written, shape))

    def _regions(self, start: int, written: str, shape: tuple[int, ...]) -> tuple[str, ...]:
        """Return the regions whose number it may be, by its label or its groups."""
        if shape in _DATE_SHAPES:
            return ()
        if self._is_labelled(start):
            return ("US", "ES") if written[0] != "0" else _REGIONS
        before = self.text[max(self.told_up_to, start - _LOOK_BACK) : start]
        regions = _regions_of(written, shape)
        return () if regions and _OTHER_NUMBER.search(before) else regions

    def _is_labelled(self, start: int) -> bool:
        """Return whether a label stands shortly before, with no digit or line break between."""
        at = bisect_right(self.labels, start)
        return at > 0 and _AFTER_LABEL.fullmatch(self.text, self.labels[at - 1], start) is not None


def _of_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _regions_of(written: str, shape: tuple[int, ...]) -> tuple[str, ...]:
    """Return the regions that write their national numbers in such groups."""
    if shape in _US_SHAPES:
        return ("US",)
    if "." in written or len(shape) == 1:
        return ()
    if shape in _ES_SHAPES and written[0] in "6789":
        return ("ES",)
    grouped = written[0] == "0" and shape[0] > 1 and min(shape) > 1
    return _REGIONS if grouped and sum(shape) >= _FEWEST_AFTER_TRUNK else ()


@lru_cache(maxsize=4096)
def _national(number: str, region: str) -> bool:
    import phonenumbers  # noqa: PLC0415  60 ms, only where a number may be

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


@lru_cache(maxsize=4096)
def _international(number: str) -> bool:
    import phonenumbers  # noqa: PLC0415  likewise

    try:
        parsed = phonenumbers.parse(f"+{number}", None)
    except phonenumbers.NumberParseException:
        return False
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    possible = reason == phonenumbers.ValidationResult.IS_POSSIBLE
    return possible and len(number) >= _FEWEST_INTERNATIONAL
