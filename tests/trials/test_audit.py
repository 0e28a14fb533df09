"""The audit log shows edits, deletions, moves and cut tails, and survives a crash."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.errors import ArtefactError
from playbook.trials.audit import AuditEntry, AuditLog, read_audit, verify_audit
from playbook.vocabulary import DataClass


def an_entry(endpoint: str = "api") -> AuditEntry:
    return AuditEntry(
        event="send",
        endpoint=endpoint,
        data_class=DataClass.PUBLIC,
        prompt_hmac="ab",
        prompt_bytes=2,
    )


def a_log(folder: Path, lines: int = 4) -> tuple[Path, str]:
    path = folder / "audit.jsonl"
    with AuditLog(path) as log:
        for number in range(lines):
            log.append(an_entry(f"api-{number}"))
        return path, log.head


def test_untouched_log_is_intact(tmp_path: Path) -> None:
    path, head = a_log(tmp_path)

    check = verify_audit(path, head)

    assert check.intact
    assert (check.lines, check.head, check.torn_bytes) == (4, head, 0)


Change = Callable[[list[bytes]], list[bytes]]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda x: [x[0], x[1].replace(b"api-1", b"api-9"), *x[2:]], "line 2 was edited"),
        (lambda x: [x[0], x[1].replace(b'"send"', b'"refuse"'), *x[2:]], "line 2 was edited"),
        (lambda x: [x[0], x[1].replace(b",", b", ", 1), *x[2:]], "line 2 was edited"),
        (lambda x: [x[0], *x[2:]], "line 2 does not follow"),
        (lambda x: x[1:], "line 1 does not follow"),
        (lambda x: [x[1], x[0], *x[2:]], "line 1 does not follow"),
        (lambda x: [x[0], x[0], *x[1:]], "line 2 does not follow"),
        (lambda x: [x[0], b"{}", *x[1:]], "line 2 is not a line of this log"),
        (lambda x: [x[0], b"", *x[1:]], "line 2 is not a line of this log"),
        (lambda x: x[:-1], "the tail was cut or rewritten"),
        (lambda _: [], "the tail was cut or rewritten"),
    ],
)
def test_tampering_is_found_and_located(tmp_path: Path, change: Change, problem: str) -> None:
    path, head = a_log(tmp_path)
    lines = change(path.read_bytes().splitlines())
    path.write_bytes(b"".join(line + b"\n" for line in lines))

    check = verify_audit(path, head)

    assert not check.intact
    assert problem in check.problems[0]


def test_lines_after_the_kept_head_are_found(tmp_path: Path) -> None:
    path, head = a_log(tmp_path)
    with AuditLog(path) as log:
        log.append(an_entry())

    assert verify_audit(path).intact
    assert verify_audit(path, head).problems == ("lines follow the head that was kept",)


def test_cut_tail_is_not_seen_without_the_head(tmp_path: Path) -> None:
    """The limit that the module states: an anchor outside the file is needed."""
    path, _ = a_log(tmp_path)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))

    assert verify_audit(path).intact


@given(st.data())
def test_any_changed_byte_is_found(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:  # fmt: skip  # noqa: E501
    folder = tmp_path_factory.mktemp("log") / "run"
    folder.mkdir()
    path, head = a_log(folder, lines=2)
    raw = bytearray(path.read_bytes())
    where = data.draw(st.integers(0, len(raw) - 1))
    raw[where] ^= data.draw(st.integers(1, 255))
    path.write_bytes(raw)

    assert not verify_audit(path, head).intact


def test_torn_last_line_is_reported_and_the_chain_goes_on(tmp_path: Path) -> None:
    path, _ = a_log(tmp_path)
    with path.open("ab") as file:
        file.write(b'{"at":"2026-11-23T00:00:0')

    assert verify_audit(path).torn_bytes == 25
    with AuditLog(path) as log:
        log.append(an_entry("after"))
        head = log.head

    assert verify_audit(path, head).intact
    assert [one.entry.event for one in read_audit(path)][-2:] == ["torn_line", "send"]
    assert [one.number for one in read_audit(path)] == [1, 2, 3, 4, 5, 6]


def test_broken_chain_is_not_continued(tmp_path: Path) -> None:
    path, _ = a_log(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"api-1", b"api-9"))

    with pytest.raises(ArtefactError, match="line 2 was edited; keep it as evidence"):
        AuditLog(path)


def test_key_of_the_run_is_private_and_stays(tmp_path: Path) -> None:
    path, _ = a_log(tmp_path)
    with AuditLog(path) as log:
        first = log.prompt_hmac(b"prompt")
    with AuditLog(path) as log:
        again = log.prompt_hmac(b"prompt")
    (tmp_path / "other").mkdir()
    with AuditLog(tmp_path / "other" / "audit.jsonl") as log:
        elsewhere = log.prompt_hmac(b"prompt")

    assert first == again != elsewhere
    assert stat.S_IMODE((tmp_path / "audit.key").stat().st_mode) == 0o600


def test_second_writer_is_refused(tmp_path: Path) -> None:
    path, _ = a_log(tmp_path)
    program = "import sys; from pathlib import Path; from playbook.trials.audit import AuditLog"

    with AuditLog(path):
        other = subprocess.run(
            [sys.executable, "-c", f"{program}; AuditLog(Path(sys.argv[1]))", str(path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert other.returncode != 0
    assert "another run is writing it" in other.stderr
