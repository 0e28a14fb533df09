"""Small profiles, models and licences for tests of the landscape."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from playbook.catalog import Catalog, load_catalog
from playbook.landscape import Landscape, ModelInRace, OptionInRace, screen_models
from playbook.profile import Profile, profile_from_sections

AS_OF = date(2026, 11, 23)
TEAM = {"monthly_active_users": 5_000, "annual_revenue_usd": 50_000_000}
DATA = {
    "commercial_use": True,
    "operating_in": ["DE"],
    "offers_model_to_third_parties": False,
    "uses": ["internal_assistant"],
    "data_types": ["personal"],
}


def a_profile(**sections: Mapping[str, object]) -> Profile:
    stated = {"team": TEAM, "data": DATA, "infrastructure": {"places": ["own_network"]}}
    return profile_from_sections(
        **{
            name: {**stated.get(name, {}), **sections.get(name, {})}
            for name in {*stated, *sections}
        }
    )


def screened(catalog: Catalog | None = None, **sections: Mapping[str, object]) -> Landscape:
    return screen_models(a_profile(**sections), catalog or load_catalog(), as_of=AS_OF)


def of(landscape: Landscape, model: str) -> ModelInRace:
    return next(one for one in landscape.models if one.model == model)


def finding(landscape: Landscape, option: str) -> OptionInRace:
    return next(one for model in landscape.models for one in model.findings if one.option == option)
