"""Tables of terms: licences clause by clause, and what can be changed on each option."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.catalog.licences import LicenceRow
from playbook.landscape.records import Landscape, LicenceTerms
from playbook.report.references import marks, numbered
from playbook.report.table import Cell, Table

READINGS = {"absent": "not in the text", "not_read": "? not read"}


def licences(landscape: Landscape) -> Table:
    """Return the licences of the models clause by clause, each with its section.

    Kinds of clause that a licence has not, and those that nobody read, share one row each.
    """
    numbers = numbered(landscape)
    rows = [
        (one.title, *part, marks((one.source,), numbers))
        for one in landscape.licences
        for part in _parts(one)
    ]
    columns = ("Licence", "Clause", "Section", "What it says, in our words", "Sources")
    note = (
        "Our own words are no substitute for the text; decision support, not legal advice. What "
        "nobody read is unknown and never counts as absent."
    )
    return Table(
        "Licences, clause by clause", columns, rows, note, folded=True,
        widths=("18%", "15%", "17%", "42%", "8%"),
    )  # fmt: skip


def _parts(one: LicenceTerms) -> Iterator[tuple[str, str, str]]:
    for row in one.rows:
        if row.reading == "present":
            yield _words(row), row.section, row.words
    for reading, words in READINGS.items():
        kinds = ", ".join(_words(row) for row in one.rows if row.reading == reading)
        if kinds:
            yield Cell(words, "amber" if reading == "not_read" else ""), "", kinds


def _words(row: LicenceRow) -> str:
    return row.kind.replace("_", " ")
