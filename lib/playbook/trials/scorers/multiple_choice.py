"""The scorer `multiple_choice`."""

from __future__ import annotations

import re

from playbook.trials.scorers.registry import Expected, NoOptions, choices, scorer

LONGEST_TEXT = 10_000
_SAID = re.compile(
    r"\b(?:answer|choice|option)\b(?: is)?[:\s]{0,5}[(*\[\"']{0,4}([A-J])\b(?!['\u2019]\w)",
    re.IGNORECASE,
)
_FIRST = re.compile(r"^[\s(*\[\"']{0,10}([A-Ja-j])(?:[\s)*\]\"'.:,]|$)")
_ALONE = re.compile(r"(?<![\w'\u2019])([B-HJ])(?![\w'\u2019])|\(([A-J])\)")
_SEVERAL = re.compile(r"\b[A-J]\s?(?:,|/|\bor\b|\band\b)\s?[A-J]\b")
_SENTENCE = re.compile(r"^[\s]{0,10}[AaIi]\s[a-z]")


@scorer("multiple_choice", expects=(str, list))
def score_multiple_choice(text: str, expected: Expected, options: NoOptions) -> float:
    """Return 1 if the letter that the answer chooses is the expected one, A to J.

    The last letter after `answer`, `choice` or `option` counts, else one that the answer begins
    with, else the only letter that stands alone. An answer that chooses no letter, or several, is
    wrong.

    Example:
        >>> score_multiple_choice("B is tempting, but the answer is (C).", "C", NoOptions())
        1.0
    """
    del options
    wanted = {one.strip().strip("().").upper() for one in choices(expected)}
    return float(chosen_letter(text[:LONGEST_TEXT]) in wanted)


def chosen_letter(text: str) -> str:
    """Return the letter that an answer chooses, or an empty text if it is not clear.

    Example:
        >>> chosen_letter("(b) because it is cheaper"), chosen_letter("A or B")
        ('B', '')
    """
    said = _SAID.findall(text)
    if said:
        return str(said[-1]).upper()
    if _SEVERAL.search(text):
        return ""
    alone = {first or second for first, second in _ALONE.findall(text)}
    begins = None if _SENTENCE.match(text) else _FIRST.match(text)
    if begins and not alone - {begins[1].upper()}:
        return begins[1].upper()
    return alone.pop() if len(alone) == 1 and not begins else ""
