"""`playbook run`, `playbook demo` and `playbook report`."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import click

from playbook.cli.params import PARAMS, checked, teams_of
from playbook.errors import ParamsError
from playbook.profile import Profile
from playbook.runs import Run

OUT = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    show_default=True,
    help="Folder of all reports.",
)
DAY = click.option(
    "--as-of",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    default=None,
    help="Day for which results hold; today if left out.",
)
JOBS = click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Teams at a time."
)


@click.command()
@PARAMS
@JOBS
@OUT
@DAY
@click.option("--fresh", is_flag=True, help="Start anew: ask every prompt again, paid ones too.")
@click.option("--yes", is_flag=True, help="Do not ask, whatever the trials may cost.")
def run(
    params: tuple[Path, ...],
    jobs: int,
    out: Path,
    as_of: datetime | None,
    fresh: bool,  # noqa: FBT001  click passes flags so
    yes: bool,  # noqa: FBT001  likewise
) -> int:
    """Run the six notebooks of each team and write reports and an index.

    The same command resumes an interrupted run, and answers of earlier runs are not asked for
    again. Trials that could cost more than `trials.confirm_above_usd` are asked for once, for all
    teams, or need --yes. Exit code 1 when a team failed, 2 when a file is wrong or the question is
    open (then nothing is run).
    """
    day = as_of.date() if as_of else None
    return run_all(teams_of(params), jobs=jobs, out=out, as_of=day, fresh=fresh, yes=yes)


@click.command()
@OUT
def demo(out: Path) -> int:
    """Run params/demo.yaml: no key, no network, no GPU."""
    from playbook.profile import params_dir  # noqa: PLC0415  only where it is needed

    return run_all((params_dir() / "demo.yaml",), jobs=1, out=out, as_of=None)


def run_all(
    params: tuple[Path, ...],
    *,
    jobs: int,
    out: Path,
    as_of: date | None,
    fresh: bool = False,
    yes: bool = False,
) -> int:
    """Check, plan, run, index, and print where the reports are; return the exit code."""
    profiles = checked(params)
    _check_writable(out)
    _confirm(params, profiles, out, as_of=as_of, fresh=fresh, yes=yes)
    from playbook.batch import Display, closing_table, run_teams  # noqa: PLC0415  slow import
    from playbook.report import write_index  # noqa: PLC0415  slow import
    from playbook.stages import today  # noqa: PLC0415  slow import

    with Display([one.team.name for one in profiles]) as display:
        results = run_teams(
            params,
            out,
            jobs=jobs,
            as_of=as_of or today(),
            on_event=display.show,
            fresh=fresh,
        )
    index = write_index(out)
    for one in results:
        if one.ok:
            how = f"in {one.seconds:.0f} s" if one.fresh else "already up to date"
            click.echo(f"{one.team}: {one.folder / 'report.html'} ({how})")
    failed = [one for one in results if not one.ok]
    if failed:
        display.console.print(closing_table(results))
    click.echo(f"index: {index}")
    return 1 if failed else 0


def _confirm(
    params: tuple[Path, ...],
    profiles: tuple[Profile, ...],
    out: Path,
    *,
    as_of: date | None,
    fresh: bool,
    yes: bool,
) -> None:
    """Tell what the trials of all teams may cost, and ask once where it is much."""
    from playbook.cli.confirming import confirm_cost  # noqa: PLC0415  only where it runs
    from playbook.stages import today  # noqa: PLC0415  slow import
    from playbook.stages.run_plans import plans_of  # noqa: PLC0415  slow import

    plans = plans_of(params, profiles, out, as_of=as_of or today(), fresh=fresh)
    limits = {one.team.name: one.trials.confirm_above_usd for one in profiles}
    confirm_cost(plans, limits, yes=yes, run_again="playbook run ... --yes")


def _check_writable(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ParamsError("--out", [f"{out} can't be written to: {error.strerror}"]) from error


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def report(folder: Path) -> None:
    """Render report.html of a run FOLDER again from the JSON beside it; needs no key."""
    from playbook.report import write_report  # noqa: PLC0415  slow import

    target = folder.resolve()
    click.echo(str(write_report(Run(target))))
