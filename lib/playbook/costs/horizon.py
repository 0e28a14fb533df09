"""Costs over the months ahead: volume grows and prices move, for all options in all draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from playbook.costs.staircase import Line, Staircase
from playbook.uncertainty import Samples

MONTHS_PER_YEAR = 12
CostOverVolume = Line | Staircase


def monthly_costs(
    options: Sequence[CostOverVolume], volume: Samples, *, growth: Samples, price_factors: Samples
) -> Samples:
    """Return USD of each option in each month and draw, shape `(options, months, draws)`.

    An API's price of tokens moves by its factor, and so does the price of a GPU; staff, gateway and
    what else is fixed stays. Replicas are whole in each month.

    Args:
        options: Cost over volume of each option: a line (an API) or a staircase (own servers),
            each of its arrays of shape `(draws,)`.
        volume: Tokens/day in the first month, shape `(draws,)`.
        growth: Volume of each month over that of the first, shape `(months,)`.
        price_factors: Price in each month over today's, shape `(options, months)`.

    Example:
        >>> api = Line(fixed_usd=np.zeros(2), usd_per_daily_token=np.array([1e-3, 2e-3]))
        >>> monthly_costs(
        ...     [api], np.array([1e6, 1e6]), growth=np.array([1.0, 1.5]),
        ...     price_factors=np.array([[1.0, 0.5]]),
        ... ).tolist()
        [[[1000.0, 2000.0], [750.0, 1500.0]]]
    """
    volumes = growth[:, None] * volume
    found = np.empty((len(options), *volumes.shape))
    for index, (one, factors) in enumerate(zip(options, price_factors, strict=True)):
        found[index] = _at_prices(one, factors[:, None]).usd(volumes)
    return found


def _at_prices(one: CostOverVolume, factor: Samples) -> CostOverVolume:
    if isinstance(one, Line):
        return replace(one, usd_per_daily_token=one.usd_per_daily_token * factor)
    switched = one.by_hour and replace(one.by_hour, gpu_usd=one.by_hour.gpu_usd * factor)
    return replace(one, gpu_usd=one.gpu_usd * factor, by_hour=switched)


def volume_growth(growth_per_month: float, months: int) -> Samples:
    """Return the volume of each month over that of the first, shape `(months,)`.

    Example:
        >>> volume_growth(0.5, 3).tolist()
        [1.0, 1.5, 2.25]
    """
    grown: Samples = np.power(1 + growth_per_month, np.arange(months, dtype=np.float64))
    return grown


def price_fall(factor_per_year: float, months: int) -> Samples:
    """Return the price of each month over today's if it falls by a factor a year.

    Example:
        >>> price_fall(4.0, 13)[[0, 6, 12]].tolist()
        [1.0, 0.5, 0.25]
    """
    fallen: Samples = np.power(factor_per_year, -np.arange(months) / MONTHS_PER_YEAR)
    return fallen


def price_rise(factor: float, over_months: float, months: int) -> Samples:
    """Return the price of each month over today's if it rises to a factor and stays there.

    Example:
        >>> price_rise(4.0, 2.0, 4).tolist()
        [1.0, 2.0, 4.0, 4.0]
    """
    done: Samples = np.minimum(np.arange(months) / over_months, 1.0)
    risen: Samples = np.power(factor, done)
    return risen
