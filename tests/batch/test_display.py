"""Progress in a log is one line per event; the closing table says what failed and where."""

import io
from pathlib import Path

from rich.console import Console

from playbook.batch import Display, Event, TeamResult, closing_table


def shown(*events: Event) -> str:
    file = io.StringIO()
    with Display(["acme"], Console(file=file, width=120)) as display:
        for event in events:
            display.show(event)
    return file.getvalue()


def test_a_log_gets_a_line_when_a_notebook_ends_not_for_each_cell() -> None:
    text = shown(
        Event("acme", "start", "costs"),
        Event("acme", "cell", "costs", 3, 20),
        Event("acme", "done", "costs", seconds=4.2),
    )

    assert text.splitlines() == ["acme costs done in 4 s"]


def test_text_of_an_error_is_not_read_as_markup() -> None:
    text = shown(Event("acme", "failed", "trials", note="ValueError: [red]no[/red]"))

    assert "[red]no[/red]" in text


def test_the_closing_table_names_team_stage_cell_and_notebook() -> None:
    ok = TeamResult("fine", Path("reports/fine"), True, 3.0)
    bad = TeamResult(
        "acme", Path("reports/acme"), False, 3.0, "costs", "03_costs.ipynb", 7, "ValueError: x"
    )
    console = Console(file=io.StringIO(), width=160)

    console.print(closing_table([ok, bad]))

    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "fine" not in text
    assert all(word in text for word in ("acme", "costs", "7", "ValueError: x", "03_costs.ipynb"))
