"""OSCAL documents fit NIST's schemas, say what the record says, and hostile text stays text."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from playbook.catalog import load_catalog
from playbook.compliance import assess_compliance
from playbook.exports.oscal_catalog import oscal_catalog_text
from playbook.exports.oscal_metadata import Roles
from playbook.exports.oscal_parts import NAMESPACE
from playbook.exports.oscal_results import oscal_results_text
from playbook.profile import load_profile
from tests.compliance.builders import AS_OF
from tests.exports.answering import outcome
from tests.exports.nist import SCHEMAS, faults, markup_in, validator

RUN = "acme/20261123-120000"
TEAMS = sorted(Path("params/teams").glob("*.yaml"))
WAIVED = {"answer": "not_applicable", "reason": "no such data", "owner": "counsel"}
Json = dict[str, Any]


def documents(answers: Json | None = None, **changes: object) -> tuple[Json, Json]:
    """Return the catalog and the one result of a small team with three controls."""
    profile, compliance = outcome(answers or {})
    if changes:
        first = compliance.findings[0].changed(**changes)
        compliance = compliance.changed(findings=(first, *compliance.findings[1:]))
    catalog = json.loads(oscal_catalog_text(compliance, run_name=RUN))["catalog"]
    results = json.loads(oscal_results_text(profile, compliance, run_name=RUN))
    return catalog, results["assessment-results"]["results"][0]


def named(part: Json) -> dict[str, str]:
    return {one["name"]: one["value"] for one in part["props"]}


def about(parts: list[Json], control: str = "TEST-01") -> Json:
    return next(one for one in parts if one["title"].startswith(control))


def test_the_schemas_are_as_nist_published_them() -> None:
    told = (SCHEMAS / "README.md").read_text(encoding="utf-8")

    files = sorted(SCHEMAS.glob("*.json"))
    assert len(files) == 2
    for path in files:
        assert f"| `{path.name}` | `{hashlib.sha256(path.read_bytes()).hexdigest()}` |" in told


@pytest.mark.parametrize("model", ["catalog", "assessment-results"])
def test_the_adapted_schema_is_a_schema_that_refuses(model: str) -> None:
    validator(model).check_schema(validator(model).schema)

    assert faults(model, json.dumps({model: {"uuid": "x"}}))


@pytest.mark.parametrize("path", TEAMS, ids=lambda path: path.stem)
def test_the_documents_of_every_team_fit_the_schemas(path: Path) -> None:
    profile = load_profile(path)
    compliance = assess_compliance(profile, load_catalog(), as_of=AS_OF)

    assert faults("catalog", oscal_catalog_text(compliance, run_name=RUN)) == []
    assert faults("assessment-results", oscal_results_text(profile, compliance, run_name=RUN)) == []


def test_the_same_run_gives_the_same_file_and_another_run_other_identifiers() -> None:
    profile, compliance = outcome({"TEST-01": {"answer": "met"}})

    first = oscal_results_text(profile, compliance, run_name=RUN)

    assert oscal_results_text(profile, compliance, run_name=RUN) == first
    other = oscal_results_text(profile, compliance, run_name="acme/20261124-120000")
    found = [set(re.findall(r'uuid": "([^"]+)"', text)) for text in (first, other)]
    assert not found[0] & found[1]


def test_a_regime_is_a_group_and_a_control_asks_its_question() -> None:
    _, compliance = outcome({})
    catalog, _ = documents()

    (group,) = catalog["groups"]
    control = group["controls"][0]
    finding = next(one for one in compliance.findings if one.control == control["id"])
    parts = {part["name"]: part["prose"] for part in control["parts"]}
    assert group["title"] == finding.regime_title
    assert parts["assessment-objective"] == finding.question
    assert {one["ns"] for one in control["props"]} == {NAMESPACE}
    assert named(control).items() >= {
        "severity": finding.severity, "basis": finding.basis, "citation": finding.citation,
        "as-of": str(finding.stated_as_of), "review-by": str(finding.review_by),
        "review-overdue": "no",
    }.items()  # fmt: skip


def test_facts_are_parameters_of_the_catalog_with_their_choices() -> None:
    compliance = assess_compliance(load_profile(TEAMS[0]), load_catalog(), as_of=AS_OF)

    catalog = json.loads(oscal_catalog_text(compliance, run_name=RUN))["catalog"]

    facts = {one["id"]: one for one in catalog["params"]}
    used = {fact for one in compliance.findings for fact in one.facts}
    assert set(facts) == used
    assert facts["data.data_types"]["select"]["how-many"] == "one-or-more"
    assert "phi" in facts["data.data_types"]["select"]["choice"]


STATES = {
    "met": ("satisfied", "pass"),
    "partly": ("not-satisfied", "fail"),
    "not_met": ("not-satisfied", "fail"),
    "unknown": ("not-satisfied", "other"),
    "not_applicable": ("satisfied", "other"),
}


@pytest.mark.parametrize("word", STATES)
def test_an_answer_is_a_finding_in_one_of_two_states_with_its_reason(word: str) -> None:
    _, result = documents({"TEST-01": {**WAIVED, "answer": word}})

    finding = about(result["findings"])
    status = finding["target"]["status"]
    assert (status["state"], status["reason"]) == STATES[word]
    assert named(finding)["answer"] == word
    assert finding["target"]["target-id"] == "TEST-01_obj"


def test_unknown_and_not_applicable_are_told_apart_from_no_and_yes() -> None:
    _, result = documents({"TEST-01": WAIVED})

    waived, unknown = about(result["findings"]), about(result["findings"], "TEST-02")
    assert named(waived)["not-applicable"] == "yes"
    assert "no finding that the control is met" in waived["target"]["status"]["remarks"]
    assert named(unknown)["unknown"] == "yes"
    assert "no finding that the control is not met" in unknown["target"]["status"]["remarks"]


def test_an_answer_is_an_observation_by_interview_with_its_evidence_and_end() -> None:
    said = {"answer": "met", "owner": "our DPO", "evidence": "https://acme.example/baa",
            "valid_until": "2027-03-01"}  # fmt: skip

    _, result = documents({"TEST-01": said})

    (found,) = (one for one in result["observations"] if one["methods"] == ["INTERVIEW"])
    assert found["expires"] == "2027-03-01T23:59:59Z"
    assert found["relevant-evidence"][0]["href"] == "https://acme.example/baa"
    assert found["origins"][0]["actors"][0]["role-id"] == "our-dpo"
    assert about(result["findings"])["related-observations"] == [
        {"observation-uuid": found["uuid"]}
    ]


def test_an_expired_answer_is_observed_and_its_finding_unknown() -> None:
    _, result = documents({"TEST-01": {"answer": "met", "valid_until": "2026-01-01"}})

    (seen,) = (one for one in result["observations"] if one["methods"] == ["INTERVIEW"])
    assert (named(seen)["answer"], named(seen)["expired"]) == ("met", "yes")
    assert named(about(result["findings"]))["answer"] == "unknown"


def test_what_is_not_met_is_a_risk_with_its_remedy_owner_and_due_day() -> None:
    said = {"answer": "not_met", "owner": "security", "due": "2027-01-29"}

    _, result = documents({"TEST-01": said})

    risk = about(result["risks"])
    (remedy,) = risk["remediations"]
    (task,) = remedy["tasks"]
    assert (risk["status"], risk["deadline"]) == ("open", "2027-01-29T23:59:59Z")
    assert remedy["lifecycle"] == "planned"
    assert named(remedy) == {"owner": "security", "due": "2027-01-29"}
    assert task["responsible-roles"][0]["role-id"] == "security"
    assert about(result["findings"])["related-risks"] == [{"risk-uuid": risk["uuid"]}]


def test_what_is_met_is_no_risk_and_what_is_unknown_is_one_to_look_into() -> None:
    _, result = documents({"TEST-01": {"answer": "met"}})

    risks = {one["title"][:7]: one["status"] for one in result["risks"]}
    assert risks == {"TEST-02": "investigating", "TEST-03": "investigating"}


def test_every_verdict_is_told_once_with_its_options() -> None:
    _, compliance = outcome({"TEST-01": {"answer": "not_met"}})
    _, result = documents({"TEST-01": {"answer": "not_met"}})

    told = [
        (one["value"], named(seen)["verdict"])
        for seen in result["observations"]
        if seen["types"] == ["option-verdict"]
        for one in seen["props"]
        if one["name"] == "option"
    ]
    assert sorted(told) == sorted((one.option, one.verdict.value) for one in compliance.verdicts)


def test_the_facts_of_the_team_are_told_and_what_it_did_not_state_is_unknown() -> None:
    _, result = documents(None, facts=("data.data_class", "data.allowed_regions", "data.uses"))

    told = named(result)
    assert (told["data.data_class"], told["data.uses"]) == ("public", "internal_assistant")
    assert told["data.allowed_regions"] == "unknown"


def test_the_disclaimer_stands_in_the_metadata_of_both() -> None:
    profile, compliance = outcome({})

    for text in (
        oscal_catalog_text(compliance, run_name=RUN),
        oscal_results_text(profile, compliance, run_name=RUN),
    ):
        (document,) = json.loads(text).values()
        assert "not legal advice" in document["metadata"]["remarks"]


def test_two_roles_that_read_alike_keep_two_ids() -> None:
    roles = Roles.of(["legal counsel", "legal-counsel", "\u6cd5\u52a1", " "])

    assert len(set(roles.ids.values())) == 3
    assert roles.id_of(" ") is None


HOSTILE = st.text(max_size=60) | st.sampled_from([
    "</script><script>alert(1)</script>", "[x](javascript:alert(1))", "\x00\x1b[31m", "\n",
    "\u2028a\u2029", "{{ insert: param, x }}", "javascript:alert(1)", "http://a b", "\ud800",
    "https://a.example/%zz", "file:///etc/passwd", "&lt;b&gt;", "\u202egpj", "# a", "1. a", "---",
])  # fmt: skip


@given(HOSTILE, HOSTILE, HOSTILE, st.none() | st.dates(), st.none() | st.dates())
def test_no_text_or_day_of_a_team_breaks_the_schema_or_takes_effect(
    reason: str, evidence: str, owner: str, due: date | None, end: date | None
) -> None:
    said = {"answer": "partly", "due": due, "valid_until": end}
    profile, compliance = outcome({"TEST-01": said})
    given = profile.data.answers["TEST-01"].model_copy(
        update={"reason": reason, "evidence": evidence, "owner": owner}
    )
    told = compliance.findings[0].model_copy(
        update={"reason": reason, "evidence": evidence, "owner": owner, "sources": (reason,),
                "question": reason, "title": evidence, "remedy": owner}
    )  # fmt: skip
    data = profile.data.model_copy(update={"answers": {"TEST-01": given}})
    team = profile.team.model_copy(update={"title": reason})
    profile = profile.model_copy(update={"data": data, "team": team})
    compliance = compliance.model_copy(update={"findings": (told, *compliance.findings[1:])})

    texts = {
        "catalog": oscal_catalog_text(compliance, run_name=RUN),
        "assessment-results": oscal_results_text(profile, compliance, run_name=RUN),
    }

    for model, text in texts.items():
        assert faults(model, text) == []
        rendered = "".join(map(MarkdownIt().render, markup_in(json.loads(text))))
        assert set(re.findall(r"</?(\w+)", rendered)) == {"p"}
        assert not re.search(r'"href": "(?!#|https?://|compliance_catalog)', text)


def test_every_reference_of_the_documents_leads_somewhere() -> None:
    answers = {"TEST-01": {"answer": "partly", "due": "2027-01-01", "owner": "me"}}
    profile, compliance = outcome(answers)
    catalog, _ = documents(answers)

    results = oscal_results_text(profile, compliance, run_name=RUN)

    there = set(re.findall(r'"uuid": "([^"]+)"', results))
    asked = set(re.findall(r'-uuid": "([^"]+)"', results)) | set(
        re.findall(r'"href": "#([^"]+)"', results)
    )
    roles = {one["id"] for one in json.loads(results)["assessment-results"]["metadata"]["roles"]}
    parts = {part["id"] for one in catalog["groups"][0]["controls"] for part in one["parts"]}
    assert asked
    assert asked <= there
    assert set(re.findall(r'"role-id": "([^"]+)"', results)) <= roles
    assert set(re.findall(r'"target-id": "([^"]+)"', results)) <= parts
