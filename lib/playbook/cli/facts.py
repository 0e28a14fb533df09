"""`playbook facts`: are the facts whole, sourced, fresh, and agreed on?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from playbook.cli.refresh import refresh_command
from playbook.errors import CatalogError, ParamsError
from playbook.provenance import WARN_AFTER_DAYS

if TYPE_CHECKING:
    from datetime import date

    from playbook.catalog import Catalog
    from playbook.catalog.integrity import FactsReport

FINDINGS, BROKEN = 1, 2
LONGEST_LINE = 5_000
PARAMS = click.option(
    "--params",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of params files; `params` here or above if left out.",
)
CATALOG = click.option(
    "--catalog",
    "extra",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of further facts, beside those of params/org.yaml; may be repeated.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")


@click.group()
def facts() -> None:
    """Check, show or refresh the facts that results rest on."""


facts.add_command(refresh_command)


@facts.command("check")
@PARAMS
@CATALOG
@JSON
@click.option("--known", is_flag=True, help="List acknowledged findings too, with their reasons.")
@click.option("--stubs", is_flag=True, help="Print open findings as acknowledgements to fill in.")
@click.option(
    "--allow-findings", is_flag=True, help="End with 0 despite findings; they come with age."
)
def check_command(
    folder: Path | None,
    extra: tuple[Path, ...],
    as_json: bool,  # noqa: FBT001  click passes flags so
    known: bool,  # noqa: FBT001  likewise
    stubs: bool,  # noqa: FBT001  likewise
    allow_findings: bool,  # noqa: FBT001  likewise
) -> int:
    """Check the facts, and whom their age and their ends touch.

    Exit code 0: fine; 1: findings that nobody has acknowledged; 2: broken facts, on which nothing
    may rest.
    """
    from playbook.stages.days import today  # noqa: PLC0415  only where facts are read

    report = _checked(_params_folder(folder), extra, as_of=today())
    if as_json:
        click.echo(json.dumps(report.model_dump(mode="json"), indent=1))
    else:
        _echo(_stubs(report) if stubs else _lines(report, known=known))
    if report.errors:
        return BROKEN
    return FINDINGS if report.findings and not allow_findings else 0


@facts.command("show")
@click.argument("kind")
@click.argument("name", required=False)
@PARAMS
@CATALOG
@JSON
def show_command(
    kind: str,
    name: str | None,
    folder: Path | None,
    extra: tuple[Path, ...],
    as_json: bool,  # noqa: FBT001  click passes flags so
) -> None:
    """List the facts of one KIND, or show the one called NAME in full, with sources and ages."""
    from playbook.catalog.showing import describe_fact, fact_lines, facts_of_kind  # noqa: PLC0415  only where facts are read
    from playbook.stages.days import today  # noqa: PLC0415  likewise

    catalog = _catalog(_params_folder(folder), extra)
    if name is None:
        rows = facts_of_kind(catalog, kind, as_of=today())
        if as_json:
            click.echo(json.dumps([one.model_dump(mode="json") for one in rows], indent=1))
        else:
            _echo(one.words() for one in rows)
        return
    shown = describe_fact(catalog, kind, name, as_of=today())
    if as_json:
        click.echo(json.dumps(shown.model_dump(mode="json"), indent=1))
    else:
        _echo(fact_lines(shown))


def _echo(lines: Iterable[str]) -> None:
    """Print lines without control characters: facts may come from anybody's files."""
    from playbook.profile.reading import printable  # noqa: PLC0415  only where facts are read

    for text in lines:
        for line in text.split("\n"):
            click.echo(printable(line, LONGEST_LINE))


def _checked(folder: Path | None, extra: tuple[Path, ...], *, as_of: date) -> FactsReport:
    """Return the report; of facts that don't load it is all that is wrong with them."""
    from playbook.catalog.integrity import FactsReport, check_facts  # noqa: PLC0415  only where facts are read
    from playbook.stages.team_facts import findings_of_teams  # noqa: PLC0415  likewise

    try:
        catalog = _catalog(folder, extra)
    except CatalogError as error:
        return FactsReport(as_of=as_of, errors=error.problems)
    except ParamsError as error:
        named = tuple(f"{error.what}: {line}" for line in error.problems)
        return FactsReport(as_of=as_of, errors=named)
    of_teams = findings_of_teams(folder, catalog, as_of=as_of) if folder else ()
    return check_facts(catalog, as_of=as_of, of_teams=of_teams)


def _catalog(folder: Path | None, extra: tuple[Path, ...]) -> Catalog:
    from playbook.stages.catalogs import catalog_for  # noqa: PLC0415  only where facts are read

    return catalog_for(folder / "team.yaml" if folder else None, *extra)


def _params_folder(named: Path | None) -> Path | None:
    """Return the folder of params files, or None outside a project."""
    from playbook.profile import params_dir  # noqa: PLC0415  only where facts are read

    if named:
        return named.absolute()
    try:
        return params_dir()
    except ParamsError:
        return None


def _stubs(report: FactsReport) -> Iterator[str]:
    """Yield YAML in which only the reasons are missing; without them it does not load."""
    until = report.as_of + timedelta(days=WARN_AFTER_DAYS)
    yield "acknowledgements:"
    for name in dict.fromkeys(one.id for one in report.findings):
        yield f"  - finding: {json.dumps(name, ensure_ascii=False)}"
        yield f'    reason: ""\n    reviewed: {report.as_of}\n    until: {until}'


def _lines(report: FactsReport, *, known: bool) -> Iterator[str]:
    """Yield what is wrong, then what is known and may stand if that is asked for, then notes."""
    yield from (f"BROKEN  {line}" for line in report.errors)
    yield from (f"FINDING {one.text}\n        [{one.id}]" for one in report.findings)
    for one in report.acknowledged if known else ():
        word = one.acknowledgement
        yield f"known   {one.finding.text}\n        until {word.until}: {word.reason}"
    yield from (f"note    {line}" for line in report.information)
    counts = (len(report.errors), len(report.findings), len(report.acknowledged))
    ending = "" if len(report.findings) == 1 else "s"
    last = "{} broken, {} finding{}, {} acknowledged".format(*counts[:2], ending, counts[2])
    yield last if known or not report.acknowledged else f"{last} (--known lists these)"
