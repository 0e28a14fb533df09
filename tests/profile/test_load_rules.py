"""Hours, hourly shape and peak go together, or the file is refused with what to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.profile.conftest import Params

OFFICE = f"[{', '.join(['0'] * 8 + ['1'] * 10 + ['0'] * 6)}]"
DAY_AND_NIGHT = f"[{', '.join(['1'] * 23 + ['5'])}]"


def problems(params: Params, *lines: str, section: str = "workload") -> list[str]:
    return params.problems("\n  ".join([f"{section}:", *lines]) + "\n")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["peak_to_mean: 0.5"],
            "is 0.5, below the mean of the 168 hours_per_week in use, which is 1 times",
        ),
        (
            ["peak_to_mean: 3", "hours_per_week: 50"],
            "is 3, below the mean of the 50 hours_per_week in use, which is 3.36 times the mean",
        ),
        (["peak_to_mean: 3", "hours_per_week: 50"], "168 hours; raise it to 3.36 or more"),
        (
            ["peak_to_mean: 3", f"hourly_shape: {DAY_AND_NIGHT}"],
            "below the busiest hour of hourly_shape, which is 4.29 times",
        ),
        (
            ["peak_to_mean: 3", "hours_per_week: 50", f"hourly_shape: {OFFICE}"],
            "below the busiest hour of hourly_shape, which is 3.36 times",
        ),
    ],
)
def test_a_peak_below_the_mean_of_its_hours_is_refused(
    params: Params, lines: list[str], said: str
) -> None:
    (problem,) = problems(params, *lines)

    assert "workload.peak_to_mean" in problem
    assert said in problem


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["hourly_shape: [1, 2, 3]"], "has 3 weights; give 24"),
        ([f"hourly_shape: [{', '.join(['0'] * 24)}]"], "is 0 at all hours"),
        (
            [f"hourly_shape: [{', '.join(['1'] * 168)}]", "hours_per_week: 50", "peak_to_mean: 9"],
            "has 168 hours with traffic, hours_per_week is 50",
        ),
        ([f"hourly_shape: [-1, {', '.join(['1'] * 23)}]"], "workload.hourly_shape"),
    ],
)
def test_a_shape_that_cannot_be_is_refused(params: Params, lines: list[str], said: str) -> None:
    (problem,) = problems(params, *lines)

    assert said in problem


@pytest.mark.parametrize(
    "lines",
    [
        ["peak_to_mean: 1"],
        ["peak_to_mean: 3.36", "hours_per_week: 50"],
        ["peak_to_mean: 3.36", "hours_per_week: 50", f"hourly_shape: {OFFICE}"],
        ["peak_to_mean: 4.3", f"hourly_shape: {DAY_AND_NIGHT}"],
    ],
)
def test_a_load_that_fits_together_is_taken(params: Params, lines: list[str]) -> None:
    text = "\n  ".join(["workload:", *lines]) + "\n"

    assert params.load(text).workload.peak_to_mean >= 1


def test_shares_of_gpus_are_shares_and_at_most_all_of_them(params: Params) -> None:
    (percent,) = problems(params, "share_spot: 40", section="infrastructure")
    (too_much,) = problems(
        params, "share_spot: 0.6", "share_reserved: 0.5", section="infrastructure"
    )
    (odd,) = problems(params, "share_spot: 0.6", "gpu_discount: 0.3", section="infrastructure")

    assert "infrastructure.share_spot" in percent
    assert "must be a share from 0 to 1 (not a percentage)" in percent
    assert "share_spot together are 1.1 of all GPUs, more than 1; lower one of them" in too_much
    assert "gpu_discount" in odd
    assert "state share_reserved, or delete it" in odd
