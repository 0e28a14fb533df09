"""The scorer `set_f1`."""

from __future__ import annotations

import json
import re

from playbook.records import Record
from playbook.trials.scorers.json_field import LONGEST_TEXT
from playbook.trials.scorers.normalised import normalise
from playbook.trials.scorers.registry import Expected, choices, scorer

_ORDINAL = re.compile(r"^\s{0,20}(?:\d{1,3}[.)]|[-*\u2022])\s")
_BETWEEN = {"comma": re.compile(r"[,;\n]"), "line": re.compile(r"\n")}


class SetF1Options(Record):
    """How items are told apart."""

    items_have_commas: bool = False
    """Whether a comma or semicolon may be part of an item, so that only lines part them."""


@scorer("set_f1", expects=(list, str), options=SetF1Options)
def score_set_f1(text: str, expected: Expected, options: SetF1Options) -> float:
    r"""Return the F1 of the items in the answer against those expected, whatever their order.

    F1 is the harmonic mean of the share of expected items that are named and the share of named
    items that are expected. Items stand on lines or between commas, with or without a bullet or a
    number, or are a JSON list of texts. They are compared without case, punctuation and doubles.

    Example:
        >>> score_set_f1("- Delay\n- Refund", ["refund", "delay", "damage"], SetF1Options())
        0.8
    """
    parts = _BETWEEN["line" if options.items_have_commas else "comma"]
    listed = choices(expected)
    wanted = _distinct(listed if isinstance(expected, list) else parts.split(listed[0]))
    named = _distinct(_items(text[:LONGEST_TEXT], parts))
    return 2 * len(wanted & named) / (len(wanted) + len(named)) if wanted else 0.0


def _items(text: str, parts: re.Pattern[str]) -> list[str]:
    if text.lstrip().startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list) and all(isinstance(one, str | int | float) for one in listed):
            return [str(one) for one in listed]
    return [_ORDINAL.sub("", one) for one in parts.split(text)]


def _distinct(items: list[str]) -> frozenset[str]:
    return frozenset(found for one in items if (found := normalise(one)))
