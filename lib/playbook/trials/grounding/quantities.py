"""Numbers with units, and dates, as they are written in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from playbook.trials.grounding.sentences import plain

_COUNTED = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)  # fmt: skip
_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred")
_WORDS = {word: str(value) for value, word in enumerate(_COUNTED)} | {
    word: str(10 * value) for value, word in enumerate(_TENS, start=3)
}
_MONTHS = {
    month: place
    for place, months in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",),
            ("june", "jun"), ("july", "jul"), ("august", "aug"), ("september", "sep", "sept"),
            ("october", "oct"), ("november", "nov"), ("december", "dec"),
        ),
        start=1,
    )
    for month in months
}  # fmt: skip
_UNITS = {
    written: unit
    for unit, many in {
        "%": ("%", "percent", "per cent"),
        "usd": ("usd", "dollar", "dollars", "$"),
        "eur": ("eur", "euro", "euros", "€"),
        "gbp": ("gbp", "pound", "pounds", "£"),
        "mg": ("mg", "milligram", "milligrams"),
        "g": ("g", "gram", "grams"),
        "kg": ("kg", "kilogram", "kilograms", "kilo", "kilos"),
        "ml": ("ml", "millilitre", "millilitres", "milliliter", "milliliters"),
        "l": ("l", "litre", "litres", "liter", "liters"),
        "s": ("s", "second", "seconds"),
        "min": ("min", "minute", "minutes"),
        "h": ("h", "hour", "hours", "hr", "hrs"),
        "day": ("day", "days"),
        "week": ("week", "weeks"),
        "month": ("month", "months"),
        "year": ("year", "years"),
        "km": ("km", "kilometre", "kilometres", "kilometer", "kilometers"),
        "m": ("m", "metre", "metres", "meter", "meters"),
        "cm": ("cm", "centimetre", "centimetres"),
        "°c": ("°c", "degrees", "degree", "degrees celsius"),
        "gb": ("gb", "gigabyte", "gigabytes"),
        "mb": ("mb", "megabyte", "megabytes"),
    }.items()
    for written in many
}
_BASES = {"g": (1_000.0, "mg"), "kg": (1e6, "mg"), "l": (1_000.0, "ml"), "kilo": (1e6, "mg")}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_QUANTITY = re.compile(
    r"(?<![\w.,])(?P<sign>[$€£])?\s?(?P<number>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?)"
    rf"(?:(?:\s|-)?(?P<unit>{_UNIT})(?![\w]))?(?!\w)"
)
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = (
    re.compile(r"(?<![\w-])(?P<y>[12]\d{3})-(?P<m>\d{2})-(?P<d>\d{2})(?![\w-])"),
    re.compile(
        rf"(?<!\w)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m>{_MONTH})\.?(?:,?\s(?P<y>[12]\d{{3}}))?(?!\w)"
    ),
    re.compile(
        rf"(?<!\w)(?P<m>{_MONTH})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<y>[12]\d{{3}}))?(?!\w)"
    ),
)
_MARKER = re.compile(r"\[\d{1,3}\]|(?m:^\s{0,8}\d{1,2}[.)](?=\s))")
_WORD = re.compile(rf"(?<!\w)(?:{'|'.join(_WORDS)})(?!\w)")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")


@dataclass(frozen=True, order=True)
class Quantity:
    """A number with its unit, or a date."""

    value: str
    """In plain digits, or `2026-03-12`; `--03-12` where no year is named."""
    unit: str = ""
    """In one spelling; empty if none stands there."""


@lru_cache(maxsize=256)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text in order; markers such as `[2]` and list numbers are none.

    Number words up to twenty, and the tens, are read; `one` only before a unit. Grams are told in
    milligrams and litres in millilitres.

    Example:
        >>> [one.value for one in quantities("Take 0.5 g for thirty days, till 12 March 2026")]
        ['500', '30', '2026-03-12']
    """
    lower = _MARKER.sub(" ", plain(text)).casefold()
    dates: list[tuple[int, Quantity]] = []
    for pattern in _DATES:
        dates += [(found.start(), Quantity(_date(found))) for found in pattern.finditer(lower)]
        lower = pattern.sub(lambda found: " " * len(found[0]), lower)
    words = _WORD.sub(lambda found: _WORDS[found[0]].rjust(len(found[0])), lower)
    numbers = [
        (found.start(), quantity)
        for found in _QUANTITY.finditer(_DECIMAL_COMMA.sub(".", words))
        if (quantity := _quantity(found)) and not _is_bare_one(quantity, lower, found)
    ]
    return tuple(one for _at, one in sorted([*dates, *numbers]))


def holds(quantity: Quantity, among: frozenset[Quantity]) -> bool:
    """Return whether a quantity is among others; one without a unit counts with any.

    A date without a year is held by one of the same day with a year, and the other way round.

    Example:
        >>> holds(Quantity("30"), frozenset({Quantity("30", "day")}))
        True
    """
    if quantity in among:
        return True
    if "-" in quantity.value:
        return any(one.value[-6:] == quantity.value[-6:] for one in among if _open(one, quantity))
    return any(one.value == quantity.value and not (one.unit and quantity.unit) for one in among)


def _open(first: Quantity, second: Quantity) -> bool:
    return "-" in first.value and (first.value.startswith("-") or second.value.startswith("-"))


def _date(found: re.Match[str]) -> str:
    month = found["m"]
    number = int(month) if month.isdecimal() else _MONTHS[month]
    return f"{found['y'] or '-'}-{number:02d}-{int(found['d']):02d}"


def _quantity(found: re.Match[str]) -> Quantity:
    unit = _UNITS.get(found["unit"] or found["sign"] or "", "")
    value = float(found["number"].replace(",", ""))
    factor, base = _BASES.get(unit, (1.0, unit))
    return Quantity(f"{value * factor:.10g}", base)


def _is_bare_one(quantity: Quantity, lower: str, found: re.Match[str]) -> bool:
    """Return whether it is the word `one` without a unit, which is seldom a number."""
    end = found.end("number")
    return lower[end - 3 : end] == "one" and not quantity.unit


def is_counting_word(word: str) -> bool:
    """Return whether a lower-case word is a number, a unit or a month.

    Example:
        >>> [is_counting_word(one) for one in ("days", "march", "refund")]
        [True, True, False]
    """
    return word in _WORDS or word in _UNITS or word in _MONTHS
