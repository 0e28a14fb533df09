"""Rules for numbers and dates that name one person: tax, insurance, identity, passport, birth."""

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
    matching,
)
from playbook.vocabulary import DataClass

_ALONE_BEFORE, _ALONE_AFTER = r"(?<![0-9A-Za-z])(?<![0-9A-Za-z][-.])", r"(?![0-9A-Za-z]|[-.]\w)"
_MONTHS = (
    r"(?:jan|feb|f[ée]v|m[aä]r|apr|avr|abr|ma[iy]|jun|jui|jul|aug|ao[uû]|ago|sep|oct|okt|nov|dec"
    r"|dez|d[ée]c|dic|ene)[a-zéû]{0,7}\.?"
)
_DATE = (
    r"(?:(?:19|20)\d{2}(?P<a>[-./]?)(?:0?[1-9]|1[0-2])(?P=a)(?:0[1-9]|[12]\d|3[01]|[1-9](?!\d))"
    r"|(?:0?[1-9]|[12]\d|3[01])(?P<b>[-./] ?)(?:0?[1-9]|[12]\d|3[01])(?P=b)(?:(?:19|20)\d{2}|\d{2})"
    rf"|(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|\.)?[ -](?:de |of )?{_MONTHS}[ -](?:de )?"
    r"(?:19|20)\d{2}"
    rf"|{_MONTHS} (?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,? (?:19|20)\d{{2}})"
)
_BORN = (
    r"d\.?o\.?b\.?|date[ _-]?of[ _-]?birth|birth ?-?_?(?:date|day)|geb\.?-?datum|geburtsdatum"
    r"|geburtstag"
    r"|geb\.|date de naissance|fecha de nacimiento|f\. ?nac\.?|data di nascita"
    r"|nasc\.|data de nascimento"
    r"|(?:born|geboren|née?|nacid[oa]|nat[oa]|nascid[oa])(?: (?:in|à|en|a|em) \w{2,20}"
    r"(?: \w{2,20})?)?"
    r"(?: (?:on|am|le|el|il|em))?"
)
_STEUER_ID = r"steuer-?id(?:entifikationsnummer|entnummer)?|idnr\.?|identifikationsnummer|tin"
_PASSPORT = (
    r"travel document|passport|passeport|pasaporte|passaporto|reisepass(?:nummer|nr\.?)?"
    r"|pass(?:nummer|-nr\.?)"
)


def _is_ssn(value: str) -> bool:
    """Return whether the parts may be issued: no area 000, 666 or 9xx, no group or serial of 0.

    Specimens that were printed in adverts count: they stand for a number.

    Source: US Social Security Administration, randomization of numbers, 2011.
    """
    number = digits(value)
    area, group, serial = number[:3], number[3:5], number[5:]
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def _is_steuer_id(value: str) -> bool:
    from stdnum.de import idnr  # noqa: PLC0415  only where one may be

    return bool(idnr.is_valid(digits(value)))


def _has_check_digit(value: str) -> bool:
    from stdnum.iso7064 import mod_11_10  # noqa: PLC0415  likewise

    return bool(mod_11_10.is_valid(digits(value)))


def _is_nir(value: str) -> bool:
    from stdnum.fr import nir  # noqa: PLC0415  only where one may be

    return bool(nir.is_valid(compact(value.replace("/", ""))))


def _is_dni(value: str) -> bool:
    from stdnum.es import dni, nie  # noqa: PLC0415  only where one may be

    number = compact(value)
    return bool(dni.is_valid(number) or nie.is_valid(number))


def _is_nino(value: str) -> bool:
    """Return whether the prefix may be given out; the specimen QQ counts.

    Source: HMRC, National Insurance Manual NIM39110.
    """
    prefix = compact(value)[:2]
    barred = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
    allowed = not set(prefix) & set("DFIQUV") and prefix[1] != "O" and prefix not in barred
    return prefix == "QQ" or allowed


def _is_passport(value: str) -> bool:
    numerals = sum(map(str.isdecimal, value))
    return numerals >= 4 or (numerals > 1 and len(value) == 9 and value.isupper())  # noqa: PLR2004  fewer make a word


_MRZ = re.compile(
    r"(?<![0-9A-Z<])(?P<value>[0-9A-Z<]{9}\d[A-Z<]{3}\d{7}[MFX<]\d{7}[0-9A-Z<]{14}[0-9<]\d)"
    r"(?![0-9A-Z<])"
)
_WEIGHTS = (7, 3, 1)


def _machine_readable(reading: Reading) -> Iterator[Span]:
    """Yield the second line of a passport's machine readable zone, by its check digits.

    Source: ICAO Doc 9303, parts 3 (check digits) and 4 (passports).
    """
    for found in _MRZ.finditer(reading.text):
        line = found["value"]
        parts = ((line[:9], line[9]), (line[13:19], line[19]), (line[21:27], line[27]))
        whole = line[:10] + line[13:20] + line[21:43]
        if all(_check_digit(part) == digit for part, digit in (*parts, (whole, line[43]))):
            yield found.span("value")


def _check_digit(part: str) -> str:
    values = (0 if one == "<" else int(one, 36) for one in part)
    return str(sum(value * _WEIGHTS[at % 3] for at, value in enumerate(values)) % 10)


IDENTITY_RULES = (
    Rule(
        "us_ssn",
        "US social security number",
        DataClass.RESTRICTED,
        ("personal",),
        all_of(
            matching(
                rf"{_ALONE_BEFORE}(?P<value>\d{{3}}(?P<gap>[-. ])\d{{2}}(?P=gap)\d{{4}})"
                rf"{_ALONE_AFTER}",
                _is_ssn,
            ),
            labelled(
                r"ssn|ss|social(?:[ _-]?security)?|seguro social",
                r"\d{3}[- .]?\d{2}[- .]?\d{4}",
                _is_ssn,
            ),
        ),
    ),
    Rule(
        "uk_nino",
        "UK National Insurance number",
        DataClass.RESTRICTED,
        ("personal",),
        matching(
            rf"{BEFORE}(?P<value>[A-Za-z]{{2}}(?:[ -]?\d\d){{3}}[ -]?[A-Da-d]){AFTER}",
            _is_nino,
        ),
    ),
    Rule(
        "de_tax_id",
        "German tax identification number",
        DataClass.RESTRICTED,
        ("personal",),
        all_of(
            matching(
                rf"{_ALONE_BEFORE}(?P<value>\d{{11}}|\d\d \d{{3}} \d{{3}} \d{{3}}){_ALONE_AFTER}",
                _is_steuer_id,
            ),
            labelled(_STEUER_ID, r"\d{11}|\d\d \d{3} \d{3} \d{3}", _has_check_digit),
        ),
    ),
    Rule(
        "fr_nir",
        "French social security number (NIR)",
        DataClass.RESTRICTED,
        ("personal",),
        matching(
            rf"{BEFORE}(?P<value>[12](?:[ .-]?\d\d){{2}}[ .-]?(?:\d\d|2[AB])(?:[ .-]?\d{{3}}){{2}}"
            rf"[ ./-]?\d\d){AFTER}",
            _is_nir,
        ),
    ),
    Rule(
        "es_dni",
        "Spanish identity number (DNI, NIE)",
        DataClass.RESTRICTED,
        ("personal",),
        matching(
            rf"{BEFORE}(?P<value>(?:\d\d\.?\d{{3}}\.?\d{{3}}|[XYZxyz][ -]?\d{{7}})[ -]?[A-Za-z])"
            rf"{AFTER}",
            _is_dni,
        ),
    ),
    Rule(
        "passport",
        "passport number",
        DataClass.RESTRICTED,
        ("personal",),
        all_of(
            labelled(_PASSPORT, r"[a-z]{1,2} \d{6,8}|[0-9a-z]{6,9}", _is_passport),
            _machine_readable,
        ),
        cues=("pass", "pasaporte", "travel document", "<"),
    ),
    Rule(
        "date_of_birth",
        "date of birth",
        DataClass.CONFIDENTIAL,
        ("personal",),
        labelled(_BORN, _DATE),
        cues=("born", "birth", "dob", "d.o.b", "geb", "né", "naci", "nac", "nat", "nasc"),
    ),
)
