"""A text in plain form, bounded, and its sentences."""

from __future__ import annotations

import re
import unicodedata

LONGEST_TEXT = 20_000
_QUOTES = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013", "-")
)
_BREAK = re.compile(
    r"(?<=[.!?])[ \t]{1,8}(?!\[\d)|(?<=[.!?] \[\d\])[ \t]{1,8}|[ \t]{0,8}\n[ \t]{0,8}"
)
_ABBREVIATED = re.compile(
    r"(?i)(?:^|[\s(\[])(?:art|sec|s|no|nr|cl|ch|para|reg|fig|vol|approx|max|min|e\.g|i\.e|cf|v|vs"
    r"|mr|mrs|ms|dr|st|al|[a-z]\.m|inc|ltd)\.$"
)


def plain(text: str) -> str:
    r"""Return the first 20,000 characters of a text in Unicode form NFKC with straight quotes.

    Example:
        >>> plain("It\u2019s \uff14")
        "It's 4"
    """
    return unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).translate(_QUOTES)[:LONGEST_TEXT]


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a plain text; lines count apart, abbreviations do not end one.

    A marker such as `[1]` after a full stop belongs to the sentence before it.

    Example:
        >>> sentences("See Art. 5. [1] It ends there.")
        ('See Art. 5. [1]', 'It ends there.')
    """
    found: list[str] = []
    goes_on = False
    for part in _BREAK.split(text):
        if goes_on:
            found[-1] = f"{found[-1]} {part}"
        elif part.strip():
            found.append(part.strip())
        goes_on = bool(found) and bool(_ABBREVIATED.search(found[-1][-12:]))
    return tuple(found)


def squashed(text: str) -> str:
    """Return the letters and digits of a text in lower case, nothing else.

    Example:
        >>> squashed("B-L u.E 7")
        'blue7'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, folded))
