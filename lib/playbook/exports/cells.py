"""Cells of a CSV that no spreadsheet runs, and the text that they stood for."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

FORMULA = re.compile("'*[ ]*[-=+@\t\r\n\uff1d\uff0b\uff0d\uff20]")

_MONTHS = 12
_DAY = re.compile(
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?:(?P<dot>\.)|/)(?P<second>\d{1,2})(?:(?(dot)\.|/))(?P<last>\d{4})",
    re.ASCII,
)


def harmless(cell: object) -> object:
    """Return a text cell that no spreadsheet takes for a formula; numbers stay numbers.

    What a formula could begin with gets a quote in front, and so does such a text that has quotes
    already: `as_written` gives back what was there.

    Source:
        OWASP, CSV Injection: prefix cells that start with = + - @ (also full-width), tab, return
        or line feed.

    Example:
        >>> harmless("=1+1"), harmless("'=1+1"), harmless("it's"), harmless(-5)
        ("'=1+1", "''=1+1", "it's", -5)
    """
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def as_written(cell: str) -> str:
    """Return the text that `harmless` made a cell of.

    Example:
        >>> as_written("'=1+1"), as_written("''=1+1"), as_written("'tis")
        ('=1+1', "'=1+1", "'tis")
    """
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def csv_text(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    line_end: str = "\n",
) -> str:
    """Return a CSV with a header, every cell of it harmless."""
    text = StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def one_line(text: str) -> str:
    r"""Return text on one line: no control or format characters, single spaces.

    Example:
        >>> one_line("a\n\tb\x00")
        'a b'
    """
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())


def day_in(cell: str) -> date | None:
    """Return the day that a cell names, or None where it names none or could mean two.

    Spreadsheets write dates anew as their country does: `29.1.2027` has the day first, and with
    slashes only the one above 12 can be the day.

    Example:
        >>> day_in("2027-01-29") == day_in("29.01.2027") == day_in("1/29/2027"), day_in("1/2/2027")
        (True, None)
    """
    match = _DAY.fullmatch(cell.strip())
    if match is None:
        return None
    year, month, day = match["year"], match["month"], match["day"]
    if year is None and match["dot"]:
        day, month, year = match.group("first", "second", "last")
    elif year is None:
        low, high = sorted((match["first"], match["second"]), key=int)
        if int(high) <= _MONTHS and low != high:
            return None
        year, month, day = match["last"], low, high
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
