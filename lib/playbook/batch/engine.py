"""Run one notebook with papermill, reporting each cell as it starts."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import papermill  # first: its engines module can't be imported before it
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

ENGINE = "playbook"
CellStarted = Callable[[int, int], None]


class NotebookFailedError(Exception):
    """A cell raised; the executed notebook is kept with the error in it."""

    def __init__(self, message: str, *, cell: int | None) -> None:
        super().__init__(message)
        self.cell = cell


class ReportingEngine(NBClientEngine):  # type: ignore[misc]  # papermill ships no types
    """Papermill's own engine, which also tells which cell is running."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:  # noqa: ANN401  papermill's signature
        """Execute, calling `on_cell(number, of)` as each code cell starts."""
        on_cell: CellStarted = kwargs.pop("on_cell", lambda _number, _of: None)
        started, total = nb_man.cell_start, len(nb_man.nb.cells)

        def cell_start(cell: Any, cell_index: int | None = None, **more: Any) -> Any:  # noqa: ANN401  papermill's signature
            on_cell((cell_index or 0) + 1, total)
            return started(cell, cell_index, **more)

        nb_man.cell_start = cell_start
        return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


papermill_engines.register(ENGINE, ReportingEngine)


@contextmanager
def _stderr_into(path: Path) -> Iterator[None]:
    """Send what kernels print past the notebook to a file, not into the progress display."""
    kept = os.dup(2)
    try:
        with path.open("ab") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def execute(
    notebook: Path, output: Path, parameters: Mapping[str, Any], *, on_cell: CellStarted
) -> None:
    """Execute a notebook; the output file appears whole, also when a cell fails.

    Args:
        notebook: The notebook to run.
        output: Where the executed one goes.
        parameters: Values for its `parameters` cell; keys must have been validated, since
            papermill writes them into code as they are.
        on_cell: Called with the number of the cell that starts and their count.

    Raises:
        NotebookFailedError: with the number of the cell and its error in one line.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(f".{output.stem}.part.ipynb")
    log = output.with_name("kernel.log")
    try:
        # Sockets in a folder of their own: else all kernels of one working folder share names.
        with tempfile.TemporaryDirectory(prefix="playbook-") as sockets, _stderr_into(log):
            manager = {"transport": "ipc", "ip": f"{sockets}/kernel"}
            papermill.execute_notebook(
                str(notebook),
                str(part),
                parameters=dict(parameters),
                engine_name=ENGINE,
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                on_cell=on_cell,
                config=Config({"KernelManager": manager}),
            )
    except PapermillExecutionError as error:
        message = f"{error.ename}: {error.evalue}".strip()
        raise NotebookFailedError(message, cell=error.cell_index) from error
    finally:
        if part.is_file():
            part.replace(output)
