"""An endpoint: where a live call goes, and what is known about that place."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from playbook.records import Record
from playbook.units import UsdPerMillionTokens
from playbook.vocabulary import Certificate, Contract, Operator, Perimeter

EndpointId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}$")]
CatalogId = Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9._-]{0,60})?$")]
EmbeddedModel = Literal["demo-base", "demo-base-q5_1", "demo-small", "demo-freight"]


class Endpoint(Record):
    """One place that answers prompts.

    Either `embedded` (the bundled engine, started for the run) or `api_base` and `litellm_model`.
    """

    id: EndpointId
    """Name in trials and reports."""
    title: Annotated[str, Field(max_length=120)] = ""
    """Name as the report shows it."""
    litellm_model: Annotated[str, Field(max_length=200)] = ""
    """litellm model id with its prefix, such as `anthropic/claude-sonnet-4-5-20250929`. Own servers
    have `hosted_vllm/`, `ollama_chat/` or `lm_studio/`; TensorRT-LLM, SGLang and llama.cpp have
    `openai/` with `api_base`."""
    api_base: Annotated[
        str, Field(max_length=300, pattern=r"^(https?://[^\s/@]+(/[^\s@]*)?)?$")
    ] = ""
    """Address; always explicit for self-hosted servers, empty for the provider's own."""
    api_version: Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9.-]{0,39})?$")] = ""
    """Version of the API, for `azure/` only, such as 2024-10-21."""
    api_key_variable: Annotated[str, Field(pattern=r"^([A-Z][A-Z0-9_]{1,60})?$")] = ""
    """Name of the environment variable that holds the key; never the key itself."""
    embedded: EmbeddedModel | None = None
    """Model of the embedded engine."""
    dialect: Literal["openai", "anthropic"] = "openai"
    """API dialect spoken to the embedded engine."""
    stand_in: bool = False
    """Whether it only stands in for a commercial API; its scores are never shown as one's."""
    engine: CatalogId = ""
    """Inference engine of your own server (`playbook facts show engines`). With `gpu`, `gpus` and
    `option`, what trials measure here corrects the estimate of exactly that deployment."""
    gpu: CatalogId = ""
    """GPU of that server (`playbook facts show gpus`); leave out if a provider hides it."""
    gpus: Annotated[int, Field(ge=1, le=1_024)] | None = None
    """GPUs that serve one copy of the model; leave out if unknown."""
    precision: CatalogId = ""
    """Precision of the weights that it serves, such as bf16 or fp8; leave out if unknown."""
    tuned_on_own_data: bool = False
    """Whether its model was fine-tuned on the team's own data."""
    option: Annotated[str, Field(max_length=120)] = ""
    """Id of the option whose exact model and endpoint this is; empty if it is none of them."""
    expected_model: Annotated[str, Field(max_length=200)] = ""
    """Model id that the endpoint must answer with; empty to accept the requested one only."""
    operator: Operator = "third_party"
    """Who runs it."""
    operator_jurisdiction: tuple[str, ...] = ()
    """Countries of the operator and its parents; empty means unknown."""
    processing_regions: tuple[str, ...] = ()
    """Where bytes are processed and stored; empty means unknown."""
    perimeter: Perimeter = "external"
    """Declared by a person; a loopback address proves nothing."""
    retention_days: Annotated[int, Field(ge=0, le=36_500)] | None = None
    """Days that prompts are kept; leave out if unknown."""
    trains_on_inputs: bool | None = None
    """Whether inputs may be used for training; leave out if unknown."""
    contracts: tuple[Contract, ...] = ()
    """Contracts signed with the operator."""
    certifications: tuple[Certificate, ...] = ()
    """Certificates that cover it."""
    us_persons_only: bool | None = None
    """Whether only US persons on US soil have access; leave out if unknown."""
    rpm: Annotated[int, Field(gt=0)] | None = None
    """Requests a minute that it allows."""
    tpm: Annotated[int, Field(gt=0)] | None = None
    """Tokens a minute that it allows."""
    input_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Price of input tokens, if it differs from the catalogue's or is not in it."""
    output_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Price of output tokens, likewise."""
