"""What is declared of an endpoint is held against its address before anything is sent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.profile import Profile
from playbook.stages.checks import notices, problems
from tests.trials.conftest import a_prompt, write_prompt_set

CATALOG = load_catalog()
OWN = {"operator": "self", "perimeter": "on_prem"}
DAY = date(2026, 11, 28)


def a_profile(api_base: str = "", **endpoint: object) -> Profile:
    one = {"id": "place", "litellm_model": "hosted_vllm/m", "api_base": api_base} | endpoint
    return Profile.model_validate({"trials": {"endpoints": [one]}})


def told(profile: Profile) -> str:
    return "\n".join(notices(profile, CATALOG, as_of=DAY))


@pytest.mark.parametrize(
    "declared", [{"operator": "self"}, {"perimeter": "on_prem"}, {"perimeter": "air_gapped"}]
)
@pytest.mark.parametrize(
    "place",
    [
        {"litellm_model": "openai/gpt-4-0613"},
        {"api_base": "https://api.openai.com/v1"},
        {"api_base": "https://API.OpenAI.com.:443/v1"},
        {"api_base": "https://eu.api.openai.com/v1"},
    ],
)
def test_a_providers_public_address_is_not_the_teams_own(
    place: dict[str, str], declared: dict[str, str]
) -> None:
    (line,) = problems(a_profile(**place, **declared), CATALOG)

    assert line.startswith("trials.endpoints.place: ")
    assert "is the public address of a provider" in line


@pytest.mark.parametrize(
    ("base", "declared", "said"),
    [
        ("http://8.8.8.8:8000/v1", {}, "plain http to the public address 8.8.8.8 is refused"),
        ("http://127.0.0.1:8000", {}, "perimeter: 127.0.0.1 is this machine, but"),
        ("http://localhost:8000", {}, "perimeter: localhost is this machine, but"),
        ("http://10.1.2.3:8000", {}, "perimeter: 10.1.2.3 is a private address, but"),
        ("http://gpu7:8000", {}, "perimeter: gpu7 is a private address, but"),
        ("https://8.8.8.8/v1", OWN, "perimeter: 8.8.8.8 is a public address, but"),
        ("https://[2001:4860::1]/v1", OWN, "perimeter: 2001:4860::1 is a public address, but"),
        ("https://llm.acme.example/v1", OWN, "certificate for llm.acme.example"),
    ],
)
def test_an_address_at_odds_with_what_is_declared_is_told(
    base: str, declared: dict[str, str], said: str
) -> None:
    profile = a_profile(base, **declared)

    assert said in told(profile)
    assert problems(profile, CATALOG) == []


@pytest.mark.parametrize(
    ("base", "declared"),
    [
        ("http://127.0.0.1:8000/v1", OWN),
        ("https://10.1.2.3/v1", OWN),
        ("http://gpu7:8000/v1", OWN),
        ("https://llm.corp.internal/v1", OWN),
        ("http://llm.acme.example:8000/v1", OWN),
        ("https://llm.acme.example/v1", {}),
        ("https://8.8.8.8/v1", {}),
        ("https://10.1.2.3/v1", {"perimeter": "dedicated_tenant"}),
    ],
)
def test_an_address_in_keeping_with_what_is_declared_is_no_news(
    base: str, declared: dict[str, str]
) -> None:
    assert told(a_profile(base, **declared)) == ""


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ((), "2 of 3 prompts hold phi, which data.data_types does not state"),
        (("personal",), "2 of 3 prompts hold phi, which data.data_types does not state"),
        (("phi",), ""),
    ],
)
def test_prompts_of_types_that_the_team_does_not_state_are_told(
    stated: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(tmp_path))
    prompts = [
        a_prompt(0),
        *(a_prompt(n, data_class="restricted", data_types=["phi"]) for n in (1, 2)),
    ]
    write_prompt_set(tmp_path, prompts)
    sections = {"data": {"data_types": stated}, "trials": {"prompt_sets": ["demo"]}}

    found = told(Profile.model_validate(sections))

    assert said in found
    assert bool(said) == bool(found)


@pytest.mark.parametrize(
    "base", ["http://[fe80/v1", "http://gpu7:99999/v1", "http://\u2100.example"]
)
def test_an_address_that_is_none_is_told(base: str) -> None:
    (line,) = problems(a_profile(base, **OWN), CATALOG)

    assert line.startswith(f"trials.endpoints.place.api_base: {base!r} names no host and port")
    assert told(a_profile(base, **OWN)) == ""
