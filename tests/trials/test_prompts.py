"""Prompt sets: labels, and every problem of a bad file at once with its line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from playbook.errors import PromptSetError
from playbook.trials import load_prompt_set
from playbook.trials.prompts import LARGEST_FILE_BYTES, load_prompt_sets
from playbook.trials.scorers import Answer
from playbook.trials.scoring import score_answer
from playbook.vocabulary import DataClass
from tests.trials.conftest import a_prompt, write_prompt_set

LOW_PHI = (
    "data_class internal is too low: phi counts as at least restricted (house rule); "
    "raise data_class to restricted, or delete a type that no prompt holds"
)
PUBLIC_PHI = (
    "data_types names phi, but public data is of no regulated type; "
    "raise data_class, or delete the type"
)


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(PromptSetError) as caught:
        load_prompt_set(path)
    return caught.value.problems


def test_a_prompt_set_keeps_its_order_and_the_hash_of_its_file(tmp_path: Path) -> None:
    path = write_prompt_set(tmp_path, [a_prompt(2), a_prompt(1)], title="Two")

    one = load_prompt_set(path)

    assert [prompt.id for prompt in one.prompts] == ["p002", "p001"]
    assert one.header.title == "Two"
    assert one.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_set_without_a_label_counts_as_restricted(tmp_path: Path) -> None:
    path = tmp_path / "bare.jsonl"
    path.write_text('{"prompt_set": {"id": "bare"}}\n' + json.dumps(a_prompt(1)) + "\n")

    one = load_prompt_set(path)

    assert one.header.data_class is DataClass.RESTRICTED
    assert one.prompts[0].data_class is DataClass.RESTRICTED


@pytest.mark.parametrize(
    ("own", "in_force"),
    [("public", "internal"), ("internal", "internal"), ("restricted", "restricted")],
)
def test_a_prompt_may_raise_the_label_of_its_set_and_never_lower_it(
    tmp_path: Path, own: str, in_force: str
) -> None:
    path = write_prompt_set(tmp_path, [a_prompt(1, data_class=own)], data_class="internal")

    assert load_prompt_set(path).prompts[0].data_class == in_force


def test_a_prompt_may_add_types_to_those_of_its_set(tmp_path: Path) -> None:
    prompts = [a_prompt(1, data_types=["phi"]), a_prompt(2)]
    path = write_prompt_set(tmp_path, prompts, data_class="restricted", data_types=["personal"])

    first, second = load_prompt_set(path).prompts

    assert set(first.data_types) == {"personal", "phi"}
    assert second.data_types == ("personal",)


def test_a_prompt_of_a_regulated_type_leaves_a_public_only_set(tmp_path: Path) -> None:
    raised = a_prompt(1, data_class="restricted", data_types=["phi"])
    path = write_prompt_set(tmp_path, [raised, a_prompt(2)])

    first, second = load_prompt_set(path).prompts

    assert (first.data_types, second.data_types) == (("phi",), ("public_only",))


@pytest.mark.parametrize(
    ("header", "prompt", "problem"),
    [
        (
            {"data_class": "public", "data_types": ["phi"]}, {},
            f"line 1: prompt_set: {PUBLIC_PHI}",
        ),
        (
            {"data_types": ["phi", "public_only"]}, {},
            "line 1: prompt_set: data_types has public_only beside other types; delete one",
        ),
        (
            {"data_class": "public"}, {"data_types": ["phi"]},
            f"line 2: {PUBLIC_PHI}",
        ),
        (
            {"data_class": "internal", "data_types": ["phi"]}, {},
            f"line 1: prompt_set: {LOW_PHI}",
        ),
        (
            {"data_class": "internal"}, {"data_types": ["personal"]},
            "line 2: data_class internal is too low: personal counts as at least confidential",
        ),
        ({}, {"data_types": ["fhi"]}, "line 2: data_types.0: Input should be 'personal'"),
        ({}, {"data_types": "phi"}, "line 2: data_types: Input should be a valid tuple"),
    ],
)  # fmt: skip
def test_a_label_that_contradicts_itself_is_told_once(
    tmp_path: Path, header: dict[str, object], prompt: dict[str, object], problem: str
) -> None:
    path = write_prompt_set(tmp_path, [a_prompt(1, **prompt)], **header)

    (told,) = problems_of(path)

    assert told.startswith(problem)


def test_all_problems_of_a_file_come_at_once_with_their_lines(tmp_path: Path) -> None:
    path = write_prompt_set(
        tmp_path,
        [
            a_prompt(1, scorers=["exakt"]),
            a_prompt(2, scorer="exact"),
            a_prompt(3, scorers=["numeric"]),
            a_prompt(2),
            a_prompt(2),
            a_prompt(4, max_tokens=0),
            a_prompt(5, data_class="secret"),
            a_prompt(6, expected=None),
        ],
        data_clas="public",
    )
    with path.open("a") as file:
        file.write("{half\n[1]\n")

    assert problems_of(path) == (
        "line 1: prompt_set: data_clas is unknown; did you mean data_class?",
        "line 2: scorer 'exakt' is unknown; did you mean exact?",
        "line 3: scorer is unknown; did you mean scorers?",
        "line 4: scorer numeric compares with a whole number or a number, not with a text",
        "line 6: id 'p002' is already on line 5",
        "line 7: max_tokens: Input should be greater than or equal to 1, got 0",
        (
            "line 8: data_class 'secret' is unknown; "
            "use one of public, internal, confidential, restricted"
        ),
        "line 9: scorer exact needs `expected`: a text or a list of texts",
        (
            "line 10: not JSON: Expecting property name enclosed in double quotes: "
            "line 1 column 2 (char 1)"
        ),
        "line 11: an object {...} is needed",
    )


def test_marks_that_pass_may_be_set_for_every_scorer(tmp_path: Path) -> None:
    uses = [{"name": "contains", "need": "any", "at_least": 0.5}, "exact"]

    prompt = load_prompt_set(write_prompt_set(tmp_path, [a_prompt(1, scorers=uses)])).prompts[0]

    assert [one.at_least for one in prompt.scorers] == [0.5, 1]
    assert prompt.scorers[0].options == {"need": "any"}


@pytest.mark.parametrize(
    ("at_least", "reason"),
    [(0, "greater than 0"), (40, "less than or equal to 1"), ("half", "a valid number")],
)
def test_marks_that_pass_are_between_0_and_1(tmp_path: Path, at_least: object, reason: str) -> None:
    uses = [{"name": "contains", "at_least": at_least}]
    path = write_prompt_set(tmp_path, [a_prompt(1, scorers=uses)])

    with pytest.raises(PromptSetError) as caught:
        load_prompt_set(path)

    (problem,) = caught.value.problems
    assert problem.startswith("line 2: scorer contains: at_least: ")
    assert reason in problem


def test_options_of_a_scorer_are_checked_when_the_file_is_read(tmp_path: Path) -> None:
    uses = [{"name": "contains", "needs": "any"}, {"name": "regex", "pattern": "(a+)+b"}]
    path = write_prompt_set(tmp_path, [a_prompt(1, scorers=uses)])

    assert problems_of(path) == (
        "line 2: scorer contains: needs is unknown; did you mean need?",
        (
            "line 2: scorer regex: pattern: could run too long: a repeat or alternatives inside "
            "a repeat, got '(a+)+b'"
        ),
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "line 1: the header is missing"),
        (b'{"id": "x"}\n', "line 1: the header is missing"),
        (b'{"prompt_set": {"id": "x"}}\n', "no prompt in the file"),
        (b'{"prompt_set": {"id": "y"}}\n', "line 1: id is 'y'; name the file y.jsonl"),
        (b'{"prompt_set": {"id": "x"}}\n\xff\n', "line 2: not JSON: not UTF-8 at byte 0"),
        (b'{"prompt_set": {"id": "x"}}\n{"id": NaN}\n', "NaN is not a number of JSON"),
        (b'{"prompt_set": {"id": "x"}}\n' + b"[" * 100_000 + b"\n", "nested too deep"),
    ],
)
def test_a_file_that_is_no_prompt_set_is_refused(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)

    assert problem in "\n".join(problems_of(path))


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE_BYTES + 1)

    assert problems_of(path) == ("larger than 20 MB; split it into several sets",)


def test_problems_of_several_sets_come_at_once(tmp_path: Path) -> None:
    write_prompt_set(tmp_path, [a_prompt(1, id="!")], name="one")

    with pytest.raises(PromptSetError) as caught:
        load_prompt_sets(["one", "two"], tmp_path / "prompts")

    assert len(caught.value.problems) == 2
    assert caught.value.problems[0].startswith("one.jsonl: line 2: id: ")
    assert caught.value.problems[1].startswith("trials.prompt_sets: two.jsonl does not exist")


def test_thousands_of_problems_are_counted_and_not_all_shown(tmp_path: Path) -> None:
    path = write_prompt_set(tmp_path, [a_prompt(number, foo=1) for number in range(80)])

    problems = problems_of(path)

    assert len(problems) == 51
    assert problems[-1] == "and 30 more"


def test_no_problem_quotes_a_prompt_or_its_answer(tmp_path: Path) -> None:
    messages = [{"role": "patient", "content": "hush"}, {"role": "user", "content": ["hush"]}]
    path = write_prompt_set(
        tmp_path, [a_prompt(1, messages=messages, expected={"a": "hush"}), a_prompt(2, expected=[])]
    )

    problems = "\n".join(problems_of(path))

    assert "hush" not in problems
    assert (
        "line 2: messages.0.role: Input should be 'system', 'user', 'assistant' or 'tool', "
        "got 'patient'" in problems
    )
    assert "line 2: scorer exact compares with a text or a list of texts, not with an object" in (
        problems
    )
    assert "line 3: scorer exact compares with a text or a list of texts, not with an empty" in (
        problems
    )


def test_a_scorer_may_compare_with_a_value_of_its_own_and_look_for_what_must_not_be_there(
    tmp_path: Path,
) -> None:
    uses = [{"name": "contains", "expected": ["fee"], "unwanted": True}, "exact"]
    path = write_prompt_set(tmp_path, [a_prompt(1, scorers=uses, expected="no charge")])

    (prompt,) = load_prompt_set(path).prompts

    assert score_answer(prompt, Answer("no charge")) == {"contains": 1.0, "exact": 1.0}
    assert score_answer(prompt, Answer("a fee")) == {"contains": 0.0, "exact": 0.0}


def test_a_scorers_own_value_and_direction_are_checked(tmp_path: Path) -> None:
    uses = [{"name": "contains", "expected": 4}, {"name": "exact", "unwanted": "no"}]
    path = write_prompt_set(tmp_path, [a_prompt(1, scorers=uses)])

    assert problems_of(path) == (
        "line 2: scorer contains compares with a text or a list of texts, not with a whole number",
        "line 2: scorer exact: unwanted: Input should be a valid boolean, got 'no'",
    )


@pytest.mark.parametrize("depth", [200, 900, 985, 990, 100_000])
def test_a_line_that_is_nested_deep_is_told_and_ends_nothing(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "deep.jsonl"
    line = (
        '{"id": "a", "task": "t", "messages": [], "expected": '
        + '{"a":' * depth
        + "1"
        + "}" * depth
    )
    path.write_text('{"prompt_set": {"id": "deep"}}\n' + line + "}\n")

    with pytest.raises(PromptSetError, match=r"line 2: .*nested"):
        load_prompt_set(path)


def test_a_wrong_message_is_told_once_and_not_as_no_message_at_all(tmp_path: Path) -> None:
    wrong = a_prompt(1, messages=[{"role": "usr", "content": "x"}])

    (said,) = problems_of(write_prompt_set(tmp_path, [wrong]))

    assert said.startswith("line 2: messages.0.role: Input should be 'system'")
    assert said.endswith("got 'usr'")


@pytest.mark.parametrize("messages", [[], None])
def test_a_prompt_without_messages_is_told_of_templates(tmp_path: Path, messages: object) -> None:
    row = a_prompt(1, messages=messages, prompt="hello")
    if messages is None:
        del row["messages"]

    said = problems_of(write_prompt_set(tmp_path, [row]))

    assert "line 2: messages is missing or empty; give messages, or a template" in said
    assert any("prompt is unknown; known are id, " in one for one in said)
    assert any(one.endswith("template, variables") for one in said)


def test_the_example_of_the_readme_loads(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = readme.split("```json\n", 1)[1].split("```", 1)[0]
    (tmp_path / "tickets.jsonl").write_text(block, encoding="utf-8")
    (tmp_path / "label.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))

    prompts = load_prompt_set(tmp_path / "tickets.jsonl").prompts

    assert [bool(one.scorers) for one in prompts] == [True] * len(prompts)
