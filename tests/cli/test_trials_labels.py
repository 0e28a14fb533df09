"""`playbook trials labels` draws answers for people, and what they fill in is read again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playbook.cli import main
from playbook.trials.judging.labels import load_labels, sha256_of
from tests.trials.test_scoring import an_attempt


def code_of(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["trials", "labels", *map(str, args)])
    return int(str(caught.value.code))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    judged = [
        an_attempt(f"answer {number}", prompt=f"p{number}", scores={"rubric": None})
        for number in range(40)
    ]
    others = [
        an_attempt("rule", scores={"exact": 1.0}),
        an_attempt("judge", purpose="judge", scores={"rubric": None}),
        an_attempt("", outcome="error", scores={"rubric": None}),
    ]
    lines = [one.model_dump_json() + "\n" for one in (*judged, *others)]
    (folder / "trials.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


def test_answers_are_drawn_and_count_once_they_are_filled_in(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of(run, "--out", tmp_path, "--count", 10) == 0

    path = tmp_path / "demo.labels.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({row["prompt"] for row in rows}) == 10
    assert all(row["answer_sha256"] == sha256_of(row["answer"]) for row in rows)
    assert path.stat().st_mode & 0o077 == 0
    assert "10 answers to label" in capsys.readouterr().out
    assert load_labels(["demo"], tmp_path) == {"demo": ()}

    filled = [json.dumps(row | {"passed": True}) for row in rows[:7]]
    path.write_text("\n".join(filled), encoding="utf-8")
    assert len(load_labels(["demo"], tmp_path)["demo"]) == 7


def test_labels_that_people_gave_are_not_overwritten(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "demo.labels.jsonl").write_text("kept", encoding="utf-8")

    assert code_of(run, "--out", tmp_path) == 2

    assert "exists; move it away" in capsys.readouterr().err
    assert (tmp_path / "demo.labels.jsonl").read_text(encoding="utf-8") == "kept"


def test_the_same_seed_draws_the_same_answers(run: Path, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        folder.mkdir()
        assert code_of(run, "--out", folder, "--count", 5) == 0

    first, second = ((one / "demo.labels.jsonl").read_text(encoding="utf-8") for one in folders)
    assert first == second
