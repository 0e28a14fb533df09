"""Rules for numbers of patients and of those who treat them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playbook.trials.scanning.reading import Reading
from playbook.trials.scanning.rule import AFTER, BEFORE, Rule, Span, all_of, digits, labelled
from playbook.vocabulary import DataClass

_SPACED = re.compile(rf"{BEFORE}(?P<value>\d{{3}} \d{{3}} \d{{4}}){AFTER}")
_IN_USE = "4679"
_NPI_ISSUER = "80840"
_RECORD = (
    r"mrn|medical record|med\. ?rec\.?|patient[ _-]?(?:id|number|no)"
    r"|chart(?= ?(?:[#:]|no|num|nr|id))"
    r"|pat(?:ienten|\.)?-?(?:nummer|nr|id)|fall-?(?:nummer|nr)"
    r"|dossier m[ée]dical|num[ée]ro de dossier(?: m[ée]dical)?|nhc"
    r"|historia cl[íi]nica"
)


def _is_nhs_number(value: str) -> bool:
    from stdnum.gb import nhs  # noqa: PLC0415  only where one may be

    return bool(nhs.is_valid(digits(value)))


def _spaced(reading: Reading) -> Iterator[Span]:
    """Yield numbers grouped as the NHS prints them, in the ranges that it gives out.

    Source: NHS Data Model and Dictionary, NHS NUMBER.
    """
    for found in _SPACED.finditer(reading.text):
        if found["value"][0] in _IN_USE and _is_nhs_number(found["value"]):
            yield found.span("value")


def _is_npi(value: str) -> bool:
    """Return whether the check digit is right, counted with the US health issuer's prefix.

    Source: 45 CFR 162.406; CMS, NPI check digit.
    """
    from stdnum import luhn  # noqa: PLC0415  only where one may be

    return bool(luhn.is_valid(_NPI_ISSUER + digits(value)))


HEALTH_RULES = (
    Rule(
        "uk_nhs_number",
        "UK NHS number",
        DataClass.RESTRICTED,
        ("phi", "personal"),
        all_of(
            labelled(r"n\.?h\.?s\.?", r"\d{3}[ -]?\d{3}[ -]?\d{4}", _is_nhs_number),
            _spaced,
        ),
    ),
    Rule(
        "medical_record_number",
        "medical record or patient number",
        DataClass.RESTRICTED,
        ("phi", "personal"),
        labelled(_RECORD, r"[a-z]{0,3}-?\d[\d-]{3,14}"),
        cues=("mrn", "med", "pat", "chart", "fall", "dossier", "nhc", "historia"),
    ),
    Rule(
        "us_npi",
        "US national provider identifier",
        DataClass.CONFIDENTIAL,
        ("personal",),
        labelled(r"npi|provider identifier", r"[12]\d{3}[ -]?\d{3}[ -]?\d{3}", _is_npi),
        cues=("npi", "provider identifier"),
    ),
)
