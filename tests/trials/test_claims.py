"""A name is not enough: evidence belongs to an option only at the option's own address."""

import pytest

from playbook.catalog import load_catalog
from playbook.profile import Endpoint
from playbook.trials.claims import why_not_option

CATALOG = load_catalog()
OPTIONS = {one.id: one for one in CATALOG.options(("own_network",))}


def why_not(option: str, **endpoint: object) -> str:
    claims = Endpoint.model_validate({"id": "place", "option": option, **endpoint})
    return why_not_option(claims, OPTIONS[option], CATALOG.api_hosts)


@pytest.mark.parametrize(
    ("option", "model"),
    [
        ("claude-haiku-5-5@anthropic", "anthropic/claude-haiku-5-5"),
        ("gpt-oss-120b@groq", "groq/openai/gpt-oss-120b"),
    ],
)
def test_a_providers_own_address_may_claim_its_option(option: str, model: str) -> None:
    assert why_not(option, litellm_model=model) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"litellm_model": "hosted_vllm/claude-haiku-5-5"}, "unknown address"),
        ({"api_base": "http://localhost:8000"}, "localhost:8000"),
        ({"litellm_model": "openrouter/claude-haiku-5-5"}, "unknown address"),
        ({"operator": "self"}, "a provider runs"),
        ({"litellm_model": "anthropic/claude-opus-5-5"}, "name that model"),
        ({"embedded": "demo-base"}, "demonstration model"),
        ({"stand_in": True}, "stand-in"),
    ],
)
def test_another_server_under_its_name_may_not(changes: dict[str, object], said: str) -> None:
    endpoint = {"litellm_model": "anthropic/claude-haiku-5-5", **changes}

    assert said in why_not("claude-haiku-5-5@anthropic", **endpoint)


def test_own_servers_name_their_address_and_the_model_that_answers() -> None:
    own = {"litellm_model": "hosted_vllm/m", "operator": "self"}
    option = "llama-3.1-8b-instruct@self:own_network"

    assert "api_base" in why_not(option, **own)
    assert "expected_model" in why_not(option, **own, api_base="http://host:8000/v1")
    assert why_not(option, **own, api_base="http://host:8000/v1", expected_model="m") == ""
