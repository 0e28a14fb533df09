"""How a workload's traffic spreads over the 168 hours of a week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playbook.profile.sections import Workload
from playbook.uncertainty import Samples

DAY_HOURS, WEEK_DAYS, WEEK_HOURS = 24, 7, 168
WORKING_WEEK_HOURS, WORKING_DAYS = 60.0, 5
"""A service that is used at most this many hours a week is taken to rest at the weekend."""
MOST_LEVELS = 8
STEEPEST = 64.0
HALVINGS = 60


@dataclass(frozen=True, eq=False)
class Load:
    """Traffic of each hour of the week over the mean of all hours; compared by identity."""

    over_mean: Samples
    """One value an hour from Monday midnight on, shape (168,), mean 1."""

    @property
    def share_of_hours(self) -> float:
        """Return the share of the week's hours that have any traffic."""
        return float(np.mean(self.over_mean > 0))

    @property
    def starts_per_week(self) -> int:
        """Return how often traffic begins after an hour without any, the week closed to a ring."""
        busy = self.over_mean > 0
        return int(np.sum(busy & ~np.roll(busy, 1)))

    def levels(self, *, idle_hours: bool) -> tuple[tuple[float, float], ...]:
        """Return load levels as shares of the busiest hour, each with its share of hours.

        Hours of nearly the same load stand together at the highest of them, so that what is paid
        by them is never too little.

        Args:
            idle_hours: Whether hours without traffic count too; if not, the shares are those of
                the hours in use.
        """
        kept = self.over_mean if idle_hours else self.over_mean[self.over_mean > 0]
        shares = np.sort(kept / self.over_mean.max())
        groups = np.array_split(shares, min(MOST_LEVELS, len(shares)))
        found: dict[float, float] = {}
        for group in groups:
            level = float(group[-1])
            found[level] = found.get(level, 0.0) + len(group) / len(shares)
        return tuple(found.items())


def load_of(workload: Workload) -> Load:
    """Return the load of a workload: as its `hourly_shape` says, or a bell over its hours of use.

    Twenty-four weights hold for each day of use: as many days, from Monday on, as `hours_per_week`
    gives. Without a shape the hours of use lie around the middle of the day, on five days of the
    week up to 60 hours, else on seven, and fall off so that the busiest is `peak_to_mean`.

    Example:
        >>> office = load_of(Workload(hours_per_week=40, peak_to_mean=6))
        >>> round(float(office.over_mean.max()), 2), office.starts_per_week
        (6.0, 5)
    """
    shape = workload.hourly_shape
    weights = _bell(workload) if shape is None else weekly(shape, workload.hours_per_week)
    return Load(over_mean=weights / weights.mean())


def weekly(shape: tuple[float, ...], hours_per_week: float) -> Samples:
    """Return 168 weights of 24 or 168 given ones.

    Args:
        shape: Relative weights, at least one above 0.
        hours_per_week: Hours of use, which say on how many days 24 weights hold.
    """
    weights = np.array(shape, dtype=float)
    if len(weights) == WEEK_HOURS:
        return weights
    a_day = max(int(np.sum(weights > 0)), 1)
    days = min(max(round(hours_per_week / a_day), 1), WEEK_DAYS)
    return np.concatenate([weights if day < days else 0 * weights for day in range(WEEK_DAYS)])


def busiest_over_mean(shape: tuple[float, ...], hours_per_week: float) -> float:
    """Return the busiest hour of a shape over the mean of all 168.

    Example:
        >>> round(busiest_over_mean((1.0,) * 23 + (3.0,), 168), 3)
        2.769
    """
    weights = weekly(shape, hours_per_week)
    return float(weights.max() / weights.mean())


def _bell(workload: Workload) -> Samples:
    """Return a bell a day, raised to the power that gives the busiest hour its stated height."""
    hours = min(max(round(workload.hours_per_week), 1), WEEK_HOURS)
    bell = _days_of_use(hours)
    used = bell[bell > 0]
    wanted = WEEK_HOURS / hours / max(workload.peak_to_mean, WEEK_HOURS / hours)
    low, high = 0.0, STEEPEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        steep_enough = float(np.mean(used**middle)) <= wanted
        low, high = (low, middle) if steep_enough else (middle, high)
    return np.where(bell > 0, bell**high, 0.0)


def _days_of_use(hours: int) -> Samples:
    days = WORKING_DAYS if hours <= WORKING_WEEK_HOURS else WEEK_DAYS
    week = np.zeros((WEEK_DAYS, DAY_HOURS))
    for day in range(days):
        of_the_day = hours // days + (day < hours % days)
        if of_the_day:
            begin = (DAY_HOURS - of_the_day) // 2
            hour = (np.arange(of_the_day) + 0.5) / of_the_day
            week[day, begin : begin + of_the_day] = np.sin(np.pi * hour)
    return np.asarray(week.ravel() / week.max(), dtype=float)
