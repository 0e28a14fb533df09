"""A table shows text as text; a cell that stands out does so in a notebook and in the report."""

from hypothesis import given
from hypothesis import strategies as st

from playbook.report.table import Cell, Table
from playbook.report.templating import _environment

HOSTILE = "</td><script>alert(1)</script>"


def test_a_toned_cell_is_styled_in_a_notebook_and_still_text() -> None:
    page = Table("T", ("A",), [(Cell("≠ two prices", "amber"), "plain")])._repr_html_()

    assert page.count("#fff0c2") == 1
    assert "≠ two prices</td>" in page


def test_hostile_cells_stay_text_however_toned() -> None:
    page = Table("T", ("A",), [(Cell(HOSTILE, "red"), HOSTILE)], note=HOSTILE)._repr_html_()

    assert "<script" not in page


def test_a_folded_table_starts_closed_with_its_number_of_rows() -> None:
    page = Table("T", ("A",), [("1",), ("2",)], folded=True)._repr_html_()

    assert page.startswith("<details><summary><b>T (2)</b></summary>")
    assert page.endswith("</details>")


@given(st.text())
def test_a_cell_is_its_text(text: str) -> None:
    cell = Cell(text, "green")

    assert cell == text
    assert f"{cell}" == text


def test_the_report_marks_a_toned_cell_by_class() -> None:
    table = Table("T", ("A", "B"), [(Cell(HOSTILE, "red"), "plain")])

    page = (
        _environment()
        .from_string('{% from "table.html.j2" import show %}{{ show(table) }}')
        .render(table=table)
    )

    assert page.count('class="red"') == 1
    assert "<td>plain</td>" in page
    assert "<script" not in page


def test_more_text_of_a_cell_opens_on_a_click_and_stays_text() -> None:
    table = Table("t", ("a",), ((Cell("2 models", "", "<b>one</b>, two"),),))

    page = table._repr_html_()

    assert "<summary>2 models</summary>&lt;b&gt;one&lt;/b&gt;, two</details>" in page


def test_widths_hold_in_a_notebook_too() -> None:
    table = Table("Two", ("A", "B"), [("1", "2")], widths=("30%", "70%"))

    html = table._repr_html_()

    assert "<col style='width:30%'><col style='width:70%'>" in html
    assert "table-layout:fixed" in html
    assert "overflow-wrap:anywhere" in html


def test_a_table_without_rows_is_its_title_and_note_alone() -> None:
    page = Table("T", ("What", "Which"), [], note="There is nothing to compare.")._repr_html_()

    assert page == "<b>T</b><p><i>There is nothing to compare.</i></p>"
    assert "<col" not in Table("One", ("A",), [("1",)])._repr_html_()
