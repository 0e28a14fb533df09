"""The scorer `contains`."""

from __future__ import annotations

from typing import Literal

from playbook.records import Record
from playbook.trials.scorers.registry import Expected, choices, scorer


class ContainsOptions(Record):
    """How texts are looked for."""

    ignore_case: bool = True
    """Whether upper and lower case count as equal."""
    need: Literal["all", "any"] = "all"
    """Of a list: the share that is found (`all`), or 1 as soon as one is found (`any`)."""


@scorer("contains", expects=(str, list), options=ContainsOptions)
def score_contains(text: str, expected: Expected, options: ContainsOptions) -> float:
    """Return 1 if the answer contains the expected text; of a list, the share that it contains.

    Example:
        >>> score_contains("Refund within 30 days", ["refund", "receipt"], ContainsOptions())
        0.5
    """
    wanted = choices(expected)
    if options.ignore_case:
        text, wanted = text.casefold(), [one.casefold() for one in wanted]
    found = [one in text for one in wanted]
    return float(any(found)) if options.need == "any" else sum(found) / len(found)
