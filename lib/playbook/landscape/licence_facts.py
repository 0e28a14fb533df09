"""What a licence may ask of a team, apart from the profile, so that it can be judged by itself."""

from __future__ import annotations

from datetime import date
from typing import Literal

from playbook.profile import Profile
from playbook.records import Record
from playbook.units import Count, UsdPerYear
from playbook.vocabulary import DataType, Use

EU_PLACES = ("EU", "DE", "FR")
"""Words for places that mean the EU."""


class LicenceFacts(Record):
    """A team's facts, as far as licences ask for them; a missing one is unknown."""

    commercial_use: bool | None = None
    """Whether the use is commercial."""
    monthly_active_users: Count | None = None
    """Users of all the organisation's products a month, today."""
    monthly_active_users_at_release: Count | None = None
    """Most such users in the months that a ceiling with a fixed date looks at."""
    annual_revenue_usd: UsdPerYear | None = None
    """Revenue of the organisation, USD a year."""
    established_in_eu: bool | None = None
    """Whether its principal place of business is in the EU."""
    passes_model_on: bool | None = None
    """Whether the model or a derivative is given to others."""
    trains_on_outputs: bool | None = None
    """Whether outputs are used to train other models."""
    uses: tuple[Use, ...] | None = None
    """What the answers are used for."""
    data_types: tuple[DataType, ...] | None = None
    """Types of data in prompts."""
    human_review: Literal["always", "sampled", "none"] | None = None
    """How often a person checks an answer before it takes effect."""
    weights_taken_on: date | None = None
    """Day on which the weights were or will be taken."""


FIELDS = {
    "commercial_use": "data.commercial_use",
    "monthly_active_users": "team.monthly_active_users",
    "monthly_active_users_at_release": "team.monthly_active_users_at_release",
    "annual_revenue_usd": "team.annual_revenue_usd",
    "established_in_eu": "team.principal_place",
    "passes_model_on": "data.offers_model_to_third_parties",
    "trains_on_outputs": "domain.trains_other_models_on_outputs",
    "uses": "data.uses",
    "data_types": "data.data_types",
    "human_review": "data.human_review",
    "weights_taken_on": "domain.weights_taken_on",
}
"""Each fact with the profile's field that states it."""


def licence_facts(profile: Profile) -> LicenceFacts:
    """Return what a profile says to licences; a field that is not stated stays unknown."""
    return LicenceFacts(
        commercial_use=profile.data.commercial_use,
        monthly_active_users=profile.team.monthly_active_users,
        monthly_active_users_at_release=profile.team.monthly_active_users_at_release,
        annual_revenue_usd=profile.team.annual_revenue_usd,
        established_in_eu=_established_in_eu(profile),
        passes_model_on=profile.data.offers_model_to_third_parties,
        trains_on_outputs=_trains_on_outputs(profile),
        uses=profile.data.uses,
        data_types=profile.data.data_types,
        human_review=profile.data.human_review,
        weights_taken_on=profile.domain.weights_taken_on,
    )


def _trains_on_outputs(profile: Profile) -> bool | None:
    stated, uses = profile.domain.trains_other_models_on_outputs, profile.data.uses
    if stated or "distill_or_train_other_model" in (uses or ()):
        return True
    return False if stated is False or uses is not None else None


def _established_in_eu(profile: Profile) -> bool | None:
    """Return what is stated, else what follows from where the organisation operates."""
    principal = profile.team.principal_place
    if principal is not None:
        return principal in EU_PLACES
    places = profile.data.operating_in
    if not places:
        return None
    inside = [place in EU_PLACES for place in places]
    return True if all(inside) else (None if any(inside) else False)
