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


class ProgressLine:
    """A context manager that is called with each step: a bar in a terminal, now and then a line."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._said_at = self._begun = time.monotonic()
        self._begun_with: int | None = None

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
        now = time.monotonic()
        if self._begun_with is None or step.waiting_for == "answers recorded before":
            self._begun_with, self._begun = step.done, now
        words = line_of(step, self._per_second(step, now))
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=step.done, total=step.total, description=words)
        elif now - self._said_at >= PLAIN_EVERY_S:
            self._said_at = now
            click.echo(words, err=True)

    def _per_second(self, step: TrialProgress, now: float) -> float:
        seconds = now - self._begun
        return (step.done - (self._begun_with or 0)) / seconds if seconds > 0 else 0.0


def line_of(step: TrialProgress, per_second: float) -> str:
    """Return a step in words: done, cost, rate, time left, and what is waited for.

    Args:
        step: How far the run is.
        per_second: Answers a second so far; 0 if none came yet.
    """
    left = (step.total - step.done) / per_second if per_second > 0 else None
    rate = f"{60 * per_second:.0f} a minute, " if per_second > 0 else ""
    eta = f"{left / 60:.0f} min left, " if left is not None and left >= 90 else ""  # noqa: PLR2004  below, seconds say more
    eta = eta or (f"{left:.0f} s left, " if left is not None else "")
    return (
        f"{step.done:,}/{step.total:,}, {step.cost_usd:.4f} USD, {rate}{eta}"
        f"waiting for {step.waiting_for}"
    )
