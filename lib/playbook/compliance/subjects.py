"""What controls see of an option or an endpoint: its attributes, never its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from playbook.catalog import Option
from playbook.compliance.logic import Choice, Seen, inside
from playbook.profile import Profile
from playbook.profile.endpoints import Endpoint
from playbook.profile.sections import OTHERS, Supplier

_OWN_PREMISES = ("on_prem", "air_gapped")
_OF_THE_MODEL = (
    "lane", "model_origin", "model_developer", "model_modalities", "licence", "open_weights",
)  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """Attributes of an option or endpoint, and the question behind each unknown one."""

    attributes: Mapping[str, Seen]
    questions: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[object, ...]:
        """Return what makes two subjects equal for every control."""
        return (*self.attributes.items(), *self.questions.items())


def option_subject(
    option: Option, profile: Profile, areas: Mapping[str, frozenset[str]]
) -> Subject:
    """Return an option as the controls see it; signed contracts are the team's own fact.

    A provider or place that `data.contracts` does not list is unknown. What the team has in writing
    (`data.suppliers`) counts before the catalogue. Where a provider offers several regions, those
    outside the team's allowed ones are left out, and one must be pinned.
    """
    owner = option.provider or option.place
    whose = f"provider.{owner}" if option.provider else f"place.{owner}"
    told = profile.data.suppliers.get(owner, Supplier())
    regions = _regions(option, told, profile, areas)
    attributes: dict[str, Seen] = {
        "operator": option.operator,
        "operator_jurisdiction": option.operator_jurisdiction or None,
        "processing_regions": regions,
        "region_must_be_pinned": _must_be_pinned(option, told, regions),
        "perimeter": option.perimeter,
        "lane": option.lane.value,
        "retention_days": option.retention_days,
        "trains_on_inputs": option.trains_on_inputs,
        "contracts": profile.data.contracts.get(owner, profile.data.contracts.get(OTHERS)),
        "certifications": _certificates(option, told),
        "us_persons_only": option.us_persons_only
        if told.us_persons_only is None
        else told.us_persons_only,
        "model_origin": option.model_origin or None,
        "model_developer": option.model_developer,
        "model_modalities": option.model_modalities,
        "licence": option.licence,
        "open_weights": option.open_weights,
        "tuned_on": _tuned_on(profile),
    }
    questions = {
        name: f"data.suppliers.{owner}.{name}"
        if name in Supplier.model_fields
        else f"{whose}.{name}"
        for name, value in attributes.items()
        if value is None
    } | _profile_questions(profile, owner)
    if isinstance(regions, Choice):
        questions["processing_regions"] = "data.allowed_regions"
    return Subject(attributes, questions)


def endpoint_subject(endpoint: Endpoint, option: Option | None, profile: Profile) -> Subject:
    """Return an endpoint as the controls see it: exactly what its profile declares.

    Args:
        endpoint: Endpoint of the profile.
        profile: Says what a model was tuned on, where the endpoint's is the team's own.
        option: Catalog option that it is, if it names one; gives origin and licence of the model.
    """
    bundled = endpoint.embedded is not None
    own = endpoint.operator == "self" and endpoint.perimeter in _OWN_PREMISES
    origin = option.model_origin or None if option else None
    attributes: dict[str, Seen] = {
        "operator": endpoint.operator,
        "operator_jurisdiction": _abroad(endpoint.operator_jurisdiction, own=own),
        "processing_regions": _abroad(endpoint.processing_regions, own=own),
        "region_must_be_pinned": False,
        "perimeter": endpoint.perimeter,
        "lane": option.lane.value if option else None,
        "retention_days": endpoint.retention_days,
        "trains_on_inputs": endpoint.trains_on_inputs,
        "contracts": endpoint.contracts,
        "certifications": endpoint.certifications,
        "us_persons_only": endpoint.us_persons_only,
        "model_origin": () if bundled else origin,
        "model_developer": "" if bundled else (option.model_developer if option else None),
        "model_modalities": ("text",) if bundled else (option.model_modalities if option else None),
        "licence": "" if bundled else (option.licence if option else None),
        "open_weights": True if bundled else (option.open_weights if option else None),
        "tuned_on": profile.domain.fine_tune_data_types or None
        if endpoint.tuned_on_own_data
        else (),
    }
    whose = f"trials.endpoints.{endpoint.id}"
    questions = {
        name: f"{whose}.{'option' if name in _OF_THE_MODEL else name}"
        for name, value in attributes.items()
        if value is None
    }
    return Subject(attributes, {**questions, "tuned_on": "domain.fine_tune_data_types"})


def _abroad(codes: tuple[str, ...], *, own: bool) -> Seen:
    """Return country codes; own premises are in none of them, and no code elsewhere is unknown."""
    return tuple(code for code in codes if code != "own") if own else codes or None


def _certificates(option: Option, told: Supplier) -> Seen:
    if told.certifications is None:
        return option.certifications
    return tuple(dict.fromkeys((*(option.certifications or ()), *told.certifications)))


def _regions(
    option: Option, told: Supplier, profile: Profile, areas: Mapping[str, frozenset[str]]
) -> Seen:
    offered, allowed = option.processing_regions, profile.data.allowed_regions
    if option.operator == "self" and option.perimeter in _OWN_PREMISES:
        return ()
    if told.processing_regions is not None:
        return told.processing_regions or None
    if not offered:
        return None
    kept = [one for one in offered if any(inside(one, area, areas) for area in allowed or ())]
    chosen = tuple(kept) or offered
    return chosen if len(chosen) == 1 else Choice(tuple((one,) for one in chosen))


def _must_be_pinned(option: Option, told: Supplier, regions: Seen) -> bool:
    if told.processing_regions is not None:
        return False
    left = len(regions.among) if isinstance(regions, Choice) else 1
    return len(option.processing_regions or ()) > left


def _tuned_on(profile: Profile) -> Seen:
    domain = profile.domain
    if domain.will_fine_tune is False:
        return ()
    return (domain.fine_tune_data_types or None) if domain.will_fine_tune else None


def _profile_questions(profile: Profile, owner: str) -> dict[str, str]:
    tuned = "will_fine_tune" if profile.domain.will_fine_tune is None else "fine_tune_data_types"
    return {"contracts": f"data.contracts.{owner}", "tuned_on": f"domain.{tuned}"}
