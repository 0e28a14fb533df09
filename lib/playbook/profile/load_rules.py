"""What a workload's hours, hourly shape and peak must satisfy together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playbook.profile.problems import ValuePath
from playbook.profile.sections import Workload

HOURS_A_WEEK, HOURS_A_DAY, DAYS_A_WEEK = 168, 24, 7
ROUNDING = 0.005
"""A ratio that is stated with two digits may be this share below the exact one."""
Found = Iterator[tuple[ValuePath, str]]


def broken_load(workload: Workload) -> Found:
    """Yield path and fault of every rule that hours, shape and peak break together."""
    shape = workload.hourly_shape
    if shape is not None:
        faults = list(_shape(shape, workload.hours_per_week))
        yield from faults
        if faults:
            return
    yield from _peak(workload)


def _shape(shape: Sequence[float], hours_per_week: float) -> Found:
    path: ValuePath = ("workload", "hourly_shape")
    if len(shape) not in (HOURS_A_DAY, HOURS_A_WEEK):
        fix = "give 24 (from midnight on) or 168 (from Monday midnight on)"
        yield path, f"has {len(shape)} weights; {fix}"
    elif max(shape) <= 0:
        yield path, "is 0 at all hours; give the hours with traffic a weight above 0"
    elif (used := sum(weight > 0 for weight in shape)) > hours_per_week + 1:
        fix = "raise hours_per_week, or set the hours without traffic to 0"
        yield path, f"has {used} hours with traffic, hours_per_week is {hours_per_week:g}; {fix}"


def _peak(workload: Workload) -> Found:
    """A peak is the busiest hour over the mean of all hours, so neither below it nor below 1."""
    shape, hours = workload.hourly_shape, workload.hours_per_week
    if shape is None:
        least = HOURS_A_WEEK / hours
        what = f"the mean of the {hours:g} hours_per_week in use"
    else:
        least = _busiest_over_mean(shape, hours)
        what = "the busiest hour of hourly_shape"
    if workload.peak_to_mean < least * (1 - ROUNDING):
        of_all = f"{least:.3g} times the mean of all {HOURS_A_WEEK} hours"
        fault = f"is {workload.peak_to_mean:g}, below {what}, which is {of_all}"
        yield ("workload", "peak_to_mean"), f"{fault}; raise it to {least:.3g} or more"


def _busiest_over_mean(shape: Sequence[float], hours_per_week: float) -> float:
    used = sum(weight > 0 for weight in shape)
    if len(shape) == HOURS_A_WEEK:
        days = 1
    else:
        days = min(max(round(hours_per_week / used), 1), DAYS_A_WEEK)
    return max(shape) * HOURS_A_WEEK / (sum(shape) * days)
