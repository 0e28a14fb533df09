"""Refit the pooled capability index and print its data file.

`python -m playbook.landscape.index_file 2026-11-23 > index.yaml` takes about a minute. It reads
the boards, and which model is which in the catalog, from the newest index; its output takes the
place of `catalog/data/capability_index.yaml`.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import yaml

from playbook.catalog import Catalog, load_catalog
from playbook.catalog.boards import Board, BoardFit, BoardScore, IndexedModel
from playbook.errors import CatalogError
from playbook.landscape.stitching import MEAN_SLOPE, REFITS, Stitching, refit, stitch

SEED = 20_261_123
DIGITS = 3
METHOD = f"""\
Logistic stitching: a model's share of a board's highest score is
1 / (1 + exp(-slope * (index - level))), fitted by least squares over all boards at once for models
with scores on three boards or more. Index 0 is the mean of the models, and the boards' slopes have
geometric mean {MEAN_SLOPE:g}, so that 0.1 is about five points on a typical board near its middle.
No floor for guessing, equal weight for each score. Each of {REFITS} refits keeps three quarters of
the boards and nine models in ten, again with three boards each; its values are moved to this scale
by a straight line.
"""


def index_yaml(
    catalog: Catalog, boards: Sequence[str], *, fitted_on: date, refits: int = REFITS
) -> str:
    """Return the data file of a new fit: the index, its boards, and its refits.

    The seed is fixed, so the same boards give the same file.

    Args:
        catalog: Holds the boards, and in its newest index the catalog ids of models.
        boards: Ids of the boards to fit.
        fitted_on: Day of the fit.
        refits: Number of refits.

    Raises:
        CatalogError: when a board is unknown.
    """
    known = {board.id: board for board in catalog.boards}
    if missing := [name for name in boards if name not in known]:
        raise CatalogError("catalog", [f"board {name!r} is unknown" for name in missing])
    chosen = [known[name] for name in boards]
    rng = np.random.default_rng(SEED)
    base = stitch(chosen)
    spread = [refit(chosen, base, rng) for _ in range(refits)]
    models = "\n".join(_rows(IndexedModel, _models(catalog, chosen, base, spread)))
    fits = "\n".join(_rows(BoardFit, _boards(base)))
    header = {
        "id": "pooled-index",
        "title": f"Pooled capability over {len(boards)} public boards",
        "fitted_on": fitted_on,
        "rmse": round(base.rmse, DIGITS),
        "source": {
            "title": f"Own fit of {len(boards)} boards after Epoch AI's benchmark-stitching (MIT)",
            "url": "epoch-research/benchmark-stitching@f87d3cc",
            "as_of": max(board.source.as_of for board in chosen),
            "kind": "third_party",
        },
    }
    entry = yaml.safe_dump(header, sort_keys=False, width=200)
    entry += (
        f"note: >-\n{_indented(METHOD)}boards: |\n{_indented(fits)}models: |\n{_indented(models)}"
    )
    return "capability_indices:\n  - " + _indented(entry, 4).lstrip()


def _models(
    catalog: Catalog,
    boards: Sequence[Board],
    base: Stitching,
    spread: Sequence[Mapping[str, float]],
) -> list[dict[str, object]]:
    """Return a row for each model, by release."""
    newest = catalog.newest_index
    ids = {one.model: one.catalog_model for one in newest.models} if newest else {}
    first: dict[str, BoardScore] = {}
    for score in (one for board in boards for one in board.scores):
        earlier = first.get(score.model)
        if earlier is None or score.released < earlier.released:
            first[score.model] = score
    rows: list[dict[str, object]] = [
        {
            "model": name,
            "released": first[name].released,
            "open_weights": str(first[name].open_weights).lower(),
            "index": round(index, DIGITS),
            "catalog_model": ids.get(name) or "",
            "refits": " ".join(_cell(one.get(name)) for one in spread),
        }
        for name, index in base.capability.items()
    ]
    return sorted(rows, key=lambda row: (str(row["released"]), str(row["model"])))


def _boards(base: Stitching) -> list[dict[str, object]]:
    return [
        {
            "board": name,
            "level": round(level, DIGITS),
            "slope": round(slope, DIGITS),
            "models": base.counts[name],
        }
        for name, (level, slope) in base.boards.items()
    ]


def _cell(place: float | None) -> str:
    return "-" if place is None else f"{place:.{DIGITS}f}"


def _rows(
    kind: type[IndexedModel | BoardFit], rows: Iterable[Mapping[str, object]]
) -> Iterable[str]:
    """Return lines of CSV with the fields of a record as columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(kind.model_fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().splitlines()


def _indented(text: str, spaces: int = 2) -> str:
    return "".join(f"{' ' * spaces}{line}\n" for line in text.splitlines())


if __name__ == "__main__":
    facts = load_catalog()
    newest = facts.newest_index
    names = [fit.board for fit in newest.boards] if newest else []
    sys.stdout.write(index_yaml(facts, names, fitted_on=date.fromisoformat(sys.argv[1])))
