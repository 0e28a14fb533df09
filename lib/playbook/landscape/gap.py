"""`measure_gap`: how far open weights are behind closed models, on boards and pooled."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np

from playbook.catalog import Catalog
from playbook.catalog.boards import Board, BoardScore, CapabilityIndex, IndexedModel
from playbook.landscape.claim_records import Figure
from playbook.landscape.frontier import LEFT_OUT, Placed, frontier_points, grouped
from playbook.landscape.gap_records import Gap, Lag, YearMedian
from playbook.landscape.lag import interval, lags, lags_by_year, median, resampled
from playbook.provenance import Provenance
from playbook.uncertainty import Samples

SEED = 20_261_123
RESAMPLES = 500
LEAST_MODELS = 10
"""A board needs as many open models, and as many closed ones."""
MOSTLY = 0.5
"""A lag is named as an upper bound where the first open model reached a larger share of levels."""
WINDOW_MONTHS = 24
"""Time over which the frontiers' speeds are compared."""

LIMITS = (
    "How a score carries over to the team's work: boards leak into training data, vendors tune.",
    "Licences: weights count as open whatever they allow; open or closed was told by rules.",
    "What boards do not ask: agents at long tasks, other languages, images, cost and speed.",
    "That low levels may be guesses: on a board of choices they count like all others.",
    "Which questions a board asks: noise is that of repeats, so small differences may be chance.",
    "The lead that is not matched yet: it is a lower bound, shown apart, and in no average.",
    "That boards differ in time, levels and models: a year's median over boards is no trend.",
)
"""Limits of the method, whatever the data."""


def measure_gap(catalog: Catalog, *, seed: int = SEED) -> Gap | None:
    """Return lags in months per board and pooled, with intervals, and how fast each frontier moves.

    A lag is a horizontal distance of frontiers over release dates, averaged over the score levels
    that both groups reached (see `lags`). On a board the interval resamples models and scores; on
    the pooled index it comes from refits on fewer boards and models, and so does the middle: one
    model with few scores moves the frontier of a single fit.

    The result depends on the facts and the seed only, and is kept for the next call.

    Args:
        catalog: Holds the boards and the index.
        seed: Of the resamples.

    Returns:
        None where no board has enough models and there is no index.
    """
    return _measured(catalog.boards, catalog.newest_index, seed)


@lru_cache(maxsize=8)
def _measured(boards: tuple[Board, ...], newest: CapabilityIndex | None, seed: int) -> Gap | None:
    measured = [_board_lag(board, _rng(board, seed)) for board in boards if _is_large(board)]
    measured.sort(key=lambda lag: (lag.last_release, lag.board))
    index = newest if newest and _has_both(newest.models) else None
    if not measured and index is None:
        return None
    pooled = _pooled_lag(index) if index else None
    return Gap(
        pooled=pooled,
        boards=tuple(measured),
        by_year=_medians(measured),
        speed_ratio=_speed_ratio(index) if index else None,
        resamples=RESAMPLES,
        seed=seed,
        not_considered=_not_considered(measured, pooled),
    )


def _rng(board: Board, seed: int) -> np.random.Generator:
    """Return a board's own randomness: a further board changes no other board's interval."""
    return np.random.default_rng([seed, crc32(board.id.encode())])


def _is_large(board: Board) -> bool:
    opened = sum(one.open_weights for one in board.scores)
    return min(opened, len(board.scores) - opened) >= LEAST_MODELS


def _has_both(models: Sequence[Placed]) -> bool:
    return len({one.open_weights for one in models}) > 1


def _board_lag(board: Board, rng: np.random.Generator) -> Lag:
    scores = np.array([one.score for one in board.scores])
    point = lags(board.scores, scores[None, :])
    spread = lags(board.scores, resampled(scores, board.score_noise, rng, RESAMPLES))
    months = median(point.months)
    low, high = interval(spread.months) if months is not None else (None, None)
    lead_low, lead_high = interval(spread.unmatched_lead_months)
    return Lag(
        board=board.id,
        title=board.title,
        unit=board.unit,
        months=months,
        low=low,
        high=high,
        all_data_months=months,
        by_year=lags_by_year(spread, point),
        unmatched_lead_months=float(point.unmatched_lead_months[0]),
        unmatched_lead_low=lead_low,
        unmatched_lead_high=lead_high,
        share_of_first_open=float(point.share_of_first_open[0]) if months is not None else 0.0,
        evaluator=board.evaluator,
        source=board.source,
        **_description(board.scores, scores),
    )


def _pooled_lag(index: CapabilityIndex) -> Lag:
    scores = np.array([one.index for one in index.models])
    point = lags(index.models, scores[None, :])
    spread = lags(index.models, _refits(index))
    low, high = interval(spread.months)
    lead_low, lead_high = interval(spread.unmatched_lead_months)
    return Lag(
        board="pooled",
        title=index.title,
        unit="index, logit scale",
        months=median(spread.months),
        low=low,
        high=high,
        all_data_months=median(point.months),
        by_year=lags_by_year(spread),
        unmatched_lead_months=median(spread.unmatched_lead_months) or 0.0,
        unmatched_lead_low=lead_low,
        unmatched_lead_high=lead_high,
        source=index.source,
        **_description(index.models, scores),
    )


def _description(models: Sequence[BoardScore | IndexedModel], scores: Samples) -> dict[str, object]:
    """Return the fields of a lag that tell of the models and their frontiers."""
    open_places = [i for i, one in enumerate(models) if one.open_weights]
    closed_places = [i for i, one in enumerate(models) if not one.open_weights]
    return {
        "open_models": len(open_places),
        "closed_models": len(closed_places),
        "last_release": max(one.released for one in models),
        "open_frontier": frontier_points([models[i] for i in open_places], scores[open_places]),
        "closed_frontier": frontier_points(
            [models[i] for i in closed_places], scores[closed_places]
        ),
    }


def _refits(index: CapabilityIndex) -> Samples:
    """Return capabilities, one row per refit; the fit itself where there are no refits."""
    if not index.models[0].refits:
        return np.array([[one.index for one in index.models]])
    places = [[LEFT_OUT if at is None else at for at in one.refits] for one in index.models]
    return np.array(places).T


def _speed_ratio(index: CapabilityIndex) -> Figure | None:
    """Return how fast the open frontier rose against the closed one, over the refits."""
    scores = _refits(index)
    ours = grouped(index.models, scores, open_weights=True)
    theirs = grouped(index.models, scores, open_weights=False)
    last = max(ours.months[-1], theirs.months[-1])
    with np.errstate(invalid="ignore"):  # nobody before the window, in a refit: no rise is known
        risen = [
            group.best_by(last) - group.best_by(last - WINDOW_MONTHS) for group in (ours, theirs)
        ]
    known = np.isfinite(risen[0]) & np.isfinite(risen[1]) & (risen[1] > 0)
    ratios = np.full(len(known), np.nan)
    np.divide(risen[0], risen[1], out=ratios, where=known)
    middle = median(ratios)
    if middle is None:
        return None
    low, high = interval(ratios)
    return Figure(
        name="Speed of the open over the closed frontier, last 24 months of the index",
        value=middle,
        unit="ratio",
        low=low,
        high=high,
        provenance=Provenance.COMPUTED,
        sources=(index.source,),
    )


def _medians(measured: Sequence[Lag]) -> tuple[YearMedian, ...]:
    found = []
    for year in sorted({one.year for lag in measured for one in lag.by_year}):
        months = [one.months for lag in measured for one in lag.by_year if one.year == year]
        found.append(
            YearMedian(
                year=year,
                months=float(np.median(months)),
                lowest=min(months),
                highest=max(months),
                boards=len(months),
            )
        )
    return tuple(found)


def _not_considered(measured: Sequence[Lag], pooled: Lag | None) -> tuple[str, ...]:
    lines = list(LIMITS)
    if several := "; ".join(lag.title for lag in measured if lag.evaluator is None):
        lines.append(f"Scores come from several evaluators with differing prompts: {several}.")
    if early := "; ".join(one.title for one in measured if one.share_of_first_open > MOSTLY):
        lines.append(
            f"Most levels were reached by the first open model, so at most that lag: {early}."
        )
    if measured:
        lines.append(_thin_data(measured))
    if pooled:
        lines.append(_index_limits(pooled))
    return tuple(lines)


def _thin_data(measured: Sequence[Lag]) -> str:
    last = max(lag.last_release for lag in measured)
    recent = sum(lag.last_release.year == last.year for lag in measured)
    return (
        f"Data end with models of {last:%Y-%m}; {recent} of {len(measured)} boards hold models of "
        f"{last.year}, so what is newer is not known here."
    )


def _index_limits(pooled: Lag) -> str:
    alone = "" if pooled.all_data_months is None else f" {pooled.all_data_months:.1f} months"
    return (
        "The index is our own fit, with no floor for guessing; it ends with models of "
        f"{pooled.last_release:%Y-%m}. Its lag is the median over refits: all data at once give"
        f"{alone}, as one early model with few scores can set the closed frontier."
    )
