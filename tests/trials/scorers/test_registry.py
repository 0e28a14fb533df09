"""The registry: one file a scorer, each with a docstring and a test of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import playbook.trials.scorers as package
from playbook.trials.scorers import Answer, Expected, NoOptions, all_scorers, scorer

FILES = {path.stem for path in Path(package.__file__).parent.glob("*.py")} - {
    "__init__",
    "answer",
    "loading",
    "registry",
}
NEEDED = {
    "pairwise": {"rubric": "It is kind."},
    "regex": {"pattern": "x+"},
    "rubric": {"rubric": "It is kind."},
}
"""Options without which a scorer can't be used."""
HOSTILE = [
    "",
    "\x00",
    "{" * 200_000,
    "[" * 200_000,
    "9" * 50_000,
    "\ud800",
    "<script>",
    " " * 9_999,
]


def test_every_file_is_one_scorer_of_its_name() -> None:
    assert set(all_scorers()) == FILES
    for name, one in all_scorers().items():
        assert one.function.__module__ == f"{package.__name__}.{name}"


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_scorer_has_a_docstring_with_an_example_and_a_test(name: str) -> None:
    words = all_scorers()[name].function.__doc__ or ""

    assert words.startswith("Return ")
    assert "Example:" in words
    assert (Path(__file__).parent / f"test_{name}.py").is_file()


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_every_score_of_a_hostile_answer_is_within_0_and_1(name: str, text: str) -> None:
    one = all_scorers()[name]
    wanted = {str: "x", int: 1, dict: {"x": 1}}
    expected = next((wanted[kind] for kind in one.expects if kind in wanted), None)
    options = one.options.model_validate(NEEDED.get(name, {}))

    score = one.function(Answer(text), expected, options)

    assert score is None or 0 <= score <= 1


def test_two_files_may_not_share_a_name() -> None:
    with pytest.raises(ValueError, match=r"scorer exact is in .*exact and .*test_registry"):
        scorer("exact", expects=(str,))(lambda _text, _expected, _options: 1.0)

    assert all_scorers()["exact"].options is NoOptions


@pytest.mark.parametrize("expected", ["", " ", [], ["billing", ""], {}])
@pytest.mark.parametrize("name", ["contains", "exact", "json_field", "normalised"])
def test_an_empty_expected_value_that_any_answer_would_meet_is_refused(
    name: str, expected: Expected
) -> None:
    assert all_scorers()[name].objection(expected) != ""


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_option_has_the_name_of_what_every_scorer_understands(name: str) -> None:
    assert not {"name", "at_least"} & set(all_scorers()[name].options.model_fields)
