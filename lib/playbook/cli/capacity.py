"""`playbook capacity`: how fast models run on GPUs, how sure that is, and the fit behind it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from playbook.cli.capacity_estimate import estimate_command
from playbook.cli.capacity_fit import WAYS, fit_command
from playbook.cli.capacity_points import POINTS_FILE, facts_at_hand, read_points
from playbook.cli.facts import CATALOG, JSON

if TYPE_CHECKING:
    from playbook.costs.capacity.cross_validation import LeftOut


@click.group()
def capacity() -> None:
    """Estimate what GPUs give, judge the estimates by measured points, or fit them again."""


capacity.add_command(estimate_command)
capacity.add_command(fit_command)


@capacity.command("validate")
@click.argument("points", type=POINTS_FILE)
@CATALOG
@JSON
@click.option(
    "--cross-validate",
    "held_out",
    is_flag=True,
    help="Judge the points that the fit used by fits that did not see them; takes minutes.",
)
@click.option(
    "--left-out",
    type=click.Choice(WAYS),
    default="group",
    show_default=True,
    help="What those fits leave out together: a group is one source, model and GPU.",
)
def validate_command(
    points: Path,
    extra: tuple[Path, ...],
    as_json: bool,  # noqa: FBT001  click passes flags so
    held_out: bool,  # noqa: FBT001  likewise
    left_out: LeftOut,
) -> None:
    """Judge the estimates by the measured POINTS, a CSV file.

    It needs the columns model, precision, gpu, n_gpu, engine, isl, osl, metric and value; and takes
    params_b, active_params_b, parallelism, engine_version, concurrency_or_batch, source and note.
    A metric is one of total_output_tok_s, decode_tok_s, prefill_tok_s and ttft_ms.
    Strata other than by metric are over output throughput. Rows without an estimate are counted
    with the reason.
    """
    from playbook.cli.capacity_tables import print_validation  # noqa: PLC0415  only where it is needed
    from playbook.stages.capacity import validate_points  # noqa: PLC0415  likewise

    found = validate_points(
        read_points(points), facts_at_hand(extra), left_out=left_out if held_out else None
    )
    for line in found.remarks:
        click.echo(line, err=True)
    if as_json:
        click.echo(json.dumps(found.report.model_dump(mode="json"), indent=1))
    else:
        print_validation(found.report, title=points.name)
