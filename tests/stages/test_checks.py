"""An endpoint may claim to be an option only if it is exactly that model and place."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.profile import Endpoint, Profile, load_profile
from playbook.profile.sections import Domain, Infrastructure
from playbook.profile.trial_settings import Trials
from playbook.stages.checks import notices, offer_of, problems

CATALOG = load_catalog()
ALIAS, DATED = "mistral/mistral-small-newest", "mistral/mistral-small-2603"


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


def test_a_misspelt_gpu_is_named_with_the_nearest() -> None:
    profile = Profile(infrastructure=Infrastructure(gpus=("l40ss", "h100")))

    (said,) = problems(profile, CATALOG)

    assert said.startswith("infrastructure.gpus: 'l40ss' is no GPU of the catalogue")
    assert "did you mean l40s" in said


def with_alias(**offer: object) -> Catalog:
    """Return the facts with an alias on one offer, and other changes to it."""
    first, *rest = [one for one in CATALOG.api_offers if one.litellm_id == DATED]
    assert not rest
    others = tuple(one for one in CATALOG.api_offers if one is not first)
    moving = first.changed(aliases=(ALIAS,), aliases_source=first.prices[0].source, **offer)
    return CATALOG.changed(api_offers=(*others, moving))


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        (ALIAS, f"write {DATED}"),
        ("mistral/mistral-somewhat-latest", "write the dated id behind it"),
        ("ollama/llama3:latest", "write the dated id behind it"),
    ],
)
def test_a_name_that_moves_is_refused_with_the_dated_one(name: str, fix: str) -> None:
    (line,) = problems(a_profile(litellm_model=name), with_alias())

    told = "is an alias that moves to other models"
    assert line == f"trials.endpoints.api.litellm_model: {name!r} {told}; {fix}"


def test_a_name_that_moves_on_an_own_server_is_its_owners_affair() -> None:
    own = {"operator": "self", "api_base": "http://localhost:11434/v1"}

    assert problems(a_profile(litellm_model="ollama/llama3:latest", **own), CATALOG) == []


def test_a_dated_id_is_no_alias_though_another_offer_should_say_so() -> None:
    assert problems(a_profile(litellm_model=DATED), with_alias()) == []


def test_a_moving_candidate_is_told_which_model_it_is() -> None:
    profile = Profile(domain=Domain(candidate_models=(ALIAS.rpartition("/")[2],)))

    (line,) = problems(profile, with_alias())

    assert "it is an alias that moves: write mistral-small-4" in line


@pytest.mark.parametrize(
    ("name", "offer"),
    [
        (DATED, DATED),
        ("gpt-4-0613", "gpt-4-0613"),
        ("openai/gpt-4-0613", "gpt-4-0613"),
        ("other/google/gpt-4-0613", None),
        ("nobody/nothing", None),
    ],
)
def test_an_endpoint_is_matched_to_the_offer_that_it_calls(name: str, offer: str | None) -> None:
    found = offer_of(Endpoint(id="api", litellm_model=name), CATALOG)

    assert (found.litellm_id if found else None) == offer


def test_a_stand_in_and_an_own_server_call_no_offer() -> None:
    stand_in = Endpoint(id="api", litellm_model=DATED, stand_in=True)
    own = Endpoint(id="api", litellm_model=DATED, api_base="http://own:1/v1", operator="self")

    assert offer_of(stand_in, CATALOG) is None
    assert offer_of(own, CATALOG) is None


@pytest.mark.parametrize(("day", "count"), [(date(2027, 1, 1), 0), (date(2027, 1, 2), 1)])
def test_an_endpoint_whose_model_has_ended_is_noticed_with_its_successor(
    day: date, count: int
) -> None:
    catalog = with_alias(retires=date(2027, 1, 1))
    named = tuple(
        one.changed(successor="mistral-large-3") if one.id == "mistral-small-4" else one
        for one in catalog.models
    )

    found = notices(a_profile(litellm_model=DATED), catalog.changed(models=named), as_of=day)

    assert len(found) == count
    assert all("ended on 2027-01-01" in one and "mistral-large-3" in one for one in found)


def test_a_class_below_its_types_is_noticed_with_the_class_to_write() -> None:
    data = {"data_class": "internal", "data_types": ["personal", "phi"]}
    profile = Profile.model_validate({"data": data})

    (line,) = notices(profile, CATALOG, as_of=date(2026, 11, 28))

    assert line == (
        "warning: data.data_class: internal is too low: phi counts as at least restricted (house "
        "rule), and controls go by that; write restricted, or take out a type that no prompt holds"
    )


@pytest.mark.parametrize("data", [{"data_class": "restricted"}, {"data_class": None}])
def test_a_class_that_fits_or_is_unknown_is_not_noticed(data: dict[str, object]) -> None:
    profile = Profile.model_validate({"data": {"data_types": ["phi"], **data}})

    assert notices(profile, CATALOG, as_of=date(2026, 11, 28)) == []
