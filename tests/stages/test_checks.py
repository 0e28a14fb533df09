"""An endpoint may claim to be an option only if it is exactly that model and place."""

import shutil
from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.profile import Endpoint, Profile, load_profile
from playbook.profile.sections import Domain, Infrastructure, Trials
from playbook.stages.checks import problems

CATALOG = load_catalog()


def a_profile(**endpoint: object) -> Profile:
    one = Endpoint.model_validate({"id": "api", **endpoint})
    return Profile(
        infrastructure=Infrastructure(places=("rented_eu",)), trials=Trials(endpoints=(one,))
    )


@pytest.mark.parametrize("litellm_model", ["anthropic/claude-haiku-5-5", "claude-haiku-5-5"])
def test_the_exact_model_may_claim_its_option(litellm_model: str) -> None:
    profile = a_profile(litellm_model=litellm_model, option="claude-haiku-5-5@anthropic")

    assert problems(profile, CATALOG) == []


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ({"litellm_model": "anthropic/claude-opus-5-5"}, "name that model or no option"),
        ({"embedded": "demo-base"}, "demonstration model"),
        ({"litellm_model": "anthropic/claude-haiku-5-5", "stand_in": True}, "stand-in"),
    ],
)
def test_another_model_can_not_claim_it(endpoint: dict[str, object], said: str) -> None:
    profile = a_profile(**endpoint, option="claude-haiku-5-5@anthropic")

    assert said in " ".join(problems(profile, CATALOG))


def test_an_own_server_must_say_which_model_it_answers_with() -> None:
    own = {
        "litellm_model": "hosted_vllm/llama-3-8b",
        "api_base": "http://localhost:8000/v1",
        "option": "llama-3-8b-instruct@self:rented_eu",
    }

    assert "expected_model" in " ".join(problems(a_profile(**own), CATALOG))
    assert problems(a_profile(**own, expected_model="llama-3-8b"), CATALOG) == []


def test_an_own_server_in_a_place_that_is_not_listed_says_where_to_list_it() -> None:
    profile = a_profile(
        litellm_model="hosted_vllm/m",
        api_base="http://localhost:8000/v1",
        option="llama-3.1-8b-instruct@self:own_network",
        expected_model="m",
    )

    assert "add own_network to infrastructure.places" in " ".join(problems(profile, CATALOG))


def test_the_endpoints_of_the_readme_pass_the_check(tmp_path: Path) -> None:
    readme = Path("README.md").read_text(encoding="utf-8")
    block = readme.partition("```yaml\n")[2].partition("```")[0]
    shutil.copytree("params/prompts", tmp_path / "prompts")
    path = tmp_path / "readme.yaml"
    path.write_text("team: {name: readme}\n" + block, encoding="utf-8")

    profile = load_profile(path)

    assert len(profile.trials.endpoints) >= 6
    assert problems(profile, CATALOG) == []


def test_a_misspelt_option_and_a_misspelt_model_are_named_with_the_nearest() -> None:
    profile = a_profile(
        litellm_model="anthropic/claude-haiku-5-5", option="claude-haiku-5-5@antropic"
    ).changed(domain=Domain(candidate_models=("claude-haiku-5",)))

    said = " ".join(problems(profile, CATALOG))

    assert "did you mean claude-haiku-5-5@anthropic" in said
    assert "candidate_models" in said
