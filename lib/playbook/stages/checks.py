"""What only facts and prompt sets can tell of a params file; `playbook check` reports it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from playbook.catalog import ApiOffer, Catalog, least_class, load_catalog, underlabelled
from playbook.catalog.ageing import offer_end
from playbook.catalog.aliases import is_moving_alias, resolve_alias
from playbook.catalog.prices import litellm_version
from playbook.compliance import answer_problems
from playbook.errors import ProblemsError
from playbook.profile import Endpoint, Profile, params_dir
from playbook.profile.problems import did_you_mean
from playbook.stages.endpoint_ids import dated_ids, ended_on, unknown_words
from playbook.stages.hardware_checks import hardware_problems
from playbook.stages.judge_checks import judge_notices, judge_problems
from playbook.stages.load_checks import load_notices
from playbook.stages.parity_checks import parity_notices, parity_problems
from playbook.stages.scan_checks import scan_notices, scan_problems
from playbook.stages.staffing_checks import staffing_notices
from playbook.stages.wire_checks import wire_notices, wire_problems
from playbook.trials.claims import why_not_option
from playbook.trials.prompt_records import PromptSet
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
        *_unknown_gpus(profile, catalog),
        *moving_aliases(profile, catalog),
        *_endpoint_problems(profile, catalog),
        *hardware_problems(profile, catalog),
        *wire_problems(profile, catalog),
        *_prompt_problems(profile, catalog),
    ]


def notices(profile: Profile, catalog: Catalog, *, as_of: date) -> list[str]:
    """Return a line for a class below its types, ended models, doubtful addresses, kept prompts.

    None is a problem of the file: it was right when it was written, or nobody can see from here
    whether it is, and other teams' runs must go on. No result will rest on what is refused.
    """
    found = list(_class_below_its_types(profile, catalog))
    for one in profile.trials.endpoints:
        offer = offer_of(one, catalog)
        where = f"trials.endpoints.{one.id}.litellm_model"
        if offer is None and not (one.embedded or one.stand_in or one.api_base):
            found += [f"warning: {where}: {line}" for line in _told_by_litellm(one, catalog, as_of)]
        ended = offer_end(catalog, offer) if offer else None
        if offer and ended and ended < as_of:
            named = catalog.model(offer.model).successor_words or "choose another model"
            found.append(f"warning: {where}: {one.litellm_model!r} ended on {ended}; {named}")
    found += staffing_notices(profile, catalog)
    readable = _prompt_sets(profile)[0]
    found += wire_notices(profile, readable)
    found += judge_notices(profile, readable)
    found += parity_notices(profile, readable)
    found += load_notices(profile)
    return [*found, *scan_notices(profile.trials, readable, as_of=as_of)]


def _class_below_its_types(profile: Profile, catalog: Catalog) -> Iterator[str]:
    stated, types = profile.data.data_class, profile.data.data_types or ()
    if stated and (why := underlabelled(stated, types, catalog.least_classes)):
        least = least_class(types, catalog.least_classes)
        yield (
            f"warning: data.data_class: {stated} is too low: {why}, and controls go by that; "
            f"write {least}, or take out a type that no prompt holds"
        )


def _told_by_litellm(one: Endpoint, catalog: Catalog, as_of: date) -> Iterator[str]:
    if one.operator == "self":
        return
    ended = ended_on(one.litellm_model)
    if ended and ended < as_of:
        yield (
            f"{one.litellm_model!r} ended on {ended} (litellm {litellm_version()}); "
            "choose another model"
        )
    elif unknown := unknown_words(one.litellm_model, catalog):
        yield unknown


def moving_aliases(profile: Profile, catalog: Catalog) -> list[str]:
    """Return one line for each id that points to another model from time to time.

    A name on the team's own server is its own affair.
    """
    exact = {offer.litellm_id for offer in catalog.api_offers}
    found = []
    for one in profile.trials.endpoints:
        name = one.litellm_model
        if one.operator == "self" or not name or name in exact:
            continue
        if one.api_base or offer_of(one, catalog):
            siblings: tuple[str, ...] = ()
        else:
            siblings = dated_ids(name)
        dated = resolve_alias(catalog, name)
        if dated or siblings or is_moving_alias(name):
            choice = f"one of {', '.join(siblings)}" if siblings else "the dated id behind it"
            fix = f"write {dated or choice}"
            where = f"trials.endpoints.{one.id}.litellm_model"
            found.append(f"{where}: {name!r} is an alias that moves to other models; {fix}")
    return found


def offer_of(endpoint: Endpoint, catalog: Catalog) -> ApiOffer | None:
    """Return the API offer that an endpoint calls, by its dated id; None when it is none.

    Embedded models, stand-ins and a team's own servers call no offer. The provider's prefix may
    stand before an id that has none, as in `openai/gpt-4-0613`.
    """
    if endpoint.embedded or endpoint.stand_in or endpoint.operator == "self":
        return None
    name = endpoint.litellm_model
    offers = {one.litellm_id: one for one in reversed(catalog.api_offers)}
    return offers.get(name) or offers.get(name.partition("/")[2])


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
    moving = {
        alias.rpartition("/")[2]: offer.model
        for offer in catalog.api_offers
        for alias in offer.aliases
    }
    named = [("domain.candidate_models", name) for name in profile.domain.candidate_models or ()]
    if profile.workload.tokens_counted_by:
        named.append(("workload.tokens_counted_by", profile.workload.tokens_counted_by))
    for field, name in named:
        if name in known:
            continue
        if name in moving:
            hint = f"; it is an alias that moves: write {moving[name]}"
        else:
            hint = did_you_mean(name, known) or "; `playbook facts show models` lists them"
        yield f"{field}: {name!r} is no model of the catalogue{hint}"


def _unknown_gpus(profile: Profile, catalog: Catalog) -> Iterator[str]:
    known = [one.id for one in catalog.gpus]
    for name in profile.infrastructure.gpus or ():
        if name not in known:
            hint = did_you_mean(name, known) or "; `playbook facts show gpus` lists them"
            yield f"infrastructure.gpus: {name!r} is no GPU of the catalogue{hint}"


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


def _prompt_problems(profile: Profile, catalog: Catalog) -> Iterator[str]:
    readable, problems = _prompt_sets(profile)
    yield from problems
    yield from scan_problems(profile.trials, readable)
    yield from judge_problems(profile, catalog, readable)
    yield from parity_problems(profile, readable)


def _prompt_sets(profile: Profile) -> tuple[list[PromptSet], list[str]]:
    """Return the prompt sets that can be read, and what is wrong with the others."""
    readable, problems = [], []
    for name in profile.trials.prompt_sets:
        try:
            readable.append(load_prompt_set(params_dir() / "prompts" / f"{name}.jsonl"))
        except ProblemsError as error:
            problems += [f"{error.what}: {line}" for line in error.problems]
    return readable, problems
