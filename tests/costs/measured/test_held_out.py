"""Points that the fit used are judged by the fits that did not see them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from playbook.costs.capacity import CrossValidation
from playbook.costs.capacity.corrections import Spreads
from playbook.costs.capacity.speeds import Z80
from playbook.costs.measured.held_out import judged_without
from playbook.costs.measured.validation import Judged
from tests.costs.measured.rows import the_catalog, understood


def left_out(novelty: str, error: float, metric: str = "total_output_tok_s") -> Judged:
    """Return a point judged perfect by the whole fit, after judging it by one without it."""
    fit = the_catalog().capacity_fit
    assert fit is not None
    used = understood(value=1_000.0, metric=metric)
    found = CrossValidation(
        left_out="group",
        fold=np.array([0]),
        errors=np.array([error]),
        novelty=np.array([novelty], dtype=object),
        classes=np.array(["vllm"], dtype=object),
        metrics=np.array([metric], dtype=object),
        points=(used.point,),
    )
    again = understood(value=1_000.0, metric=metric, gpu="H100-SXM5-80GB")
    (one,) = judged_without([Judged(again, 990, 1_000, 1_010)], found, [used], fit)
    return one


def test_the_estimate_is_the_measured_value_less_its_error() -> None:
    """An error of log 2 means that twice the estimate was measured: 500 for 1,000."""
    assert left_out("pair", math.log(2)).ratio == pytest.approx(0.5)


def test_a_time_that_was_measured_too_long_means_a_speed_too_low() -> None:
    """Half the estimated speed, error -log 2, is twice the estimated time: 500 ms for 1,000."""
    assert left_out("pair", -math.log(2), metric="ttft_ms").ratio == pytest.approx(0.5)


def test_what_the_other_fit_had_not_seen_counts_as_unseen() -> None:
    assert left_out("pair", 0.0).seen == ("seen",)
    assert left_out("model", 0.0).seen == ("unseen_model",)
    assert left_out("both", 0.0).seen == ("unseen_model", "unseen_gpu")


def test_the_interval_is_that_of_what_had_been_seen() -> None:
    fit = the_catalog().capacity_fit
    assert fit is not None
    one = left_out("gpu", 0.0)

    log_sd = Spreads.of(fit.spread_rows).log_sd(
        np.array(["gpu"], dtype=object), np.array(["vllm"], dtype=object), "total_output_tok_s"
    )

    assert one.high / one.estimate == pytest.approx(math.exp(Z80 * log_sd[0]))
    assert one.low * one.high == pytest.approx(one.estimate**2)


def test_a_point_that_the_fit_never_used_keeps_its_estimate() -> None:
    fit = the_catalog().capacity_fit
    assert fit is not None
    empty = CrossValidation(
        left_out="group",
        fold=np.array([], dtype=np.int64),
        errors=np.array([]),
        novelty=np.array([], dtype=object),
        classes=np.array([], dtype=object),
        metrics=np.array([], dtype=object),
        points=(),
    )
    one = Judged(understood(), 1.0, 2.0, 3.0)

    assert judged_without([one], empty, [], fit) == (one,)
