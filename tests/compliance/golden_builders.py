"""The world of the golden scenarios: twelve options, six teams, and a reader of their tables."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from playbook.catalog import ApiOffer, Catalog, Price
from playbook.profile import Profile
from tests.compliance.builders import (
    AS_OF,
    SOURCE,
    a_catalog,
    a_model,
    a_place,
    a_profile,
    a_provider,
    all_answered,
    assess,
)

OPTIONS = {
    "US API, no contract": "closed@us-plain",
    "US API, contracts": "closed@us-contracts",
    "EU API, EU owner": "closed@eu-vendor",
    "EU region, US owner": "closed@eu-region",
    "China-operated API": "deepseek@china-api",
    "hosted open, US": "open@hosted-us",
    "own, Apache": "open@self:own_network",
    "own, Llama 3": "llama@self:own_network",
    "own, Qwen": "qwen@self:own_network",
    "own, DeepSeek": "deepseek@self:own_network",
    "rented GPUs, US": "open@self:rented_us",
    "rented GPUs, EU": "open@self:rented_eu",
}
"""Row of a table to the option that it is about."""

OWN_SERVERS = ("LIC-07", *(f"OPS-0{number}" for number in range(1, 8)), "SEC-04")
"""What everybody must see to who runs open weights: written `own-servers` in a table."""

TEAMS: dict[str, dict[str, Any]] = {
    "hospital": {
        "team": {"sectors": ["healthcare"]},
        "data_class": "restricted",
        "data_types": ["phi", "personal"],
        "org_roles": ["hipaa_covered_entity"],
        "uses": ["clinical_decision_support"],
        "contracts": {"us-contracts": ["baa"]},
    },
    "EU bank": {
        "team": {"sectors": ["finance"], "principal_place": "EU"},
        "data_class": "confidential",
        "data_types": ["personal", "npi_financial"],
        "org_roles": ["eu_financial_entity", "gdpr_controller"],
        "operating_in": ["EU"],
        "data_subjects_in": ["EU"],
        "critical_function": True,
        "contracts": {
            "us-contracts": ["dpa_art28", "sccs"],
            "eu-vendor": ["dpa_art28", "dora_art30"],
            "eu-region": ["dpa_art28", "sccs", "dora_art30"],
            "rented_eu": ["dpa_art28", "dora_art30"],
        },
    },
    "defence contractor": {
        "team": {"sectors": ["defense"]},
        "data_class": "restricted",
        "data_types": ["cui", "itar_technical_data"],
        "org_roles": ["dod_contractor"],
        "contracts": {},
    },
    "law firm": {
        "team": {"sectors": ["legal"]},
        "data_class": "restricted",
        "data_types": ["client_confidential"],
        "org_roles": ["law_firm"],
        "uses": ["legal_work_product"],
        "contracts": {},
    },
    "school": {
        "team": {"sectors": ["education"]},
        "data_class": "confidential",
        "data_types": ["education_record", "child_under_13", "personal"],
        "org_roles": ["school"],
        "contracts": {"us-contracts": ["ferpa_dpa"]},
    },
    "start-up": {"contracts": {}},
}
"""Facts of the six teams; what is not named is as in `a_profile`: public data, no regime."""


class Cell(NamedTuple):
    """What a table says of one option of one team in one state of its answers."""

    team: str
    option: str
    answered: bool
    verdict: str
    controls: tuple[str, ...]


def cells(team: str, table: str) -> list[Cell]:
    """Return the cells of a table with the columns option, nothing answered, all answered met."""
    found = []
    for line in table.strip().splitlines()[1:]:
        option, *states = (part.strip() for part in line.split("|"))
        for state, answered in zip(states, (False, True), strict=True):
            verdict, *controls = state.split()
            opened = [
                one
                for name in controls
                for one in (OWN_SERVERS if name == "own-servers" else [name])
            ]
            found.append(Cell(team, option, answered, verdict, tuple(sorted(opened))))
    return found


@cache
def judged(team: str, *, answered: bool) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return verdict and deciding controls by row of a table, for one state of the answers."""
    found = assess(a_team(team, answered=answered), a_golden_catalog())
    verdicts = {one.option: (one.verdict.value, one.controls) for one in found.verdicts}
    return {row: verdicts[option] for row, option in OPTIONS.items()}


def a_team(name: str, *, answered: bool) -> Profile:
    """Return a team with every fact stated, its contracts too, and all or none answered `met`."""
    facts = TEAMS[name]
    none_signed: dict[str, list[str]] = {
        owner.id: [] for owner in (*a_golden_catalog().providers, *a_golden_catalog().places)
    }
    answers = all_answered("met") if answered else {}
    return a_profile(
        **{**facts, "contracts": none_signed | facts["contracts"]}, answers=answers
    ).changed(infrastructure={"places": ["own_network", "rented_us", "rented_eu"]})


@cache
def a_golden_catalog() -> Catalog:
    """Return six APIs, three places and five models, each a type that the market knows."""
    offers = {
        "us-plain": "closed",
        "us-contracts": "closed",
        "eu-vendor": "closed",
        "eu-region": "closed",
        "china-api": "deepseek",
        "hosted-us": "open",
    }
    return a_catalog().changed(
        models=(
            a_model("closed", open_weights=False, licence="proprietary-api"),
            a_model("open", licence="apache-2.0"),
            a_model("llama", licence="llama3", developer="Meta"),
            _chinese("qwen", developer="Alibaba", licence="apache-2.0"),
            _chinese("deepseek", developer="DeepSeek", licence="mit"),
        ),
        providers=(
            _vendor("us-plain", "US", "US", "soc2_type2"),
            _vendor("us-contracts", "US", "US", "soc2_type2", "fedramp_moderate"),
            _vendor("eu-vendor", "FR", "EU", "iso27001"),
            _vendor("eu-region", "US", "EU", "soc2_type2"),
            _vendor("china-api", "CN", "CN", "iso27001", trains_on_inputs=True),
            _vendor("hosted-us", "US", "US", "soc2_type2"),
        ),
        api_offers=tuple(_offer(model, provider) for provider, model in offers.items()),
        places=(
            a_place("own_network", jurisdiction="own", perimeter="on_prem", owned=True),
            _rented("rented_us", "US"),
            _rented("rented_eu", "FR"),
        ),
    )


def _chinese(name: str, *, developer: str, licence: str) -> Any:  # noqa: ANN401  a record
    return a_model(name, developer=developer, licence=licence, developer_jurisdiction=("CN",))


def _vendor(name: str, country: str, region: str, *certificates: str, **changes: Any) -> Any:  # noqa: ANN401  a record
    return a_provider(
        name,
        jurisdiction=(country,),
        processing_regions=(region,),
        certifications=certificates,
        us_persons_only=False,
        **changes,
    )


def _rented(name: str, country: str) -> Any:  # noqa: ANN401  a record
    return a_place(
        name,
        jurisdiction=country,
        perimeter="private_cloud",
        owned=False,
        certifications=("iso27001",),
        us_persons_only=False,
    )


def _offer(model: str, provider: str) -> ApiOffer:
    price = Price(
        since=AS_OF,
        input_usd_per_million_tokens=1.0,
        output_usd_per_million_tokens=2.0,
        source=SOURCE,
    )
    return ApiOffer(model=model, provider=provider, litellm_id=f"x/{model}", prices=(price,))
