"""Numbers for the sources of a page, so that each row of a table names its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playbook.catalog.ageing import sources_in
from playbook.landscape.records import Landscape
from playbook.provenance import Source
from playbook.report.table import Table

Numbers = Mapping[Source, int]


def numbered(landscape: Landscape) -> Numbers:
    """Return the number of each source of a landscape, in the order of the record."""
    found = dict.fromkeys(sources_in(landscape))
    return {source: number for number, source in enumerate(found, start=1)}


def marks(sources: Iterable[Source], numbers: Numbers) -> str:
    """Return the numbers of some sources as `[1] [4]`.

    Example:
        >>> from datetime import date
        >>> one = Source(title="Prices", as_of=date(2026, 1, 2), kind="vendor")
        >>> marks([one], {one: 4})
        '[4]'
    """
    return " ".join(f"[{number}]" for number in sorted({numbers[one] for one in sources}))


def marks_of(citations: Iterable[str], numbers: Numbers) -> str:
    """Return the numbers of sources given by their citation; one without a number in full."""
    known = {source.cite(): number for source, number in numbers.items()}
    found = [known.get(text, text) for text in dict.fromkeys(citations) if text]
    counted = sorted(one for one in found if isinstance(one, int))
    return " ".join([*(f"[{one}]" for one in counted), *(str(one) for one in found
                                                         if isinstance(one, str))])  # fmt: skip


def sources(landscape: Landscape) -> Table:
    """Return every source of a landscape with its number, address, day and provenance word."""
    rows = [
        (f"[{number}]", one.title, one.url or "no address", one.as_of.isoformat(),
         one.provenance.value)
        for one, number in numbered(landscape).items()
    ]  # fmt: skip
    columns = ("No.", "Source", "Address", "As of", "Provenance")
    return Table("Sources of this section", columns, rows, folded=True,
                 widths=("5%", "40%", "33%", "11%", "11%"))  # fmt: skip
