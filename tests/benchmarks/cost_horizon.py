"""CPU of the monthly costs of 60 options over 24 months in 10,000 draws, against a pandas loop.

Two thirds of the options are APIs, one third own servers; volume grows and prices fall. The peer is
what an analyst writes: a frame of the draws and one new column for each option and month. Both
sides must give the same numbers.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from playbook.costs.horizon import CostOverVolume, monthly_costs, price_fall, volume_growth
from playbook.costs.staircase import Line, Staircase, block_of
from playbook.uncertainty import Samples

DRAWS, OPTIONS, MONTHS, ROUNDS = 10_000, 60, 24, 7
Rounds = tuple[list[float], list[float]]


def measure() -> Rounds:
    """Return CPU seconds of all costs, ours and the pandas loop's, one pair a round."""
    rng = np.random.default_rng(20261123)
    options = [_own(rng) if number % 3 == 0 else _api(rng) for number in range(OPTIONS)]
    volume = rng.lognormal(np.log(5e7), 0.5, DRAWS)
    growth = volume_growth(0.05, MONTHS)
    factors = np.tile(price_fall(1.4, MONTHS), (OPTIONS, 1))
    found: Rounds = ([], [])
    for number in range(ROUNDS + 1):
        begun = time.process_time()
        ours = monthly_costs(options, volume, growth=growth, price_factors=factors)
        between = time.process_time()
        theirs = _pandas(options, volume, growth, factors)
        ended = time.process_time()
        if number:  # the first round touches the memory
            found[0].append(between - begun)
            found[1].append(ended - between)
    for place in range(OPTIONS):
        np.testing.assert_allclose(ours[place], theirs[place].to_numpy().T, rtol=1e-9)
    return found


def _pandas(
    options: list[CostOverVolume], volume: Samples, growth: Samples, factors: Samples
) -> list[pd.DataFrame]:
    frames = []
    for option, prices in zip(options, factors, strict=True):
        draws = pd.DataFrame({"volume": volume, "fixed": option.fixed_usd})
        months = {}
        for month, (grown, price) in enumerate(zip(growth, prices, strict=True)):
            tokens = draws["volume"] * grown
            if isinstance(option, Line):
                months[month] = draws["fixed"] + option.usd_per_daily_token * price * tokens
                continue
            needed = np.ceil(tokens * option.replicas_per_daily_token - 1e-9).clip(lower=1)
            blocks = np.ceil((needed + option.spare) / option.block.replicas)
            machines = blocks * option.block.gpus * option.gpu_usd * price
            months[month] = draws["fixed"] + machines
        frames.append(pd.DataFrame(months))
    return frames


def _api(rng: np.random.Generator) -> Line:
    return Line(
        fixed_usd=rng.lognormal(6, 0.3, DRAWS),
        usd_per_daily_token=rng.lognormal(np.log(1e-4), 0.3, DRAWS),
    )


def _own(rng: np.random.Generator) -> Staircase:
    return Staircase(
        fixed_usd=rng.lognormal(8, 0.3, DRAWS),
        gpu_usd=rng.lognormal(7.5, 0.2, DRAWS),
        replicas_per_daily_token=rng.lognormal(np.log(2e-8), 0.3, DRAWS),
        block=block_of(2, 8),
        spare=1,
    )
