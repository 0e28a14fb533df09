import json
from collections import Counter
from pathlib import Path

import pytest

from playbook.demo_model import TASKS, freight_set_text, prompt_set_text
from playbook.demo_model.templates import labels, templates
from playbook.trials.prompts import load_prompt_sets
from playbook.trials.scanning import scan

PROMPT_FILE = Path(__file__).parents[2] / "params" / "prompts" / "demo_support.jsonl"

FREIGHT_FILE = PROMPT_FILE.with_name("demo_freight.jsonl")


@pytest.fixture
def prompts() -> list[dict[str, object]]:
    return [json.loads(line) for line in PROMPT_FILE.read_text(encoding="utf-8").splitlines()[1:]]


def test_shipped_prompts_are_the_generated_ones_byte_for_byte() -> None:
    assert PROMPT_FILE.read_bytes() == prompt_set_text().encode()


def test_another_seed_gives_other_prompts() -> None:
    assert prompt_set_text(seed=1) != prompt_set_text()


def test_header_says_that_the_prompts_are_synthetic() -> None:
    header = json.loads(PROMPT_FILE.read_text(encoding="utf-8").splitlines()[0])["prompt_set"]

    assert header["synthetic"] is True
    assert header["licence"] == "CC0-1.0"


def test_every_task_has_thirty_prompts_with_ids_of_their_own(
    prompts: list[dict[str, object]],
) -> None:
    assert Counter(prompt["task"] for prompt in prompts) == dict.fromkeys(TASKS, 30)
    assert len({prompt["id"] for prompt in prompts}) == 120


def test_prompts_use_held_out_templates_only(prompts: list[dict[str, object]]) -> None:
    held_out = {
        template.id
        for task in TASKS
        for label in labels(task)
        for template in templates(task, "held_out", label)
    }

    assert {prompt["group"] for prompt in prompts} <= held_out


def test_six_prompts_are_tagged_restricted(prompts: list[dict[str, object]]) -> None:
    tagged = [prompt["task"] for prompt in prompts if prompt.get("data_class") == "restricted"]

    assert tagged == ["extract"] * 6


def test_answers_are_balanced(prompts: list[dict[str, object]]) -> None:
    answers = Counter(p["expected"] for p in prompts if p["task"] in {"classify", "policy"})

    assert set(answers.values()) == {5, 10}


def test_shipped_freight_prompts_are_the_generated_ones_byte_for_byte() -> None:
    assert FREIGHT_FILE.read_bytes() == freight_set_text().encode()
    assert freight_set_text(seed=1) != freight_set_text()


def test_freight_prompts_are_balanced_over_labels_and_held_out_templates() -> None:
    """Each template is a group of its own, so that intervals count templates, not prompts."""
    rows = [json.loads(line) for line in FREIGHT_FILE.read_text(encoding="utf-8").splitlines()[1:]]
    held_out = [templates("freight", "held_out", label) for label in labels("freight")]
    groups = {template.id for of_label in held_out for template in of_label}

    assert Counter(row["expected"] for row in rows) == dict.fromkeys(labels("freight"), 15)
    assert Counter(row["group"] for row in rows) == dict.fromkeys(groups, 5)
    assert len({json.dumps(row["messages"]) for row in rows}) == 90


def test_freight_prompts_are_scored_and_hold_nothing_that_the_scan_stops() -> None:
    (found,) = load_prompt_sets(["demo_freight"], FREIGHT_FILE.parent)

    assert all(one.scorers for one in found.prompts)
    assert [one.id for one in found.prompts if scan(one.messages[-1].content)] == []
