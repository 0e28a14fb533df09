"""Show the progress of teams: a live table in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from playbook.batch.team import Event, TeamResult

STAGE_COUNT = 6


@dataclass
class _Line:
    stage: str = "waiting"
    cell: str = ""
    done: int = 0
    begun: float = field(default_factory=time.monotonic)
    seconds: float | None = None
    note: str = ""


class Display:
    """A context manager that takes events and shows them."""

    def __init__(self, teams: Sequence[str], console: Console | None = None) -> None:
        self.console = console or Console(file=sys.stderr)
        self._lines = {team: _Line() for team in teams}
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self._live = Live(
                get_renderable=self._table, console=self.console, refresh_per_second=4
            )
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live:
            self._live.stop()

    def show(self, event: Event) -> None:
        """Take one event."""
        line = self._lines.setdefault(event.team, _Line())
        _apply(line, event)
        if self._live is None and event.kind not in ("cell", "start", "note"):
            words = {"kept": "up to date", "done": f"done in {event.seconds:.0f} s"}
            what = words.get(event.kind, event.kind)
            note = f": {event.note}" if event.note else ""
            text = " ".join(part for part in (event.team, event.stage, what) if part) + note
            self.console.print(Text(text))

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False)
        for name in ("team", "notebook", "cell", "done", "time", ""):
            table.add_column(name, no_wrap=True)
        for team, line in self._lines.items():
            seconds = line.seconds
            if seconds is None:
                seconds = time.monotonic() - line.begun
            cells = (team, line.stage, line.cell, f"{line.done}/{STAGE_COUNT}", f"{seconds:.0f} s")
            table.add_row(*map(Text, cells), Text(line.note))
        return table


def _apply(line: _Line, event: Event) -> None:
    if event.kind in ("start", "cell"):
        line.stage = event.stage
        line.cell = f"{event.cell}/{event.cells}" if event.cells else ""
    elif event.kind == "note":
        line.note = event.note
    elif event.kind in ("done", "kept"):
        line.stage, line.done, line.cell, line.note = event.stage, line.done + 1, "", ""
    elif event.kind == "failed":
        line.stage, line.note = f"{event.stage} failed", event.note
        line.seconds = time.monotonic() - line.begun
    else:
        line.stage, line.cell, line.done = "finished", "", STAGE_COUNT
        line.note, line.seconds = event.note, time.monotonic() - line.begun


def closing_table(results: Sequence[TeamResult]) -> Table:
    """Return the table of what failed and where."""
    table = Table(title="Failed teams", title_justify="left")
    for name in ("team", "stage", "cell", "error", "notebook"):
        table.add_column(name, overflow="fold")
    for one in results:
        if not one.ok:
            cell = "" if one.failed_cell is None else str(one.failed_cell)
            table.add_row(
                *map(Text, (one.team, one.failed_stage, cell, one.error, one.failed_notebook))
            )
    return table
