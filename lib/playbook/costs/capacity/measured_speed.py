"""Estimated speed corrected by what was measured of the same deployment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from playbook.catalog import Catalog, Measurement
from playbook.catalog.capacity_fit import CapacityFit
from playbook.costs.capacity.serving import Replica
from playbook.costs.capacity.setups import Setup, Setups
from playbook.costs.capacity.speeds import estimate_speeds
from playbook.uncertainty import Samples

LEAST_CONCURRENCIES = 3
OVERHEADS = np.geomspace(0.5, 2.0, 21)
"""Host times within a factor of 2 of the estimate: more is not the host, but another deployment."""


@dataclass(frozen=True)
class Correction:
    """How measurements change the estimate of one deployment."""

    factor: float
    """Measured over estimated speed, drawn towards 1."""
    overhead: float
    """Factor on host times and latencies; 1 with fewer than three concurrencies."""
    spread: float
    """What remains of the estimate's log standard deviation, as a share."""
    measurements: int
    """Measurements that it rests on."""


NONE = Correction(factor=1.0, overhead=1.0, spread=1.0, measurements=0)


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


def correction_of(
    setup: Setup, found: Sequence[Measurement], fit: CapacityFit, *, shrinkage: float
) -> Correction:
    """Return what measurements of a deployment say of its estimates.

    The factor is `exp(mean(log(measured / estimated)) * k / (k + shrinkage))` of k measurements,
    each compared at its own concurrency and call length. With three or more concurrencies the
    host's share is fitted too: the overhead within a factor of 2 at which the ratios differ least,
    less so the further it is from 1. The spread is multiplied by
    `1 / sqrt(1 + k / (k + shrinkage))`: a single deployment still varies with its conditions.

    A measurement of calls for which there is no estimate, as they would not fit, says nothing here.

    Args:
        setup: The deployment; lengths are taken where a measurement does not say its own.
        found: Measured output rates of it.
        fit: Fitted parameters.
        shrinkage: Weight of the estimate against one measurement.
    """
    found = _comparable(setup, found, fit)
    if not found:
        return NONE
    weight = len(found) / (len(found) + shrinkage)
    setups = Setups.of([_at(setup, one) for one in found])
    measured = np.log([one.output_tokens_per_second or 0.0 for one in found])
    overhead, ratio = 1.0, _ratio(measured, setups, fit, 1.0)
    if len({one.concurrency for one in found}) >= LEAST_CONCURRENCIES:
        ratios = [_ratio(measured, setups, fit, float(one)) for one in OVERHEADS]
        losses = [
            float(np.sum((one - one.mean()) ** 2) + shrinkage * np.log(tried) ** 2)
            for one, tried in zip(ratios, OVERHEADS, strict=True)
        ]
        best = int(np.argmin(losses))
        overhead, ratio = float(OVERHEADS[best]), ratios[best]
    factor = float(np.exp(np.mean(ratio) * weight))
    return Correction(factor, overhead, (1 + weight) ** -0.5, len(found))


def _comparable(
    setup: Setup, found: Sequence[Measurement], fit: CapacityFit
) -> tuple[Measurement, ...]:
    """Return the measurements at whose load and lengths there is an estimate."""
    if not found:
        return ()
    fits = estimate_speeds(Setups.of([_at(setup, one) for one in found]), fit).fits
    return tuple(one for one, known in zip(found, fits, strict=True) if known)


def _ratio(measured: Samples, setups: Setups, fit: CapacityFit, overhead: float) -> Samples:
    rates = estimate_speeds(setups, fit, overhead=overhead).output_tokens_per_second
    ratio: Samples = measured - np.log(rates)
    return ratio


def _at(setup: Setup, one: Measurement) -> Setup:
    return replace(
        setup,
        input_tokens=one.mean_input_tokens or setup.input_tokens,
        output_tokens=one.mean_output_tokens or setup.output_tokens,
        concurrency=one.concurrency,
        longest_call_tokens=None,
        regime="concurrent",
    )
