"""Estimated speed corrected by what was measured of the same deployment."""

from __future__ import annotations

import math
from collections.abc import Sequence

from playbook.catalog import Catalog, Measurement
from playbook.costs.capacity.roofline import Replica, Speed, output_rate_at
from playbook.costs.tokens import TokenFlow

SHRINKAGE = 0.3
"""Weight of the estimate against one measurement: k of them count k / (k + 0.3)."""


def measurements_of(catalog: Catalog, replica: Replica) -> tuple[Measurement, ...]:
    """Return the measured output rates of exactly this deployment: model, engine, GPUs, format."""
    wanted = (replica.model.id, replica.engine.id, replica.gpu.id, replica.gpus)
    return tuple(
        one
        for one in catalog.measurements
        if (one.model, one.engine, one.gpu, one.gpus) == wanted
        and one.precision in (None, replica.model.precision)
        and one.output_tokens_per_second
    )


def calibrated(
    speed: Speed, replica: Replica, flow: TokenFlow, found: Sequence[Measurement]
) -> Speed:
    """Return the speed scaled to measurements, and with less spread; unchanged if there are none.

    The correction is `exp(mean(log(measured / estimated)) * k / (k + 0.3))` of k measurements, each
    compared at its own concurrency and call length. What spread of the estimate remains is its
    power `1 / sqrt(1 + k / (k + 0.3))`: a single deployment still varies with its conditions.
    """
    if not found:
        return speed
    weight = len(found) / (len(found) + SHRINKAGE)
    likely = speed.first(1)
    logs = [math.log(_measured(one) / _estimated(one, replica, flow, likely)) for one in found]
    return speed.scaled(math.exp(math.fsum(logs) / len(logs) * weight), (1 + weight) ** -0.5)


def _measured(one: Measurement) -> float:
    return one.output_tokens_per_second or 0.0


def _estimated(one: Measurement, replica: Replica, flow: TokenFlow, speed: Speed) -> float:
    reads = one.mean_input_tokens or flow.input_per_call
    writes = one.mean_output_tokens or flow.output_per_call
    call = TokenFlow(
        input_per_call=reads,
        output_per_call=writes,
        share_output=writes / (reads + writes),
        peak_to_mean=flow.peak_to_mean,
        longest_call=math.ceil(reads + writes),
    )
    return float(output_rate_at(replica, call, one.concurrency, speed)[0])
