"""Teams, options and controls for tests of compliance: a small world with the real controls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from playbook.catalog import (
    ApiHost,
    ApiOffer,
    Catalog,
    Control,
    HostingPlace,
    Model,
    Price,
    Provider,
    Regime,
    house_classes,
)
from playbook.catalog.load import DATA
from playbook.catalog.regimes import load_regimes
from playbook.compliance import Compliance, OptionVerdict, assess_compliance
from playbook.profile import Profile
from playbook.provenance import Source

AS_OF = date(2026, 11, 23)
SOURCE = Source(title="Made up for a test", as_of=AS_OF, kind="assumption")

US_API, EU_API, CHINA_API = "closed@us-api", "closed@eu-api", "closed@china-api"
OWN, RENTED = "open@self:own_network", "open@self:rented_us"
CHINESE_OWN = "open-chinese@self:own_network"

KNOWN_FACTS: dict[str, Any] = {
    "data_class": "public",
    "data_types": ["public_only"],
    "org_roles": ["none_of_these"],
    "operating_in": ["US"],
    "data_subjects_in": ["US"],
    "uses": ["internal_assistant"],
    "human_review": "always",
    "critical_function": False,
    "us_bulk_threshold_met": False,
    "commercial_use": True,
    "offers_model_to_third_parties": False,
    "customer_contracts_limit_subprocessors": False,
    "logs_prompts": False,
}
NO_TUNING = {"will_fine_tune": False, "trains_other_models_on_outputs": False}


def a_profile(
    *,
    team: Mapping[str, Any] | None = None,
    domain: Mapping[str, Any] | None = None,
    trials: Mapping[str, Any] | None = None,
    **data: Any,  # noqa: ANN401  fields of the section, checked by the profile itself
) -> Profile:
    """Return a team of which every fact is stated: public data, no regime but the house's."""
    return Profile.model_validate(
        {
            "team": {"sectors": ["technology"], "monthly_active_users": 1_000, **(team or {})},
            "data": {**KNOWN_FACTS, **data},
            "domain": {**NO_TUNING, **(domain or {})},
            "infrastructure": {"places": ["own_network", "rented_us"]},
            "trials": trials or {},
        }
    )


def answers(word: str, *controls: str) -> dict[str, dict[str, str]]:
    return {control: {"answer": word} for control in controls}


def all_answered(word: str, **others: str) -> dict[str, dict[str, str]]:
    named = {name.replace("_", "-"): {"answer": other} for name, other in others.items()}
    return answers(word, *(control.id for control in a_catalog().controls)) | named


@cache
def a_catalog() -> Catalog:
    """Return three APIs, two open models, two places, and the real controls."""
    return Catalog(
        models=(
            a_model(
                "closed",
                open_weights=False,
                licence="proprietary-api",
                developer="Maker",
                modalities=("text", "image"),
            ),
            a_model("open", licence="apache-2.0", developer="Tester of weights"),
            a_model("open-chinese", licence="apache-2.0", developer_jurisdiction=("CN",)),
            a_model("open-llama", licence="llama3"),
        ),
        providers=(
            a_provider("us-api", jurisdiction=("US",), processing_regions=("US",)),
            a_provider("eu-api", jurisdiction=("FR", "EU"), processing_regions=("EU",)),
            a_provider("china-api", jurisdiction=("CN",), processing_regions=("CN",)),
        ),
        api_offers=tuple(an_offer(name) for name in ("us-api", "eu-api", "china-api")),
        places=(
            a_place("own_network", jurisdiction="own", perimeter="on_prem", owned=True),
            a_place("rented_us", jurisdiction="US", perimeter="private_cloud", owned=False),
        ),
        api_hosts=(ApiHost(id="anthropic", host="api.anthropic.com", source=SOURCE),),
        regimes=load_regimes(DATA / "regimes"),
        least_classes=house_classes(),
    )


def with_controls(*controls: Control) -> Catalog:
    regime = Regime(
        id="test", title="Test", scope="A test.", source=SOURCE, controls=controls
    )  # fmt: skip
    return a_catalog().model_copy(update={"regimes": (regime,)})


def a_control(**changes: Any) -> Control:  # noqa: ANN401  fields of the record, checked by it
    fields = {
        "id": "TEST-01",
        "regime": "test",
        "title": "A test control",
        "question": "Is it so?",
        "severity": "hard_gate",
        "applies_when": {"always": True},
        "effects": ({"when": "unless_met", "exclude": {"opt": "operator", "is": "third_party"}},),
        "citation": "a test",
        "basis": "house",
        "as_of": AS_OF,
        "review_by": date(2027, 2, 28),
        "sources": (),
        "owner": "tester",
        "remedy": "Make it so.",
    }
    return Control.model_validate({**fields, **changes})


def assess(profile: Profile, catalog: Catalog | None = None) -> Compliance:
    return assess_compliance(profile, catalog or a_catalog(), as_of=AS_OF)


def verdict(profile: Profile, option: str, catalog: Catalog | None = None) -> OptionVerdict:
    found = assess(profile, catalog).verdicts
    return next(one for one in found if one.option == option)


def verdicts(profile: Profile, catalog: Catalog | None = None) -> dict[str, str]:
    return {one.option: one.verdict.value for one in assess(profile, catalog).verdicts}


def a_model(identifier: str, **changes: Any) -> Model:  # noqa: ANN401  fields of the record
    fields = {
        "id": identifier,
        "title": identifier,
        "family": "test",
        "developer": "Tester",
        "developer_jurisdiction": ("US",),
        "open_weights": True,
        "source": SOURCE,
    }
    return Model.model_validate({**fields, **changes})


def a_provider(identifier: str, **changes: Any) -> Provider:  # noqa: ANN401  fields of the record
    fields = {"id": identifier, "title": identifier, "trains_on_inputs": False, "source": SOURCE}
    return Provider.model_validate({**fields, **changes})


def an_offer(provider: str) -> ApiOffer:
    price = Price(
        since=AS_OF,
        input_usd_per_million_tokens=1.0,
        output_usd_per_million_tokens=2.0,
        source=SOURCE,
    )
    return ApiOffer(model="closed", provider=provider, litellm_id="x/closed", prices=(price,))


def a_place(identifier: str, *, jurisdiction: str, **changes: Any) -> HostingPlace:  # noqa: ANN401  fields of the record
    fields = {
        "id": identifier,
        "title": identifier,
        "operator": "self",
        "operator_jurisdiction": (jurisdiction,),
        "processing_regions": (jurisdiction,),
        "source": SOURCE,
    }
    return HostingPlace.model_validate({**fields, **changes})


def a_regimes_folder(folder: Path, controls: str, shared: str = "{}") -> Path:
    """Write one regime file and a shared file; return their folder."""
    head = (
        "id: demo\ntitle: Demo\nscope: A test.\nas_of: 2026-11-22\nreview_by: 2027-02-28\n"
        "source: {title: Test, as_of: 2026-11-22, kind: assumption}\ncontrols:\n"
    )
    (folder / "demo.yaml").write_text(head + controls, encoding="utf-8")
    (folder / "shared.yaml").write_text(shared, encoding="utf-8")
    return folder
