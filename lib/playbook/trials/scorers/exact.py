"""The scorer `exact`."""

from __future__ import annotations

from playbook.trials.scorers.registry import Expected, NoOptions, choices, scorer


@scorer("exact", expects=(str, list))
def score_exact(text: str, expected: Expected, options: NoOptions) -> float:
    r"""Return 1 if the answer, without spaces around it, is the expected text or one of a list.

    Example:
        >>> score_exact(" billing\n", "billing", NoOptions())
        1.0
    """
    del options
    return float(text.strip() in {one.strip() for one in choices(expected)})
