"""`playbook capacity fit`: fit the capacity model to measured points again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from playbook.cli.capacity_points import POINTS_FILE, facts_at_hand, read_points
from playbook.cli.facts import CATALOG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from playbook.catalog.capacity_fit import CapacityFit
    from playbook.costs.capacity import CrossValidation
    from playbook.costs.capacity.cross_validation import LeftOut

WAYS: tuple[LeftOut, ...] = ("group", "model", "gpu", "row")
SPLIT_SHOWN = 6


@click.command("fit")
@click.argument("points", nargs=-1, type=POINTS_FILE)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of facts to write; nothing is written if left out.",
)
@click.option(
    "--left-out",
    "ways",
    multiple=True,
    type=click.Choice(WAYS),
    help="What a fold of the cross-validation leaves out; all four ways if left out.",
)
@CATALOG
def fit_command(
    points: tuple[Path, ...], out: Path | None, ways: tuple[LeftOut, ...], extra: tuple[Path, ...]
) -> None:
    """Fit the capacity model to the shipped measured points and to those of POINTS files.

    It prints how the points were split before any fitting, and the errors of points by fits that
    did not see them. That takes some minutes. With --out the fit is written as a file of facts.
    """
    from playbook.stages.capacity import fit_again  # noqa: PLC0415  only where it is needed
    from playbook.stages.days import today  # noqa: PLC0415  likewise

    rows = [row for path in points for row in read_points(path)]
    found = fit_again(
        rows,
        facts_at_hand(extra),
        fitted_on=today(),
        left_out=ways or WAYS,
        tell=lambda line: click.echo(line, err=True),
    )
    for one in found.validations:
        _print_split(one)
    _print_errors(found.fit)
    if out is None:
        click.echo("Nothing was written; --out FILE writes the fit as a file of facts.")
        return
    write_whole(out, found.text)
    click.echo(f"{out}: written, {found.fit.points:,} points")


def write_whole(path: Path, text: str) -> None:
    """Write a file under a temporary name and rename it, so that it is never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _print_split(one: CrossValidation) -> None:
    """Print which folds were left out, with their points and groups."""
    from playbook.cli.capacity_tables import print_table  # noqa: PLC0415  only where it is needed

    folds: dict[int, list[str]] = {}
    for fold, point in zip(one.fold.tolist(), one.points, strict=True):
        name = {
            "group": " ".join(point.group),
            "model": point.setup.model.id,
            "gpu": point.setup.gpu.id,
            "row": "single points",
        }[one.left_out]
        folds.setdefault(fold, []).append(name)
    rows = [(str(fold), str(len(names)), _few(names)) for fold, names in sorted(folds.items())]
    title = f"split: left out together by {one.left_out}"
    print_table(title, ("fold", "points", "left out"), rows, words=2)


def _few(names: Sequence[str]) -> str:
    kinds = list(dict.fromkeys(names))
    more = len(kinds) - SPLIT_SHOWN
    return ", ".join(kinds[:SPLIT_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _print_errors(fit: CapacityFit) -> None:
    from playbook.cli.capacity_tables import print_errors  # noqa: PLC0415  only where it is needed

    for way in _ways(fit):
        rows = {one.stratum: one for one in fit.error_rows if one.validation == way}
        print_errors(f"errors of points left out by {way}", rows)


def _ways(fit: CapacityFit) -> Iterable[str]:
    return dict.fromkeys(one.validation for one in fit.error_rows)
