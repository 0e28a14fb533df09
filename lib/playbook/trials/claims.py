"""Whether an endpoint is the option that it claims to be: its exact model at its exact place."""

from __future__ import annotations

from collections.abc import Iterable

from playbook.catalog import ApiHost, Option, address_in, address_of
from playbook.profile.endpoints import Endpoint
from playbook.vocabulary import Lane


def why_not_option(endpoint: Endpoint, option: Option, hosts: Iterable[ApiHost]) -> str:
    """Return why an endpoint can't give evidence about an option, empty if it can.

    Where a provider has an address per customer (Azure, Bedrock, Vertex) only model and operator
    can be compared.

    Args:
        endpoint: Endpoint of a profile.
        option: The option that it names.
        hosts: Public addresses of providers.
    """
    if endpoint.embedded or endpoint.stand_in:
        return f"a demonstration model or stand-in is not {option.id}; leave `option` out"
    if option.lane is Lane.SELF_HOSTED:
        return _not_own(endpoint)
    asked, exact = endpoint.litellm_model, option.litellm_id
    if asked != exact and not asked.endswith(f"/{exact}"):
        named = f"litellm_model is {asked!r}, but {option.id} is {exact!r}"
        return f"{named}: name that model or no option"
    if endpoint.operator != option.operator:
        return f"operator is {endpoint.operator!r}, but a provider runs {option.id}"
    called, meant = _called(endpoint, hosts), _meant(option, hosts)
    bare = asked == exact and not endpoint.api_base  # litellm itself chooses the provider
    if meant and called != meant and not bare:
        return f"calls go to {called or 'an unknown address'}, but {option.id} is at {meant}"
    return ""


def _not_own(endpoint: Endpoint) -> str:
    if not endpoint.api_base:
        return "own servers have an address; set api_base"
    if not endpoint.expected_model:
        return "say in expected_model which id the server answers with"
    return ""


def _called(endpoint: Endpoint, hosts: Iterable[ApiHost]) -> str | None:
    if endpoint.api_base:
        return address_in(endpoint.api_base)
    return address_of(hosts, endpoint.litellm_model)


def _meant(option: Option, hosts: Iterable[ApiHost]) -> str | None:
    exact = option.litellm_id
    return address_of(hosts, exact if "/" in exact else f"{option.provider}/{exact}")
