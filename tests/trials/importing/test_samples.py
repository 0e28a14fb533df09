"""JSONL samples and CSV tables come over with their answers, and hostile ones are told."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest

from playbook.errors import PromptSetError
from playbook.trials.importing import Imported, import_prompts
from playbook.trials.importing.drafts import Names, Tally
from playbook.trials.importing.importer import Labelling
from playbook.trials.prompt_records import Prompt
from playbook.trials.prompts import load_prompt_set
from playbook.trials.scorers import Answer
from playbook.trials.scoring import passes, score_answer
from playbook.vocabulary import DataClass

WORD_PROBLEMS = 1_319


def the_import(source: Path, **label: object) -> tuple[Imported, tuple[Prompt, ...]]:
    out = source.parent / "sets" / "taken.jsonl"
    made = import_prompts(source, out, Labelling(**label))  # type: ignore[arg-type]
    return made, load_prompt_set(out).prompts


def jsonl(folder: Path, *rows: object) -> Path:
    path = folder / "samples.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return path


def table(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_bytes(text.encode())
    return path


def word_problems(count: int = WORD_PROBLEMS) -> list[dict[str, str]]:
    """Return made-up word problems with worked answers that end in `####` and a number."""
    dice = random.Random(7)  # noqa: S311  no secret
    rows = []
    for number in range(count):
        boxes, each, eaten = dice.randint(2, 40), dice.randint(2, 60), dice.randint(0, 3)
        left = boxes * each - eaten
        question = (
            f"Shop {number} has {boxes} boxes of {each} apples, and sells {eaten}. "
            "How many apples are left?"
        )
        worked = f"{boxes}*{each}=<<{boxes}*{each}={boxes * each}>>{boxes * each}"
        rows.append({"question": question, "answer": f"{worked}\nLess {eaten}.\n#### {left:,}"})
    return rows


def test_a_set_of_1319_word_problems_comes_over_whole_from_jsonl(tmp_path: Path) -> None:
    rows = word_problems()

    made, prompts = the_import(jsonl(tmp_path, *rows), data_class=DataClass.PUBLIC)

    assert made.prompts == len(prompts) == WORD_PROBLEMS
    assert made.unscored == 0
    assert made.tally.lines() == []
    for row, prompt in zip(rows, prompts, strict=True):
        wanted = int(row["answer"].rpartition("#### ")[2].replace(",", ""))
        assert (prompt.messages[0].content, prompt.expected) == (row["question"], wanted)
    assert passes(prompts[0], score_answer(prompts[0], Answer(f"So it is {prompts[0].expected}.")))


def test_the_same_1319_come_over_from_a_table(tmp_path: Path) -> None:
    rows = word_problems()
    path = tmp_path / "table.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, ["question", "answer"], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)

    from_table, prompts = the_import(path)

    assert from_table.prompts == WORD_PROBLEMS
    assert prompts[-1].messages[0].content == rows[-1]["question"]
    assert all(isinstance(one.expected, int) for one in prompts)


def test_samples_of_inspect_and_of_openais_evals_come_over(tmp_path: Path) -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    rows = [
        {"id": "q/1", "input": "Capital of France?", "target": ["Paris", "paris"]},
        {
            "input": [
                {"role": "system", "content": "Be short."},
                {"role": "user", "content": [{"type": "text", "text": "Sky?"}]},
            ],
            "ideal": "blue",
            "metadata": {"category": "Colours", "level": 2},
        },
        {"input": "Pick.", "choices": ["red", "green"], "target": "B", "tools": [tool]},
        {"input": "How many?", "target": 12.5},
    ]

    made, (first, second, third, fourth) = the_import(jsonl(tmp_path, *rows))

    assert (first.id, first.expected) == ("q-1", ["Paris", "paris"])
    assert [one.content for one in second.messages] == ["Be short.", "Sky?"]
    assert second.task == "colours"
    assert third.messages[0].content == "Pick.\n\nA) red\nB) green\n\nAnswer with the letter only."
    assert passes(third, score_answer(third, Answer("b.")))
    assert third.tools[0].name == "f"
    assert (fourth.expected, fourth.scorers[0].name) == (12.5, "numeric")
    assert made.tally.lines() == [
        "not imported: 1 metadata.level: has no counterpart",
        "changed: 1 ids: made of letters, digits and . _ : -",
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"target": "x"}, "no prompt: a column or field of these names holds it"),
        ({"input": "x", "files": {"a": "b"}}, "it needs files, and nothing is set up"),
        ({"input": "x", "sandbox": "docker"}, "it needs sandbox"),
        ({"input": [{"content": "x"}]}, "a message is no object with role and content"),
        ({"input": [{"role": "boss", "content": "x"}]}, "messages.0.role: Input should be"),
        (
            {"input": [{"role": "user", "content": [{"type": "input_audio"}]}]},
            "a part of a message is of the kind 'input_audio', not text or image",
        ),
        (
            {"input": [{"role": "user", "content": [{"type": "image_url", "image_url": "http://a"}]}]},
            "an image is no data URL",
        ),
        ({"input": "x", "choices": ["one"]}, "its choices are no list of 2 to 26"),
        ({"input": "x" * 400_001}, "messages.0.content: String should have at most 400000"),
        (["input"], "the line is no object"),
        ({"input": "fine", "target": "x"}, "the same as an earlier one"),
    ],
)  # fmt: skip
def test_a_sample_that_can_not_come_over_is_told_and_the_others_come(
    tmp_path: Path, row: object, told: str
) -> None:
    made, prompts = the_import(jsonl(tmp_path, {"input": "fine", "target": "x"}, row))

    assert len(prompts) == 1
    (line,) = made.tally.lines()
    assert line.startswith("not imported: 1 prompt: ")
    assert told in line
    assert line.endswith("(line 2)")


def test_cells_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    text = 'prompt,expected,id\n"=HYPERLINK(""http://a"")",+1+cmd|calc,=1\n@SUM(A1),-,two\n'

    _, (first, second) = the_import(table(tmp_path, text))

    assert first.messages[0].content == '=HYPERLINK("http://a")'
    assert (first.expected, first.id) == ("+1+cmd|calc", "1")
    assert (second.messages[0].content, second.scorers[0].name) == ("@SUM(A1)", "normalised")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_and_line_breaks_in_cells_are_kept(
    tmp_path: Path, mark: str
) -> None:
    text = mark.join(["Input", "Category", "Target"]) + "\r\n"
    text += mark.join(['"a, b; c\nd"', "Sums", "7"]) + "\r\n\r\n"

    _, (prompt,) = the_import(table(tmp_path, text))

    assert prompt.messages[0].content == "a, b; c\nd"
    assert (prompt.task, prompt.expected) == ("sums", 7)


def test_columns_without_counterpart_and_rows_that_are_too_long_are_told(tmp_path: Path) -> None:
    text = "question,answer,difficulty\nq1,a1,hard\nq2,a2,easy,more\nq3\n"

    made, prompts = the_import(table(tmp_path, text))

    assert [one.messages[0].content for one in prompts] == ["q1", "q3"]
    assert made.unscored == 1
    assert sorted(made.tally.lines()) == [
        "not imported: 1 field difficulty: has no counterpart",
        "not imported: 1 prompt: more cells than columns; quote the text (row 3)",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no prompt could be imported"),
        (b"\xff\xfe", "line 1: not UTF-8; save it as UTF-8"),
        (b"a,b\n1,2\n", "no prompt could be imported"),
        (b"prompt,Prompt\n1,2\n", "two columns have the same name"),
        (b'prompt\n"open\n', "line 2"),
        (b"prompt\n" + b"x" * 1_000_001, "field larger than field limit"),
    ],
)
def test_a_table_that_is_none_writes_nothing(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)

    with pytest.raises(PromptSetError) as caught:
        the_import(path)

    assert told in str(caught.value)
    assert not (tmp_path / "sets" / "taken.jsonl").exists()


def test_a_set_that_is_there_is_replaced_only_by_force(tmp_path: Path) -> None:
    source, out = jsonl(tmp_path, {"input": "new"}), tmp_path / "old.jsonl"
    out.write_text("precious")

    with pytest.raises(PromptSetError, match="is there already"):
        import_prompts(source, out, Labelling())
    assert out.read_text() == "precious"

    import_prompts(source, out, Labelling(), force=True)

    assert load_prompt_set(out).prompts[0].messages[0].content == "new"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["old.jsonl", "samples.jsonl"]


def test_a_label_that_contradicts_itself_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    label = Labelling(data_class=DataClass.PUBLIC, data_types=("phi",))

    with pytest.raises(PromptSetError, match="not written: line 1: prompt_set: data_types"):
        import_prompts(jsonl(tmp_path, {"input": "x"}), tmp_path / "taken.jsonl", label)

    assert not (tmp_path / "taken.jsonl").exists()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"messages": [], "choices": ["a", "b"], "target": "a"}, "no prompt"),
        (
            {"messages": [{"role": "assistant", "content": "", "tool_calls": 5}]},
            "the tool calls of a message are no list",
        ),
        (
            {
                "messages": [
                    {
                        "role": "assistant",
                        "content": "",
                        "tool_calls": [{"function": {"name": "f", "arguments": "[" * 100_000}}],
                    }
                ]
            },
            "the arguments of a tool call are not JSON",
        ),
    ],
)
def test_a_hostile_sample_is_left_behind_in_words(
    tmp_path: Path, row: dict[str, object], told: str
) -> None:
    made, prompts = the_import(jsonl(tmp_path, row, {"input": "2 + 2?", "target": "4"}))

    assert len(prompts) == 1
    assert any(told in one for one in made.tally.lines())


def test_ids_that_are_all_the_same_get_numbers_without_a_search_for_each() -> None:
    names = Names(Tally())

    given = [names.id_of("same", "x") for _ in range(50_000)]

    assert given[:3] == ["same", "same-2", "same-3"]
    assert len(set(given)) == 50_000
