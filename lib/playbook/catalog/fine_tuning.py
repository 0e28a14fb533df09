"""What fine-tuning costs at providers, and published training runs that the estimate is held to."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from playbook.catalog.reading import csv_rows
from playbook.catalog.schema import Fact, FactId
from playbook.provenance import Source
from playbook.records import Record
from playbook.uncertainty import NonNegativeEstimate
from playbook.units import Positive, Usd, UsdPerHour, UsdPerMillionTokens
from playbook.vocabulary import TuningMethod


class TuningPrice(Record):
    """A provider's price of training some models by some methods, from a day on."""

    models: tuple[FactId, ...] = ()
    """Catalog models for which it holds; empty for all within the sizes below."""
    above_billion: Annotated[float, Field(ge=0)] = 0.0
    """It holds for models of more parameters than this, in billions, where no model is named."""
    up_to_billion: Annotated[float, Field(gt=0)] | None = None
    """And of at most so many; missing is no limit."""
    methods: tuple[TuningMethod, ...] = Field(min_length=1)
    """Methods for which it holds."""
    usd_per_million_training_tokens: NonNegativeEstimate
    """USD per million tokens of the training set, times epochs; a range where sources differ."""
    least_usd_per_run: Usd = 0.0
    """Smallest charge for one run."""
    tuned_input_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Price of input tokens of the tuned model; missing where it is the base model's."""
    tuned_output_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Price of output tokens of the tuned model, likewise."""
    tuned_cached_input_usd_per_million_tokens: UsdPerMillionTokens | None = None
    """Price of its input tokens that the prompt cache serves; missing: billed as other input."""
    since: date
    """Day on which it was seen first."""
    source: Source
    """Where it was read."""

    def holds_for(self, model: str, billion: float | None, method: TuningMethod) -> bool:
        """Return whether it is the price of a model of so many billion parameters by a method."""
        if method not in self.methods:
            return False
        if self.models:
            return model in self.models
        return billion is not None and self.above_billion < billion <= (
            self.up_to_billion or float("inf")
        )

    @model_validator(mode="after")
    def _in_pairs(self) -> TuningPrice:
        tuned = (self.tuned_input_usd_per_million_tokens, self.tuned_output_usd_per_million_tokens)
        if (tuned[0] is None) != (tuned[1] is None):
            raise ValueError("give both prices of the tuned model, or none where the base's hold")
        if self.up_to_billion is not None and self.up_to_billion <= self.above_billion:
            raise ValueError("up_to_billion is more than above_billion")
        return self


class TunedServing(Record):
    """How a provider serves a model that it tuned."""

    kind: Literal["shared", "dedicated"]
    """shared: per token, beside other customers; dedicated: GPUs paid by the hour, busy or not."""
    gpu: FactId | None = None
    """Catalog GPU of a dedicated deployment; needed where its price is stated."""
    usd_per_gpu_hour: UsdPerHour | None = None
    """Price of one such GPU."""
    several_adapters: bool | None = None
    """Whether adapters of several tunings share one deployment (multi-LoRA); missing is unknown."""
    words: str
    """The terms in words."""
    source: Source
    """Where they were read."""

    @model_validator(mode="after")
    def _priced_on_a_gpu(self) -> TunedServing:
        if (self.gpu is None) != (self.usd_per_gpu_hour is None):
            raise ValueError("gpu and usd_per_gpu_hour need each other")
        return self


class TuningOffer(Record):
    """What a provider charges for fine-tuning; what it offers at all stands with the provider."""

    provider: FactId
    """Catalog provider."""
    serving: TunedServing | None = None
    """How a tuned model is served; missing is unknown."""
    prices: tuple[TuningPrice, ...] = Field(min_length=1)
    """Prices, each with its day and source."""

    def price_of(
        self, model: str, billion: float | None, *, method: TuningMethod, as_of: date
    ) -> TuningPrice | None:
        """Return the newest price of a model on a day, one that names it first; None if unknown."""
        found = [
            one
            for one in self.prices
            if one.since <= as_of and one.holds_for(model, billion, method)
        ]
        return max(found, key=lambda one: (bool(one.models), one.since), default=None)


class TuningRun(Record):
    """One published training run: what was trained on what, how fast, in how much memory."""

    model: str
    """Model as the source names it."""
    parameters_billion: Annotated[float, Field(gt=0)]
    """All parameters, in billions."""
    layers: Positive
    """Transformer layers, from its configuration file."""
    hidden: Positive
    """Width of the residual stream, likewise."""
    method: TuningMethod
    """Method."""
    packed: bool
    """Whether short examples were packed into full sequences, or are of one full length."""
    gpu: str
    """GPU as the source names it."""
    dense_bf16_tflops: Annotated[float, Field(gt=0)]
    """Peak dense BF16 TFLOP/s of that GPU, from data sheets."""
    gpus: Positive
    """GPUs."""
    tokens_per_pass: Positive | None = None
    """Tokens of one forward and backward pass on one GPU; missing where it is not stated."""
    tokens_per_second: Annotated[float, Field(gt=0)]
    """Training tokens a second, over all GPUs."""
    memory_gib_per_gpu: Annotated[float, Field(gt=0)]
    """Peak memory of one GPU."""
    left_out: str | None = None
    """Why it is not used, if it is not."""
    speed_differs: str | None = None
    """Known cause for which its speed is not reproduced, if it is not."""
    memory_differs: str | None = None
    """Known cause for which its memory is not reproduced, if it is not."""


class TuningRuns(Fact):
    """Published training runs of one source."""

    runs: Annotated[tuple[TuningRun, ...], BeforeValidator(csv_rows)] = Field(min_length=1)
    """The runs."""
