"""The notebooks keep the house rules: thin, ordered, pinned where it matters."""

import ast
import itertools
import json
from pathlib import Path

import pytest
import yaml

from playbook.profile import SECTIONS
from playbook.stages import STAGES

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MARK = "# NBVAL_CHECK_OUTPUT"


def cells_of(path: Path, kind: str = "code") -> list[dict]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == kind]


def source_of(cell: dict) -> str:
    return "".join(cell["source"])


def test_there_is_a_notebook_for_each_stage_and_no_other() -> None:
    assert [path.name for path in NOTEBOOKS] == [one.notebook for one in STAGES]


def test_the_registry_names_every_notebook_with_what_it_reads_and_writes() -> None:
    registry = yaml.safe_load((ROOT / "notebooks" / "registry.yaml").read_text(encoding="utf-8"))

    stated = [(row["notebook"], tuple(row["reads"]), row["writes"]) for row in registry]

    assert stated == [(one.notebook, one.reads, one.writes) for one in STAGES]
    assert all(row["title"] and row["question"].endswith("?") for row in registry)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_short_and_holds_no_library_work(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]

    assert len(cells) < 25
    for cell in cells_of(path):
        lines = source_of(cell).strip().splitlines()
        nodes = ast.walk(ast.parse(source_of(cell)))
        barred = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While)
        longest = 9 if "parameters" in cell["metadata"].get("tags", []) else 8
        assert len(lines) <= longest or lines[0].startswith("explore("), source_of(cell)
        assert not any(isinstance(node, barred) for node in nodes), source_of(cell)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_one_cell_declares_the_sections_as_parameters(path: Path) -> None:
    tagged = [cell for cell in cells_of(path) if "parameters" in cell["metadata"].get("tags", [])]

    names: dict[str, object] = {}
    exec(source_of(tagged[0]), names)  # noqa: S102  the cell under test

    assert len(tagged) == 1
    assert {name: names[name] for name in SECTIONS} == {key: {} for key in SECTIONS}
    assert names["run_dir"] == ""
    assert names["interactive"] is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_headline_cell_has_what_nbval_needs_to_compare(path: Path) -> None:
    """Nbval passes a marked cell unchecked when its count is null or its output is gone."""
    marked = [cell for cell in cells_of(path) if source_of(cell).startswith(MARK)]

    assert marked
    for cell in marked:
        assert cell["execution_count"] is not None
        assert "".join(cell["outputs"][0]["text"]).strip()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_only_headline_cells_keep_their_output(path: Path) -> None:
    for cell in cells_of(path):
        if not source_of(cell).startswith(MARK):
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_figure_stands_between_two_sentences(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]

    for before, cell in itertools.pairwise(cells):
        if cell["cell_type"] == "code" and source_of(cell).startswith("figures."):
            assert before["cell_type"] == "markdown", source_of(cell)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_computes_once_and_saves(path: Path) -> None:
    text = "\n".join(source_of(cell) for cell in cells_of(path))

    assert text.count("session.compute()") == 1
    assert text.count("session.save(") == 1
