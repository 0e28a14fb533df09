"""The scorer `numeric`."""

from __future__ import annotations

import math
import re
from typing import Annotated, Literal

from pydantic import Field

from playbook.records import Record
from playbook.trials.scorers.registry import Expected, scorer

LONGEST_TEXT = 10_000
_NUMBER = re.compile(
    r"[-+]?(?:\d{1,3}(?:,\d{3}){1,6}|\d{1,25})(?:\.\d{1,25})?(?:[eE][-+]?\d{1,3})?"
)

_PERCENT = re.compile(r"\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)


class NumericOptions(Record):
    """Which number of the answer counts, and how near it must be."""

    tolerance: Annotated[float, Field(ge=0)] = 0.0
    """Largest difference that still counts as equal, in the unit of the number."""
    relative_tolerance: Annotated[float, Field(ge=0, le=1)] = 1e-9
    """The same as a share of the expected number; the wider of both holds."""
    which: Literal["first", "last"] = "last"
    """Number of the answer that counts where it has several."""
    after: Annotated[str, Field(max_length=100)] = ""
    """Words after which it stands, such as `####` or `answer is`; an answer without them is wrong.
    Where they come more than once, the last place counts."""
    percent_is_share: bool = False
    """Whether `12%` or `12 percent` is read as 0.12."""


@scorer("numeric", expects=(int, float), options=NumericOptions)
def score_numeric(text: str, expected: Expected, options: NumericOptions) -> float:
    """Return 1 if a number of the answer is the expected one within the tolerance.

    Commas between groups of three digits are read as thousands separators. Only the first 10,000
    characters of the answer are read. No number gives 0.

    Example:
        >>> score_numeric("In total 1,234.50 USD", 1234.5, NumericOptions())
        1.0
    """
    if not isinstance(expected, int | float):
        return 0.0
    found = list(_NUMBER.finditer(_looked_in(text[:LONGEST_TEXT], options)))
    if not found:
        return 0.0
    value = _value(found[0 if options.which == "first" else -1], options)
    near = math.isclose(
        value, expected, rel_tol=options.relative_tolerance, abs_tol=options.tolerance
    )
    return float(near)


def _looked_in(text: str, options: NumericOptions) -> str:
    if not options.after:
        return text
    _before, there, after = text.casefold().rpartition(options.after.casefold())
    return after if there else ""


def _value(found: re.Match[str], options: NumericOptions) -> float:
    value = float(found[0].replace(",", ""))
    percent = options.percent_is_share and _PERCENT.match(found.string, found.end())
    return value / 100 if percent else value
