"""The kinds of facts in `catalog/data`: each is a record with a source and a date."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from playbook.catalog.pricing import Price, SecondOpinion
from playbook.provenance import Source
from playbook.records import Record
from playbook.uncertainty import NonNegativeEstimate
from playbook.units import Positive, Share, UsdPerHour
from playbook.vocabulary import Certificate, Contract, Operator, Perimeter, ZeroRetention

FactId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,60}$")]
Precision = Literal["bf16", "fp8", "int8", "fp4", "int4"]
GpuGeneration = Literal[
    "ampere", "ada", "hopper", "blackwell", "cdna2", "cdna3", "cdna4", "gaudi", "apple", "cpu"
]


EngineClass = Literal[
    "vllm-old", "vllm", "vllm-tuned", "sglang",
    "trtllm-static", "trtllm-inflight", "trtllm-1", "trtllm-tuned",
    "llamacpp-cuda", "llamacpp-metal", "llamacpp-cpu",
    "lmdeploy", "exllamav2",
]  # fmt: skip
"""Engine and release: vLLM to 0.6 is old; TensorRT-LLM to 0.12 static, 0.13 to 0.21 in-flight."""

FOUND_BY_PROGRAMS = 0.985


class Fact(Record):
    """A record with an id and a source."""

    id: FactId
    """Name by which other records refer to it."""
    source: Source
    """Where it comes from."""


class ApiOffer(Record):
    """A model at a price from a provider's API."""

    model: FactId
    """Catalog model."""
    provider: FactId
    """Catalog provider."""
    litellm_id: str
    """Id in the pinned litellm, dated where there is one; also the key of its bundled price."""
    regional_endpoint: bool = False
    """Whether it is called at an endpoint of one region, which can cost more than a global one."""
    context_tokens: Positive | None = None
    """Longest context that this offer takes, where it is stated; often less than the model's."""
    prices: tuple[Price, ...] = Field(min_length=1)
    """Dated prices, oldest first."""
    announced: tuple[Price, ...] = ()
    """Prices announced for days to come, soonest first: each counts from its day on, until a price
    was seen on that day or later. They carry no seal, for an announcement may be withdrawn."""
    second_opinions: tuple[SecondOpinion, ...] = ()
    """What other price sources say; a difference widens the cost."""
    aliases: tuple[str, ...] = ()
    """litellm ids that move and point to this dated one today; params must not use them."""
    aliases_source: Source | None = None
    """Where it was read that they point here; missing only where there are none."""
    retires: date | None = None
    """Day on which this offer ends, if announced."""
    source: Source | None = None
    """Where the context and the end were read; missing only where neither is stated."""


class FineTuning(Record):
    """Whether a provider tunes models that it serves, on a team's own data."""

    offered: Literal["yes", "limited", "ending", "no"]
    """For all it serves, for some, for some until a day, or for none."""
    models: tuple[FactId, ...] = ()
    """Catalog models that it is known to tune."""
    lists_all: bool = False
    """Whether these are all that it tunes; if not, any other model is unknown."""
    last_start: date | None = None
    """Last day on which a new tuning can be started, if announced."""
    words: str
    """The offer in words."""
    source: Source
    """Where it was read."""


class ModelTerms(Record):
    """Terms of some models, in place of their provider's default; what is missing is unknown."""

    models: tuple[FactId, ...] = Field(min_length=1)
    """Catalog models for which they hold."""
    processing_regions: tuple[str, ...] = ()
    """Regions in which these models are served; empty means in all of the provider's."""
    retention_days: Annotated[int, Field(ge=0)] | None = None
    """Days that prompts are kept."""
    zero_retention: ZeroRetention | None = None
    """How zero retention is had."""
    note: str
    """The difference in words."""
    source: Source
    """Where it was read."""


class Provider(Fact):
    """Who serves an API, and its terms; a missing value is unknown, never no."""

    title: str
    """Name."""
    jurisdiction: tuple[str, ...]
    """Countries of the provider and its parents."""
    processing_regions: tuple[str, ...] = ()
    """Regions that can be had by contract or setting; empty means unknown."""
    perimeter: Perimeter = "external"
    """How far outside it is."""
    retention_days: Annotated[int, Field(ge=0)] | None = None
    """Default retention of prompts, unless a model has terms of its own."""
    zero_retention: ZeroRetention | None = None
    """How zero retention is had, unless a model has terms of its own."""
    trains_on_inputs: bool | None = None
    """Whether paid API inputs train models by default."""
    offers_contracts: tuple[Contract, ...] = ()
    """Contracts that it is known to sign."""
    certifications: tuple[Certificate, ...] = ()
    """Certificates that it is known to hold."""
    us_persons_only: bool | None = None
    """Whether only US persons on US soil can reach what it processes."""
    fine_tuning: FineTuning | None = None
    """What it offers to tune; missing is unknown."""
    model_terms: tuple[ModelTerms, ...] = ()
    """Terms of single models; the first that names a model counts."""
    key_variable: str = ""
    """Environment variable that litellm reads for the key."""
    notes: tuple[str, ...] = ()
    """Terms in words, each from the source."""

    def terms_of(self, model: str) -> ModelTerms | None:
        """Return the terms of one model, or None where the default holds."""
        return next((terms for terms in self.model_terms if model in terms.models), None)


class Engine(Fact):
    """An inference engine: what it serves, the memory it takes, and whose speeds are its own."""

    title: str
    """Name."""
    precisions: tuple[Precision, ...]
    """Weight precisions that it serves."""
    usable_memory: Share
    """Share of GPU memory given to weights and cache."""
    overhead_gib: Annotated[float, Field(ge=0)]
    """Memory per GPU for the runtime itself, GiB."""
    speed_class: EngineClass = "vllm"
    """Class of engines and releases whose fitted speeds are taken for it."""
    splits_work_over_gpus: bool = True
    """Whether several GPUs of one replica also share its work; False if they add memory only."""


class Gpu(Fact):
    """A GPU's data sheet."""

    title: str
    """Name."""
    aliases: tuple[str, ...] = ()
    """Other names under which measured points list it, in lower case."""
    memory_gb: Annotated[float, Field(gt=0)]
    """Memory as data sheets state it; their gigabyte is a GiB in truth (see `memory_gib`)."""
    bandwidth_gb_per_s: Annotated[float, Field(gt=0)]
    """Peak memory bandwidth, decimal gigabytes per second."""
    dense_bf16_tflops: Annotated[float, Field(gt=0)]
    """Peak dense BF16 TFLOP/s (without sparsity)."""
    dense_fp8_tflops: Annotated[float, Field(gt=0)] | None = None
    """Peak dense FP8 TFLOP/s; missing where FP8 is not supported."""
    dense_int8_tops: Annotated[float, Field(gt=0)] | None = None
    """Peak dense INT8 TOP/s; missing where it is not sourced."""
    dense_fp4_tflops: Annotated[float, Field(gt=0)] | None = None
    """Peak dense FP4 TFLOP/s; missing where FP4 is not supported."""
    generation: GpuGeneration | None = None
    """Family of chips; GPUs of one family reach like shares of their peaks."""
    tdp_w: Annotated[float, Field(gt=0)]
    """Power, watts."""
    link_gb_per_s: Annotated[float, Field(ge=0)] = 0
    """GPU-to-GPU link, gigabytes per second both ways; 0 is PCIe only."""

    @property
    def memory_gib(self) -> float:
        """Return the memory that programs find, in GiB: the card itself keeps 1.5% of all.

        Memory comes in powers of two, and data sheets call a GiB a GB: an H100 of 80 "GB" shows
        81,559 MiB, which is 79.6 GiB and not 80e9 bytes or 74.5 GiB.
        """
        return self.memory_gb * FOUND_BY_PROGRAMS


class GpuOffer(Record):
    """A GPU at a price in a place."""

    gpu: FactId
    """Catalog GPU."""
    place: FactId
    """Catalog place."""
    provider: str
    """Who rents it out."""
    region: str
    """Region as the provider names it."""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """Country of that region, ISO code (UK for the United Kingdom, as in all place lists); missing
    is unknown."""
    instance: str
    """Instance type."""
    gpus_per_instance: Positive
    """Smallest number sold together."""
    on_demand_usd_per_gpu_hour: UsdPerHour
    """On-demand price of one GPU."""
    spot_usd_per_gpu_hour: UsdPerHour | None = None
    """Spot price of one GPU, if seen."""
    source: Source
    """Where and when the price was seen."""


class HostingPlace(Fact):
    """A kind of place where a team runs weights itself."""

    title: str
    """Name in words."""
    operator: Operator
    """Who runs the inference service."""
    operator_jurisdiction: tuple[str, ...]
    """Countries of the operator and of the owner of the machines."""
    processing_regions: tuple[str, ...]
    """Where bytes are processed."""
    perimeter: Perimeter
    """private_cloud for rented machines, on_prem for own ones."""
    certifications: tuple[Certificate, ...] = ()
    """Certificates that the owner of the machines is known to hold; empty means unknown."""
    us_persons_only: bool | None = None
    """Whether only US persons on US soil can reach what is processed; missing is unknown."""
    owned: bool
    """Whether the machines are bought (capital cost) instead of rented."""


class Assumption(Fact):
    """A number that we set ourselves, shown as such."""

    value: NonNegativeEstimate
    """The value with its spread."""
    unit: str
    """Its unit."""
    meaning: str
    """What it stands for."""
