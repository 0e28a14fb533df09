"""Rules for secrets of any issuer: key files, signed tokens, passwords in addresses and fields."""

from __future__ import annotations

import binascii
import json
import math
import re
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterator

from playbook.trials.scanning.reading import Reading
from playbook.trials.scanning.rule import Rule, Span, all_of, caseless, matching
from playbook.vocabulary import DataClass

_KEY_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = re.compile(r"-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY = re.compile(r"[0-9A-Za-z+/=]{24}")
_LONGEST_KEY = 20_000
_BODY_WITHIN = 400
_LABELS = (
    r"pass ?-?_?(?:word|phrase|wd|code)|pwd|(?<![a-z])pw|passwort|kennwort|contraseña|mot de passe"
    r"|wachtwoord|senha|secret|api[ _-]?key|access[ _-]?key|secret[ _-]?key|private[ _-]?key"
    r"|(?:auth|access|refresh|bearer|api|session|id)[ _-]?token|token"
    r"|client[ _-]?secret|credentials?"
)
_ASSIGNED = (
    rf"(?:{_LABELS})[\"'`]?"
    r"(?:\s(?:for|of|to|für|pour|para) [\w .-]{1,30})?"
    r"(?:>\s{0,3}|\s{0,3}(?::=|=>|==?|:)\s{0,3}|\s(?:is|lautet|ist|es|est)\s{1,3}(?:now\s|:\s?)?)"
    r"[\"'`]?(?P<value>[^\s\"'`,;&<>]{6,200})"
)
_SPOKEN = r"(?:key|token|secret)\s{1,3}[\"'`]?(?P<value>[0-9a-z_+/-]{20,200})(?![0-9a-z_+/-])"
_GIVEN = r"(?<!\S)(?:-u|--user)[ =][\w.@-]{1,60}:(?P<value>[^\s\"'`]{6,200})"
_PLACEHOLDERS = re.compile(
    r"(?i)^(?:\W*|x+|password\d*|pass|secret|changeme|change_me|example|test|user|admin|root|your.*"
    r"|none|null|true|false|undefined|redacted|hidden|placeholder|token|string|\W*\w{0,40}\*{3,}.*)$"
)
_CODE = re.compile(r"[(){}\[\]$]|^\w+(?:\.\w+)+$|://|^--?\w")
_FEWEST_BITS_PER_CHARACTER, _FEWEST_BITS_OF_A_KEY = 2.3, 3.5


def _private_keys(reading: Reading) -> Iterator[Span]:
    """Yield key blocks; one that was cut off ends with the text that follows it."""
    text, seen = reading.text, 0
    for found in _KEY_BEGIN.finditer(text):
        if found.start() < seen or not _KEY_BODY.search(
            text, found.end(), found.end() + _BODY_WITHIN
        ):
            continue
        end = _KEY_END.search(text, found.end(), found.end() + _LONGEST_KEY)
        seen = end.end() if end else min(len(text), found.end() + _BODY_WITHIN)
        yield found.start(), seen


def _is_jwt(value: str) -> bool:
    head = value.partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return False
    return isinstance(header, dict) and "alg" in header


def _is_password(value: str) -> bool:
    """Return whether a value is more than a placeholder, such as `${PASSWORD}` or `****`."""
    return not _PLACEHOLDERS.match(value) and not re.match(r"[<{$%\[(]", value)


def _is_secret_word(value: str) -> bool:
    """Return whether a value looks made up by a machine or a careful person, not written as prose.

    It mixes letters with digits or signs, and its characters vary.
    """
    word = value.rstrip(".,:;!?)")
    if len(word) < 6 or not _is_password(word) or _CODE.search(word):  # noqa: PLR2004  shorter guards nothing
        return False
    letters = any(map(str.isalpha, word))
    others = any(not one.isalpha() and one not in "-_." for one in word)
    return letters and others and bits_per_character(word) >= _FEWEST_BITS_PER_CHARACTER


def _is_random(value: str) -> bool:
    """Return whether a value has digits, small and capital letters, and varies as a key does."""
    kinds = (str.isdecimal, str.islower, str.isupper)
    mixed = all(any(map(kind, value)) for kind in kinds)
    return mixed and bits_per_character(value) >= _FEWEST_BITS_OF_A_KEY


def bits_per_character(word: str) -> float:
    """Return the Shannon entropy of a word's characters, in bits per character.

    Source: Shannon, A Mathematical Theory of Communication (1948), section 6.

    Example:
        >>> bits_per_character("abcd")
        2.0
    """
    counts = Counter(word)
    return -math.fsum(one / len(word) * math.log2(one / len(word)) for one in counts.values())


CREDENTIAL_RULES = (
    Rule(
        "private_key",
        "private key",
        DataClass.RESTRICTED,
        ("secrets",),
        _private_keys,
        cues=("private key",),
    ),
    Rule(
        "jwt",
        "signed token (JWT)",
        DataClass.RESTRICTED,
        ("secrets",),
        matching(
            r"(?<![\w-])(?P<value>eyJ[\w-]{10,2000}\.[\w-]{4,8000}\.[\w-]{10,2000})(?![\w-])",
            _is_jwt,
            flags=re.ASCII,
        ),
        cues=("eyj",),
    ),
    Rule(
        "connection_string",
        "password in an address",
        DataClass.RESTRICTED,
        ("secrets",),
        all_of(
            matching(
            r"(?<![0-9A-Za-z+.-])[A-Za-z][0-9A-Za-z+.-]{1,20}://[^\s/:@\"'<>]{0,80}:"
            r"(?P<value>[^\s/@\"'<>]{3,200})@(?=[0-9A-Za-z\[])",
                _is_password,
            ),
            caseless(
                r"(?:account|sharedaccess)key=(?P<value>[0-9a-z+/]{40,100}={0,2})",
            ),
        ),
        cues=("://", "accountkey=", "sharedaccesskey="),
    ),
    Rule(
        "assigned_secret",
        "password or key in a field",
        DataClass.RESTRICTED,
        ("secrets",),
        all_of(
            caseless(_ASSIGNED, _is_secret_word),
            caseless(_SPOKEN, _is_random),
            matching(_GIVEN, _is_secret_word),
        ),
        cues=(
            "pass", "pwd", "pw", "-u", "--user", "kennwort", "contrase", "wachtwoord", "senha",
            "secret", "key", "token",
            "credential",
        ),
    ),
)  # fmt: skip
