"""Cells of a CSV that no spreadsheet runs, and the text that they stood for."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

FORMULA = re.compile("'*[ ]*[-=+@\t\r\n\uff1d\uff0b\uff0d\uff20]")

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


def days_in(cell: str) -> tuple[date, ...]:
    """Return the day that a cell names: none if it names none, two if it could be either.

    Spreadsheets write dates anew as their country does: `29.1.2027` has the day first, and with
    slashes either may come first, unless one is above 12.

    Example:
        >>> [len(days_in(cell)) for cell in ("2027-01-29", "29.1.2027", "1/29/2027", "1/2/2027")]
        [1, 1, 1, 2]
    """
    match = _DAY.fullmatch(cell.strip())
    if match is None:
        return ()
    first, second, last = match.group("first", "second", "last")
    if first is None:
        readings = {match.group("year", "month", "day")}
    else:
        day_first, month_first = (last, second, first), (last, first, second)
        readings = {day_first} if match["dot"] else {day_first, month_first}
    days = {day for parts in readings if (day := _day(*map(int, parts)))}
    return tuple(sorted(days))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
