"""`playbook facts`: are the facts whole, sourced, fresh, and agreed on?"""

from __future__ import annotations

import json

import click

FINDINGS, BROKEN = 1, 2


@click.group()
def facts() -> None:
    """Check or show the facts that results rest on."""


@facts.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
def check_command(as_json: bool, strict: bool) -> int:  # noqa: FBT001  click passes flags so
    """Check references, sources, prices against litellm, staleness, retirements."""
    from playbook.catalog import load_catalog  # noqa: PLC0415  only where facts are read
    from playbook.catalog.integrity import check_facts  # noqa: PLC0415  likewise
    from playbook.stages.session import today  # noqa: PLC0415  likewise

    found = check_facts(load_catalog(), as_of=today())
    if as_json:
        click.echo(json.dumps(found.model_dump(mode="json"), indent=1))
    else:
        for line in (*found.errors, *found.warnings):
            click.echo(line)
        click.echo(f"{len(found.errors)} errors, {len(found.warnings)} warnings")
    if found.errors:
        return BROKEN
    return FINDINGS if strict and found.warnings else 0


@facts.command("show")
@click.argument("kind", type=click.Choice(["models", "licences", "providers", "gpus", "places"]))
def show_command(kind: str) -> None:
    """List the facts of one KIND with their source and date."""
    from playbook.catalog import load_catalog  # noqa: PLC0415  only where facts are read

    for one in getattr(load_catalog(), kind):
        click.echo(f"{one.id}: {one.title} | {one.source.cite()}")
