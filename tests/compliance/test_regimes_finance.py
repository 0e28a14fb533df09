"""Golden examples of finance and card data: where each control decides, and where just not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance.builders import (
    EU_API,
    OWN,
    RENTED,
    US_API,
    a_catalog,
    a_profile,
    a_provider,
    all_answered,
    verdict,
    verdicts,
)
from tests.compliance.regime_cases import (
    NearMisses,
    Refused,
    Team,
    verdicts_refusing,
)

CUSTOMERS: Team = {
    "team": {"sectors": ["finance"]},
    "data_class": "confidential",
    "data_types": ["npi_financial"],
    "contracts": {"us-api": ["glba_clause", "nydfs_clause"], "rented_us": []},
}
NEW_YORK: Team = {
    "data_class": "confidential",
    "org_roles": ["nydfs_covered_entity"],
    "contracts": {"us-api": ["nydfs_clause"], "eu-api": [], "rented_us": ["nydfs_clause"]},
}
LENDER: Team = {"uses": ["credit_decision"]}
BROKER: Team = {"org_roles": ["broker_dealer"]}
CARDS: Team = {"data_types": ["cardholder_pan"], "data_class": "internal"}
CARD_CODES: Team = {"data_types": ["card_auth_data"]}
EU_BANK: Team = {"org_roles": ["eu_financial_entity"], "critical_function": True}


REFUSED: Refused = (
    ("GLBA-01", CUSTOMERS, {US_API: "OUT", RENTED: "OUT", OWN: "OK"}),
    ("GLBA-02", CUSTOMERS, {US_API: "OK", OWN: "CONDITIONAL"}),
    ("NYDFS-01", NEW_YORK, {US_API: "OUT", RENTED: "OUT", OWN: "OK"}),
    ("NYDFS-02", NEW_YORK, {US_API: "CONDITIONAL", OWN: "CONDITIONAL"}),
    ("ECOA-01", LENDER, {US_API: "OUT", OWN: "OUT"}),
    ("REC-01", BROKER, {US_API: "CONDITIONAL", OWN: "CONDITIONAL"}),
    ("PCI-01", CARD_CODES, {US_API: "OUT", OWN: "OUT"}),
    ("PCI-02", CARDS, {US_API: "OUT", RENTED: "OUT", OWN: "OK"}),
    ("PCI-03", CARDS, {OWN: "CONDITIONAL"}),
)


NEAR_MISSES: NearMisses = (
    ("GLBA-01", CUSTOMERS | {"operating_in": ["EU"]}),
    ("GLBA-01", {"org_roles": ["glba_institution"], "data_types": ["public_only"]}),
    ("GLBA-02", CUSTOMERS | {"data_types": ["personal"]}),
    ("NYDFS-01", NEW_YORK | {"data_class": "public"}),
    ("NYDFS-02", NEW_YORK | {"org_roles": ["us_bank"]}),
    ("ECOA-01", LENDER | {"operating_in": ["EU"]}),
    ("REC-01", BROKER | {"org_roles": ["us_bank"]}),
    ("PCI-01", CARDS),
    ("PCI-02", CARD_CODES),
    ("PCI-03", CARD_CODES),
)


@pytest.mark.parametrize(("team", "control"), [(CUSTOMERS, "GLBA-01"), (NEW_YORK, "NYDFS-01")])
def test_a_process_that_is_in_order_does_not_stand_in_for_a_missing_clause(
    team: Team, control: str
) -> None:
    met: dict[str, Any] = {**team, "answers": all_answered("met")}
    without = a_profile(**met | {"contracts": {"us-api": [], "rented_us": []}})

    assert verdicts(a_profile(**met))[US_API] == "OK"
    assert verdict(without, US_API).controls == (control,)
    assert verdicts(without)[OWN] == "OK"


def test_a_cap_at_internal_does_not_bite_on_internal_data() -> None:
    internal = NEW_YORK | {"data_class": "internal"}

    assert verdicts_refusing("NYDFS-01", internal)[US_API] == "OK"


def test_the_exit_of_a_critical_function_counts_rented_machines_too() -> None:
    contracts = {"us-api": ["dora_art30"], "rented_us": ["dora_art30"]}

    found = verdicts_refusing("DORA-03", EU_BANK | {"contracts": contracts})

    assert (found[US_API], found[RENTED], found[OWN]) == ("CONDITIONAL", "CONDITIONAL", "OK")


def test_card_numbers_go_only_to_a_third_party_that_shares_the_duties_in_writing() -> None:
    contracts = {"us-api": ["tpsp_pci"], "eu-api": []}

    found = verdicts(a_profile(**CARDS, contracts=contracts, answers=all_answered("met")))

    assert (found[US_API], found[EU_API]) == ("OK", "OUT")


def test_a_known_attestation_and_contract_stand_without_the_answer() -> None:
    attested = a_provider(
        "us-api", jurisdiction=("US",), processing_regions=("US",), certifications=("pci_aoc",)
    )
    others = [one for one in a_catalog().providers if one.id != "us-api"]
    catalog = a_catalog().model_copy(update={"providers": (attested, *others)})
    contracts = {"us-api": ["tpsp_pci"], "eu-api": ["tpsp_pci"]}
    refused = all_answered("met", PCI_02="not_met")
    team = CARDS | {"contracts": contracts, "answers": refused}
    none_seen = {"eu-api": {"certifications": []}}

    found = verdicts(a_profile(**team), catalog)
    looked = verdicts(a_profile(**team, suppliers=none_seen), catalog)

    assert (found[US_API], found[EU_API]) == ("OK", "UNDETERMINED")
    assert (looked[US_API], looked[EU_API]) == ("OK", "OUT")
