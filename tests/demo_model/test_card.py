from importlib.resources import files
from typing import Any, cast

import pytest

from playbook.demo_model import DEMO_MODEL_NAMES, DemoModelName, demo_model_path
from playbook.demo_model.card import (
    MEASURED_TASKS,
    accuracy_table,
    read_card,
    sha256,
    training_sample_sha256,
    wilson_interval,
)

LIMIT_BYTES = 4 * 1024 * 1024


def facts_of(name: DemoModelName) -> dict[str, Any]:
    return cast("dict[str, dict[str, Any]]", read_card()["models"])[name]


def test_shipped_models_stay_below_four_mebibytes_together() -> None:
    assert sum(demo_model_path(name).stat().st_size for name in DEMO_MODEL_NAMES) <= LIMIT_BYTES


@pytest.mark.parametrize("name", DEMO_MODEL_NAMES)
def test_shipped_file_is_the_one_on_the_card(name: DemoModelName) -> None:
    facts = facts_of(name)

    assert facts["sha256"] == sha256(demo_model_path(name))
    assert facts["bytes"] == demo_model_path(name).stat().st_size


@pytest.mark.parametrize("name", DEMO_MODEL_NAMES)
def test_file_names_itself_a_demonstration(name: DemoModelName) -> None:
    content = demo_model_path(name).read_bytes()

    assert content.startswith(b"GGUF")
    assert b"(demonstration only)" in content
    assert b"CC0-1.0" in content


def test_card_names_the_data_the_models_were_trained_on() -> None:
    data = cast("dict[str, str]", read_card()["data"])

    assert data["training_sample_sha256"] == training_sample_sha256()


@pytest.mark.parametrize("name", DEMO_MODEL_NAMES)
@pytest.mark.parametrize("task", MEASURED_TASKS)
def test_every_accuracy_has_its_n_and_interval(name: DemoModelName, task: str) -> None:
    measured = facts_of(name)["accuracy"][task]
    low, high = measured["interval_95"]

    assert measured["n"] >= 200
    assert measured["accuracy"] == pytest.approx(measured["correct"] / measured["n"], abs=6e-4)
    assert low <= measured["accuracy"] <= high
    assert [low, high] == pytest.approx(
        wilson_interval(measured["correct"], measured["n"]), abs=6e-4
    )


def test_model_card_shows_the_measured_accuracies() -> None:
    text = files("playbook.demo_model").joinpath("MODEL_CARD.md").read_text(encoding="utf-8")

    assert accuracy_table(read_card()) in text


def test_model_card_says_demonstration_only() -> None:
    text = files("playbook.demo_model").joinpath("MODEL_CARD.md").read_text(encoding="utf-8")

    assert "demonstration only" in text.lower()
    assert "says nothing about any other model" in text
