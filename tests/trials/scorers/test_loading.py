"""Installed packages may add scorers, and break nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from unittest import mock

import pytest

from playbook.trials.scorers import Answer, NoOptions, all_scorers, loading, scorer_problems
from playbook.trials.scorers.registry import REGISTRY

GOOD = """
from playbook.trials.scorers import scorer

@scorer("shouts", expects=())
def score_shouts(text, expected, options):
    return float(text.isupper())
"""
TAKES_A_NAME = GOOD.replace("shouts", "exact")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Source by module name; each module is an entry point once `all_scorers` is asked."""
    sources: dict[str, str] = {}

    def found(*, group: str) -> list[EntryPoint]:
        assert group == "playbook.scorers"
        for name, source in sources.items():
            (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        return [EntryPoint(name, name, group) for name in sources]

    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    all_scorers()
    before = dict(REGISTRY)
    loading.find_scorers.cache_clear()
    with mock.patch.object(loading, "entry_points", found):
        yield sources
    REGISTRY.clear()
    REGISTRY.update(before)
    loading.find_scorers.cache_clear()
    for name in sources:
        sys.modules.pop(name, None)


def test_a_package_s_scorer_is_one_of_the_others(packages: dict[str, str]) -> None:
    packages["one_shouts"] = GOOD

    shouts = all_scorers()["shouts"]

    assert shouts.function(Answer("YES"), None, NoOptions()) == 1
    assert shouts.added_by == "one_shouts"
    assert scorer_problems() == ()


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("syntax error", "SyntaxError"),
        (TAKES_A_NAME, "scorer exact is in playbook.trials.scorers.exact and one_broken"),
        (
            "from playbook.trials.scorers import registry as r\nr.REGISTRY['exact'] = None",
            "the playbook has a scorer exact; give it another name",
        ),
        (
            "from playbook.trials.scorers import registry as r\nr.REGISTRY.clear()",
            "the playbook has",
        ),
        ("", "one_broken registers none; decorate a function with @scorer"),
        (GOOD + "1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_broken_package_gives_one_message_and_leaves_the_others(
    packages: dict[str, str], source: str, problem: str
) -> None:
    exact = REGISTRY["exact"]
    packages["one_broken"] = source
    packages["two_whispers"] = GOOD.replace("shouts", "whispers")

    known = all_scorers()

    (said,) = scorer_problems()
    assert said.startswith("scorer one_broken of an installed package can't be used: ")
    assert problem in said
    assert known["exact"] is exact
    assert "whispers" in known
    assert "shouts" not in known


def test_two_packages_may_not_share_a_name(packages: dict[str, str]) -> None:
    packages["one_shouts"] = GOOD
    packages["two_shouts"] = GOOD

    first = all_scorers()["shouts"]

    (said,) = scorer_problems()
    assert first.added_by == "one_shouts"
    assert "scorer shouts is in one_shouts and two_shouts" in said
