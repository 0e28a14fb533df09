"""The example shows every field, and a new team's file is right from the start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from playbook.errors import ParamsError
from playbook.profile import Profile, example_text, leaf_fields, new_params_text

if TYPE_CHECKING:
    from tests.profile.conftest import Params


def test_the_example_holds_every_field_with_its_meaning_and_unit() -> None:
    text = " ".join(example_text().replace("#", " ").split())

    for field in leaf_fields():
        assert f"{field.path.rsplit('.', 1)[-1]}:" in text, field.path
        assert field.meaning, field.path
        assert field.meaning in text, field.path
        assert f"unit: {field.unit}" in text or not field.unit, field.path


def test_the_example_as_it_stands_is_the_schemas_defaults(params: Params) -> None:
    params.write_org("defaults: {}\n")

    assert params.load(example_text()).changed(origins={}) == Profile()


def test_every_commented_field_of_the_example_may_be_uncommented(params: Params) -> None:
    text = re.sub(r"(?m)^( *)#(?! )", r"\1", example_text())
    other = "  endpoints:\n    - {id: my_other_server, litellm_model: openai/my-model}\n"

    profile = params.load(text.replace("  endpoints:\n", other))  # a parity pair needs two

    assert profile.trials.endpoints[1].id == "my_server"
    assert profile.data.answers["HIPAA-01"].owner == ""
    assert profile.team.sectors == ("healthcare",)


def test_a_new_teams_file_loads_and_bears_its_name(params: Params) -> None:
    profile = params.load(new_params_text("sales-2"))

    assert profile.team.name == "sales-2"


def test_what_a_new_teams_file_has_commented_out_may_be_uncommented(params: Params) -> None:
    text = re.sub(r"(?m)^( *)#(?=[a-z]|  - |  [A-Z])", r"\1", new_params_text("sales"))

    profile = params.load(text)

    assert {one.id for one in profile.trials.endpoints} >= {
        "openai", "anthropic", "gemini", "mistral", "deepseek",
        "vllm", "tensorrt_llm", "llama_cpp", "ollama",
    }  # fmt: skip
    assert profile.data.answers["BASE-01"].answer == "met"


@pytest.mark.parametrize("name", ["../x", "A", "", "a b", "x\n"])
def test_a_new_team_needs_a_name_that_a_folder_can_have(name: str) -> None:
    with pytest.raises(ParamsError, match="cannot be a name"):
        new_params_text(name)
