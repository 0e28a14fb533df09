"""A text as the rules read it, with the way back to the characters of the text as it was sent.

Full-width forms, digits of other scripts, dashes and spaces of every kind become their plain ASCII
forms; characters that show nothing (zero width, soft hyphens) are dropped; HTML entities and the
escapes of JSON and of code read as what they stand for. Look-alike letters of other scripts are
left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape

_SHOWS_NOTHING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_ESCAPED = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});|\\u[0-9A-Fa-f]{4}|\\[nrt]"
)
_BREAKS = frozenset("\u2028\u2029\u0085")


@dataclass(frozen=True)
class Reading:
    """A text in plain form; `original` leads back."""

    text: str
    """In plain form."""
    places: tuple[tuple[int, int], ...] | None = None
    """Start and end in the original of each character; None where they are the same."""

    @cached_property
    def lower(self) -> str:
        """Return the text in lower case, character for character."""
        return self.text.lower()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where a non-empty span of the plain text lies in the original."""
        if self.places is None:
            return start, end
        return self.places[start][0], self.places[end - 1][1]


def read(text: str) -> Reading:
    r"""Return a text in plain form.

    Example:
        >>> read("\uff14\u200b2").text
        '42'
        >>> read("\uff14\u200b2").original(1, 2)
        (2, 3)
    """
    escaped = _ESCAPED.search(text) is not None
    if text.isascii() and not escaped:
        return Reading(text)
    plain = {one: _plain(one) for one in set(text)}
    if not escaped and all(len(form) == 1 for form in plain.values()):
        return Reading(text.translate({ord(one): form for one, form in plain.items()}))
    forms, places = [], []
    for written, start, end in _written(text):
        meant = plain[written] if end - start == 1 else "".join(map(_plain, _meant(written)))
        forms.append(meant)
        places += [(start, end)] * len(meant)
    return Reading("".join(forms), tuple(places))


def _written(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each character or escape of a text, with its start and end."""
    at = 0
    for found in _ESCAPED.finditer(text):
        yield from ((text[one], one, one + 1) for one in range(at, found.start()))
        at = found.end()
        yield found[0], found.start(), at
    yield from ((text[one], one, one + 1) for one in range(at, len(text)))


def _meant(escape: str) -> str:
    """Return what an escape stands for; one that stands for nothing known is itself."""
    if escape[0] == "&":
        return unescape(escape)
    return chr(int(escape.replace("\\u", "0x"), base=0)) if escape[1] == "u" else "\n"


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if character in _BREAKS:
        return "\n"
    if category == "Cf" or character in _SHOWS_NOTHING or ord(character) in _VARIATION_SELECTORS:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain.lower()) == len(plain) else _without_dot(plain)


def _without_dot(plain: str) -> str:
    """Return a text without the one letter whose small form has two characters, the dotted I."""
    return plain.replace("\u0130", "I")
