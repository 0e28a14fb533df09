"""What is not plain, readable YAML is refused with its line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbook.errors import ParamsError
from playbook.profile import load_profile

if TYPE_CHECKING:
    from tests.profile.conftest import Params

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (BOMB, ["line 1", "anchors (&) and aliases (*)"]),
        ("team: {<<: *x}", ["line 1", "aliases"]),
        ("team:\n  title: !!python/object/apply:os.system [ls]", ["line 2", "a tag (!)"]),
        ("team: !include x", ["line 1", "a tag (!)"]),
        ("team:\n\tname: a", ["line 2", "a tab", "use spaces"]),
        ("team: {name: a", ["not valid YAML", "line"]),
        ("team:\n  name: a\n  title: b: c", ["line 3", "not valid YAML"]),
        ("- a\n- b", ["it must hold sections"]),
        ("just text", ["it must hold sections"]),
        ("team: {}\n---\nteam: {}", ["second document"]),
        ("team: " + "[" * 40 + "]" * 40, ["nested more than"]),
        ("team: [" + "a, " * 30_000 + "]", ["more than 20,000 values"]),
        ("team: {name: a}\nteam: {name: b}", ["team is given twice", "lines 1 and 2"]),
        ("team:\n  on: 1", ["team (line 2)", "a key reads as true"]),
        ("no: 1", ["the file (line 1)", "a key reads as false"]),
        ("team: {1: a}", ["team (line 1)", "a number or a structure"]),
        ("workload: {peak_to_mean: .nan}", ["workload.peak_to_mean", ".nan", "finite"]),
        ("workload: {peak_to_mean: 1e999}", ["workload.peak_to_mean", "too large"]),
        (f"workload: {{peak_to_mean: {'9' * 5000}}}", ["peak_to_mean", "a number"]),
        ('team: {title: "\\e[31m"}', ["team.title", "control character"]),
        ('team: {title: "\\0"}', ["team.title", "control character"]),
        (b"team: {title: \xff}", ["line 1", "UTF-8"]),
        (b"x: " + b"a" * 1_000_001, ["1,000,000 bytes"]),
    ],
)
def test_unsafe_or_broken_yaml_is_refused(
    params: Params, text: str | bytes, parts: list[str]
) -> None:
    (problem,) = params.problems(text)

    assert all(part in problem for part in parts), problem


def test_a_file_that_is_missing_or_a_folder_is_one_message(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(ParamsError, match="no such file; check the path"):
            load_profile(path)


GOOD = "team:\n  name: acme  # a\ndata:\n  answers:\n    A-1: {answer: met}\ntrials: {seed: 1}\n"
PIECES = st.sampled_from(
    ["\n", " ", "  ", ":", "- ", *"{}[]\"'#|>!?%@`~&*\\", "\t", "1e999", "null", "é"]
)


@given(cuts=st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 4), PIECES), max_size=4))
@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
def test_damaged_yaml_gives_a_profile_or_problems_and_nothing_else(
    params: Params, cuts: list[tuple[int, int, str]]
) -> None:
    text = GOOD
    for at, length, piece in cuts:
        text = text[:at] + piece + text[at + length :]

    try:
        params.load(text)
    except ParamsError as error:
        assert error.problems  # noqa: PT017  both outcomes are right


@pytest.mark.parametrize("numeral", ["1e7", "1.0e7", "1E+7", "10_000_000", "10000000"])
def test_large_numbers_may_be_written_in_each_usual_way(params: Params, numeral: str) -> None:
    profile = params.load(f"workload: {{tokens_per_day: {numeral}}}\n")

    assert profile.workload.tokens_per_day.likely == 10_000_000


def test_an_exponent_is_a_whole_number_where_one_is_needed(params: Params) -> None:
    assert params.load("domain: {labelled_examples: 2e4}").domain.labelled_examples == 20_000


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "team:\n", "data:\n  answers:\n", "\ufeff"]
)
def test_a_file_without_values_is_the_organisations_profile(params: Params, text: str) -> None:
    profile = params.load(text)

    assert profile.infrastructure.staff_usd_per_year == 150_000
    assert set(profile.origins.values()) <= {
        "params/org.yaml:3",
        "params/org.yaml:5",
        "params/org.yaml:7",
    }
