"""Which teams the ends of offers, moving aliases and broken params files touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from datetime import date
from pathlib import Path

from playbook.catalog import Catalog
from playbook.catalog.acknowledgements import Finding
from playbook.catalog.ageing import Retirement, retirements
from playbook.catalog.integrity import MONTHS_AHEAD
from playbook.catalog.references import name_of
from playbook.errors import ProblemsError
from playbook.profile import Profile, load_profile
from playbook.stages.checks import moving_aliases, offer_of

RACE = "race"
CANDIDATE = "candidate"
NO_TEAM = ("org.yaml", "unit.yaml", "example.yaml")
Team = tuple[str, Profile]


def findings_of_teams(folder: Path, catalog: Catalog, *, as_of: date) -> tuple[Finding, ...]:
    """Return what the facts mean for the teams of a folder of params files.

    An offer that has ended or ends within a year touches a team whose endpoint calls it, that has
    its model on the list of candidates, or, without such a list, that has it in its race. The race
    of a team that has chosen nothing yet is no finding by itself. A file that can't be read is a
    finding and hides no other.

    Args:
        folder: Folder of params files, searched with all folders in it.
        catalog: The facts.
        as_of: Day of the check.
    """
    teams: list[Team] = []
    found: list[Finding] = []
    for path in team_files(folder):
        label = path.relative_to(folder.parent).as_posix()
        try:
            profile = load_profile(path)
        except ProblemsError as error:
            found.append(_broken(label, error))
        else:
            teams.append((label, profile))
    ending = retirements(catalog, as_of=as_of, within_months=MONTHS_AHEAD)
    for label, profile in teams:
        found.extend(
            Finding(
                id=f"alias:{label}",
                kind="alias",
                text=f"{label}: {line}",
                teams=(profile.team.name,),
            )
            for line in moving_aliases(profile, catalog)
        )
    return (*found, *_touched(teams, ending, catalog, as_of))


def team_files(folder: Path) -> tuple[Path, ...]:
    """Return the params files of teams in a folder and below; defaults and the example are none."""
    return tuple(
        path
        for path in sorted(folder.rglob("*.yaml"))
        if path.name not in NO_TEAM and not any(part.startswith(".") for part in path.parts[-3:])
    )


def _broken(label: str, error: ProblemsError) -> Finding:
    more = len(error.problems) - 1
    rest = f" (and {more} more)" if more else ""
    text = f"{label} can't be read, so what touches it is unknown: {error.problems[0]}{rest}"
    return Finding(id=f"params:{label}", kind="params", text=text)


def _touched(
    teams: Sequence[Team], ending: Sequence[Retirement], catalog: Catalog, as_of: date
) -> Iterator[Finding]:
    uses: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for _, profile in teams:
        for option, how in _uses(profile, catalog, as_of):
            uses[option][how].append(profile.team.name)
    ended = {one.what for one in ending if one.months_left < 0}
    for one in ending:
        left = _others_left(one.what, ended, catalog)
        touching = dict(uses.get(one.what, {}))
        if one.what in ended and left:
            touching.pop(CANDIDATE, None)  # the race has left this offer out, and has others
        if touching.keys() - {RACE}:
            told = "; ".join(f"{how} of {', '.join(names)}" for how, names in touching.items())
            more = f"{left} other offer{'' if left == 1 else 's'} of the model"
            yield Finding(
                id=one.finding_id,
                kind="retired" if one.what in ended else "retirement",
                text=f"{one.words()}; it touches: {told}; {more}",
                teams=tuple(dict.fromkeys(name for names in touching.values() for name in names)),
            )


def _others_left(option: str, ended: Container[str], catalog: Catalog) -> int:
    model = option.partition("@")[0]
    ids = (name_of(offer) for offer in catalog.api_offers if offer.model == model)
    return sum(one != option and one not in ended for one in ids)


def _uses(profile: Profile, catalog: Catalog, as_of: date) -> Iterator[tuple[str, str]]:
    """Yield ids of options that a team uses or may choose, and how."""
    for one in profile.trials.endpoints:
        offer = offer_of(one, catalog)
        called = one.option or (name_of(offer) if offer else "")
        if called:
            yield called, f"endpoint {one.id}"
    candidates = profile.domain.candidate_models
    if candidates is None:
        yield from ((option, RACE) for option in _race(profile, catalog, as_of))
        return
    for offer in catalog.api_offers:
        if offer.model in candidates:
            yield name_of(offer), CANDIDATE


def _race(profile: Profile, catalog: Catalog, as_of: date) -> Iterator[str]:
    from playbook.landscape import screen_models  # noqa: PLC0415  a stage loads when it runs

    for model in screen_models(profile, catalog, as_of=as_of).models:
        if model.state != "out":
            yield from model.options
