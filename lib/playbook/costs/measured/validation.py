"""Judge the capacity model by measured points: errors by stratum, coverage, what is unsupported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from playbook.catalog.capacity_fit import CapacityFit
from playbook.costs.capacity import Setup, Setups, Speeds, estimate_speeds
from playbook.costs.capacity.speeds import NO_ROOM, Metric
from playbook.costs.measured.deployments import Understood, Unsupported, engine_name
from playbook.costs.measured.inferred import is_inferred
from playbook.costs.measured.records import ErrorSummary, Reason, Validation

JUDGED_METRIC: Metric = "total_output_tok_s"
NEAR = 0.25
MEMORY_WITHIN = 0.1
DIGITS = 4
Identity = tuple[object, ...]


@dataclass(frozen=True)
class Judged:
    """One measured point beside its estimate."""

    understood: Understood
    """Row and deployment."""
    low: float
    """One true value in ten is below."""
    estimate: float
    """The estimate."""
    high: float
    """One true value in ten is above."""
    seen: tuple[str, ...] = ()
    """What the fit behind the estimate had seen, where it is another one than for the rest."""

    @property
    def ratio(self) -> float:
        """Return estimate over measured."""
        return self.estimate / self.understood.point.value

    @property
    def covered(self) -> bool:
        """Return whether the measured value is within the interval."""
        return self.low <= self.understood.point.value <= self.high


@dataclass(frozen=True)
class Calibrated:
    """What the model was fitted to: which models, which GPUs, and which rows."""

    models: frozenset[str]
    """Ids of models among the calibration points."""
    gpus: frozenset[str]
    """Ids of GPUs among them."""
    rows: frozenset[Identity]
    """The points themselves."""

    @classmethod
    def of(cls, points: Iterable[Understood]) -> Calibrated:
        """Return what some calibration points hold."""
        every = tuple(points)
        return cls(
            models=frozenset(one.point.setup.model.id for one in every),
            gpus=frozenset(one.point.setup.gpu.id for one in every),
            rows=frozenset(identity(one) for one in every),
        )

    def words(self, one: Judged) -> tuple[str, ...]:
        """Return under which of seen, unseen_model and unseen_gpu a point counts."""
        if one.seen:
            return one.seen
        setup = one.understood.point.setup
        unseen = (
            *(("unseen_model",) if setup.model.id not in self.models else ()),
            *(("unseen_gpu",) if setup.gpu.id not in self.gpus else ()),
        )
        return unseen or ("seen",)

    def used(self, points: Iterable[Understood]) -> tuple[Understood, ...]:
        """Return the points that were fitted to; their error is not a test."""
        return tuple(one for one in points if identity(one) in self.rows)


def identity(one: Understood) -> Identity:
    """Return what tells one measured point from another, however its names are spelled."""
    setup, point = one.point.setup, one.point
    return (
        setup.model.id,
        setup.gpu.id,
        setup.gpus,
        setup.tensor_parallel,
        setup.engine_class,
        (setup.weight_format, setup.cache_format),
        (setup.input_tokens, setup.output_tokens, setup.concurrency),
        point.metric,
        f"{point.value:.4g}",
    )


def judge(
    points: Sequence[Understood], fit: CapacityFit
) -> tuple[tuple[Judged, ...], tuple[Unsupported, ...]]:
    """Return each point beside its estimate, and the points that the model says do not run.

    What was measured did run: where memory is short by less than the estimate of it may be off, it
    is estimated with a tenth more of it.

    Args:
        points: Points that name a deployment.
        fit: Fitted parameters of the capacity model.
    """
    if not points:
        return (), ()
    setups = [one.point.setup for one in points]
    speeds = estimate_speeds(Setups.of(setups), fit)
    if NO_ROOM in speeds.reasons:
        ran = zip(setups, speeds.reasons, strict=True)
        roomier = [_roomier(one) if why == NO_ROOM else one for one, why in ran]
        speeds = estimate_speeds(Setups.of(roomier), fit)
    return compare(points, speeds)


def _roomier(setup: Setup) -> Setup:
    """Return a deployment with as much more memory as the estimate of what is needed may be off."""
    gpu = setup.gpu
    more = gpu.model_copy(update={"memory_gb": gpu.memory_gb * (1 + MEMORY_WITHIN)})
    return replace(setup, gpu=more)


def compare(
    points: Sequence[Understood], speeds: Speeds
) -> tuple[tuple[Judged, ...], tuple[Unsupported, ...]]:
    """Return points beside estimates that were made already (see `judge`)."""
    bands = {metric: speeds.band(metric) for metric in get_args(Metric)}
    judged: list[Judged] = []
    without: list[Unsupported] = []
    for index, one in enumerate(points):
        band = bands[one.point.metric]
        low, middle, high = (float(part[index]) for part in (band.p10, band.p50, band.p90))
        if speeds.fits[index] and np.isfinite(middle) and middle > 0:
            judged.append(Judged(one, low, middle, high))
        else:
            why = speeds.reasons[index] or "the model gives no figure"
            without.append(Unsupported(one.row, why))
    return tuple(judged), tuple(without)


def validation(
    judged: Sequence[Judged], unsupported: Sequence[Unsupported], calibrated: Calibrated
) -> Validation:
    """Return errors by stratum.

    Args:
        judged: Points beside their estimates.
        unsupported: Rows without one.
        calibrated: What the model was fitted to.
    """
    throughput = [one for one in judged if one.understood.point.metric == JUDGED_METRIC]
    counts = Counter(one.reason for one in unsupported)
    seen = ("seen", "unseen_model", "unseen_gpu")
    return Validation(
        overall=summary(throughput),
        by_metric=strata(judged, lambda one: one.understood.point.metric),
        by_gpu=strata(throughput, *_spelled("gpu", lambda one: one.point.setup.gpu.id)),
        by_model=strata(throughput, *_spelled("model", _model_key)),
        by_engine=strata(throughput, *_spelled("engine", lambda one: engine_name(one.row.engine))),
        by_seen={
            word: summary([one for one in throughput if word in calibrated.words(one)])
            for word in seen
        },
        unsupported=tuple(Reason(reason=word, n=n) for word, n in counts.most_common()),
    )


def strata(
    judged: Iterable[Judged],
    key: Callable[[Judged], str],
    label: Callable[[Judged], str] | None = None,
) -> dict[str, ErrorSummary]:
    """Return the errors of each stratum by its label, the largest stratum first."""
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(key(one), []).append(one)
    largest = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return {(label(group[0]) if label else name): summary(group) for name, group in largest}


def _spelled(
    column: str, key: Callable[[Understood], str]
) -> tuple[Callable[[Judged], str], Callable[[Judged], str]]:
    """Return the key of a stratum, and its label as the file first spells it."""
    return (
        lambda one: key(one.understood),
        lambda one: str(getattr(one.understood.row, column)),
    )


def _model_key(one: Understood) -> str:
    """Return the model; of an inferred one its name, since rows may round its size otherwise."""
    model = one.point.setup.model
    return one.row.model if is_inferred(model) else model.id


def summary(judged: Sequence[Judged]) -> ErrorSummary:
    """Return the errors of some points together.

    Example:
        >>> summary([]).n
        0
    """
    if not judged:
        return ErrorSummary(n=0)
    ratios = np.array([one.ratio for one in judged])
    errors = np.abs(ratios - 1)
    return ErrorSummary(
        n=len(judged),
        mdape=round(float(np.median(errors)), DIGITS),
        within_25=round(float(np.mean(errors <= NEAR)), DIGITS),
        coverage_80=round(float(np.mean([one.covered for one in judged])), DIGITS),
        median_ratio=round(float(np.median(ratios)), DIGITS),
    )


def strata_of(report: Validation) -> Mapping[str, Mapping[str, ErrorSummary]]:
    """Return the strata of a report by the name of what they tell apart."""
    return {
        "metric": report.by_metric,
        "seen in the calibration points": report.by_seen,
        "engine": report.by_engine,
        "GPU": report.by_gpu,
        "model": report.by_model,
    }
