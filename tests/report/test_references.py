"""Every source of the landscape has one number, and the list gives its address and day."""

from datetime import date

from playbook.catalog.ageing import sources_in
from playbook.report.references import marks, marks_of, numbered, sources
from tests.figures.builders import SOURCE, a_landscape, a_model

OTHER = SOURCE.model_copy(update={"title": "Another", "as_of": date(2026, 10, 1)})


def test_each_source_is_listed_once_under_its_number() -> None:
    landscape = a_landscape(models=(a_model(sources=(SOURCE, OTHER)), a_model("b")))

    rows = sources(landscape).rows

    assert len(rows) == len(set(sources_in(landscape)))
    assert [row[0] for row in rows] == [f"[{number}]" for number in range(1, len(rows) + 1)]
    assert ("[1]", "A board", "https://a.example/board", "2026-11-01", "quoted") in rows


def test_marks_are_ascending_and_without_repeats() -> None:
    numbers = {SOURCE: 2, OTHER: 1}

    assert marks((SOURCE, OTHER, SOURCE), numbers) == "[1] [2]"


def test_a_citation_outside_the_list_is_given_in_full() -> None:
    said = marks_of((SOURCE.cite(), "A page (2026-01-01)", ""), {SOURCE: 3})

    assert said == "[3] A page (2026-01-01)"


def test_marks_refer_to_the_list() -> None:
    landscape = a_landscape()

    assert set(numbered(landscape)) == set(sources_in(landscape))
