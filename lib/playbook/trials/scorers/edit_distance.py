"""The scorer `edit_distance`."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.records import Record
from playbook.trials.scorers.registry import Expected, choices, scorer

LONGEST_TEXT = 10_000


class EditDistanceOptions(Record):
    """What counts as one edit."""

    ignore_case: bool = False
    """Whether upper and lower case count as equal."""
    by_words: bool = False
    """Whether whole words are put in, taken out or replaced, not characters."""


@scorer("edit_distance", expects=(str, list), options=EditDistanceOptions)
def score_edit_distance(text: str, expected: Expected, options: EditDistanceOptions) -> float:
    """Return 1 less the edits from answer to expected text over the length of the longer one.

    Of several expected texts the nearest counts. Spaces around the texts do not count, and only
    the first 10,000 characters are compared. Set `at_least` for what is near enough.

    Example:
        >>> score_edit_distance("billling", "billing", EditDistanceOptions())
        0.875
    """
    found = _parts(text, options)
    return max(_similarity(found, _parts(one, options)) for one in choices(expected))


def _parts(text: str, options: EditDistanceOptions) -> Sequence[str]:
    text = text.strip()[:LONGEST_TEXT]
    text = text.casefold() if options.ignore_case else text
    return text.split() if options.by_words else text


def _similarity(found: Sequence[str], wanted: Sequence[str]) -> float:
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415  only where it is needed

    return float(Levenshtein.normalized_similarity(found, wanted))
