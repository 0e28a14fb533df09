"""Guesses at what a wrong number was meant to be."""

from __future__ import annotations

import re

from playbook.profile.fields import LeafField
from playbook.uncertainty import Estimate

_MULTIPLES = {
    "": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6,
    "b": 1e9, "bn": 1e9, "billion": 1e9, "t": 1e12,
}  # fmt: skip
_PERCENTS = {"": 1.0, "%": 0.01, "percent": 0.01}
_SECONDS = {
    "": 1.0, "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0,
    "ms": 1e-3, "millisecond": 1e-3, "milliseconds": 1e-3,
    "min": 60.0, "minute": 60.0, "minutes": 60.0,
    "h": 3_600.0, "hour": 3_600.0, "hours": 3_600.0,
}  # fmt: skip
_PLAIN = {"": 1.0}
_OTHER_MONEY = frozenset({
    "€", "£", "¥", "eur", "euro", "euros", "gbp", "pound", "pounds", "chf", "jpy", "yen", "cny",
    "yuan", "inr", "cad", "aud", "nzd", "sek", "nok", "dkk", "pln", "czk", "brl", "mxn", "sgd",
    "hkd", "krw", "zar",
})  # fmt: skip
_DIGITS = r"([0-9]+(?:[_,'][0-9]{3})*(?:\.[0-9]+)?)"
_QUANTITY = re.compile(rf"\s*([A-Za-z$€£¥]*)\s*{_DIGITS}\s*([A-Za-z%$€£¥/ .]*)")
_WORD = re.compile(r"[A-Za-z]+|[%$€£¥]")
_SHARE_UNIT, _MONEY_UNIT, _SECONDS_UNIT = "share", "USD", "s"
_MEASURED_UNITS = ("weeks", "hours", "ratio")
_PERCENT = 100


def number_hint(text: str, field: LeafField | None = None) -> str:
    """Return `; write ...` for text that was meant as a number, or nothing.

    A number is proposed only where it is sure to be in the field's unit: times turned to seconds,
    percentages to shares, thousands and millions of what is counted. Of any other word it says
    only that the number stands alone, and in which unit.

    Args:
        text: What was written.
        field: The field it was written for; None when the schema has none.

    Example:
        >>> number_hint("10M")
        '; write 10_000_000 or 1.0e7'
        >>> number_hint("10 tokens"), number_hint("many")
        ('; write the number alone', '')
    """
    match = _QUANTITY.fullmatch(text[:60])
    if match is None or (field is not None and field.kind not in (int, float, Estimate)):
        return ""
    before, digits, after = match.groups()
    unit = field.unit if field else ""
    words = _words(before, after, unit)
    scale = _scales(field).get(words)
    if scale is not None:
        value = round(float(re.sub(r"[_,']", "", digits)) * scale, 12)
        if _fits(value, field):
            return f"; write {written(value)}{_scientific(value)}"
    convert = "convert to USD and " if _is_other_money(words, unit) else ""
    return f"; {convert}write the number alone{f', in {unit}' if unit else ''}"


def _words(before: str, after: str, unit: str) -> str:
    """Return the words around a number in lower case, without the dollars of a field in USD."""
    around = f"{before} {after}".strip().lower()
    if unit.startswith(_MONEY_UNIT):
        around = re.sub(r"^\$|\$$", "", around)
    return around.strip()


def _scales(field: LeafField | None) -> dict[str, float]:
    """Return what the words behind a number multiply it by, in a field's unit."""
    unit = field.unit if field else ""
    if unit == _SECONDS_UNIT:
        return _SECONDS
    if field is not None and _is_share(field):
        return _PERCENTS
    measured = unit.startswith((_SHARE_UNIT, *_MEASURED_UNITS))
    return _PLAIN if measured else _MULTIPLES


def _is_other_money(words: str, unit: str) -> bool:
    return unit.startswith(_MONEY_UNIT) and not _OTHER_MONEY.isdisjoint(_WORD.findall(words))


def _fits(value: float, field: LeafField | None) -> bool:
    if field is None:
        return True
    low = float("-inf") if field.low is None else field.low
    high = float("inf") if field.high is None else field.high
    whole = field.kind is not int or value.is_integer()
    return whole and low <= value <= high and not (field.low_excluded and value == low)


def _is_share(field: LeafField) -> bool:
    return field.unit.startswith(_SHARE_UNIT) and field.high == 1


def share_hint(value: object, field: LeafField | None) -> str:
    """Return `; did you mean 0.25?` for a percentage in a field that takes a share."""
    if (
        field is None
        or not _is_share(field)
        or isinstance(value, bool)
        or not isinstance(value, int | float)
    ):
        return ""
    return f"; did you mean {value / _PERCENT:g}?" if 1 < value <= _PERCENT else ""


def written(value: float) -> str:
    """Return a number as one would write it in YAML.

    Example:
        >>> written(1e7), written(0.25), written(3.0)
        ('10_000_000', '0.25', '3')
    """
    return f"{int(value):_}" if float(value).is_integer() else f"{value:.10g}"


def _scientific(value: float) -> str:
    if value < 1e6:  # noqa: PLR2004  smaller numbers are read without help
        return ""
    mantissa, exponent = f"{value:e}".split("e")
    return f" or {float(mantissa)}e{int(exponent)}"
