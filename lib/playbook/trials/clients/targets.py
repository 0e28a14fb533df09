"""From an endpoint to what a call needs: model, explicit address, key, and its engine."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from playbook.errors import CredentialsError
from playbook.profile.endpoints import Endpoint
from playbook.trials.client import CallError
from playbook.trials.clients.wires import WIRES, Wire
from playbook.trials.engine.address import Address

NO_KEY = (
    "no-key"  # sent where no key is wanted, or a library would fill in one from the environment
)


PLAIN_OPENAI = frozenset({
    "openai", "hosted_vllm", "lm_studio", "llamafile", "custom_openai",
    "mistral", "deepseek", "dashscope", "together_ai", "xai",
})  # fmt: skip
"""Prefixes for which litellm sends OpenAI's chat body as it is, save what `openai_chat` knows; for
the others it renames models, drops settings or adds some (a test compares the bodies)."""
_OTHER_SETTINGS = re.compile(r"(?:.*/)?(?:o\d|gpt-[5-9])")  # max_tokens has another name there


@dataclass(frozen=True)
class Target:
    """Everything that a call to one endpoint needs; the key is never in its `repr`."""

    model: str
    """litellm model id."""
    api_base: str
    """Address, always explicit."""
    api_key: str = field(repr=False)
    """Key, or `NO_KEY`."""
    wire: Wire
    """How litellm reaches it."""
    expected_model: str
    """Model id that has to answer."""
    engine: str = ""
    """`host:port` of the started engine; empty if it is none."""
    api_version: str = ""
    """Version of the API, where a provider wants one."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return the texts that no message may show."""
        return () if self.api_key == NO_KEY else (self.api_key,)


def speaks_openai(endpoint: Endpoint) -> bool:
    """Return whether plain OpenAI chat calls reach an endpoint, so that the lean client can ask it.

    Example:
        >>> speaks_openai(Endpoint(id="a", litellm_model="hosted_vllm/llama"))
        True
        >>> speaks_openai(Endpoint(id="b", litellm_model="anthropic/claude-sonnet-4-5"))
        False
    """
    if endpoint.embedded is not None:
        return endpoint.dialect == "openai"
    prefix, _, name = endpoint.litellm_model.partition("/")
    return prefix in PLAIN_OPENAI and not (prefix == "openai" and _OTHER_SETTINGS.match(name))


def resolve_target(endpoint: Endpoint, *, addresses: Mapping[str, Address]) -> Target:
    """Return where and how to call an endpoint.

    Args:
        endpoint: Endpoint of the profile.
        addresses: Started engines by the name of their model.

    Raises:
        CredentialsError: when its key's variable is not set, or holds what is no key.
        CallError: when it cannot be called safely; nothing was sent.
    """
    if endpoint.embedded is not None:
        return _embedded_target(endpoint, addresses.get(endpoint.embedded))
    prefix, _, name = endpoint.litellm_model.partition("/")
    wire = WIRES.get(prefix)
    if wire is None or not name:
        known = ", ".join(f"{one}/" for one in WIRES)
        raise _refusal(
            f"endpoint {endpoint.id}: litellm_model {endpoint.litellm_model!r} has no prefix whose "
            f"connections can be guarded; use one of {known}; openai/ with api_base "
            "for TensorRT-LLM, SGLang, llama.cpp and other servers that speak OpenAI's API"
        )
    api_base = (endpoint.api_base or wire.api_base).rstrip("/")
    if not api_base:
        raise _refusal(f"endpoint {endpoint.id}: {prefix}/ needs api_base, the server's address")
    if (prefix == "azure") != bool(endpoint.api_version):
        wanted = (
            "needs api_version, such as 2024-10-21" if prefix == "azure" else "has no use for it"
        )
        raise _refusal(f"endpoint {endpoint.id}: api_version: {prefix}/ {wanted}")
    return Target(
        model=endpoint.litellm_model,
        api_base=api_base,
        api_key=_key_of(endpoint),
        wire=wire,
        expected_model=endpoint.expected_model or name,
        api_version=endpoint.api_version,
    )


def _embedded_target(endpoint: Endpoint, address: Address | None) -> Target:
    if address is None:
        raise _refusal(f"endpoint {endpoint.id}: engine {endpoint.embedded} is not started")
    prefix = "anthropic" if endpoint.dialect == "anthropic" else "hosted_vllm"
    return Target(
        model=f"{prefix}/{address.model_id}",
        api_base=address.base_for(endpoint.dialect),
        api_key=address.api_key,
        wire=WIRES[prefix],
        expected_model=endpoint.expected_model or address.model_id,
        engine=address.host_port,
    )


def key_variable_of(endpoint: Endpoint) -> str:
    """Return the environment variable whose key an endpoint gets; empty if it gets none."""
    wire = WIRES.get(endpoint.litellm_model.partition("/")[0])
    own = "" if endpoint.api_base or wire is None else wire.key_variable
    return endpoint.api_key_variable or own


def _key_of(endpoint: Endpoint) -> str:
    variable = key_variable_of(endpoint)
    if not variable:
        return NO_KEY
    key = os.environ.get(variable, "").strip()
    if not key:
        raise CredentialsError(
            f"endpoint {endpoint.id}: set the environment variable {variable} to its key, where "
            "this program is started"
        )
    if not key.isascii() or not key.isprintable() or " " in key:  # libraries would quote it
        raise CredentialsError(
            f"endpoint {endpoint.id}: {variable} holds a blank, a line break or another character "
            "that no key has; set it to the key alone"
        )
    return key


def _refusal(message: str) -> CallError:
    return CallError("other", message, retry=False)
