"""Licences are shown clause by clause; what nobody read is told from what is not there."""

from playbook.report import licence_tables
from tests.figures.builders import a_landscape


def test_a_clause_has_its_section_and_words() -> None:
    first = licence_tables.licences(a_landscape()).rows[0]

    assert tuple(first) == ("A licence", "naming", "section 2", "Show a name.", "[1]")


def test_what_is_absent_and_what_was_not_read_are_told_apart() -> None:
    _, absent, unread = licence_tables.licences(a_landscape()).rows

    assert (absent[1], absent[3]) == ("not in the text", "user ceiling, revenue cap")
    assert (unread[1], unread[1].tone, unread[3]) == ("? not read", "amber", "governing law")
