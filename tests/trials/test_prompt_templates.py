"""Templates of prompt sets: names are filled in, and nothing else is understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook.errors import PromptSetError
from playbook.trials import load_prompt_set
from playbook.trials import prompt_templates as templates
from playbook.trials.prompt_records import Prompt
from tests.trials.conftest import write_prompt_set


def a_line(number: int = 1, **fields: object) -> dict[str, object]:
    return {"id": f"p{number}", "task": "ask"} | fields


def the_prompts(root: Path, *lines: dict[str, object], **header: object) -> tuple[Prompt, ...]:
    return load_prompt_set(write_prompt_set(root, lines, **header)).prompts


def the_problems(root: Path, *lines: dict[str, object], **header: object) -> tuple[str, ...]:
    with pytest.raises(PromptSetError) as caught:
        the_prompts(root, *lines, **header)
    return caught.value.problems


def test_a_line_fills_its_own_template(tmp_path: Path) -> None:
    line = a_line(template="Sort {{ what }}, {{n}} words.", variables={"what": "this", "n": 3})

    (prompt,) = the_prompts(tmp_path, line)

    assert [(one.role, one.content) for one in prompt.messages] == [
        ("user", "Sort this, 3 words."),
    ]


def test_lines_share_the_headers_template_unless_they_have_their_own_words(tmp_path: Path) -> None:
    shared = [
        {"role": "system", "content": "You sell {{ goods }}."},
        {"role": "user", "content": "{{ question }}"},
    ]
    lines = [
        a_line(1, variables={"goods": "tea", "question": "How much?"}),
        a_line(2, messages=[{"role": "user", "content": "Literally {{ goods }}"}]),
        a_line(3, template="Only {{ goods }}", variables={"goods": "tea"}),
    ]

    first, second, third = the_prompts(tmp_path, *lines, template=shared)

    assert [one.content for one in first.messages] == ["You sell tea.", "How much?"]
    assert second.messages[0].content == "Literally {{ goods }}"
    assert third.messages[0].content == "Only tea"


def test_what_is_filled_in_is_not_read_as_a_template(tmp_path: Path) -> None:
    hostile = {"a": "{{ b }} {% raw %}", "b": "{{ a }}"}

    (prompt,) = the_prompts(tmp_path, a_line(template="{{ a }}|{{ b }}", variables=hostile))

    assert prompt.messages[0].content == "{{ b }} {% raw %}|{{ a }}"


def test_documents_are_numbered_where_the_template_says(tmp_path: Path) -> None:
    line = a_line(template="Read:\n{{ documents }}\nWhen?", documents=["Open at 9.", "Shut at 5."])

    (prompt,) = the_prompts(tmp_path, line)

    assert prompt.messages[0].content == "Read:\n[1] Open at 9.\n\n[2] Shut at 5.\nWhen?"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"template": "{{ a }}"}, "line 2: template names {{ a }}, but no variables gives a"),
        (
            {"template": "x", "variables": {"a": "1"}},
            "line 2: variables.a: no {{ a }} in the template; add it or delete a",
        ),
        (
            {"template": "{{ a | upper }}", "variables": {}},
            "line 2: template: {{' a | upper }}' is no plain name; only {{ name }} is filled in",
        ),
        (
            {"template": "x", "messages": [{"role": "user", "content": "x"}]},
            "line 2: gives both messages and template; keep one",
        ),
        (
            {"messages": [{"role": "user", "content": "x"}], "variables": {"a": "1"}},
            "line 2: gives messages and variables, but no template uses them; give a template",
        ),
        ({"template": 3}, "line 2: template must be a text or a list of messages"),
        (
            {"template": "{{ a }}", "variables": {"a": ["b"]}},
            "line 2: variables.a must be a text or a number",
        ),
        ({"template": "x", "variables": []}, "line 2: variables must be an object"),
        (
            {"template": "x", "variables": {"a-b": "c"}},
            "line 2: variables: 'a-b' is no name; use letters, digits and _",
        ),
        (
            {"template": "{{ documents }}"},
            "line 2: template names {{ documents }}, but no documents are given",
        ),
        (
            {"template": "x", "documents": ["y"]},
            "line 2: documents: no {{ documents }} in the template; add it or delete documents",
        ),
        (
            {"messages": [{"role": "user", "content": "x"}], "documents": ["y"]},
            "line 2: documents.0: is in no message, so no model reads it; put it into one",
        ),
    ],
)
def test_a_template_that_does_not_fit_is_told_once(
    tmp_path: Path, fields: dict[str, object], problem: str
) -> None:
    (told,) = the_problems(tmp_path, a_line(**fields))

    assert told.startswith(problem)


def test_a_small_file_can_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "MOST_TEXT_CHARACTERS", 2_000_000)
    lines = [a_line(number, variables={"n": number}) for number in range(40)]

    problems = the_problems(tmp_path, *lines, template="x" * 300_000 + "{{ n }}")

    assert problems == (
        "line 8: the filled templates are above 2 million characters together; split the set",
    )


def test_a_short_line_that_would_fill_the_memory_is_refused_before_it_does(tmp_path: Path) -> None:
    line = a_line(template="{{a}}" * 40_000, variables={"a": "x" * 1_000_000})

    assert the_problems(tmp_path, line) == (
        "line 2: the filled templates are above 60 million characters together; split the set",
    )


def test_no_problem_of_a_template_quotes_what_is_filled_in(tmp_path: Path) -> None:
    line = a_line(
        template=[{"role": "boss", "content": "{{ a }}"}, {"role": "user", "content": 4}],
        variables={"a": "hush", "b": "hush"},
    )

    assert "hush" not in "\n".join(the_problems(tmp_path, line))
