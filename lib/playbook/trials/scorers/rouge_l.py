"""The scorer `rouge_l`."""

from __future__ import annotations

import re

from playbook.records import Record
from playbook.trials.scorers.registry import Expected, choices, scorer

MOST_WORDS = 5_000
LONGEST_TEXT = 100_000
_WORD = re.compile(r"[^\W_]+")


class RougeLOptions(Record):
    """How words are compared."""

    ignore_case: bool = True
    """Whether upper and lower case count as equal."""


@scorer("rouge_l", expects=(str, list), options=RougeLOptions)
def score_rouge_l(text: str, expected: Expected, options: RougeLOptions) -> float:
    """Return ROUGE-L, the F-measure of the longest common subsequence of words.

    Of several references the nearest counts. Words are runs of letters and digits; they are not
    cut to their stem. It says how much wording is shared, not whether a statement is true; set
    `at_least`, for full marks need the same words in the same order.

    Source:
        C.-Y. Lin, ROUGE: A Package for Automatic Evaluation of Summaries, ACL workshop (2004),
        section 3.1, with beta 1.

    Example:
        >>> score_rouge_l("the gunman police killed", "police killed the gunman", RougeLOptions())
        0.5
    """
    found = _words(text, options)
    return max(_f_measure(found, _words(one, options)) for one in choices(expected))


def _words(text: str, options: RougeLOptions) -> list[str]:
    text = text[:LONGEST_TEXT]
    return _WORD.findall(text.lower() if options.ignore_case else text)[:MOST_WORDS]


def _f_measure(found: list[str], wanted: list[str]) -> float:
    from rapidfuzz.distance import LCSseq  # noqa: PLC0415  only where it is needed

    total = len(found) + len(wanted)
    return 2 * LCSseq.similarity(found, wanted) / total if total else 0.0
