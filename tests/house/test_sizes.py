"""Modules stay small and the package speaks of itself alone."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "lib" / "playbook").rglob("*.py"))
MOST_LINES, MOST_FUNCTION_LINES, MOST_POSITIONAL, MOST_PUBLIC = 300, 40, 4, 10
RECORDS = ("records", "schema", "sections", "vocabulary", "units", "errors", "controls")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "lib").as_posix()


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_has_at_most_300_lines(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    most = 500 if path.stem in RECORDS else MOST_LINES  # records are one docstring per field

    assert lines <= most, f"{lines} lines: split by responsibility"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_function_has_at_most_40_lines_without_its_docstring(path: Path) -> None:
    for function in functions_of(path):
        docstring = ast.get_docstring(function, clean=False) or ""
        lines = (function.end_lineno or 0) - function.lineno - docstring.count("\n")
        assert lines <= MOST_FUNCTION_LINES, f"{function.name}: {lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_function_takes_at_most_4_positional_arguments(path: Path) -> None:
    for function in functions_of(path):
        decorators = ast.unparse(ast.Module(list(map(ast.Expr, function.decorator_list)), []))
        if function.name == "decide" or "click" in decorators or "command" in decorators:
            continue  # the stage signature verb(profile, catalog, *records); click calls by keyword
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        own = [name for name in names if name not in ("self", "cls")]
        public = not function.name.startswith("_")
        assert not public or len(own) <= MOST_POSITIONAL, f"{function.name}({', '.join(own)})"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_has_at_most_10_public_names(path: Path) -> None:
    if path.name == "__init__.py" or path.stem in (*RECORDS, "theme", "tables"):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    public = [n.name for n in tree.body if isinstance(n, kinds) and not n.name.startswith("_")]

    assert len(public) <= MOST_PUBLIC, public


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    assert not [name_of(path) for path in MODULES if path.stem in ("utils", "common", "helpers")]


def test_the_package_tree_is_mirrored_by_the_tests() -> None:
    packages = {path.parent.name for path in MODULES if path.parent.parent.name == "playbook"}
    tested = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}

    assert packages <= tested, f"no tests for {sorted(packages - tested)}"


def test_no_word_of_unfinished_work_is_left() -> None:
    barred = re.compile(r"NotImplementedError|\bTODO\b|\bFIXME\b|\bXXX\b")

    found = [name_of(path) for path in MODULES if barred.search(path.read_text(encoding="utf-8"))]

    assert not found
