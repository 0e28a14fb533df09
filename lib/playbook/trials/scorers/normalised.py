"""The scorer `normalised`."""

from __future__ import annotations

import unicodedata

from playbook.trials.scorers.registry import Expected, NoOptions, choices, scorer


@scorer("normalised", expects=(str, list))
def score_normalised(text: str, expected: Expected, options: NoOptions) -> float:
    """Return 1 if answer and expected text agree but for case, punctuation, spaces and form.

    Texts are brought to Unicode form NFKC first, so that full-width letters count as plain ones.

    Example:
        >>> score_normalised("Not  stated.", "not stated", NoOptions())
        1.0
    """
    del options
    return float(normalise(text) in {normalise(one) for one in choices(expected)})


def normalise(text: str) -> str:
    """Return a text in lower case, its punctuation taken out and its spaces made single.

    Example:
        >>> normalise("  It's DONE! ")
        'its done'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = (one for one in folded if not unicodedata.category(one).startswith("P"))
    return " ".join("".join(kept).split())
