"""Guesses at what a wrong number was meant to be."""

from __future__ import annotations

import re

from playbook.profile.fields import LeafField

_SCALES = {
    "%": 0.01, "percent": 0.01, "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6,
    "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "t": 1e12,
}  # fmt: skip
_QUANTITY = re.compile(r"\s*[$€]?\s*([0-9][0-9_,']*(?:\.[0-9]+)?)\s*([A-Za-z%$€/ ]*)\s*")
_SHARE_UNIT = "share"
_PERCENT = 100


def number_hint(text: str) -> str:
    """Return `; write ...` for text that was meant as a number, or nothing.

    Example:
        >>> number_hint("10M")
        '; write 10_000_000 or 1.0e7'
        >>> number_hint("25%"), number_hint("many")
        ('; write 0.25', '')
    """
    match = _QUANTITY.fullmatch(text[:40])
    if match is None:
        return ""
    digits, words = match.groups()
    scale = _SCALES.get(words.strip().lower().split(" ")[0].split("/")[0] if words.strip() else "")
    value = float(re.sub(r"[_,']", "", digits)) * (scale or 1)
    return f"; write {written(value)}{_scientific(value)}"


def share_hint(value: object, field: LeafField | None) -> str:
    """Return `; did you mean 0.25?` for a percentage in a field that takes a share."""
    is_share = field is not None and field.unit.startswith(_SHARE_UNIT) and field.high == 1
    if not is_share or isinstance(value, bool) or not isinstance(value, int | float):
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
