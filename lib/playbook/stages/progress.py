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
    """Return progress as one short line: done of total, cost so far, what it waits for."""
    waiting = f", waiting for {now.waiting_for}" if now.waiting_for else ""
    return f"{now.done}/{now.total} answers, ${now.cost_usd:.2g} so far{waiting}"


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
