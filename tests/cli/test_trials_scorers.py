"""`playbook trials scorers` says what every scorer does, from the scorers' own files."""

from __future__ import annotations

import json

import pytest

from playbook.cli import main
from playbook.trials.scorers import all_scorers


def code_of(*args: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["trials", "scorers", *args])
    return int(str(caught.value.code))


def test_every_scorer_is_told_with_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("--json") == 0

    cards = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert set(cards) == set(all_scorers())
    for name, one in all_scorers().items():
        assert [each["name"] for each in cards[name]["options"]] == list(one.options.model_fields)
        assert cards[name]["summary"].startswith("Return ")
        assert cards[name]["example"].startswith(">>> ")
        assert all(each["meaning"] for each in cards[name]["options"])


def test_a_scorer_is_told_in_words_with_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("rubric", "code") == 0

    text = capsys.readouterr().out
    assert "regex" not in text.split()
    assert 'use: {"name": "rubric", "rubric": "..."}' in text
    assert "scale: integer from 2 to 10 or null; default null." in text
    assert "seconds_per_test: number above 0 to 30, s; default 3.0." in text
    assert "expects: a list of texts or a text; scores: answers; read by a rule" in text
    assert "PLAYBOOK_ALLOW_CODE_EXECUTION=1" in text
    assert "at_least" in text
    assert max(map(len, text.splitlines())) <= 100


def test_a_table_has_a_row_for_each_scorer(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("--markdown") == 0

    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 2 + len(all_scorers())
    assert all(row.count(" | ") == 3 for row in rows[2:])


def test_an_unknown_name_gives_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("rouge") == 2

    assert "did you mean rouge_l?" in capsys.readouterr().err


def test_a_package_s_broken_scorer_is_told_and_the_others_are_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "playbook.trials.scorers.scorer_problems", lambda: ("scorer x of y can't be used: z",)
    )

    assert code_of("exact") == 1

    said = capsys.readouterr()
    assert said.out.startswith("exact\n")
    assert said.err == "warning: scorer x of y can't be used: z\n"
