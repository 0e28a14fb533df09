"""The scorer `regex`, with patterns kept to those that can't run for long."""

from __future__ import annotations

import re
from re import _constants as codes  # type: ignore[attr-defined]  # not in the stubs
from re import _parser as parser  # type: ignore[attr-defined]  # not in the stubs
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from playbook.records import Record
from playbook.trials.scorers.registry import Expected, scorer

LONGEST_TEXT = 1_000
MOST_STEPS = 1e9
_PLAIN = {codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN, codes.AT}
_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT}


def checked_pattern(pattern: str) -> str:
    """Return a pattern whose search in 1,000 characters is bounded, else raise.

    Python's own engine backtracks and can't be stopped from outside, so patterns are refused that
    could run for long: a repeat inside a repeat, alternatives inside a repeat, back references,
    look-around, and more variable repeats in a row than 1,000 characters allow.

    Raises:
        ValueError: naming the reason and a way out.
    """
    try:
        tree = parser.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        msg = f"not a regular expression: {error}"
        raise ValueError(msg) from error
    anchored = bool(tree.data) and tree.data[0] == (codes.AT, codes.AT_BEGINNING)
    steps = _steps(tree, inside_repeat=False) * (1 if anchored else LONGEST_TEXT)
    if steps > MOST_STEPS:
        msg = (
            "could run too long: too many variable repeats; begin it with ^, "
            "or bound them, such as {0,5} for *"
        )
        raise ValueError(msg)
    return pattern


class RegexOptions(Record):
    """The pattern, and how it is matched."""

    pattern: Annotated[str, Field(min_length=1, max_length=300), AfterValidator(checked_pattern)]
    """Regular expression, Python syntax without back references and look-around."""
    ignore_case: bool = False
    """Whether upper and lower case count as equal."""
    whole: bool = False
    """Whether the whole answer must match, without spaces around it."""


@scorer("regex", expects=(), options=RegexOptions)
def score_regex(text: str, expected: Expected, options: RegexOptions) -> float:
    r"""Return 1 if the pattern is found in the first 1,000 characters of the answer.

    Example:
        >>> score_regex("Order AB-123", None, RegexOptions(pattern=r"[A-Z]{2}-\d+"))
        1.0
    """
    del expected
    flags = re.IGNORECASE if options.ignore_case else re.NOFLAG
    compiled = re.compile(options.pattern, flags)
    if options.whole:
        stripped = text.strip()
        short = len(stripped) <= LONGEST_TEXT
        return float(short and compiled.fullmatch(stripped) is not None)
    return float(compiled.search(text[:LONGEST_TEXT]) is not None)


def _steps(tree: Any, *, inside_repeat: bool) -> float:  # noqa: ANN401  re's tree has no public type
    steps = 1.0
    for code, value in tree:
        steps *= _steps_of(code, value, inside_repeat=inside_repeat)
    return steps


def _steps_of(code: Any, value: Any, *, inside_repeat: bool) -> float:  # noqa: ANN401  as above
    if code in _PLAIN:
        return 1.0
    if code is codes.SUBPATTERN:
        return _steps(value[-1], inside_repeat=inside_repeat)
    if code is codes.BRANCH and not inside_repeat:
        return sum(_steps(branch, inside_repeat=False) for branch in value[1])
    if code in _REPEATS and not inside_repeat:
        low, high, body = value
        body_steps = _steps(body, inside_repeat=int(high) > 1)
        return body_steps * (min(int(high) - int(low), LONGEST_TEXT) + 1)
    if code is codes.BRANCH or code in _REPEATS:
        msg = "could run too long: a repeat or alternatives inside a repeat"
        raise ValueError(msg)
    msg = f"{str(code).lower()} is not supported"
    raise ValueError(msg)
