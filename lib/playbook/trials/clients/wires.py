"""The litellm prefixes that the guard can wrap, and what each needs; every other one is refused.

`speaks` says which kind of client object litellm really uses for a prefix: given the other kind it
silently opens its own connections, proxies and redirects included. Each row is proven by a test
that counts bytes at a server outside. Known not to use the client they are given: `cohere/`,
`cohere_chat/`, `vertex_ai/`, and `anthropic/` with a name of the retired completion API.

Source: litellm 1.106.2, `litellm_core_utils/get_llm_provider_logic.py`, `main.py` and
`llms/*/chat/transformation.py` (package, 2026-11-23) for addresses and key variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Wire:
    """How litellm reaches one prefix."""

    speaks: Literal["openai_client", "azure_client", "http_handler"]
    """Kind of client object that this path uses."""
    api_base: str = ""
    """The provider's own address; empty for servers that have none."""
    key_variable: str = ""
    """Variable of the key at that address."""
    openai_shaped: bool = True
    """Whether its API is OpenAI's, so that tools and schemas go through as they are."""


def _openai(api_base: str = "", key_variable: str = "") -> Wire:
    return Wire("openai_client", api_base, key_variable)


def _http(api_base: str = "", key_variable: str = "") -> Wire:
    return Wire("http_handler", api_base, key_variable)


def _own(api_base: str = "", key_variable: str = "") -> Wire:
    return Wire("http_handler", api_base, key_variable, openai_shaped=False)


WIRES: Mapping[str, Wire] = {
    "openai": _openai("https://api.openai.com/v1", "OPENAI_API_KEY"),
    "anthropic": _own("https://api.anthropic.com", "ANTHROPIC_API_KEY"),
    "gemini": _own("https://generativelanguage.googleapis.com/v1beta", "GEMINI_API_KEY"),
    "mistral": _http("https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    "deepseek": _http("https://api.deepseek.com/beta", "DEEPSEEK_API_KEY"),
    "dashscope": _openai(
        "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY"
    ),
    "together_ai": _http("https://api.together.ai/v1", "TOGETHERAI_API_KEY"),
    "groq": _http("https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    "xai": _http("https://api.x.ai/v1", "XAI_API_KEY"),
    "fireworks_ai": _http("https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
    "openrouter": _http("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    "deepinfra": _openai("https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY"),
    "moonshot": _openai("https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"),
    "nvidia_nim": _openai("https://integrate.api.nvidia.com/v1", "NVIDIA_NIM_API_KEY"),
    "azure": Wire("azure_client"),
    "hosted_vllm": _http(),
    "ollama_chat": _own(),
    "llamafile": _openai(),
    "lm_studio": _openai(),
    "custom_openai": _openai(),
}
