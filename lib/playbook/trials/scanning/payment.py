"""Rules for cards and bank accounts: issuer ranges, check digits, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playbook.trials.scanning.reading import Reading
from playbook.trials.scanning.rule import (
    AFTER,
    BEFORE,
    Rule,
    Span,
    all_of,
    compact,
    digits,
    labelled,
)
from playbook.vocabulary import DataClass

_GAP = r"[ \t\r\n.-]{1,2}"
_SHAPES = (
    rf"(?:\d{{4}}{_GAP}){{3}}\d{{1,4}}",
    rf"(?:\d{{4}}{_GAP}){{4}}\d{{3}}",
    rf"3\d{{3}}{_GAP}\d{{6}}{_GAP}\d{{4,5}}",
    rf"\d{{8}}{_GAP}\d{{8}}",
    r"\d{13,19}",
)
_CARDS = tuple(
    re.compile(rf"{BEFORE}(?<!\d[.,])(?=({one})(?:{AFTER}(?!\.\d)|(?i:exp|cvv|cvc)))")
    for one in _SHAPES
)
_LONG_RUN = re.compile(r"\d[\d \t\r\n.-]{11,}+")
_TAIL = len("exp")
_ISSUERS: tuple[tuple[str, range], ...] = (
    (r"4", range(13, 20, 3)),
    (r"5[1-5]", range(16, 17)),
    (r"2(?:2[3-9]|[3-6]|7[01]|22[1-9]|720)", range(16, 17)),
    (r"3[47]", range(15, 16)),
    (r"3(?:0[0-5]|095|[689])", range(14, 20)),
    (r"35(?:2[89]|[3-8])", range(16, 20)),
    (r"6(?:011|4[4-9]|5)", range(16, 20)),
    (r"62|81", range(16, 20)),
    (r"220[0-4]", range(16, 20)),
    (r"50(?:18|19|20|38)|5893|6304|6759|676[1-3]", range(13, 20)),
)
"""First digits and lengths of card networks.

Source: ISO/IEC 7812-1 and the ranges that Visa, Mastercard, American Express, Diners Club, JCB,
Discover, UnionPay, Mir, Dankort and Maestro publish.
"""
_PREFIXES = tuple((re.compile(prefix), lengths) for prefix, lengths in _ISSUERS)
_IBAN = re.compile(
    rf"{BEFORE}(?P<value>[A-Za-z]{{2}}\d{{2}}(?:(?:[ -]|\r?\n)?[0-9A-Za-z]{{1,4}}){{3,9}}){AFTER}"
)
_ACCOUNT_NEAR = re.compile(r"(?i)bank|routing|\baba\b|checking|savings|\bach\b|wire|direct deposit")
_ACCOUNT = re.compile(
    r"(?i)(?<![A-Za-z])(?:account|acct|a/c)s?(?:[\s.:=#_\"']|number|num|no|is){0,8}"
    rf"{BEFORE}(?P<value>\d[\d -]{{4,18}}\d){AFTER}"
)
_NEAR_CHARACTERS = 80


def _cards(reading: Reading) -> Iterator[Span]:
    for run in _LONG_RUN.finditer(reading.text):
        for shape in _CARDS:
            for found in shape.finditer(reading.text, run.start(), run.end() + _TAIL):
                if _is_card(digits(found[1])):
                    yield found.span(1)


def _is_card(number: str) -> bool:
    known = any(
        len(number) in lengths and prefix.match(number) is not None for prefix, lengths in _PREFIXES
    )
    if not known or len(set(number)) == 1:
        return False
    from stdnum import luhn  # noqa: PLC0415  only where a card may be

    return bool(luhn.is_valid(number))


def _is_iban(value: str) -> bool:
    from stdnum import iban  # noqa: PLC0415  only where an account may be

    return bool(iban.is_valid(compact(value), check_country=False))


def _ibans(reading: Reading) -> Iterator[Span]:
    """Yield account numbers; a following word may look like part of one, so try shorter ones."""
    for found in _IBAN.finditer(reading.text):
        start, end = found.span("value")
        parts = [at.start() for at in re.finditer(r"[ -]|\r?\n", reading.text[start:end])]
        for stop in (end - start, *reversed(parts)):
            if _is_iban(reading.text[start : start + stop]):
                yield start, start + stop
                break


def _is_routing_number(value: str) -> bool:
    from stdnum.us import rtn  # noqa: PLC0415  only where one may be

    return bool(rtn.is_valid(digits(value)))


def _accounts(reading: Reading) -> Iterator[Span]:
    for found in _ACCOUNT.finditer(reading.text):
        near = reading.text[max(0, found.start() - _NEAR_CHARACTERS) : found.end() + 40]
        if _ACCOUNT_NEAR.search(near):
            yield found.span("value")


PAYMENT_RULES = (
    Rule(
        "iban",
        "bank account number (IBAN)",
        DataClass.RESTRICTED,
        ("npi_financial", "personal"),
        _ibans,
    ),
    Rule(
        "payment_card",
        "payment card number",
        DataClass.RESTRICTED,
        ("cardholder_pan", "personal"),
        _cards,
    ),
    Rule(
        "us_bank_account",
        "US bank routing or account number",
        DataClass.RESTRICTED,
        ("npi_financial", "personal"),
        all_of(
            labelled(r"routing|aba|rtn", r"\d{9}", _is_routing_number),
            _accounts,
        ),
        cues=("routing", "aba", "rtn", "account", "acct", "a/c"),
    ),
)
