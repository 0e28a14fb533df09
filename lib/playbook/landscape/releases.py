"""The boards and the index as they look on a day: without models that came out later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from playbook.catalog import Catalog
from playbook.landscape.frontier import Placed

Model = TypeVar("Model", bound=Placed)


def released_by(catalog: Catalog, day: date) -> Catalog:
    """Return a catalog whose boards and indices hold only models that were out by a day.

    A board or an index without any such model is left out. Places on the index stay those of its
    fit, even where it was fitted later.

    Args:
        catalog: The facts.
        day: Last day of release that counts.
    """
    kept = [(board, _out_by(board.scores, day)) for board in catalog.boards]
    fits = [(index, _out_by(index.models, day)) for index in catalog.capability_indices]
    return catalog.changed(
        boards=tuple(
            board if len(scores) == len(board.scores) else board.changed(scores=scores)
            for board, scores in kept if scores
        ),
        capability_indices=tuple(
            index if len(models) == len(index.models) else index.changed(models=models)
            for index, models in fits if models
        ),
    )  # fmt: skip


def _out_by(models: Sequence[Model], day: date) -> tuple[Model, ...]:
    return tuple(one for one in models if one.released <= day)
