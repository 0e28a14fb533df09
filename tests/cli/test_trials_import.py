"""`playbook trials import` says what came over, what did not, and how the set is labelled."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from playbook.cli import main
from playbook.trials.importing import MAPPED, NOT_MAPPED
from playbook.trials.prompts import load_prompt_set


def code_of(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["trials", *map(str, args)])
    return int(str(caught.value.code))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("question,answer,level\nTwo and two?,4,easy\nSky?,,easy\n", encoding="utf-8")
    return path


def test_an_import_tells_what_came_and_what_stayed(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = source.parent / "prompts" / "sums.jsonl"

    code = code_of("import", source, "--out", out, "--data-class", "internal", "--task", "sums")

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{out}: 2 prompts, read as csv",
        "scored by: 1 expected number -> numeric, the answer's last number",
        "not scored: 1 prompts have no scorer; answers are only recorded",
        "not imported: 2 field level: has no counterpart",
    ]
    assert {one.task for one in load_prompt_set(out).prompts} == {"sums"}


def test_an_import_without_a_label_says_that_it_is_restricted(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of("import", source, "--out", source.parent / "sums.jsonl") == 0

    assert "label: restricted, since no --data-class was given" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--out", "{}/Bad Name.jsonl"), "name it <id>.jsonl"),
        (("--out", "{}/ok.jsonl", "--data-types", "fhi"), "'fhi' is no type of data"),
        (("--out", "{}/ok.jsonl", "--format", "promptfoo"), "no `prompts:` in it"),
        (("--out", "{}/table.csv"), "is there already"),
    ],
)
def test_bad_input_ends_with_code_2_and_writes_nothing(
    source: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], told: str
) -> None:
    code = code_of("import", source, *(one.format(source.parent) for one in args))

    assert code == 2
    assert told in capsys.readouterr().err
    assert [one.name for one in source.parent.iterdir()] == ["table.csv"]


def test_the_help_of_import_lists_every_assert(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("import", "--help") == 0

    shown = capsys.readouterr().out
    assert all(name in shown for name in (*MAPPED, *NOT_MAPPED))


def test_the_help_of_the_commands_loads_none_of_them() -> None:
    program = (
        "import sys, json; from playbook.cli import main\n"
        "try: main(['trials', '--help'])\n"
        "except SystemExit: pass\n"
        "print(json.dumps([m for m in sys.modules if m.startswith('playbook.')]))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    loaded = json.loads(done.stdout.splitlines()[-1])
    assert not [one for one in loaded if one.startswith(("playbook.trials", "playbook.profile"))]
