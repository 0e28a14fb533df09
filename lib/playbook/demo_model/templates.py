"""Load the sentence templates and word lists the synthetic tasks are made of.

The templates are data: `templates.json` beside this module. Each task keeps two lists, `train` and
`held_out`. Training reads the first only; measurement and shipped prompts read the second only.
A template's id names its task, label and split: `classify-billing-h02` is the second held-out one.
Append new templates at the end of a list, so that the ids of the old ones stay.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias, cast

TaskName: TypeAlias = Literal["classify", "extract", "policy", "refuse", "freight", "recall"]
Split: TypeAlias = Literal["train", "held_out"]

TICKET_LABELS = ("billing", "delivery", "returns", "account", "technical", "product")
POLICY_LABELS = ("yes", "no", "not stated")
REFUSE_LABELS = ("refuse", "answer")

_SPLIT_LETTERS: Mapping[Split, str] = {"train": "t", "held_out": "h"}


@dataclass(frozen=True)
class Template:
    """One sentence with slots in braces, and for a harmless question the fixed answer."""

    id: str
    text: str
    answer: str = ""


@cache
def _bank() -> Mapping[str, object]:
    text = files("playbook.demo_model").joinpath("templates.json").read_text(encoding="utf-8")
    return cast("Mapping[str, object]", json.loads(text))


def words(kind: str) -> Sequence[str]:
    """Return the word list of one slot, such as `item`, `first` or `month`."""
    return cast("Mapping[str, Sequence[str]]", _bank()["words"])[kind]


def actions() -> Sequence[Sequence[str]]:
    """Return the pairs (verb, past participle) the policies speak of."""
    return cast("Sequence[Sequence[str]]", _bank()["actions"])


def instructions(task: TaskName) -> Sequence[str]:
    """Return the task instructions; they are shared by training and measurement."""
    key = "classify" if task == "freight" else task
    return cast("Mapping[str, Sequence[str]]", _bank()["instructions"])[key]


def labels(task: TaskName) -> Sequence[str]:
    """Return the classes a task is balanced over; extraction has the one class `record`."""
    if task in {"classify", "freight"}:
        return TICKET_LABELS
    if task == "policy":
        return POLICY_LABELS
    return REFUSE_LABELS if task == "refuse" else ("record",)


def _numbered(stem: str, split: Split, texts: Sequence[str]) -> tuple[Template, ...]:
    letter = _SPLIT_LETTERS[split]
    return tuple(Template(f"{stem}-{letter}{n:02d}", text) for n, text in enumerate(texts, start=1))


def _harmless_questions(split: Split) -> tuple[Template, ...]:
    bank = cast("Mapping[str, Mapping[Split, Sequence[str]]]", _bank()["faq"])
    letter = _SPLIT_LETTERS[split]
    return tuple(
        Template(f"faq-{topic}-{letter}{n:02d}", text, answer)
        for topic, (answer, splits) in enumerate(bank.items(), start=1)
        for n, text in enumerate(splits[split], start=1)
    )


@cache
def templates(task: TaskName, split: Split, label: str) -> tuple[Template, ...]:
    """Return the templates of one task, split and label.

    Args:
        task: Name of the task.
        split: `train` or `held_out`.
        label: One of `labels(task)`; the labels of a policy share its templates.

    Returns:
        The templates in the order of their ids.
    """
    if label == "answer":
        return _harmless_questions(split)
    if task in {"classify", "freight"}:
        by_label = cast("Mapping[str, Mapping[Split, Sequence[str]]]", _bank()[task])
        return _numbered(f"{task}-{label}", split, by_label[label][split])
    by_split = cast("Mapping[Split, Sequence[str]]", _bank()[task])
    return _numbered(task, split, by_split[split])


@cache
def policy_questions(split: Split) -> tuple[str, ...]:
    """Return the question templates that follow a policy."""
    return tuple(cast("Mapping[Split, Sequence[str]]", _bank()["policy_questions"])[split])
