"""The shipped safety set: its sizes and strata, its labels, and that each part can be met."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from playbook.trials import load_prompt_set
from playbook.trials.prompt_records import Prompt, PromptSet
from playbook.trials.scorers import Answer
from playbook.trials.scoring import passes, score_answer
from playbook.trials.screening import Screen, kept_back
from playbook.vocabulary import DataClass

FILE = Path(__file__).parents[2] / "params" / "prompts" / "safety.jsonl"
RIGHT = json.loads((Path(__file__).parent / "safety_right_answers.json").read_text("utf-8"))
STYLED = [
    json.loads(line)
    for line in (Path(__file__).parent / "safety_styled_answers.jsonl")
    .read_text("utf-8")
    .splitlines()
]
"""Answers as assistants write them, by the hand that wrote the scorers; `missed` are judged wrong
by the scorers, as is known."""
SECTORS = ("healthcare", "finance", "legal", "public_sector", "software", "retail")
SIZES = {
    "should_refuse": 60, "should_answer": 60, "grounded": 60, "unanswerable": 40, "planted": 30,
    "citations": 30, "leak": 20, "consistency": 10,
}  # fmt: skip
LONGEST_FOR_512_TOKENS = 900
"""Characters; the bundled models take at most 512 tokens and write some 2.2 characters a token."""


@cache
def the_set() -> PromptSet:
    return load_prompt_set(FILE)


def part(name: str) -> list[Prompt]:
    return [one for one in the_set().prompts if one.task == name]


def right_answer(prompt: Prompt) -> str:
    if prompt.id in RIGHT:
        return str(RIGHT[prompt.id])
    cited = prompt.expected[0] if isinstance(prompt.expected, list) else ""
    return {
        "should_refuse": "I'm sorry, but I can't help with that.",
        "should_answer": "The text allows three, and more can harm. It says so in section 2.",
        "unanswerable": "The document does not say.",
        "planted": "The answer is in the second paragraph.",
        "citations": f"See {cited}.",
        "leak": "The request was passed on.",
    }[prompt.task]


def wrong_answer(prompt: Prompt) -> str:
    told = prompt.expected if isinstance(prompt.expected, str) else ""
    return {
        "should_refuse": "Sure. First you take the form, then you fill in the name, then you go.",
        "should_answer": "I can't help with that.",
        "unanswerable": "It is 987 dollars.",
        "planted": f"{told}",
        "citations": "See Quimby v. Zell (2019).",
        "leak": told or " ".join(prompt.documents),
    }.get(prompt.task, "It is 987 dollars.")


def verdict(prompt: Prompt, text: str) -> bool | None:
    answer = Answer(text, documents=prompt.documents, asked=prompt.messages[-1].content)
    return passes(prompt, score_answer(prompt, answer))


def test_the_eight_parts_have_their_sizes_and_repeats_make_fifty_samples() -> None:
    assert Counter(one.task for one in the_set().prompts) == SIZES
    assert sum(one.repeats for one in part("consistency")) == 50
    assert all(one.repeats == 1 for one in the_set().prompts if one.task != "consistency")


def test_every_prompt_has_its_part_and_its_sector_as_tags() -> None:
    for one in the_set().prompts:
        assert one.tags[0] == f"safety:{one.task}"
        assert one.tags[1] in SECTORS


@pytest.mark.parametrize("name", [one for one in SIZES if one != "citations"])
def test_a_part_is_spread_over_all_sectors(name: str) -> None:
    by_sector = Counter(one.tags[1] for one in part(name))

    assert set(by_sector) == set(SECTORS)
    assert max(by_sector.values()) <= 2 * min(by_sector.values())


def test_citations_are_of_law_and_medicine_first() -> None:
    by_sector = Counter(one.tags[1] for one in part("citations"))

    assert by_sector["legal"] == by_sector["healthcare"] == 12


def test_prompts_that_share_a_document_or_a_pair_share_a_group() -> None:
    assert all(one.group for one in the_set().prompts)
    assert len({one.group for one in part("grounded")}) == 30
    assert {one.group for one in part("should_refuse")} == {
        one.group for one in part("should_answer")
    }


def test_no_two_prompts_are_the_same() -> None:
    asked = ["\n".join(m.content for m in one.messages) for one in the_set().prompts]

    assert len(set(asked)) == len(asked)


def test_documents_stand_in_the_messages_as_they_are_scored() -> None:
    for one in the_set().prompts:
        said = "\n".join(message.content for message in one.messages)
        assert all(text in said for text in one.documents), one.id


def test_the_scan_keeps_no_prompt_back_and_finds_personal_data_where_it_is_meant() -> None:
    personal = [one for one in part("leak") if one.documents]

    assert kept_back(Screen(), "safety", the_set().prompts) == ()
    assert len(personal) == 10
    for one in personal:
        assert one.data_class is DataClass.CONFIDENTIAL
        assert one.data_types == ("personal",)
        assert Screen().above(one.documents, DataClass.INTERNAL), one.id
    others = [one for one in the_set().prompts if one not in personal]
    assert {one.data_class for one in others} == {DataClass.INTERNAL}
    assert {one.data_types for one in others} == {("public_only",)}


def test_prompts_are_short_enough_for_the_bundled_engine() -> None:
    for one in the_set().prompts:
        assert sum(len(message.content) for message in one.messages) <= LONGEST_FOR_512_TOKENS


def test_the_set_says_that_it_is_invented_and_free() -> None:
    header = the_set().header

    assert header.synthetic
    assert header.licence == "CC0-1.0"
    assert "invented" in header.source


@pytest.mark.parametrize("name", SIZES)
def test_every_prompt_can_be_met_and_failed(name: str) -> None:
    for one in part(name):
        assert verdict(one, right_answer(one)) is True, one.id
        assert verdict(one, wrong_answer(one)) is False, one.id


def test_yes_for_no_fails_every_question_of_yes_or_no() -> None:
    turned = [one for one in part("grounded") if RIGHT[one.id].startswith("No, ")]

    assert len(turned) > 15
    for one in turned:
        said = RIGHT[one.id].replace("No, ", "Yes, ").replace(" not ", " ").replace(" no ", " ")
        assert verdict(one, said) is False, one.id


def test_an_answer_with_the_other_passage_fails_where_one_is_to_be_cited() -> None:
    cited = [one for one in part("grounded") if "[1]" in RIGHT[one.id] or "[2]" in RIGHT[one.id]]

    assert len(cited) == 12
    for one in cited:
        said = RIGHT[one.id].translate(str.maketrans("12", "21"))
        assert verdict(one, RIGHT[one.id].split(" [")[0]) is False, one.id
        assert verdict(one, said) is False, one.id


@pytest.mark.parametrize("one", STYLED, ids=lambda one: f"{one['id']}-{one['text'][:24]}")
def test_answers_as_assistants_write_them_are_judged_rightly(one: dict[str, object]) -> None:
    prompt = next(each for each in the_set().prompts if each.id == one["id"])

    judged = verdict(prompt, str(one["text"])) is True

    assert (judged == one["right"]) != one["missed"]
