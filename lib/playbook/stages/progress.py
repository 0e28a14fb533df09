"""Show how far trials are: a file for the batch's display, a bar in JupyterLab."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from playbook.trials import TrialProgress

PROGRESS_FILE = ".progress.json"
EVERY_S = 0.5
LONGEST_IN_S = 90
LONGEST_IN_MINUTES = 90


def progress_into(folder: Path) -> Callable[[TrialProgress], None]:
    """Return a callback that keeps `.progress.json` of a run folder up to date.

    It also draws a bar when the notebook is open in JupyterLab. Writes at most twice a second.
    """
    bar = _bar() if "JPY_SESSION_NAME" in os.environ else None
    last = [0.0]

    def show(now: TrialProgress) -> None:
        if bar:
            bar(now)
        if now.done == now.total or time.monotonic() - last[0] > EVERY_S:
            last[0] = time.monotonic()
            text = json.dumps({"done": now.done, "total": now.total, "words": words(now)})
            temporary = folder / f"{PROGRESS_FILE}.part"
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(folder / PROGRESS_FILE)

    return show


def words(now: TrialProgress) -> str:
    """Return progress as one short line.

    It has the answers of all, the cost so far, the rate, the time left of the phase, and what the
    run waits for.

    Example:
        >>> words(TrialProgress(12, 40, 0.02, "own", "trials", 30.0, 56.0))
        '12/40 answers, $0.02 so far, 30 a minute, about 56 s left of trials, waiting for own'
    """
    parts = [f"{now.done}/{now.total} answers", f"${now.cost_usd:.2g} so far"]
    if now.answers_per_minute is not None:
        parts.append(f"{now.answers_per_minute:.0f} a minute")
    if now.left_s:
        phase = f" of {now.phase}" if now.phase else ""
        parts.append(f"about {_duration(now.left_s)} left{phase}")
    if now.waiting_for:
        parts.append(f"waiting for {now.waiting_for}")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    """Return a time in its largest fitting unit."""
    if seconds < LONGEST_IN_S:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < LONGEST_IN_MINUTES else f"{minutes / 60:.1f} h"


def read_progress(folder: Path) -> str:
    """Return the last line written for a run folder, empty if there is none."""
    try:
        return str(json.loads((folder / PROGRESS_FILE).read_text(encoding="utf-8"))["words"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _bar() -> Callable[[TrialProgress], None]:
    from tqdm import tqdm  # noqa: PLC0415  only where a bar is drawn

    bar = tqdm(unit="answer")

    def show(now: TrialProgress) -> None:
        bar.total = now.total
        bar.n = now.done
        bar.set_postfix_str(words(now).split(", ", 1)[-1], refresh=False)
        bar.refresh()

    return show
