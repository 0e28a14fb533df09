"""Show how far a run of trials is, on the error stream."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from playbook.trials import TrialProgress

PLAIN_EVERY_S = 30.0
_SAID_IN_MINUTES_S = 90


class ProgressLine:
    """A context manager that is called with each step: a bar in a terminal, now and then a line."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._said_at = time.monotonic()

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console  # noqa: PLC0415  only where a terminal is
            from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415  likewise

            columns = (BarColumn(bar_width=24), TextColumn("{task.description}", markup=False))
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("starting", total=None)
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, step: TrialProgress) -> None:
        """Show one step."""
        now, words = time.monotonic(), line_of(step)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=step.done, total=step.total, description=words)
        elif now - self._said_at >= PLAIN_EVERY_S:
            self._said_at = now
            click.echo(words, err=True)


def line_of(step: TrialProgress) -> str:
    """Return a step in words: done, cost, rate, time left, and what is waited for.

    Example:
        >>> from playbook.trials import TrialProgress
        >>> line_of(TrialProgress(3, 10, 0.5, "answers of own", answers_per_minute=6, left_s=70))
        '3/10, 0.5000 USD, 6 a minute, 70 s left, waiting for answers of own'
    """
    rate = f"{step.answers_per_minute:.0f} a minute" if step.answers_per_minute else ""
    left = ""
    if step.left_s is not None:
        long = step.left_s >= _SAID_IN_MINUTES_S
        left = f"{step.left_s / 60:.0f} min left" if long else f"{step.left_s:.0f} s left"
    waiting = f"waiting for {step.waiting_for}"
    parts = (f"{step.done:,}/{step.total:,}", f"{step.cost_usd:.4f} USD", rate, left, waiting)
    return ", ".join(one for one in parts if one)
