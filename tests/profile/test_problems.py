"""One test per class of bad input: field, line, value and fix are in the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from playbook.errors import ParamsError
from playbook.profile import SECTIONS, leaf_fields, profile_from_sections

if TYPE_CHECKING:
    from tests.profile.conftest import Params

Cases = pytest.mark.parametrize
CRITERIA = [
    "cost",
    "quality",
    "latency",
    "infrastructure",
    "residency",
    "time_to_production",
    "lifecycle",
]
NO_WEIGHTS = "weights:\n" + "".join(f"  {one}: 0\n" for one in CRITERIA)


@Cases(
    ("text", "parts"),
    [
        ("workload: {tokens_per_dya: 5}",
         ["workload.tokens_per_dya", "(line 1)", "did you mean tokens_per_day?"]),
        ("wrkload: {}", ["wrkload", "(line 1)", "is unknown", "did you mean workload?"]),
        ("share_output: 0.2", ["share_output", "belongs under workload:"]),
        ('"x=1;import os": 1', ["x=1;import os", "is unknown", "the sections are team"]),
        ("trials:\n  endpoints:\n  - {id: a, embedded: demo-base, perimter: on_prem}",
         ["trials.endpoints[0].perimter", "(line 3)", "did you mean perimeter?"]),
        ("origins: {a: b}", ["origins", "delete it"]),
    ],
)  # fmt: skip
def test_an_unknown_key_is_named_with_its_line_and_a_guess(
    params: Params, text: str, parts: list[str]
) -> None:
    (problem,) = params.problems(text)

    assert all(part in problem for part in parts), problem


@Cases(
    ("text", "parts"),
    [
        ("workload:\n  share_output: 25", ["(line 2)", "is 25", "above 1", "0 to 1", "mean 0.25?"]),
        ("workload: {peak_to_mean: 0}", ["is 0", "not above 0", "(ratio)"]),
        ("trials: {repeats: 0}", ["trials.repeats", "is 0", "below 1"]),
        ("infrastructure: {deadline_weeks: 600}", ["is 600", "above 520", "(weeks)"]),
        ("workload: {tokens_per_day: -1}", ["workload.tokens_per_day", "negative"]),
        ("workload: {tokens_per_day: 1e14}", ["tokens_per_day", "above 1e+13", "tokens/day"]),
        ("workload: {tokens_per_day: {low: 3, likely: 1, high: 4}}", ["low <= likely <= high"]),
        ("workload: {first_token_p95_s: 2000}", ["is 2000, above 600 (s)"]),
        ("workload: {tokens_per_day: {low: 3, likely: 4}}", ["tokens_per_day.high", "is missing"]),
        (f"team: {{title: {'a' * 401}}}", ["team.title", "at most 400 characters"]),
    ],
)  # fmt: skip
def test_a_value_out_of_bounds_is_named_with_the_bound_and_the_unit(
    params: Params, text: str, parts: list[str]
) -> None:
    (problem,) = params.problems(text)

    assert all(part in problem for part in parts), problem


@Cases(
    ("text", "parts"),
    [
        ("workload: {tokens_per_day: 10M}", ['"10M"', "tokens/day", "10_000_000 or 1.0e7"]),
        ("workload: {share_output: 25%}", ['"25%"', "write 0.25"]),
        ("team: {budget_usd_per_month: $12k}", ["USD/month", "write 12_000"]),
        ('team: {budget_usd_per_month: "1,500"}', ["a number", "write 1_500"]),
        ("workload: {first_token_p95_s: 2000ms}", ['"2000ms"', "a number (s); write 2"]),
        ("workload: {tokens_per_day: {low: 1M tokens, likely: 2000000, high: 3000000}}",
         ["tokens_per_day.low", "alone, in tokens/day"]),
        ("infrastructure: {lead_times: {self_hosted: {low: 1 month, likely: 5, high: 9}}}",
         ["self_hosted.low", "alone, in weeks"]),
        ("trials: {seed: 1.5}", ["trials.seed", "is 1.5", "a whole number"]),
        ("workload: {peak_to_mean: true}", ["is true", "a number"]),
        ("workload: {needs_fine_latency_control: 1}", ["is 1", "true or false"]),
        ("workload: {peak_to_mean: }", ["is empty", "delete the line"]),
        ("domain: {languages: en}", ["domain.languages", "a list", "write [en]"]),
        ("domain: {languages: [no]}", ["languages[0]", "is false", "in quotes"]),
        ("team: {decide_by: 2027-13-01}", ['"2027-13-01"', "YYYY-MM-DD"]),
        ("team: {title: {a: 1}}", ["team.title", "a mapping", "text"]),
        ("workload: 5", ["workload", "is 5", "a mapping of fields"]),
        ("trials: {endpoints: {id: a}}", ["trials.endpoints", "a list"]),
    ],
)  # fmt: skip
def test_a_wrong_type_is_named_with_what_the_field_takes(
    params: Params, text: str, parts: list[str]
) -> None:
    (problem,) = params.problems(text)

    assert all(part in problem for part in parts), problem


@Cases(
    ("text", "parts"),
    [
        ("data: {data_class: secret}", ["public, internal, confidential, restricted"]),
        ("data: {contracts: {openai: baa}}", ["data.contracts.openai", "write [baa]"]),
        ("data: {data_subjects_in: DE}", ["data.data_subjects_in", "write [DE]"]),
        ("data: {answers: {GOV-01: {answer: yes}}}", ["is true", "write met for yes"]),
        ("data:\n  data_types:\n  - persnal", ["data_types[0]", "(line 3)", "mean personal?"]),
        ("data: {answers: {HIPAA-01: {answer: yep}}}", ["data.answers.HIPAA-01.answer", "not_met"]),
    ],
)  # fmt: skip
def test_a_wrong_choice_is_named_with_the_choices(
    params: Params, text: str, parts: list[str]
) -> None:
    (problem,) = params.problems(text)

    assert all(part in problem for part in parts), problem


@Cases("name", ["../x", "a/b", "A", "", ".hidden", "x" * 42, "a b", "/etc/passwd"])
def test_a_team_name_that_is_no_folder_name_is_refused(params: Params, name: str) -> None:
    (problem,) = params.problems(f'team: {{name: "{name}"}}')

    assert problem.startswith("team.name (line 1) is ")
    assert "lower-case letters" in problem


def test_a_missing_prompt_set_is_named_with_those_that_exist(params: Params) -> None:
    (problem,) = params.problems("trials: {prompt_sets: [other, demo_support]}")

    assert "there is no prompts/other.jsonl" in problem
    assert "there are: demo_support" in problem


@Cases(
    ("endpoint", "parts"),
    [
        ("{id: a}", ["trials.endpoints[0]", "embedded, or litellm_model"]),
        ("{id: a, litellm_model: hosted_vllm/x}", ["[0].api_base", "http://host:8000/v1"]),
        ("{id: a, litellm_model: openai/x, operator: self}", ["[0].api_base", "is missing"]),
        (
            "{id: a, litellm_model: azure/our-gpt, api_version: v1}",
            ["[0].api_base", ".openai.azure.com"],
        ),
        (
            "{id: a, litellm_model: azure/our-gpt, api_base: 'https://x.example'}",
            ["[0].api_version", "such as 2024-10-21"],
        ),
        (
            "{id: a, litellm_model: openai/x, api_version: v1}",
            ["[0].api_version", "only azure/ takes one; delete it"],
        ),
        ("{id: a, litellm_model: openai/x, embedded: demo-base}", ["keep one"]),
        ("{embedded: demo-base}", ["trials.endpoints[0].id", "is missing"]),
        ("{id: a, embedded: demo-base, stand_in: true, option: x@y}", ["delete option"]),
    ],
)  # fmt: skip
def test_an_endpoint_that_could_not_be_called_is_refused(
    params: Params, endpoint: str, parts: list[str]
) -> None:
    (problem,) = params.problems(f"trials: {{endpoints: [{endpoint}]}}")

    assert all(part in problem for part in parts), problem


def test_two_endpoints_with_one_id_are_refused(params: Params) -> None:
    one = "{id: same, embedded: demo-base}"

    (problem,) = params.problems(f"trials:\n  endpoints:\n  - {one}\n  - {one}\n")

    assert "trials.endpoints[1].id (line 4)" in problem
    assert "'same', as in trials.endpoints[0]" in problem


@Cases("field", ["api_key_variable", "api_base", "api_key"])
def test_a_key_written_into_the_file_is_never_repeated(params: Params, field: str) -> None:
    key = "https://user:sk-live0123456789abcdef@host"

    problems = params.problems(
        f'trials: {{endpoints: [{{id: a, embedded: demo-base, {field}: "{key}"}}]}}'
    )

    assert len(problems) == 1
    assert "sk-live" not in problems[0]


@Cases(
    ("text", "parts"),
    [
        ("trials: {target_pass_rate: 0.5}", ["target_pass_rate", "below minimum_pass_rate"]),
        ("trials: {prompt_sets: [demo_support, demo_support]}", ["[1]", "keep one"]),
        ("data: {answers: {GOV-01: {answer: not_applicable}}}", ["without reason and owner"]),
        ("data: {data_types: [public_only, phi]}", ["public_only beside other words"]),
        ("data: {data_class: public, data_types: [phi]}",
         ["data.data_class", "public beside data_types phi", "raise data_class"]),
        ("workload: {input_tokens_per_call: 9000}", ["max_context_tokens", "9000", "raise it"]),
        ("workload: {calls_per_task: 9, context_growth_tokens_per_call: 1000}",
         ["max_context_tokens", "9500"]),
        (NO_WEIGHTS, ["weights", "all 0"]),
    ],
)  # fmt: skip
def test_values_that_contradict_each_other_are_refused(
    params: Params, text: str, parts: list[str]
) -> None:
    (problem,) = params.problems(text)

    assert all(part in problem for part in parts), problem


def test_all_problems_come_at_once_in_the_order_of_the_file(params: Params) -> None:
    text = """\
team: {name: ../x}
weights: {cost: -1}
workload:
  share_output: 25
  tokens_per_dya: 1
trials: {prompt_sets: [none_such], target_pass_rate: 0.1}
"""

    problems = params.problems(text)

    assert [line.split()[0] for line in problems] == [
        "team.name",
        "weights.cost",
        "workload.share_output",
        "workload.tokens_per_dya",
        "trials.target_pass_rate",
        "trials.prompt_sets[0]",
    ]


def test_a_flood_of_problems_is_cut_short(params: Params) -> None:
    problems = params.problems("".join(f"key_{at}: 1\n" for at in range(500)))

    assert len(problems) == 51
    assert problems[-1] == "and 450 more"


_FIELDS = [one.path for one in leaf_fields() if "*" not in one.path and one.path.count(".") == 1]


@given(path=st.sampled_from(_FIELDS), at=st.integers(0, 40), letter=st.sampled_from("xqz_"))
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_any_misspelt_key_is_a_problem_that_names_it(path: str, at: int, letter: str) -> None:
    section, field = path.split(".")
    wrong = field[: at % len(field)] + letter + field[at % len(field) + 1 :]
    assume(wrong not in SECTIONS[section].model_fields)

    with pytest.raises(ParamsError) as caught:
        profile_from_sections(**{section: {wrong: 1}})

    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(f"{section}.{wrong} is unknown; ")
