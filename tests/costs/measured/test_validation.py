"""Errors by stratum are what a person would work out by hand, and no row is dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.costs.measured import Unsupported
from playbook.costs.measured.validation import (
    Calibrated,
    Judged,
    identity,
    judge,
    summary,
    validation,
)
from tests.costs.builders import the_fit
from tests.costs.measured.rows import a_row, understood

NOTHING = Calibrated(frozenset(), frozenset(), frozenset())


def judged(ratio: float, *, width: float = 1.2, **changed: object) -> Judged:
    """Return a point of 1,000 whose estimate is off by a ratio, with an interval around it."""
    one = understood(value=1_000.0, **changed)
    middle = 1_000.0 * ratio
    return Judged(one, low=middle / width, estimate=middle, high=middle * width)


def test_a_summary_by_hand() -> None:
    """Ratios 0.8, 1.1, 1.5: errors 20, 10, 50%; median 20%, two of three within 25%.

    Intervals of a factor 1.2 hold 1,000 for 0.8 (667 to 960: no) and 1.1 (917 to 1,320: yes) and
    1.5 (1,250 to 1,800: no): one of three.
    """
    found = summary([judged(0.8), judged(1.1), judged(1.5)])

    assert found.n == 3
    assert found.mdape == pytest.approx(0.2)
    assert found.within_25 == pytest.approx(2 / 3, abs=1e-3)
    assert found.coverage_80 == pytest.approx(1 / 3, abs=1e-3)
    assert found.median_ratio == pytest.approx(1.1)


def test_no_points_have_no_error() -> None:
    found = summary([])

    assert found.n == 0
    assert found.mdape is found.within_25 is found.coverage_80 is found.median_ratio is None


def test_overall_and_strata_but_metrics_are_over_output_throughput_alone() -> None:
    points = [judged(1.1), judged(3.0, metric="ttft_ms", gpu="A100")]

    report = validation(points, [], NOTHING)

    assert report.overall.n == 1
    assert {name: one.n for name, one in report.by_metric.items()} == {
        "total_output_tok_s": 1, "ttft_ms": 1,
    }  # fmt: skip
    assert list(report.by_gpu) == ["H100"]


def test_two_spellings_of_one_gpu_or_model_are_one_stratum_under_the_first() -> None:
    points = [judged(1.0), judged(1.2, gpu="NVIDIA H100 80GB HBM3", model="llama3-8b-instruct")]

    report = validation(points, [], NOTHING)

    assert {name: one.n for name, one in report.by_gpu.items()} == {"H100": 2}
    assert {name: one.n for name, one in report.by_model.items()} == {"Llama-3-8B": 2}


def test_seen_means_model_and_gpu_are_among_the_calibration_points() -> None:
    calibrated = Calibrated.of([understood(), understood(model="Mistral-7B", gpu="L40S")])
    points = [
        judged(1.0, gpu="L40S"),
        judged(1.0, gpu="H200"),
        judged(1.0, model="Qwen2-7B"),
        judged(1.0, model="Qwen2-7B", gpu="H200"),
    ]

    report = validation(points, [], calibrated)

    found = {name: one.n for name, one in report.by_seen.items()}
    assert found == {"seen": 1, "unseen_model": 2, "unseen_gpu": 2}


def test_rows_without_an_estimate_are_counted_by_reason_most_first() -> None:
    bad = [Unsupported(a_row(), "unknown GPU x"), *[Unsupported(a_row(), "does not fit")] * 2]

    report = validation([judged(1.0)], bad, NOTHING)

    assert [(one.reason, one.n) for one in report.unsupported] == [
        ("does not fit", 2), ("unknown GPU x", 1),
    ]  # fmt: skip


def test_a_row_of_the_fit_is_known_again_under_other_spellings_but_not_with_another_value() -> None:
    calibrated = Calibrated.of([understood()])
    same = understood(gpu="H100-SXM5-80GB", model="meta-llama/Meta-Llama-3-8B-Instruct", line=9)
    other = understood(value=2_100.0)

    assert calibrated.used([same, other]) == (same,)
    assert identity(same) != identity(other)


@given(st.lists(st.floats(0.05, 20.0), min_size=1, max_size=30))
def test_shares_are_shares_and_strata_add_up(ratios: list[float]) -> None:
    report = validation([judged(ratio) for ratio in ratios], [], NOTHING)

    one = report.overall
    assert one.n == len(ratios) == sum(part.n for part in report.by_engine.values())
    assert one.within_25 is not None
    assert one.coverage_80 is not None
    assert 0 <= one.within_25 <= 1
    assert 0 <= one.coverage_80 <= 1


def test_a_measured_point_that_just_does_not_fit_did_run_and_is_judged() -> None:
    """Qwen2-72B in 16 bits is 145 GB: 4 x 40 GB hold it closely, 2 x 40 GB never."""
    tight = {"model": "Qwen2-72B", "gpu": "A100-40GB", "input_tokens": 2048.0,
             "output_tokens": 2048.0, "engine_version": "0.6.4"}  # fmt: skip
    points = [understood(**tight, gpus=gpus, parallelism=f"tp{gpus}") for gpus in (4, 2)]

    with_estimate, without = judge(points, the_fit())

    assert [one.understood.row.gpus for one in with_estimate] == [4]
    assert [one.row.gpus for one in without] == [2]
