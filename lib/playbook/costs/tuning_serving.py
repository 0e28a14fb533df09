"""What changes in serving a tuned model, and what that costs more a month."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from playbook.catalog import Model, Price, PriceList, TunedServing, TuningPrice
from playbook.catalog.weights import weights_bytes
from playbook.costs.scenarios import Scenarios
from playbook.uncertainty import Samples
from playbook.units import gib_from_bytes, monthly_from_hourly_usd

ADAPTER_BYTES = 2  # served in 16 bits


@dataclass(frozen=True)
class Consequence:
    """What changes in serving."""

    words: str
    """In words."""
    usd_per_month: Samples | None
    """What it costs more a month; None where it is unknown."""


def own_servers(model: Model, scenarios: Scenarios) -> Consequence:
    """Return what changes on own servers: nothing for one tuning, a little for many."""
    if scenarios.profile.domain.fine_tune_method == "full":
        words = (
            "tuned weights take the base model's place, at its speed; each further tuning needs "
        )
        return Consequence(f"{words}servers of its own", np.zeros(1))
    lost = scenarios.catalog.assumption("tuning.throughput_lost_to_adapters").value
    share = scenarios.catalog.assumption("tuning.adapter_share_of_parameters").value.likely
    adapter_gib = gib_from_bytes((model.parameters_billion or 0.0) * 1e9 * share * ADAPTER_BYTES)
    words = (
        "one adapter is merged into the weights, at the base model's speed; several tunings can "
        f"share servers (multi-LoRA), for about {adapter_gib:.2g} GiB of memory each and "
        f"{lost.low:.0%} to {lost.high:.0%} of the throughput"
    )
    return Consequence(words, np.zeros(1))


def shared(price: TuningPrice, serving: TunedServing, tuned_line: Samples | float) -> Consequence:
    """Return what a tuned model costs more per month where it is served per token.

    Args:
        price: The training price, with the tuned model's prices.
        serving: The provider's terms.
        tuned_line: USD a month by which the tuned model's tokens cost more than the base's.
    """
    read, written = (
        price.tuned_input_usd_per_million_tokens,
        price.tuned_output_usd_per_million_tokens,
    )
    dearer = f"; {read:g} USD in, {written:g} USD out per million tokens" if read else ""
    return Consequence(f"{serving.words}{dearer}", np.asarray(tuned_line) + np.zeros(1))


def dedicated(
    model: Model, serving: TunedServing, scenarios: Scenarios, *, tokens_usd_per_month: Samples
) -> Consequence:
    """Return what it costs more to serve on GPUs of one's own at the provider, all hours.

    It is the price of one replica, the fewest GPUs that hold the weights with room for calls, less
    the tokens that need no longer be paid; never below 0, for a volume whose tokens cost more also
    needs more replicas.
    """
    several = (
        "; adapters of several tunings can share it (multi-LoRA)"
        if serving.several_adapters
        else ""
    )
    words = f"the shared API is lost: {serving.words}{several}"
    gpus = _gpus_for_weights(model, serving, scenarios)
    if gpus is None or serving.usd_per_gpu_hour is None:
        return Consequence(f"{words}; its price is not known", None)
    monthly = gpus * monthly_from_hourly_usd(serving.usd_per_gpu_hour)
    title = scenarios.catalog.gpu(serving.gpu or "").title
    words += (
        f"; at least {gpus} x {title} at {serving.usd_per_gpu_hour:g} USD an hour, day and night"
    )
    return Consequence(words, np.maximum(monthly - tokens_usd_per_month, 0.0))


def tuned_price(price: Price, tuning: TuningPrice) -> PriceList:
    """Return the prices of a tuned model; those of its base where none are stated."""
    read, written = (
        tuning.tuned_input_usd_per_million_tokens,
        tuning.tuned_output_usd_per_million_tokens,
    )
    if read is None or written is None:
        return price
    return PriceList(
        input_usd_per_million_tokens=read,
        output_usd_per_million_tokens=written,
        cached_input_usd_per_million_tokens=tuning.tuned_cached_input_usd_per_million_tokens,
    )


def _gpus_for_weights(model: Model, serving: TunedServing, scenarios: Scenarios) -> int | None:
    if serving.gpu is None or model.parameters_billion is None:
        return None
    share = scenarios.catalog.assumption("tuning.share_of_gpu_memory_for_weights").value.likely
    room = scenarios.catalog.gpu(serving.gpu).memory_gib * share
    needed = gib_from_bytes(weights_bytes(model)) / room
    return int(2 ** max(0, math.ceil(math.log2(needed))))
