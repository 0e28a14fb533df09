from __future__ import annotations

import pytest

from playbook.trials.grounding.quantities import Quantity, holds, quantities


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,234.50 USD", [("1234.5", "usd")]),
        ("\u20ac20 or 20 euros", [("20", "eur"), ("20", "eur")]),
        ("1.5% a month", [("1.5", "%")]),
        ("two weeks, one day", [("2", "week"), ("1", "day")]),
        ("one of them", []),
        ("0.5 g and 500 mg", [("500", "mg"), ("500", "mg")]),
        ("a 30-day limit", [("30", "day")]),
        ("see [2] and\n1. first", []),
        ("AB12 and 3rd", []),
        ("5 May", [("--05-05", "")]),
        ("2031-03-12", [("2031-03-12", "")]),
        ("July 1st, 2031", [("2031-07-01", "")]),
    ],
)
def test_quantities_are_read_with_their_units(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.value, one.unit) for one in quantities(text)] == found


def test_a_number_without_unit_counts_with_any_and_another_unit_does_not() -> None:
    among = frozenset({Quantity("30", "day")})

    assert holds(Quantity("30"), among)
    assert not holds(Quantity("30", "week"), among)
    assert not holds(Quantity("31"), among)


def test_a_date_without_year_is_held_by_the_same_day() -> None:
    among = frozenset({Quantity("2031-03-12")})

    assert holds(Quantity("--03-12"), among)
    assert not holds(Quantity("2032-03-12"), among)
    assert not holds(Quantity("--03-13"), among)
