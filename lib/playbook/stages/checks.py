"""What only facts and prompt sets can tell of a params file; `playbook check` reports it."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.catalog import Catalog, load_catalog
from playbook.compliance import answer_problems
from playbook.errors import ProblemsError
from playbook.profile import Profile, params_dir
from playbook.profile.problems import did_you_mean
from playbook.trials.claims import why_not_option
from playbook.trials.prompts import load_prompt_set


def problems(profile: Profile, catalog: Catalog | None = None) -> list[str]:
    """Return every problem of a profile that its schema alone can't see, one line each."""
    catalog = catalog or load_catalog()
    unknown = list(_unknown_places(profile, catalog))
    if unknown:  # options can't be listed for a place that does not exist
        return unknown
    return [
        *answer_problems(profile, catalog),
        *_unknown_models(profile, catalog),
        *_endpoint_problems(profile, catalog),
        *_prompt_problems(profile),
    ]


def _unknown_places(profile: Profile, catalog: Catalog) -> Iterator[str]:
    places = sorted(one.id for one in catalog.places)
    for name in profile.infrastructure.places:
        if name not in places:
            yield (
                f"infrastructure.places: {name!r} is no place of the catalogue; "
                f"choose of {', '.join(places)}"
            )


def _unknown_models(profile: Profile, catalog: Catalog) -> Iterator[str]:
    known = [one.id for one in catalog.models]
    for name in profile.domain.candidate_models or ():
        if name not in known:
            hint = did_you_mean(name, known) or "; `playbook facts show models` lists them"
            yield f"domain.candidate_models: {name!r} is no model of the catalogue{hint}"


def _endpoint_problems(profile: Profile, catalog: Catalog) -> Iterator[str]:
    options = {one.id: one for one in catalog.options(profile.infrastructure.places)}
    for one in profile.trials.endpoints:
        where = f"trials.endpoints.{one.id}.option"
        if one.option and one.option not in options:
            hint = _missing_place(one.option, profile) or did_you_mean(one.option, list(options))
            yield f"{where}: {one.option!r} is no option of this team{hint}"
        elif one.option and (wrong := why_not_option(one, options[one.option], catalog.api_hosts)):
            yield f"{where}: {wrong}"


def _missing_place(option: str, profile: Profile) -> str:
    """Return how to add the place of an own-server option, empty if its place is listed."""
    _, own, place = option.partition("@self:")
    if not own or place in profile.infrastructure.places:
        return ""
    return f"; add {place} to infrastructure.places if the team runs models there"


def _prompt_problems(profile: Profile) -> Iterator[str]:
    for name in profile.trials.prompt_sets:
        try:
            load_prompt_set(params_dir() / "prompts" / f"{name}.jsonl")
        except ProblemsError as error:
            yield from (f"{error.what}: {line}" for line in error.problems)
