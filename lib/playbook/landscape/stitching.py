"""One capability scale from many boards: logistic stitching, and refits that show its spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from playbook.catalog.boards import Board
from playbook.uncertainty import Samples

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LEAST_BOARDS = 3
"""A model needs scores on this many boards for a place on the scale."""
LEAST_MEAN = 0.01
"""A board whose mean share is nearer to 0 or 1 starts from here; the fit then moves it."""
RIDGE = 0.03
"""Pull of every parameter to its middle, in score shares: keeps a perfect score finite."""
MEAN_SLOPE = 2.0
"""Geometric mean of the boards' slopes: this fixes the unit of the scale."""
SOLVER = {"maxiter": 2_000, "atol": 1e-10, "btol": 1e-10}
"""How exactly each step is solved: loose steps stop short of the best fit."""
REFITS = 100
SHARE_OF_BOARDS = 0.75
SHARE_OF_MODELS = 0.9
"""What each refit keeps."""

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Stitching:
    """A fitted scale: mean 0 over its models."""

    capability: dict[str, float]
    """Model to capability."""
    boards: dict[str, tuple[float, float]]
    """Board id to its level (half of the highest score) and slope."""
    counts: dict[str, int]
    """Board id to the models on it that have a place on the scale."""
    rmse: float
    """Root mean square error of the fitted scores, as a share of each board's highest score."""


@dataclass(frozen=True)
class _Data:
    """Scores as shares with the places of their model and board."""

    models: tuple[str, ...]
    boards: tuple[str, ...]
    model: Places
    board: Places
    share: Samples


def stitch(boards: Sequence[Board], *, models: Collection[str] | None = None) -> Stitching:
    """Fit `share of the highest score = 1 / (1 + exp(-slope * (capability - level)))`.

    Capability belongs to a model, level and slope to a board; all are fitted together by least
    squares on the score shares, with a slight ridge.

    Args:
        boards: Boards with a highest score.
        models: Models that may be used; all when None. Those on too few boards are left out.

    Raises:
        ValueError: when a board has no highest score, or no model is on enough boards.

    Source:
        After Epoch AI's benchmark-stitching (epoch-research/benchmark-stitching@f87d3cc), with our
        own way to fix the scale.
    """
    from scipy.optimize import least_squares  # noqa: PLC0415  slow import, only where refitted

    data = _data(boards, models)
    no_slopes = np.zeros(len(data.boards))
    start = np.concatenate([np.zeros(len(data.models)), _first_levels(data), no_slopes])
    fit = least_squares(
        partial(_residuals, data=data),
        start,
        jac=partial(_jacobian, data=data),
        tr_options=SOLVER,
    )
    rmse = float(np.sqrt((fit.fun[: len(data.share)] ** 2).mean()))
    return _scaled(data, fit.x, rmse)


def refit(boards: Sequence[Board], base: Stitching, rng: np.random.Generator) -> dict[str, float]:
    """Return capabilities fitted on fewer boards and models, moved to the scale of the base fit.

    Args:
        boards: Boards of the base fit; three quarters of them are kept.
        base: The fit on all of them; nine in ten of its models are kept.
        rng: Source of randomness.
    """
    names = sorted(base.capability)
    kept = rng.choice(len(boards), round(SHARE_OF_BOARDS * len(boards)), replace=False)
    chosen = rng.choice(len(names), round(SHARE_OF_MODELS * len(names)), replace=False)
    fit = stitch([boards[i] for i in sorted(kept)], models={names[i] for i in chosen})
    theirs = np.array(list(fit.capability.values()))
    ours = np.array([base.capability[name] for name in fit.capability])
    slope, shift = np.polyfit(theirs, ours, 1)
    return dict(zip(fit.capability, (slope * theirs + shift).tolist(), strict=True))


def _data(boards: Sequence[Board], models: Collection[str] | None) -> _Data:
    shares = {
        (one.model, board.id): one.score / _highest(board)
        for board in boards for one in board.scores if models is None or one.model in models
    }  # fmt: skip
    on_boards = Counter(model for model, _ in shares)
    shares = {key: share for key, share in shares.items() if on_boards[key[0]] >= LEAST_BOARDS}
    if not shares:
        raise ValueError(f"no model has scores on {LEAST_BOARDS} boards")
    names = {model: place for place, model in enumerate(sorted({key[0] for key in shares}))}
    ids = {board: place for place, board in enumerate(sorted({key[1] for key in shares}))}
    return _Data(
        models=tuple(names),
        boards=tuple(ids),
        model=np.array([names[model] for model, _ in shares]),
        board=np.array([ids[board] for _, board in shares]),
        share=np.array(list(shares.values())),
    )


def _highest(board: Board) -> float:
    if board.highest is None:
        raise ValueError(f"board {board.id} has no highest score")
    return board.highest


def _first_levels(data: _Data) -> Samples:
    """Return levels at which a model of capability 0 gets each board's mean score."""
    mean = np.bincount(data.board, data.share) / np.bincount(data.board)
    inside = np.clip(mean, LEAST_MEAN, 1 - LEAST_MEAN)
    odds: Samples = np.log((1 - inside) / inside)
    return odds


def _parts(x: Samples, data: _Data) -> tuple[Samples, Samples, Samples]:
    """Return each score's predicted share, logit, and slope."""
    count, boards = len(data.models), len(data.boards)
    slope = np.exp(x[count + boards :])[data.board]
    logit = slope * (x[:count][data.model] - x[count : count + boards][data.board])
    return 1 / (1 + np.exp(-np.clip(logit, -500, 500))), logit, slope


def _residuals(x: Samples, data: _Data) -> Samples:
    predicted, _, _ = _parts(x, data)
    return np.concatenate([predicted - data.share, RIDGE * x])


def _jacobian(x: Samples, data: _Data) -> csr_array:
    """Return the derivatives, sparse: each score depends on one model and one board only."""
    from scipy.sparse import csr_array  # noqa: PLC0415  slow import, only where refitted

    predicted, logit, slope = _parts(x, data)
    steep = predicted * (1 - predicted)
    scores, all_of_x, count = np.arange(len(data.share)), np.arange(len(x)), len(data.models)
    rows = np.concatenate([scores, scores, scores, len(scores) + all_of_x])
    board_slope = count + len(data.boards) + data.board
    columns = np.concatenate([data.model, count + data.board, board_slope, all_of_x])
    values = [steep * slope, -steep * slope, steep * logit, np.full(len(x), RIDGE)]
    shape = (len(scores) + len(x), len(x))
    return csr_array((np.concatenate(values), (rows, columns)), shape=shape)


def _scaled(data: _Data, x: Samples, rmse: float) -> Stitching:
    """Return the fit with mean capability 0 and the chosen mean slope: neither changes a score."""
    count, boards = len(data.models), len(data.boards)
    middle = x[:count].mean()
    unit = np.exp(x[count + boards :].mean()) / MEAN_SLOPE
    levels = (x[count : count + boards] - middle) * unit
    slopes = np.exp(x[count + boards :]) / unit
    return Stitching(
        capability=dict(zip(data.models, ((x[:count] - middle) * unit).tolist(), strict=True)),
        boards={
            name: (float(level), float(slope))
            for name, level, slope in zip(data.boards, levels, slopes, strict=True)
        },
        counts=dict(zip(data.boards, np.bincount(data.board).tolist(), strict=True)),
        rmse=rmse,
    )
