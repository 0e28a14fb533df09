"""`playbook stage`: one stage alone, for scripts and CI."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from playbook.cli.params import checked
from playbook.runs import SCHEMA_VERSION

if TYPE_CHECKING:
    from playbook.records import Record
    from playbook.report.table import Table

NAMES = ("landscape", "compliance", "costs", "trials", "decision")


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@click.argument("params", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
@click.option(
    "--schema", is_flag=True, help="Print the record's JSON schema instead; runs nothing."
)
@click.option(
    "--run",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Run folder whose evidence is used and written to; a temporary one if left out.",
)
def stage(name: str, params: Path, as_json: bool, schema: bool, folder: Path | None) -> None:  # noqa: FBT001  click passes flags so
    """Run stage NAME for PARAMS and print its record: a table, or JSON with its schema."""
    (profile,) = checked((params,))
    from playbook.stages.table import stage as stage_of  # noqa: PLC0415  slow import

    address = f"urn:playbook:{name}:{SCHEMA_VERSION}"
    if schema:
        made = stage_of(name).record.model_json_schema()
        made["properties"] = {"$schema": {"const": address}, **made["properties"]}
        click.echo(json.dumps({"$id": address, **made}, indent=1))
        return
    from playbook.runs import Run  # noqa: PLC0415  only where a stage runs
    from playbook.stages import Session, catalog_for, today  # noqa: PLC0415  likewise
    from playbook.stages.session import bench_manifest  # noqa: PLC0415  likewise

    catalog, day = catalog_for(params), today()
    with tempfile.TemporaryDirectory(prefix="playbook-") as temporary:
        run = Run(folder or Path(temporary))
        bench_manifest(run, profile, as_of=day, catalog=catalog)
        record = Session(stage_of(name), profile, run=run, as_of=day, catalog=catalog).compute()
    if as_json:
        click.echo(json.dumps({"$schema": address, **record.model_dump(mode="json")}, indent=1))
    else:
        _print(record)


def _print(record: Record) -> None:
    from rich.console import Console  # noqa: PLC0415  only where a table is shown
    from rich.table import Table as RichTable  # noqa: PLC0415  likewise
    from rich.text import Text  # noqa: PLC0415  likewise

    console = Console()
    for one in _tables(record):
        table = RichTable(title=one.title, title_justify="left", show_lines=True)
        for column in one.columns:
            table.add_column(column, overflow="fold")
        for row in one.rows:
            table.add_row(*map(Text, row))
        console.print(table)
        if one.note:
            console.print(Text(one.note))
    if said := getattr(record, "disclaimer", ""):
        console.print(Text(said))
    for line in getattr(record, "not_considered", ()):
        console.print(Text(f"not considered: {line}"))


def _tables(record: Record) -> Iterable[Table]:
    from playbook.report import (  # noqa: PLC0415  only where a table is shown
        compliance_tables,
        cost_tables,
        evidence_tables,
        lane_tables,
        more_tables,
        race_tables,
        references,
        tables,
    )
    from playbook.trials.evidence_records import Evidence  # noqa: PLC0415  likewise

    found: dict[str, tuple[Callable[..., Table], ...]] = {
        "Landscape": (race_tables.race, race_tables.excluded, references.sources),
        "Compliance": (
            compliance_tables.verdicts,
            compliance_tables.questions,
            evidence_tables.cleared,
        ),
        "Costs": (
            lane_tables.lanes,
            lane_tables.break_evens,
            cost_tables.costs,
            cost_tables.deployments,
        ),
        "Evidence": (evidence_tables.results, evidence_tables.latencies),
        "Decision": (tables.status, tables.six_rows, tables.ranked, tables.changes),
    }
    made = [make(record) for make in found[type(record).__name__]]
    if isinstance(record, Evidence):
        made += [*evidence_tables.pairs(record), *more_tables(record)]
    return made
