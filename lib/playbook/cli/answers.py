"""`playbook answers`: send the checklist's open questions out, and read the answers back in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from playbook.errors import ParamsError

if TYPE_CHECKING:
    from playbook.catalog import Catalog
    from playbook.compliance.records import Compliance, Finding
    from playbook.exports.answer_merging import Conflict, Merged, Take
    from playbook.exports.answer_reading import GivenAnswer
    from playbook.profile import Profile
    from playbook.profile.sections import Answer

CONFLICTS = 1
LONGEST_CELL = 400
TEAM = click.argument("params", type=click.Path(path_type=Path, dir_okay=False))
STDOUT = "-"


@click.group()
def answers() -> None:
    """Send out the checklist's questions and read the answers back."""


@answers.command("export")
@TEAM
@click.option("--owner", default="", help="Only the questions of this role.")
@click.option("--all", "answered", is_flag=True, help="Answered questions too, to change them.")
@click.option("--out", default=STDOUT, help="File to write; `-`, the default, prints.")
@click.option(
    "--per-owner",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder in which each role gets a file of its own.",
)
@click.option("--semicolons", is_flag=True, help="Part cells as Excel does in most of Europe.")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there; it may be answered.")
def export_command(  # noqa: PLR0913, PLR0917  one argument for each option
    params: Path,
    owner: str,
    answered: bool,  # noqa: FBT001  click passes flags so
    out: str,
    folder: Path | None,
    semicolons: bool,  # noqa: FBT001  likewise
    overwrite: bool,  # noqa: FBT001  likewise
) -> None:
    """Write the open questions of PARAMS as a CSV to be answered in a spreadsheet.

    One row for each control that applies or may apply. Answer with Yes, Partly, No, Don't know or
    N.A. (with a reason), then `playbook answers import`.
    """
    from playbook.exports.answer_sheet import answer_sheet_csv, asked  # noqa: PLC0415  only where it is needed

    profile, compliance = _assessed(params)
    found = asked(profile, compliance, answered=answered)
    groups = _by_owner(found)
    if owner:
        groups = {name: groups[name] for name in [_role(owner, groups)]}
    mark = ";" if semicolons else ","
    if folder is None:
        kept = [one for one in found if one.owner in groups]
        sheets = {out: answer_sheet_csv(profile, compliance, kept, delimiter=mark)}
    else:
        paths = _paths(folder, groups)
        sheets = {
            paths[name]: answer_sheet_csv(profile, compliance, group, delimiter=mark)
            for name, group in groups.items()
        }
    _write(sheets, overwrite=overwrite)
    click.echo(compliance.disclaimer, err=True)


@answers.command("print")
@TEAM
@click.option("--out", required=True, help="HTML file to write; `-` prints it.")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
def print_command(params: Path, out: str, overwrite: bool) -> None:  # noqa: FBT001  click passes flags so
    """Write the checklist of PARAMS as a page for paper, with fields to fill in by pen."""
    from playbook.report.checklist_page import checklist_page  # noqa: PLC0415  slow import

    profile, compliance = _assessed(params)
    _write({out: checklist_page(profile, compliance)}, overwrite=overwrite)


@answers.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
@TEAM
@click.option(
    "--take",
    type=click.Choice(["file", "params"]),
    help="Who wins where they disagree: the file (the last one named), or what PARAMS hold.",
)
def import_command(files: tuple[Path, ...], params: Path, take: Take | None) -> int:
    """Read answered FILES back into PARAMS, in one step, leaving every other line as it is.

    Rows without an answer are left alone. Exit code 1: an answer differs from one that PARAMS
    hold, or two files differ, and nothing was written; 2: a file is wrong, likewise.
    """
    from playbook.exports.answer_merging import merge_answers  # noqa: PLC0415  only where it is needed
    from playbook.profile import answer_updates, save_profile  # noqa: PLC0415  likewise
    from playbook.profile.sections import Answer  # noqa: PLC0415  likewise
    from playbook.stages.days import today  # noqa: PLC0415  likewise

    profile, catalog = _team(params)
    day = today()
    held = profile.data.answers
    known = {one.id: held.get(one.id, Answer()) for one in catalog.controls}
    rows, left_open = _read(files, known, day)
    merged = merge_answers(
        held,
        rows,
        default_owners={one.id: one.owner for one in catalog.controls},
        as_of=day,
        take=take,
    )
    if merged.conflicts:
        _show_conflicts(merged.conflicts, [str(one) for one in files])
        if take is None:
            click.echo("nothing was written; say who wins: --take file or --take params", err=True)
            return CONFLICTS
    updates = answer_updates(held, merged.answers)
    if updates:
        save_profile(updates, params)
    _tell(held, merged, params, left_open=left_open)
    return 0


def _team(params: Path) -> tuple[Profile, Catalog]:
    """Return the profile of a params file that has no problem, and the facts for it."""
    from playbook.cli.params import checked  # noqa: PLC0415  only where it is needed
    from playbook.stages.catalogs import catalog_for  # noqa: PLC0415  likewise

    (profile,) = checked((params,))
    return profile, catalog_for(params)


def _assessed(params: Path) -> tuple[Profile, Compliance]:
    from playbook.compliance import assess_compliance  # noqa: PLC0415  only where it is needed
    from playbook.stages.days import today  # noqa: PLC0415  likewise
    from playbook.stages.option_costs import usd_per_month  # noqa: PLC0415  likewise

    (profile, catalog), day = _team(params), today()
    money = usd_per_month(profile, catalog, as_of=day)
    return profile, assess_compliance(profile, catalog, as_of=day, usd_per_month=money)


def _by_owner(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        groups.setdefault(one.owner, []).append(one)
    return groups


def _role(named: str, groups: dict[str, list[Finding]]) -> str:
    """Return the role as the checklist spells it.

    Raises:
        ParamsError: when no question is that role's.
    """
    from playbook.profile.problems import did_you_mean, shown  # noqa: PLC0415  only where it is needed

    spelt = {one.casefold(): one for one in groups}
    if named.casefold() in spelt:
        return spelt[named.casefold()]
    near = did_you_mean(named, list(spelt)) or f"; there are: {', '.join(sorted(spelt)) or 'none'}"
    raise ParamsError("--owner", [f"{shown(named)} is asked nothing here{near}"])


def _paths(folder: Path, groups: dict[str, list[Finding]]) -> dict[str, str]:
    from playbook.exports.answer_sheet import file_names  # noqa: PLC0415  only where it is needed

    return {owner: str(folder / name) for owner, name in file_names(groups).items()}


def _write(sheets: dict[str, str], *, overwrite: bool) -> None:
    """Print a sheet, or write each to its file with a mark by which Excel knows UTF-8.

    Raises:
        ParamsError: when a file is there already; nothing is written then.
    """
    from playbook.exports.answer_sheet import BYTE_ORDER_MARK  # noqa: PLC0415  only where it is needed
    from playbook.runs import write_text  # noqa: PLC0415  likewise

    there = [one for one in sheets if one != STDOUT and Path(one).exists()]
    if there and not overwrite:
        fix = "it may hold answers; choose another name, or add --overwrite"
        raise ParamsError("playbook answers", [f"{one} is there already; {fix}" for one in there])
    for name, text in sheets.items():
        if name == STDOUT:
            click.echo(text.replace("\r\n", "\n"), nl=False)
            continue
        mark = "" if name.endswith((".html", ".htm")) else BYTE_ORDER_MARK
        path = write_text(Path(name), mark + text)
        click.echo(str(path))


def _read(
    files: Sequence[Path], known: Mapping[str, Answer], day: date
) -> tuple[list[GivenAnswer], int]:
    """Return the answered rows of all files, and how many rows have no answer.

    Raises:
        ParamsError: with the problems of all files.
    """
    from playbook.exports.answer_reading import read_answers  # noqa: PLC0415  only where it is needed
    from playbook.profile.reading import printable, read_file  # noqa: PLC0415  likewise

    rows, left_open, problems = [], 0, []
    for path in files:
        name = printable(str(path))
        try:
            found = read_answers(read_file(path, name), name, known, as_of=day)
        except ParamsError as error:
            problems += [f"{error.what}: {line}" for line in error.problems]
            continue
        rows += found.rows
        left_open += found.left_open
        problems += found.problems
    if problems:
        raise ParamsError("answers", problems)
    return rows, left_open


def _show_conflicts(conflicts: Sequence[Conflict], files: Sequence[str]) -> None:
    from rich.console import Console  # noqa: PLC0415  only where a table is shown
    from rich.table import Table  # noqa: PLC0415  likewise
    from rich.text import Text  # noqa: PLC0415  likewise

    from playbook.profile.reading import printable  # noqa: PLC0415  likewise

    named = [one for one in files if any(one in conflict.in_files for conflict in conflicts)]
    table = Table(title="Answers that differ", title_justify="left", show_lines=True)
    for column in ("Control", "Field", "In params", *named):
        table.add_column(Text(column), overflow="fold")
    for one in conflicts:
        stated = [one.in_files.get(name, "") for name in named]
        cells = (one.control, one.field, one.in_params, *stated)
        table.add_row(*(Text(printable(cell, LONGEST_CELL)) for cell in cells))
    Console().print(table)


def _tell(held: Mapping[str, Answer], merged: Merged, params: Path, *, left_open: int) -> None:
    """Say what changed, one line a control."""
    changed = [name for name, one in merged.answers.items() if one != held.get(name)]
    for name in changed:
        then, now = held.get(name), merged.answers[name]
        was = then.answer.words if then else "open"
        what = f"{was} -> {now.answer.words}" if was != now.answer.words else f"{was}, details"
        click.echo(f"{name}: {what}")
    count = f"{len(changed)} answer{'' if len(changed) == 1 else 's'} changed"
    rest = f"; {left_open} rows without an answer left alone" if left_open else ""
    click.echo(f"{params}: {count}{rest}")
