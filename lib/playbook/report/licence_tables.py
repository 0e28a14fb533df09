"""Tables of terms: licences clause by clause, and what can be changed on each option."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.catalog.licences import LicenceRow
from playbook.catalog.options import Change, Changeable
from playbook.landscape.records import Landscape, LicenceTerms
from playbook.provenance import Source
from playbook.report.references import Numbers, marks, numbered
from playbook.report.table import Cell, Table, Tone

ANSWERS: dict[str | None, tuple[str, Tone]] = {
    "yes": ("✓ yes", "green"),
    "limited": ("◐ limited", "amber"),
    "no": ("✕ no", ""),
    None: ("? not known", ""),
}
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
        "Licences, clause by clause", columns, rows, note, folded=True, on_paper=False,
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


def changeable(landscape: Landscape) -> Table:
    """Return what can be changed on each option left; same answers at a place share a row.

    The licence may bar what a place makes possible: it is judged apart.
    """
    found: dict[tuple[str, Changeable, Source | None], list[str]] = {}
    for model in landscape.models:
        for option in model.findings:
            if option.state != "out" and option.can_change:
                place = option.option.partition("@")[2]
                key = (place, option.can_change, option.change_source)
                found.setdefault(key, []).append(model.title)
    numbers = numbered(landscape)
    rows = [
        (
            place.removeprefix("self:").replace("_", " "),
            ", ".join(models),
            *(Cell(*ANSWERS[part.answer]) for part in _changes(one)),
            "; ".join(dict.fromkeys(part.because for part in _changes(one))),
            _where_read(place, source, numbers),
        )
        for (place, one, source), models in sorted(found.items(), key=lambda item: item[0][0])
    ]
    columns = ("Where", "Models", "Weights", "Tokenizer", "Training data", "Inference settings",
               "Because", "Sources")  # fmt: skip
    note = "As the providers state it, quoted; the licence is judged apart."
    return Table(
        "What can be changed, by place and model", columns, rows, note, folded=True,
        widths=("11%", "18%", "9%", "9%", "9%", "9%", "27%", "8%"),
    )  # fmt: skip


def _where_read(place: str, source: Source | None, numbers: Numbers) -> str:
    if source:
        return marks((source,), numbers)
    return "own servers" if place.startswith("self:") else "not known"


def _changes(one: Changeable) -> tuple[Change, ...]:
    return (one.weights, one.tokenizer, one.training_data, one.inference_settings)
