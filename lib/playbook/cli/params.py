"""`playbook check` and `playbook new`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from playbook.errors import ParamsError, ProblemsError
from playbook.profile import Profile, load_profile, new_params_text, params_dir
from playbook.runs import write_text

FACTS, NAMED = ("data", "team", "domain"), 5
OPEN_BY_CHOICE = ("allowed_regions", "decide_by", "budget_usd_per_month", "candidate_models")
DEFAULTS = ("org.yaml", "unit.yaml")
PROMPT_SET = ".jsonl"
PARAMS = click.argument(
    "params", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False)
)


@click.command()
@PARAMS
def check(params: tuple[Path, ...]) -> None:
    """Check params files and prompt sets: every problem at once, nothing is run or written."""
    sets = tuple(path for path in params if path.suffix == PROMPT_SET)
    problems = _check_sets(sets)
    others = tuple(path for path in params if path not in sets)
    if others:
        try:
            _check_teams(teams_of(others))
        except ParamsError as error:
            problems += error.problems
    if problems:
        raise ParamsError("params" if others else "prompt sets", problems)


def _check_sets(paths: Sequence[Path]) -> list[str]:
    from playbook.trials import load_prompt_set  # noqa: PLC0415  only where a set is checked

    problems: list[str] = []
    for path in paths:
        try:
            one = load_prompt_set(path)
        except ProblemsError as error:
            problems += [f"{path}: {line}" for line in error.problems]
            continue
        scored = sum(bool(prompt.scorers) for prompt in one.prompts)
        counts = f"{len(one.prompts)} prompts, {scored} scored"
        click.echo(f"{path}: ok ({counts}, data class {one.header.data_class})")
    return problems


def _check_teams(params: tuple[Path, ...]) -> None:
    for path, profile in zip(params, checked(params), strict=True):
        sets, tried = len(profile.trials.prompt_sets), len(profile.trials.endpoints)
        click.echo(f"{path}: ok (team {profile.team.name}, {sets} prompt sets, {tried} endpoints)")
        if unknown := unstated(profile):
            named = ", ".join(unknown[:NAMED]) + (", ..." if len(unknown) > NAMED else "")
            click.echo(f"  unknown, which keeps answers open ({len(unknown)}): {named}")


def unstated(profile: Profile) -> tuple[str, ...]:
    """Return the facts that a profile leaves unknown, by dotted path."""
    found = []
    for name in FACTS:
        section = getattr(profile, name)
        missing = (field for field in type(section).model_fields if getattr(section, field) is None)
        found += [f"{name}.{field}" for field in missing if field not in OPEN_BY_CHOICE]
    return tuple(found)


def teams_of(params: Sequence[Path]) -> tuple[Path, ...]:
    """Return the params files of teams: a glob may also name files of defaults."""
    teams = tuple(path for path in params if path.name not in DEFAULTS)
    for path in params:
        if path.name in DEFAULTS:
            click.echo(f"{path}: skipped, it holds defaults and is no team's file", err=True)
    if not teams:
        raise ParamsError("params", ["no team's file among those named"])
    return teams


def checked(params: Sequence[Path]) -> tuple[Profile, ...]:
    """Return the profiles of params files.

    What is no problem of the file but can't be overlooked goes to the error stream.

    Raises:
        ParamsError: with the problems of all files together.
        CatalogError: when an organisation's own facts are broken.
    """
    from playbook.stages import checks  # noqa: PLC0415  only where a file is checked
    from playbook.stages.catalogs import catalogs_of  # noqa: PLC0415  likewise
    from playbook.stages.days import today  # noqa: PLC0415  likewise

    point_to_params(params[0])
    catalogs, day = catalogs_of(params), today()
    profiles, problems = [], []
    for path, catalog in zip(params, catalogs, strict=True):
        if path.suffix == PROMPT_SET:
            problems.append(f"{path}: is a prompt set; name it under trials.prompt_sets of a team")
            continue
        try:
            profile = load_profile(path)
            found = checks.problems(profile, catalog)
        except ProblemsError as error:
            problems += [f"{error.what}: {line}" for line in error.problems]
        else:
            profiles.append(profile)
            problems += [f"{path}: {line}" for line in found]
            for line in checks.notices(profile, catalog, as_of=day):
                click.secho(f"{path}: {line}", fg="red", err=True)
    problems += _same_team_twice(params, profiles)
    if problems:
        raise ParamsError("params", problems)
    return tuple(profiles)


def point_to_params(path: Path) -> None:
    """Let prompt sets and notebooks be found from the folder of a params file."""
    for folder in path.resolve().parents:
        if (folder / "org.yaml").is_file() or (folder / "prompts").is_dir():
            os.environ["PLAYBOOK_PARAMS_DIR"] = str(folder)
            return
    os.environ["PLAYBOOK_PARAMS_DIR"] = str(params_dir())


def _same_team_twice(params: Sequence[Path], profiles: Sequence[Profile]) -> list[str]:
    if len(params) != len(profiles):
        return []
    first: dict[str, Path] = {}
    problems = []
    for path, profile in zip(params, profiles, strict=True):
        name = profile.team.name
        if name in first:
            problems.append(f"{path}: team.name {name!r} is also that of {first[name]}; change one")
        first.setdefault(name, path)
    return problems


@click.command()
@click.argument("team")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to; params/teams if left out.",
)
def new(team: str, into: Path | None) -> None:
    """Write a commented params file for TEAM (lower-case letters, digits, `-`, `_`)."""
    text = new_params_text(team)
    path = (into or params_dir() / "teams") / f"{team}.yaml"
    if path.exists():
        raise ParamsError(str(path), ["is there already; choose another name or edit it"])
    write_text(path, text)
    click.echo(f"{path}: fill it in, then run `playbook check {path}`")
