"""`playbook facts refresh`: catalogued prices against the installed price packages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from playbook.catalog.refresh_records import RefreshPlan

FINDINGS = 1
NEWER = "Newer packages bring newer prices: uv lock --upgrade-package litellm (or genai-prices)."


@click.command("refresh")
@click.option("--write", is_flag=True, help="Write the changes; otherwise they are only listed.")
@click.option("--seal", is_flag=True, help="Also seal prices that carry no seal yet.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of facts; the playbook's own if left out.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def refresh_command(write: bool, seal: bool, folder: Path | None, as_json: bool) -> int:  # noqa: FBT001  click passes flags so
    """Append what litellm and genai-prices say now, as they are installed; no network is used.

    Ends with 0 when there is nothing to do or all is written, with 1 when changes were found.
    """
    from playbook.catalog.load import DATA  # noqa: PLC0415  only where facts are read
    from playbook.catalog.refresh import apply_plan, refresh_prices  # noqa: PLC0415  likewise
    from playbook.stages.days import today  # noqa: PLC0415  likewise

    where = folder or DATA
    plan = refresh_prices(where, as_of=today(), seal=seal)
    written = apply_plan(where, plan) if write else ()
    if as_json:
        click.echo(json.dumps(plan.model_dump(mode="json", exclude_none=True), indent=1))
    else:
        _show(plan)
        for path in written:
            click.echo(f"{path}: written")
    return FINDINGS if plan.changes and not write else 0


def _show(plan: RefreshPlan) -> None:
    click.echo(f"Read {' and '.join(plan.packages)}, on {plan.as_of}.")
    for change in plan.changes:
        kind = change.kind.replace("_", " ")
        click.echo(f"{change.offer}: {kind}: {change.catalogued} -> {change.stated}")
    for note in plan.notes:
        click.echo(f"look at {note}")
    count = len(plan.changes)
    click.echo(f"{count} change{'' if count == 1 else 's'}, {len(plan.notes)} to look at. {NEWER}")
    click.echo(f"Not considered: {'; '.join(plan.not_considered)}.")
