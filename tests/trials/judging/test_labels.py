from __future__ import annotations

import json
from pathlib import Path

import pytest

from playbook.errors import PromptSetError
from playbook.trials.judging.labels import HumanLabel, load_labels, sha256_of
from tests.trials.test_scoring import an_attempt


def write(folder: Path, *lines: object, name: str = "demo") -> None:
    texts = (one if isinstance(one, str) else json.dumps(one) for one in lines)
    (folder / f"{name}.labels.jsonl").write_text("\n".join(texts), encoding="utf-8")


GOOD = {"prompt": "p001", "endpoint": "own", "passed": True}


def test_labels_are_read_by_prompt_set(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "", GOOD | {"repeat": 1, "passed": False})

    labels = load_labels(["demo", "other"], tmp_path)

    assert [one.passed for one in labels["demo"]] == [True, False]
    assert "other" not in labels


def test_all_problems_come_at_once_with_file_and_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        "{broken",
        GOOD | {"passed": "yes"},
        GOOD | {"pased": True},
        {"prompt": "p001"},
        GOOD,
        GOOD,
        "[]",
    )

    with pytest.raises(PromptSetError) as caught:
        load_labels(["demo"], tmp_path)

    text = str(caught.value)
    for words in [
        "demo.labels.jsonl: line 1: not JSON",
        "line 2: passed: Input should be a valid boolean",
        "line 3: pased is unknown; did you mean passed?",
        "line 4: endpoint is missing",
        "line 6: labels the answer of line 5 again; keep one",
        "line 7: line: Input should be a valid dictionary",
    ]:
        assert words in text


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playbook.trials.judging.labels.LARGEST_FILE_BYTES", 10)
    write(tmp_path, GOOD)

    with pytest.raises(PromptSetError, match=r"demo.labels.jsonl: larger than"):
        load_labels(["demo"], tmp_path)


def test_a_label_with_a_hash_is_of_that_very_answer() -> None:
    label = HumanLabel.model_validate(GOOD | {"answer_sha256": sha256_of("as it was")})

    assert label.is_of(an_attempt("as it was"))
    assert not label.is_of(an_attempt("another"))
    assert HumanLabel.model_validate(GOOD).is_of(an_attempt("any"))
