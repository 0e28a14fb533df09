"""Scores that take long are worked out once, and only after the answer is on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from playbook.errors import ArtefactError
from playbook.trials.late_scores import keep_scores, read_scores, scores_path
from playbook.trials.ledger import LEDGER, Ledger, read_ledger
from playbook.trials.run import evidence_of
from playbook.trials.scorers import Answer, all_scorers
from playbook.trials.scoring import _kept
from tests.trials.conftest import (
    AS_OF,
    FakeClient,
    Workplace,
    a_profile,
    a_prompt,
    write_prompt_set,
)
from tests.trials.test_ledger import an_attempt


@contextmanager
def scored_by(function: Callable[[Answer], float | None], name: str = "code") -> Iterator[None]:
    """Put a function in the place of a scorer, in a process that has scored nothing."""
    _kept.clear()
    one = replace(all_scorers()[name], function=lambda answer, _wanted, _options: function(answer))
    known = {**all_scorers(), name: one}
    with mock.patch("playbook.trials.scoring.all_scorers", return_value=known):
        yield
    _kept.clear()


def two_code_prompts(place: Workplace) -> None:
    rows = [
        a_prompt(number, scorers=[{"name": "code"}], expected=["assert True"])
        for number in range(2)
    ]
    write_prompt_set(place.params, rows)


def test_an_answer_is_on_disk_before_its_scoring_begins(workplace: Workplace) -> None:
    two_code_prompts(workplace)
    seen: list[bool] = []

    def look(answer: Answer) -> float:
        on_disk = read_ledger(workplace.folder / LEDGER)
        seen.append(any(one.text == answer.text and not one.scores for one in on_disk))
        return 1.0

    with scored_by(look):
        evidence = workplace.run(a_profile(), FakeClient())

    assert seen == [True, True]
    assert evidence.attempts == 2
    rate = evidence.endpoints[0].results[0].pass_rate
    assert rate is not None
    assert rate.value == 1.0


def test_scores_are_read_again_and_not_worked_out_again(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_code_prompts(workplace)
    with scored_by(lambda _answer: 0.5):
        first = workplace.run(a_profile(), FakeClient())
    never = mock.Mock(side_effect=AssertionError("scored again"))
    client = FakeClient()

    with scored_by(never):
        second = workplace.run(a_profile(), client)
        monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(workplace.params))
        third = evidence_of(a_profile(), folder=workplace.folder, as_of=AS_OF)

    assert not client.asked
    assert first.endpoints == second.endpoints == third.endpoints
    assert [one.scores for one in read_ledger(workplace.folder / LEDGER)] == [{"code": 0.5}] * 2


def test_a_run_that_ends_while_it_scores_keeps_the_answer_its_cost_and_scores_it_next_time(
    workplace: Workplace,
) -> None:
    two_code_prompts(workplace)
    with scored_by(mock.Mock(side_effect=RuntimeError("killed"))), pytest.raises(RuntimeError):
        workplace.run(a_profile(), FakeClient())
    answered = len(read_ledger(workplace.folder / LEDGER))
    client = FakeClient()

    with scored_by(lambda _answer: 1.0):
        evidence = workplace.run(a_profile(), client)

    assert answered >= 1
    assert len(client.asked) == 2 - answered
    assert evidence.attempts == 2
    assert [one.scores for one in read_ledger(workplace.folder / LEDGER)] == [{"code": 1.0}] * 2


def test_a_line_that_a_crash_cut_off_is_dropped_and_the_next_one_is_whole(tmp_path: Path) -> None:
    ledger = tmp_path / LEDGER
    keep_scores(ledger, an_attempt("one", scores={"code": 1.0}))
    with scores_path(ledger).open("ab") as file:
        file.write(b'{"run_key": "to')

    assert list(read_scores(ledger)) == [("one", 1)]
    keep_scores(ledger, an_attempt("two", scores={"code": 0.0}))

    assert list(read_scores(ledger)) == [("one", 1), ("two", 1)]
    assert scores_path(ledger).stat().st_mode & 0o077 == 0


def test_a_line_without_scores_is_named_with_what_to_do(tmp_path: Path) -> None:
    scores_path(tmp_path / LEDGER).write_text("{}\n")

    with pytest.raises(ArtefactError, match=r"line 1 holds no scores \(run_key: .*remove the line"):
        read_scores(tmp_path / LEDGER)


def test_scores_belong_to_the_result_and_to_no_failed_attempt(tmp_path: Path) -> None:
    failed = an_attempt(final=False, outcome="error")
    with Ledger(tmp_path / LEDGER) as ledger:
        ledger.append(failed, an_attempt(stored_on=AS_OF))
        ledger.keep_scores(an_attempt(stored_on=AS_OF, scores={"code": 1.0}, passed=True))
        held = ledger.attempts()

    assert held == read_ledger(tmp_path / LEDGER)
    assert [(one.final, one.passed) for one in held] == [(False, None), (True, True)]


def test_a_scorer_that_breaks_loses_no_answer(workplace: Workplace) -> None:
    broken = mock.Mock(side_effect=RuntimeError("broken"))
    with scored_by(broken, "exact"), pytest.raises(RuntimeError, match="broken"):
        workplace.run(a_profile(), FakeClient())
    client = FakeClient()

    evidence = workplace.run(a_profile(), client)

    assert not client.asked
    assert evidence.status == "complete"
    assert evidence.endpoints[0].results[0].outcomes == {"answered": 10}
