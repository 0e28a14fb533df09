"""Conditions read as plain words."""

from __future__ import annotations

from pydantic import TypeAdapter

from playbook.catalog.conditions import Condition
from playbook.compliance.explain import explain, why_true
from playbook.compliance.logic import World
from tests.compliance.builders import a_profile, assess, verdict

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)


def test_only_what_the_team_said_is_given_as_the_reason() -> None:
    condition = CONDITION.validate_python(
        {
            "any": [
                {"fact": "data.data_types", "has_any": ["phi", "cji", "personal"]},
                {"fact": "data.critical_function", "is": True},
            ]
        }
    )
    world = World({"data.data_types": ("phi",), "data.critical_function": False})

    assert why_true(condition, world) == "data.data_types includes phi"


def test_a_missing_fact_is_named_as_the_reason_for_may() -> None:
    condition = CONDITION.validate_python({"fact": "data.org_roles", "has": "us_bank"})

    assert why_true(condition, World({})) == "data.org_roles is unknown"


def test_a_missing_fact_is_named_under_a_not_too_and_large_numbers_can_be_read() -> None:
    users = {"fact": "team.monthly_active_users", "lte": 500_000_000}
    condition = CONDITION.validate_python({"not": users})

    assert why_true(condition, World({})) == "team.monthly_active_users is unknown"
    assert explain(condition) == "team.monthly_active_users is above 500,000,000"


def test_a_named_set_is_explained_by_its_words() -> None:
    condition = CONDITION.validate_python(
        {"set": "vendor", "words": "run by a third party",
         "condition": {"opt": "operator", "is": "third_party"}}
    )  # fmt: skip

    assert explain(condition) == "run by a third party"


def test_a_verdict_says_what_decides_and_why_it_applies() -> None:
    refused = {"HIPAA-01": {"answer": "not_met"}}
    team = a_profile(data_types=["phi"], contracts={"us-api": []}, answers=refused)

    (line,) = [
        line for line in verdict(team, "closed@us-api").because if line.startswith("HIPAA-01")
    ]

    assert "Business associate agreement before any PHI: not met (45 CFR 160.103" in line
    assert line.endswith("applies because data.data_types includes phi")


def test_a_finding_carries_why_its_sources_and_its_date() -> None:
    found = assess(a_profile(data_types=["phi"])).findings
    (finding,) = [one for one in found if one.control == "HIPAA-01"]

    assert finding.applies == "yes"
    assert finding.why == "data.data_types includes phi"
    assert all("(20" in cited for cited in finding.sources)
    assert not finding.review_overdue


def test_what_is_denied_reads_as_a_sentence() -> None:
    lacks = CONDITION.validate_python({"not": {"opt": "contracts", "has": "baa"}})
    outside = CONDITION.validate_python(
        {"not": {"opt": "processing_regions", "subset_of": ["EU", "EEA"]}}
    )
    neither = CONDITION.validate_python(
        {"not": {"any": [{"opt": "operator", "is": "self"}, {"opt": "lane", "is": "self_hosted"}]}}
    )

    assert explain(lacks) == "contracts without baa"
    assert explain(outside) == "processing regions outside EU or EEA"
    assert explain(neither) == "not (operator is self or lane is self_hosted)"
