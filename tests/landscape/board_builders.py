"""Small boards for tests of the capability gap."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from playbook.catalog.boards import Board, BoardScore, CapabilityIndex, IndexedModel
from playbook.provenance import Source
from playbook.units import DAYS_PER_MONTH

SOURCE = Source(title="A board made up for tests", as_of=date(2026, 11, 22), kind="assumption")
START = date(2023, 1, 1)


def month(number: float) -> date:
    return START + timedelta(days=round(number * DAYS_PER_MONTH))


def scored(name: str, released: date, score: float, *, open_weights: bool) -> BoardScore:
    return BoardScore(
        model=name, developer=None, open_weights=open_weights, released=released, score=score
    )


def closed(*points: tuple[float, float]) -> tuple[BoardScore, ...]:
    """Return closed models at (month, score)."""
    return tuple(
        scored(f"closed-{place}", month(at), score, open_weights=False)
        for place, (at, score) in enumerate(points)
    )


def opened(*points: tuple[float, float]) -> tuple[BoardScore, ...]:
    """Return open models at (month, score)."""
    return tuple(
        scored(f"open-{place}", month(at), score, open_weights=True)
        for place, (at, score) in enumerate(points)
    )


def a_board(scores: Iterable[BoardScore], **stated: object) -> Board:
    values = {
        "id": "a-board",
        "title": "A board",
        "unit": "percent",
        "score_noise": 0,
        "highest": 100,
    }
    return Board.model_validate({**values, "source": SOURCE, "scores": tuple(scores), **stated})


def an_index(scores: Iterable[BoardScore], refits: Iterable[str] = ()) -> CapabilityIndex:
    cells = iter(refits)
    models = tuple(
        IndexedModel.model_validate(
            {
                "model": one.model,
                "released": one.released,
                "open_weights": one.open_weights,
                "index": one.score,
                "refits": next(cells, ""),
            }
        )
        for one in scores
    )
    return CapabilityIndex(
        id="an-index", title="An index", fitted_on=START, models=models, source=SOURCE
    )
