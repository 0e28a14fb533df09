"""The ledger: append-only, one writer, a torn last line does no harm."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from playbook.errors import ArtefactError, TrialError
from playbook.trials import Attempt
from playbook.trials.ledger import Ledger, read_ledger
from playbook.vocabulary import DataClass


def an_attempt(run_key: str = "k", **changes: object) -> Attempt:
    values = {
        "run_key": run_key,
        "prompt_set": "demo",
        "prompt": "p1",
        "task": "classify",
        "group": "g",
        "data_class": DataClass.INTERNAL,
        "endpoint": "own",
        "repeat": 0,
        "attempt": 1,
        "final": True,
        "outcome": "answered",
        "at": datetime(2026, 11, 23, tzinfo=UTC),
    }
    return Attempt.model_validate(values | changes)


def test_an_attempt_is_on_disk_when_append_returns(tmp_path: Path) -> None:
    path = tmp_path / "run" / "trials.jsonl"
    with Ledger(path) as ledger:
        ledger.append(an_attempt(text="line\nbreak \u2028"))

        assert read_ledger(path) == (an_attempt(text="line\nbreak \u2028"),)


def test_a_torn_last_line_is_dropped_and_the_next_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "trials.jsonl"
    with Ledger(path) as ledger:
        ledger.append(an_attempt("one"))
    with path.open("ab") as file:
        file.write(an_attempt("torn").model_dump_json().encode()[:-9])

    assert [one.run_key for one in read_ledger(path)] == ["one"]
    with Ledger(path) as ledger:
        ledger.append(an_attempt("two"))
    assert [one.run_key for one in read_ledger(path)] == ["one", "two"]


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "trials.jsonl"
    path.write_text("{}\n")

    with pytest.raises(ArtefactError, match=r"trials.jsonl: line 1 is not an attempt \(run_key"):
        Ledger(path).__enter__()


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trials.jsonl"
    with Ledger(path), pytest.raises(TrialError, match="another run writes to it"):
        Ledger(path).__enter__()


def test_the_result_is_the_last_final_attempt(tmp_path: Path) -> None:
    with Ledger(tmp_path / "trials.jsonl") as ledger:
        ledger.append(an_attempt("k", outcome="refused_by_gate", attempt=0))
        ledger.append(an_attempt("k", outcome="error", final=False))
        ledger.append(an_attempt("k", attempt=2, text="yes"))
        ledger.append(an_attempt("other", final=False, outcome="error"))

        result = ledger.result("k")
        assert result is not None
        assert result.text == "yes"
        assert ledger.result("other") is None
        assert len(ledger.tries("k")) == 3


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "trials.jsonl"
    with Ledger(path) as ledger:
        ledger.append(an_attempt())

    assert os.stat(path).st_mode & 0o077 == 0  # noqa: PTH116  mode of the file itself


def test_a_closed_ledger_takes_nothing(tmp_path: Path) -> None:
    with pytest.raises(TrialError, match="not open"):
        Ledger(tmp_path / "trials.jsonl").append(an_attempt())
