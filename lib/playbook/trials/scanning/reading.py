"""A text as the rules read it, with the way back to the characters of the text as it was sent.

Full-width forms, digits of other scripts, dashes and spaces of every kind become their plain ASCII
forms; characters that show nothing (zero width, soft hyphens) are dropped. Look-alike letters of
other scripts are left alone.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

_SHOWS_NOTHING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_BREAKS = frozenset("\u2028\u2029\u0085")


@dataclass(frozen=True)
class Reading:
    """A text in plain form; `original` leads back."""

    text: str
    """In plain form."""
    places: tuple[int, ...] | None = None
    """Index in the original of each character; None where they are the same."""

    @cached_property
    def lower(self) -> str:
        """Return the text in lower case, character for character."""
        return self.text.lower()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where a non-empty span of the plain text lies in the original."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def read(text: str) -> Reading:
    r"""Return a text in plain form.

    Example:
        >>> read("\uff14\u200b2").text
        '42'
        >>> read("\uff14\u200b2").original(1, 2)
        (2, 3)
    """
    if text.isascii():
        return Reading(text)
    plain = {one: _plain(one) for one in set(text) if not one.isascii()}
    if all(len(form) == 1 for form in plain.values()):
        return Reading(text.translate({ord(one): form for one, form in plain.items()}))
    forms = [plain.get(one, one) for one in text]
    places = [at for at, form in enumerate(forms) for _ in form]
    return Reading("".join(forms), tuple(places))


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
