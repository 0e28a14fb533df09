"""`playbook audit verify RUN` finds every change of the log, and says what it can't see."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from playbook.cli import main
from playbook.runs import Run, start_run
from playbook.trials.audit import AUDIT_LOG, AuditEntry, AuditLog
from playbook.vocabulary import DataClass

LINES = 4
Change = Callable[[list[bytes]], list[bytes]]


def send(run: Run, times: int) -> str:
    """Write lines of calls as a run does, and return the head."""
    with AuditLog(run.path(AUDIT_LOG)) as log:
        for number in range(times):
            log.append(
                AuditEntry(event="send", endpoint=f"api-{number}", data_class=DataClass.PUBLIC)
            )
        return log.head


def a_run(folder: Path, status: str, *, keeps_head: bool = True) -> Run:
    run = start_run(
        folder, "acme", started=datetime(2026, 11, 23, tzinfo=UTC), as_of="2026-11-23", facts={}
    )
    head = send(run, LINES)
    run.update(status=status, audit_head=head if keeps_head else "")
    return run


def rewrite(run: Run, change: Change) -> None:
    path = run.path(AUDIT_LOG)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(change(lines)))


def verify(run: Run, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stop:
        main(["audit", "verify", str(run.folder), *more])
    code = stop.value.code
    return int(code or 0), capsys.readouterr().out


def test_an_untouched_log_is_intact(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = verify(a_run(tmp_path, "complete"), capsys)

    assert code == 0
    assert re.match(rf"{LINES} lines, head [0-9a-f]{{64}}: ", said)
    assert said.endswith(": intact\n")


@pytest.mark.parametrize("status", ["complete", "failed", "running", "by_hand"])
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda x: [x[0], x[1].replace(b"public", b"secret"), *x[2:]], "line 2 is not a line"),
        (lambda x: [x[0], x[1].replace(b"api-1", b"api-7"), *x[2:]], "line 2 was edited"),
        (lambda x: [x[0], *x[2:]], "line 2 does not follow"),
        (lambda x: [x[1], x[0], *x[2:]], "line 1 does not follow"),
        (lambda x: [x[0], x[3], *x[1:]], "line 2 does not follow"),
        (lambda x: x[:-1], "the tail was cut or rewritten"),
        (lambda _: [], "the tail was cut or rewritten"),
    ],
    ids=["spoilt", "edited", "deleted", "reordered", "inserted", "cut", "emptied"],
)
def test_every_change_is_found(
    status: str,
    change: Change,
    problem: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = a_run(tmp_path, status)
    rewrite(run, change)

    code, said = verify(run, capsys)

    assert code == 1
    assert problem in said
    assert said.endswith(": CHANGED\n")


def test_of_a_run_killed_half_way_it_says_what_cannot_be_seen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = a_run(tmp_path, "running", keeps_head=False)
    rewrite(run, lambda lines: [*lines, b'{"at":"2026-11-23T00:00:0'])

    code, said = verify(run, capsys)

    assert code == 0
    assert "the run has not ended: a cut tail can't be seen" in said
    assert f"{LINES} lines" in said


def test_a_head_kept_elsewhere_shows_the_cut_tail_of_a_killed_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = a_run(tmp_path, "running", keeps_head=False)
    head = send(run, 1)
    rewrite(run, lambda lines: lines[:-1])

    code, said = verify(run, capsys, "--head", head)

    assert code == 1
    assert "the tail was cut or rewritten" in said


def test_a_run_that_is_resumed_may_grow_past_its_kept_head_and_an_ended_one_may_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = a_run(tmp_path, "running")
    send(run, 1)

    code, said = verify(run, capsys)
    run.update(status="complete")
    code_of_ended, said_of_ended = verify(run, capsys)

    assert code == 0
    assert "of the lines since its last stop a cut tail can't be seen" in said
    assert code_of_ended == 1
    assert "lines follow the head that was kept" in said_of_ended


def test_a_folder_without_a_manifest_is_verified_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as that of pings."""
    send(Run(tmp_path), 2)

    code, said = verify(Run(tmp_path), capsys)

    assert code == 0
    assert "the folder has no manifest: a cut tail can't be seen" in said


def test_a_log_that_was_deleted_is_found_where_its_head_was_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = a_run(tmp_path, "complete")
    run.path(AUDIT_LOG).unlink()

    code, said = verify(run, capsys)

    assert (code, said) == (1, "audit.jsonl is gone, though its head was kept: CHANGED\n")


def test_a_folder_without_a_log_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["audit", "verify", str(tmp_path)])

    assert stop.value.code == 2
    assert "audit.jsonl: cannot be read" in capsys.readouterr().err


def test_the_head_that_it_prints_can_be_given_back_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = a_run(tmp_path, "complete")
    _, said = verify(run, capsys)
    head = said.partition("head ")[2].partition(":")[0]

    code, _ = verify(run, capsys, "--head", head)

    assert code == 0


def test_a_line_cut_short_by_a_crash_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = a_run(tmp_path, "running")
    rewrite(run, lambda lines: [*lines, b'{"at":'])

    code, said = verify(run, capsys)

    assert code == 0
    assert "a last line of 6 bytes was cut short, as by a crash" in said


def test_a_log_whose_lines_name_another_run_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = a_run(tmp_path, "running", keeps_head=False)
    moved = Run(run.folder.rename(run.folder.with_name("other")))

    _, said = verify(moved, capsys)

    assert f"its lines are of run '{run.folder.name}': " in said
