"""A half-written run never looks complete."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from playbook.errors import ArtefactError
from playbook.records import Record
from playbook.runs import (
    Manifest,
    Run,
    StageEntry,
    latest_run,
    point_latest,
    runs_of,
    start_run,
    write_text,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Load(Record):
    """A record of one number."""

    tokens: int
    """Tokens."""


def a_run(out: Path, *, at: datetime = NOON, status: str = "complete") -> Run:
    run = start_run(out, "acme", started=at, as_of="2026-11-23", facts={"seed": 7})
    run.update(status=status)
    return run


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    run = a_run(tmp_path)

    run.write("load.json", Load(tokens=3))

    assert run.read("load.json", Load) == Load(tokens=3)


def test_a_failed_write_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_text(tmp_path / "file.txt", "old")

    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("playbook.runs.os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_text(path, "new")

    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["file.txt"]


def test_latest_is_the_newest_complete_run(tmp_path: Path) -> None:
    first = a_run(tmp_path, at=NOON)
    a_run(tmp_path, at=NOON.replace(hour=13), status="failed")
    a_run(tmp_path, at=NOON.replace(hour=14), status="running")

    latest = latest_run(tmp_path, "acme")

    assert latest is not None
    assert latest.folder == first.folder
    assert len(runs_of(tmp_path, "acme")) == 3


def test_notebooks_run_by_hand_are_no_run_that_a_batch_goes_on_with(tmp_path: Path) -> None:
    """Their folder is called `bench`, which sorts after every date."""
    dated = a_run(tmp_path)
    shutil.copytree(dated.folder, tmp_path / "acme" / "bench")

    assert [one.folder for one in runs_of(tmp_path, "acme")] == [dated.folder]


def test_a_run_with_a_torn_manifest_is_not_latest(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    run.path("manifest.json").write_text('{"team": "ac')

    assert latest_run(tmp_path, "acme") is None


def test_two_runs_of_one_second_get_two_folders(tmp_path: Path) -> None:
    first, second = a_run(tmp_path), a_run(tmp_path)

    assert first.folder != second.folder


def test_latest_points_to_the_run_by_a_relative_link(tmp_path: Path) -> None:
    run = a_run(tmp_path)

    point_latest(run)
    point_latest(run)

    link = tmp_path / "acme" / "latest"
    assert link.resolve() == run.folder.resolve()
    assert not Path(link.readlink()).is_absolute()


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, "missing"), ('{"tokens": "many"}', "tokens"), ('{"tokens": 1, "more": 2}', "more")],
)
def test_a_file_that_is_no_such_record_says_so(tmp_path: Path, text: str | None, said: str) -> None:
    run = a_run(tmp_path)
    if text is not None:
        run.path("load.json").write_text(text)

    with pytest.raises(ArtefactError, match=said):
        run.read("load.json", Load)


def test_the_manifest_notes_how_each_stage_ended(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    entry = StageEntry(state="failed", inputs_hash="", seconds=1.5, error="ValueError: x", cell=4)

    run.update(stages={"costs": entry})

    plain = json.loads(run.path("manifest.json").read_text())
    assert plain["stages"]["costs"]["cell"] == 4
    assert run.read("manifest.json", Manifest).stages["costs"] == entry
