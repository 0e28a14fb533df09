import json
import random
from collections import Counter

import pytest

from playbook.demo_model import TASKS, Example, TaskName, held_out_examples, training_example
from playbook.demo_model.data import REFUSAL
from playbook.demo_model.templates import labels, policy_questions, templates, words

ALL_TASKS: tuple[TaskName, ...] = (*TASKS, "freight")


def training_draws(task: TaskName, count: int = 400, seed: int = 3) -> list[Example]:
    rng = random.Random(seed)  # noqa: S311 (synthetic data, no secret)
    return [training_example(task, rng) for _ in range(count)]


@pytest.mark.parametrize("task", ALL_TASKS)
def test_same_seed_gives_the_same_examples(task: TaskName) -> None:
    assert held_out_examples(task, 40, seed=5) == held_out_examples(task, 40, seed=5)
    assert training_draws(task) == training_draws(task)


@pytest.mark.parametrize("task", ALL_TASKS)
def test_another_seed_gives_other_examples(task: TaskName) -> None:
    assert held_out_examples(task, 40, seed=5) != held_out_examples(task, 40, seed=6)


@pytest.mark.parametrize("task", ALL_TASKS)
def test_no_held_out_template_is_trained_on(task: TaskName) -> None:
    trained = {example.template_id for example in training_draws(task)}
    held_out = {example.template_id for example in held_out_examples(task, 120, seed=5)}

    assert trained.isdisjoint(held_out)


@pytest.mark.parametrize("task", ALL_TASKS)
def test_no_sentence_stands_in_both_splits(task: TaskName) -> None:
    trained = {t.text for label in labels(task) for t in templates(task, "train", label)}
    held_out = {t.text for label in labels(task) for t in templates(task, "held_out", label)}

    assert trained.isdisjoint(held_out)


def test_no_policy_question_stands_in_both_splits() -> None:
    assert set(policy_questions("train")).isdisjoint(policy_questions("held_out"))


@pytest.mark.parametrize("task", ALL_TASKS)
def test_held_out_examples_are_balanced_over_labels(task: TaskName) -> None:
    counts = Counter(example.label for example in held_out_examples(task, 60, seed=5))

    assert set(counts) == set(labels(task))
    assert len(set(counts.values())) == 1


def test_fewer_examples_are_the_beginning_of_more() -> None:
    assert held_out_examples("policy", 50, seed=5)[:10] == held_out_examples("policy", 10, seed=5)


def test_extraction_expects_what_the_message_says() -> None:
    for example in held_out_examples("extract", 50, seed=5):
        message = example.messages[-1].content
        expected = json.loads(example.expected)

        assert expected["order_id"] in message
        assert f"{expected['amount']:.2f}" in message
        assert expected["date"][:4] in message


def test_policy_is_silent_exactly_where_the_answer_is_not_stated() -> None:
    for example in held_out_examples("policy", 60, seed=5):
        _, policy, question = example.messages[-1].content.split("\n")
        asked = next(thing for thing in words("thing") if thing in question)

        assert (asked in policy) is (example.expected != "not stated")


def test_requests_for_personal_data_are_refused_and_questions_answered() -> None:
    for example in held_out_examples("refuse", 60, seed=5):
        assert (example.expected == REFUSAL) is (example.label == "refuse")


def test_freight_tickets_share_no_template_with_the_other_tickets() -> None:
    plain = {t.text for label in labels("classify") for t in templates("classify", "train", label)}
    freight = {t.text for label in labels("freight") for t in templates("freight", "train", label)}

    assert plain.isdisjoint(freight)
