"""Run the notebooks and store the outputs of headline cells only.

`python tests/notebooks/refresh.py [NAME...]` after a change that moves a headline; read the diff.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
MARK = "# NBVAL_CHECK_OUTPUT"


def refresh(path: Path) -> None:
    """Execute a notebook and keep the text of its headline cells."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, kernel_name="python3", timeout=600).execute(cwd=str(path.parent))
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.metadata = {name: one for name, one in cell.metadata.items() if name == "tags"}
        if not cell.source.startswith(MARK):
            cell.outputs, cell.execution_count = [], None
    notebook.metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    nbformat.write(notebook, path)


def main(names: list[str]) -> None:
    """Refresh the named notebooks, all of them if none is named."""
    os.environ["PLAYBOOK_AS_OF"] = "2026-11-23"
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if not names or path.stem in names or path.name in names:
            os.environ["PLAYBOOK_REPORTS"] = tempfile.mkdtemp(prefix="playbook-refresh-")
            refresh(path)
            sys.stdout.write(f"{path.name}: refreshed\n")


if __name__ == "__main__":
    main(sys.argv[1:])
