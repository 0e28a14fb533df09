from __future__ import annotations

from datetime import UTC, datetime
from unittest import mock

import pytest

from playbook.trials.prompt_records import Prompt
from playbook.trials.records import Attempt
from playbook.trials.scorers import Answer, Scorer, all_scorers
from playbook.trials.scorers.registry import NoOptions
from playbook.trials.scoring import passes, score_answer, score_attempt, scored
from playbook.vocabulary import DataClass
from tests.trials.conftest import a_prompt


def a_scored_prompt(*uses: dict[str, object], **changes: object) -> Prompt:
    row = a_prompt(1, scorers=list(uses)) | {"data_class": "public"} | changes
    return Prompt.model_validate(row)


def an_attempt(text: str = "answer 1", **changes: object) -> Attempt:
    values = {
        "run_key": "k", "prompt_set": "demo", "prompt": "p001", "task": "classify", "group": "g",
        "data_class": DataClass.PUBLIC, "endpoint": "own", "repeat": 0, "attempt": 1,
        "final": True, "outcome": "answered", "text": text,
        "at": datetime(2026, 11, 23, tzinfo=UTC),
    }  # fmt: skip
    return Attempt.model_validate(values | changes)


def a_scorer(score: float | Exception | None, **changes: object) -> tuple[Scorer, mock.Mock]:
    side_effect = score if isinstance(score, Exception) else None
    function = mock.Mock(return_value=score, side_effect=side_effect)
    return Scorer("own", function, NoOptions, (), **changes), function  # type: ignore[arg-type]


def with_scorer(one: Scorer) -> mock._patch[object]:
    known = {**all_scorers(), one.name: one}
    return mock.patch("playbook.trials.scoring.all_scorers", return_value=known)


def test_each_scorer_gives_its_own_score_with_its_options() -> None:
    prompt = a_scored_prompt(
        {"name": "exact"},
        {"name": "regex", "options": {"pattern": "answer"}},
        {"name": "regex", "options": {"pattern": "nothing"}},
    )

    assert score_answer(prompt, Answer("answer 1")) == {"exact": 1, "regex": 1, "regex#2": 0}


@pytest.mark.parametrize(
    ("scores", "passed"),
    [
        ({"exact": 1.0, "contains": 1.0}, True),
        ({"exact": 1.0, "contains": 0.99}, False),
        ({"exact": 1.0, "contains": None}, None),
        ({"exact": 0.0, "contains": None}, False),
        ({}, None),
    ],
)
def test_a_pass_needs_full_marks_and_no_score_is_neither_pass_nor_failure(
    scores: dict[str, float | None], *, passed: bool | None
) -> None:
    assert passes(a_scored_prompt({"name": "exact"}, {"name": "contains"}), scores) is passed


@pytest.mark.parametrize(("score", "passed"), [(0.39, False), (0.4, True), (1.0, True)])
def test_at_least_sets_the_marks_that_pass(score: float, *, passed: bool) -> None:
    prompt = a_scored_prompt({"name": "contains", "at_least": 0.4}, {"name": "exact"})

    assert passes(prompt, {"contains": score, "exact": 1.0}) is passed


def test_a_costly_score_is_taken_from_the_ledger_while_what_it_rests_on_stays() -> None:
    one, function = a_scorer(0.5, costly=True)
    prompt, other = (
        a_scored_prompt({"name": "own"}, expected=expected) for expected in ("ledger a", "ledger b")
    )

    with with_scorer(one):
        held = scored(prompt, an_attempt())
        held = held.changed(scores={"own": 0.75})

        assert score_attempt(prompt, held) == {"own": 0.75}
        assert function.call_count == 1
        assert score_attempt(other, held) == {"own": 0.5}
        assert function.call_count == 2


def test_a_costly_score_is_worked_out_once_in_a_process() -> None:
    one, function = a_scorer(0.5, costly=True)
    prompt = a_scored_prompt({"name": "own"}, expected="once in a process")

    with with_scorer(one):
        score_attempt(prompt, an_attempt())
        score_attempt(prompt, an_attempt())

    assert function.call_count == 1


def test_no_score_is_not_kept_so_that_it_can_be_had_later() -> None:
    one, _function = a_scorer(None, costly=True)

    with with_scorer(one):
        line = scored(a_scored_prompt({"name": "own"}, expected="later"), an_attempt())

    assert (line.scores, line.scored_from, line.passed) == ({"own": None}, {}, None)


def test_a_package_s_scorer_that_breaks_gives_no_score() -> None:
    one, _function = a_scorer(RuntimeError("broken"), added_by="a-package")

    with with_scorer(one):
        assert score_answer(a_scored_prompt({"name": "own"}), Answer("x")) == {"own": None}


@pytest.mark.parametrize(("given", "score"), [(float("nan"), None), (7.0, 1.0), (-1.0, 0.0)])
def test_scores_are_kept_within_0_and_1(given: float, score: float | None) -> None:
    one, _function = a_scorer(given)

    with with_scorer(one):
        assert score_answer(a_scored_prompt({"name": "own"}), Answer("x")) == {"own": score}


def test_a_judge_s_score_is_what_its_verdict_says_and_none_before() -> None:
    one, _function = a_scorer(None, read_by="judge")
    prompt = a_scored_prompt({"name": "own"})

    with with_scorer(one):
        assert score_attempt(prompt, an_attempt()) == {"own": None}
        assert score_attempt(prompt, an_attempt(), verdicts={"own": 1.0}) == {"own": 1.0}


def test_a_judge_of_pairs_scores_no_single_answer() -> None:
    one, _function = a_scorer(None, read_by="judge_of_pairs")

    with with_scorer(one):
        assert score_answer(a_scored_prompt({"name": "own"}), Answer("x")) == {}


@pytest.mark.parametrize(("purpose", "calls"), [("trial", 1), ("latency", 0), ("load", 0)])
def test_a_measurement_is_not_slowed_by_a_costly_scorer(purpose: str, calls: int) -> None:
    one, function = a_scorer(0.5, costly=True)
    prompt = a_scored_prompt({"name": "own"}, expected=f"measured {purpose}")

    with with_scorer(one):
        scored(prompt, an_attempt(purpose=purpose))

    assert function.call_count == calls
