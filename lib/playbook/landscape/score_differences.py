"""Scores of two models on one board: how far apart, and whether repeats could tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from playbook.catalog import Catalog
from playbook.catalog.boards import Board, BoardScore
from playbook.landscape.claim_records import Figure
from playbook.provenance import Provenance

Z_90 = 1.645
"""Standard normal deviate that leaves 5% on each side."""


def board_of(catalog: Catalog, identifier: str) -> Board | None:
    """Return a board by id, None when the catalog does not hold it."""
    return next((one for one in catalog.boards if one.id == identifier), None)


def best(scores: Sequence[BoardScore]) -> BoardScore | None:
    """Return the highest of some scores."""
    return max(scores, key=lambda one: one.score, default=None)


def best_named(board: Board, names: Sequence[str]) -> BoardScore | None:
    """Return the highest score among some models of a board."""
    return best([one for one in board.scores if one.model in names])


def telling_difference(board: Board) -> float:
    """Return the least difference of two scores that repeats alone would rarely make.

    Two scores with the same noise differ with a standard deviation of sqrt(2) times that noise; 90%
    of such differences lie within 1.645 standard deviations.
    """
    return Z_90 * sqrt(2) * board.score_noise


def difference(board: Board, ours: BoardScore, theirs: BoardScore, *, name: str) -> Figure:
    """Return how far one score is above another, with the 5-95% interval of their noise."""
    gap, spread = ours.score - theirs.score, telling_difference(board)
    sides = ", ".join(f"{one.model} {one.score:g}" for one in (ours, theirs))
    ran = "" if board.evaluator else ", several evaluators"
    return Figure(
        name=f"{name} ({board.title}{ran}: {sides})",
        value=gap,
        unit=f"{'points' if board.unit == 'percent' else board.unit} ahead",
        low=gap - spread,
        high=gap + spread,
        provenance=Provenance.COMPUTED,
        sources=(board.source,),
    )
