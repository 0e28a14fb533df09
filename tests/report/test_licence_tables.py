"""Licences are shown clause by clause; what nobody read is told from what is not there."""

from playbook.catalog.options import Change
from playbook.report import licence_tables
from tests.figures.builders import a_change, a_landscape, a_model


def test_a_clause_has_its_section_and_words() -> None:
    first = licence_tables.licences(a_landscape()).rows[0]

    assert tuple(first) == ("A licence", "naming", "section 2", "Show a name.", "[1]")


def test_what_is_absent_and_what_was_not_read_are_told_apart() -> None:
    _, absent, unread = licence_tables.licences(a_landscape()).rows

    assert (absent[1], absent[3]) == ("not in the text", "user ceiling, revenue cap")
    assert (unread[1], unread[1].tone, unread[3]) == ("? not read", "amber", "governing law")


def test_models_with_the_same_answers_at_a_place_share_a_row() -> None:
    (row,) = licence_tables.changeable(a_landscape()).rows[:1]

    assert tuple(row[:6]) == (
        "host", "Named, Closed, Other", "✕ no", "? not known", "◐ limited", "✓ yes",
    )  # fmt: skip
    assert "adapters only" in row[6]
    assert row[7] == "[1]"


def test_an_option_that_is_out_is_not_among_what_can_be_changed() -> None:
    out = a_model()
    out = out.changed(findings=(out.findings[0].changed(state="out"),))

    assert not licence_tables.changeable(a_landscape(models=(out,))).rows


def test_another_answer_makes_another_row() -> None:
    other = a_model("b")
    free = a_change(weights=Change(answer="yes", because="files"))
    other = other.changed(findings=(other.findings[0].changed(can_change=free),))

    assert len(licence_tables.changeable(a_landscape(models=(a_model(), other))).rows) == 2
