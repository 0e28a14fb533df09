"""Run many teams in processes of their own; one team's error never stops another."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from datetime import date
from pathlib import Path
from queue import Queue

from playbook.batch.team import Event, TeamResult, run_team
from playbook.errors import PlaybookError

OnEvent = Callable[[Event], None]


def run_teams(
    params: Sequence[Path],
    out: Path,
    *,
    jobs: int,
    as_of: date,
    on_event: OnEvent,
    fresh: bool = False,
) -> tuple[TeamResult, ...]:
    """Run the notebooks of each params file, at most `jobs` teams at a time.

    The files must have been checked. Results come in the order of `params`; a team whose process
    died is a failed result too.
    """
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        queue = manager.Queue()
        stop = threading.Event()
        listener = threading.Thread(target=_listen, args=(queue, stop, on_event), daemon=True)
        listener.start()
        try:
            with ProcessPoolExecutor(
                max_workers=jobs, mp_context=context, max_tasks_per_child=1
            ) as pool:
                futures = {
                    pool.submit(_work, path, out, as_of, queue, fresh): path for path in params
                }
                results = _collect(futures, out)
        finally:
            stop.set()
            listener.join(timeout=5)
    return tuple(results[path] for path in params)


def _work(
    path: Path,
    out: Path,
    as_of: date,
    queue: Queue[Event],
    fresh: bool,  # noqa: FBT001  sent to another process by position
) -> TeamResult:
    os.environ["PLAYBOOK_AS_OF"] = as_of.isoformat()
    os.environ["PLAYBOOK_REPORTS"] = str(out.resolve())
    os.environ["PLAYBOOK_PARAMS"] = str(path.resolve())
    return run_team(path, out, as_of=as_of, emit=queue.put, fresh=fresh)


def _collect(futures: dict[Future[TeamResult], Path], out: Path) -> dict[Path, TeamResult]:
    results = {}
    for future in as_completed(futures):
        path = futures[future]
        try:
            results[path] = future.result()
        except PlaybookError as error:
            results[path] = _lost(path, out, str(error))
        except Exception as error:  # noqa: BLE001  a worker's crash is one team's result
            results[path] = _lost(path, out, f"{type(error).__name__}: {error}")
    return results


def _lost(path: Path, out: Path, error: str) -> TeamResult:
    return TeamResult(
        team=path.stem, folder=out / path.stem, ok=False, seconds=0.0, failed_stage="-", error=error
    )


def _listen(queue: Queue[Event], stop: threading.Event, on_event: OnEvent) -> None:
    while True:
        try:
            event = queue.get(timeout=0.2)
        except (EOFError, OSError, ConnectionError):
            return
        except Exception:  # noqa: BLE001  queue.Empty, also in its proxied form
            if stop.is_set():
                return
            continue
        on_event(event)
