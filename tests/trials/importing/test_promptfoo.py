"""A promptfoo configuration comes over prompt by prompt, and what stays behind is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playbook.errors import PromptSetError
from playbook.trials.importing import MAPPED, NOT_MAPPED, Imported, asserts, import_prompts
from playbook.trials.importing.importer import Labelling
from playbook.trials.prompt_records import Prompt
from playbook.trials.prompts import load_prompt_set
from playbook.trials.scorers import Answer
from playbook.trials.scoring import passes, score_answer
from playbook.vocabulary import DataClass

SUPPORT = """
description: Support desk
prompts:
  - file://prompts/label.txt
  - label: chat
    raw: '[{"role": "system", "content": "You label tickets."},
           {"role": "user", "content": "{{ticket}}"}]'
  - 'Shout {{ ticket | upper }}'
  - file://prompts/make.py
providers: [openai:gpt-4o-mini, anthropic:messages:claude]
defaultTest:
  options: {transform: output.trim()}
  assert:
    - {type: not-icontains, value: as an AI}
    - {type: latency, threshold: 2000}
tests:
  - description: label
    metadata: {category: Labels & Co}
    vars: {ticket: My parcel is late, lang: [English, German]}
    assert:
      - {type: equals, value: delivery, weight: 2}
      - {type: llm-rubric, value: is polite}
  - vars: {ticket: file://tickets/refund.txt, lang: English}
    assert:
      - type: contains-any
        value: 'refund, "money, back"'
      - {type: javascript, value: output.length < 9}
      - {type: regex, value: '^\\w+$'}
      - {type: regex, value: '(a+)+b'}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "tickets").mkdir()
    (tmp_path / "prompts" / "label.txt").write_text("Label in {{lang}}: {{ticket}}\n")
    (tmp_path / "prompts" / "make.py").write_text("raise SystemExit('was run')\n")
    (tmp_path / "tickets" / "refund.txt").write_text("Where is my {{lang}} money?")
    return tmp_path


def the_import(folder: Path, text: str, **label: object) -> tuple[Imported, tuple[Prompt, ...]]:
    source = folder / "promptfooconfig.yaml"
    source.write_text(text, encoding="utf-8")
    out = folder / "sets" / "desk.jsonl"
    made = import_prompts(source, out, Labelling(**label), force=True)  # type: ignore[arg-type]
    return made, load_prompt_set(out).prompts


def test_prompts_times_tests_times_lists_of_variables_come_over(folder: Path) -> None:
    made, prompts = the_import(folder, SUPPORT, data_class=DataClass.INTERNAL)

    assert made.prompts == len(prompts) == 5  # 2 templates x (2 languages + 1), one of them twice
    assert [one.content for one in prompts[0].messages] == ["Label in English: My parcel is late"]
    assert [one.role for one in prompts[2].messages] == ["system", "user"]
    assert prompts[3].messages[0].content == "Label in English: Where is my English money?"
    assert prompts[0].expected == "delivery"
    assert [one.group for one in prompts] == ["tests[0]"] * 3 + ["tests[1]"] * 2
    assert [one.task for one in prompts] == ["labels-co"] * 3 + ["desk", "chat"]


def test_what_stays_behind_is_told_with_its_kind_and_reason(folder: Path) -> None:
    made, _ = the_import(folder, SUPPORT)

    told = "\n".join(made.tally.lines())

    assert "1 template: is a program, and imported programs are not run (prompts[3])" in told
    assert "3 prompt: the prompt has a filter, a dot, a loop or a condition" in told
    assert "1 prompt: the same as an earlier one" in told
    assert "assert llm-rubric: a model decides" in told
    assert "assert latency: no scorer compares so" in told
    assert "assert javascript: a program decides" in told
    assert "assert regex: could run too long" in told
    assert "assert.weight: every scorer must pass" in told
    assert "test.options.transform: has no counterpart" in told
    assert "section providers: endpoints belong under trials.endpoints" in told
    assert made.tally.asserts == {
        "not-icontains -> not contains": 5,
        "equals -> exact": 3,
        "contains-any -> contains": 2,
        "regex -> regex": 2,
    }


def test_scorers_of_one_prompt_keep_their_own_values(folder: Path) -> None:
    _, prompts = the_import(folder, SUPPORT)

    def passed(prompt: Prompt, text: str) -> bool | None:
        return passes(prompt, score_answer(prompt, Answer(text)))

    assert passed(prompts[0], "delivery")
    assert not passed(prompts[0], "As an AI, delivery")
    assert passed(prompts[3], "refund")
    assert not passed(prompts[3], "Refund")  # contains-any heeds case
    assert not passed(prompts[3], "refund it")  # the pattern wants one word


def test_the_label_is_restricted_unless_it_is_given(folder: Path) -> None:
    _, prompts = the_import(folder, SUPPORT)

    assert {one.data_class for one in prompts} == {DataClass.RESTRICTED}


@pytest.mark.parametrize(
    ("kind", "value", "right", "wrong"),
    [
        ("equals", "yes", "yes", "Yes"),
        ("equals", {"a": 1}, '{"a": 1}', '{"a": 1, "b": 2}'),
        ("contains", "Fee", "a Fee", "a fee"),
        ("icontains", "Fee", "a fee", "a bill"),
        ("contains-all", ["a", "B"], "a B", "a b"),
        ("icontains-all", "a, b", "B a", "a"),
        ("contains-any", ["a", "b"], "b", "B"),
        ("icontains-any", ["a", "b"], "B", "c"),
        ("starts-with", "a.b", "a.b c", "axb c"),
        ("regex", "[0-9]{4}", "in 2026", "in 26"),
        ("not-equals", "yes", "no", "yes"),
        ("not-contains", "Fee", "fee", "Fee"),
        ("not-contains-any", ["a", "b"], "c", "b"),
        ("not-starts-with", "Sorry", "Here", "Sorry, no"),
        ("not-regex", "[0-9]", "none", "4"),
        ("is-json", None, '{"a": 1}', "a"),
        ("is-json", {"required": ["a"]}, '{"a": 1}', '{"b": 1}'),
        ("contains-json", '{"required": ["a"]}', 'Here: {"a": 1}', 'Here: {"b": 1}'),
        ("is-refusal", None, "I can't help with that.", "Here it is: four."),
        ("not-is-refusal", None, "Here it is: four.", "I can't help with that."),
    ],
)
def test_each_mapped_assert_passes_and_fails_as_it_did(
    tmp_path: Path, kind: str, value: object, right: str, wrong: str
) -> None:
    config = {"prompts": ["Say {{ x }}"], "tests": [{"vars": {"x": "it"}, "assert": []}]}
    config["tests"][0]["assert"] = [{"type": kind, "value": value}]  # type: ignore[index]

    _, (prompt,) = the_import(tmp_path, json.dumps(config))

    assert passes(prompt, score_answer(prompt, Answer(right))) is True
    assert passes(prompt, score_answer(prompt, Answer(wrong))) is False


def test_words_are_read_as_yaml_1_2_reads_them(tmp_path: Path) -> None:
    text = "prompts: ['{{ a }}']\ntests:\n- vars: {a: yes}\n  assert: [{type: equals, value: no}]\n"

    _, (prompt,) = the_import(tmp_path, text)

    assert (prompt.messages[0].content, prompt.expected) == ("yes", "no")


def test_tests_of_a_table_bring_their_expected_columns(tmp_path: Path) -> None:
    rows = (
        "question,__expected1,__expected2,__metric\n2+2?,icontains:four,4,sum\n3+3?,cost(0.1):,,\n"
    )
    (tmp_path / "tests.csv").write_text("\ufeff" + rows, encoding="utf-8")

    made, (first, second) = the_import(
        tmp_path, "prompts: ['{{question}}']\ntests: file://tests.csv\n"
    )

    assert [one.name for one in first.scorers] == ["contains", "exact"]
    assert not second.scorers
    assert made.unscored == 1
    assert "test.__metric: has no counterpart" in "\n".join(made.tally.lines())


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("file://../secret.txt", "is no file inside the folder"),
        ("file://link.txt", "is no file inside the folder"),
        ("file:///etc/passwd.txt", "there is no file"),
        ("file:///etc/passwd", "names a file that is no text"),
        ("file://*.txt", "is a pattern; name each file"),
        ("file://none.txt", "there is no file 'none.txt'"),
        ("file://a.js", "names a file that is no text"),
    ],
)
def test_a_reference_never_leads_out_of_the_folder(
    tmp_path: Path, reference: str, told: str
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.txt").write_text("hush")
    (inner / "link.txt").symlink_to(tmp_path / "secret.txt")
    config = {"prompts": ["{{ a }}"], "tests": [{"vars": {"a": reference}}]}

    with pytest.raises(PromptSetError) as caught:
        the_import(inner, json.dumps(config))

    assert told in str(caught.value)
    assert not (inner / "sets").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("prompts: !!python/object/apply:os.system ['true']\n", "a tag (!) is not allowed"),
        ("prompts: [a\n", "not YAML"),
        ("tests: []\n", "no `prompts:` in it"),
        ("prompts: a\nprompts: b\n", "'prompts' is given twice"),
        ("prompts: &a [*a]\n", "nested more than 40 deep"),
        pytest.param("[" * 1_000_000, "nested more than 40 deep", id="so deep that C would crash"),
        pytest.param(
            "prompts: ['" + "{{a}}" * 4_000 + "']\ntests: [{vars: {a: " + "x" * 10_000 + "}}]\n",
            "has more than 2,000,000 characters once filled in",
            id="a text that grows beyond memory",
        ),
        pytest.param(
            "prompts: ['{{a}}{{b}}']\ntests: [{vars: {b: ["
            + ",".join(map(str, range(61)))
            + "], a: "
            + "x" * 1_000_000
            + "}}]\n",
            "becomes more than 60 million characters",
            id="texts that grow beyond memory together",
        ),
        (
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(
                f"{after}: &{after} [{','.join(['*' + before] * 9)}]\n"
                for before, after in zip("abcdefg", "bcdefgh", strict=True)
            ),
            "more than 400,000 values",
        ),
        (
            "prompts: ['{{a}}{{b}}{{c}}']\ntests:\n- vars: {a: &l ["
            + ",".join(map(str, range(40)))
            + "], b: *l, c: *l}\n",
            "prompts times tests are more than 20,000",
        ),
    ],
)
def test_a_hostile_configuration_is_refused_in_words(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PromptSetError) as caught:
        the_import(tmp_path, text)

    assert told in str(caught.value)


def test_the_list_of_the_docstring_is_that_of_the_program() -> None:
    listed = asserts.__doc__ or ""
    left = listed.partition("Not mapped")[2].partition(":")[2]

    assert {one.split()[0] for one in listed.splitlines() if one.startswith("    ")} >= set(MAPPED)
    assert set(left.replace(",", " ").split()) == set(NOT_MAPPED)


def test_asserts_of_hostile_values_are_left_behind_in_words(tmp_path: Path) -> None:
    config = {
        "prompts": ["Say {{a}}"],
        "tests": [
            {
                "vars": {"a": "it"},
                "assert": [
                    {"type": "is-json", "value": '{"not":' * 5_000 + "1" + "}" * 5_000},
                    {"type": "contains-any", "value": "x" * 200_000},
                    {"type": "equals", "value": "it"},
                ],
            }
        ],
    }

    made, prompts = the_import(tmp_path, json.dumps(config))

    assert [one.name for one in prompts[0].scorers] == ["exact"]
    told = "\n".join(made.tally.lines())
    assert "its schema is not JSON, or nested too deep" in told
    assert "its value is no list of texts: field larger than field limit" in told
