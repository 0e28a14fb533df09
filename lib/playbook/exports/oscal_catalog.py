"""The controls that a run asked about, as an OSCAL catalog."""

from __future__ import annotations

import json
from collections.abc import Sequence

from playbook.compliance.records import Compliance, Finding
from playbook.exports.oscal_metadata import metadata
from playbook.exports.oscal_parts import (
    Part,
    markup,
    name_of,
    prop,
    props,
    stated,
    string,
    token,
)
from playbook.profile.fields import LeafField, field_at

TITLE = "Controls on the use of language models"


def oscal_catalog_text(compliance: Compliance, *, run_name: str) -> str:
    """Return a catalog as JSON: regimes are groups, controls are controls, facts are parameters.

    The question is a control's `assessment-objective`. What OSCAL has no field for (severity,
    basis, days, citation, facts) stands in properties with a namespace of their own.

    Args:
        compliance: The outcome, whose findings name every control as the run read it.
        run_name: The run that this belongs to; identifiers come of it.

    Source:
        NIST OSCAL 1.2.1, catalog model.
    """
    findings = sorted(compliance.findings, key=lambda one: (one.regime, one.control))
    regimes = list(dict.fromkeys(one.regime for one in findings))
    facts = sorted({fact for one in findings for fact in one.facts})
    made = stated(
        {
            "uuid": name_of("catalog", run_name),
            "metadata": metadata(
                TITLE, compliance.as_of, version=run_name, disclaimer=compliance.disclaimer
            ),
            "params": [_parameter(fact) for fact in facts],
            "groups": [
                _group([one for one in findings if one.regime == regime], run_name)
                for regime in regimes
            ],
            "back-matter": stated({"resources": _resources(findings, run_name)}),
        }
    )
    return json.dumps({"catalog": made}, indent=1) + "\n"


def objective_of(control: str) -> str:
    """Return the id of a control's question in the catalog."""
    return f"{token(control)}_obj"


def _parameter(fact: str) -> Part:
    """Return a fact of the team as a parameter, with its choices."""
    found = field_at(fact.split("."))
    return stated(
        {
            "id": token(fact),
            "label": markup(fact),
            "usage": markup(found.meaning) if found and found.meaning else "",
            "select": _choices(found),
        }
    )


def _choices(found: LeafField | None) -> Part:
    if found is None or not found.choices:
        return {}
    how_many = "one-or-more" if found.many else "one"
    return {"how-many": how_many, "choice": [markup(one) for one in found.choices]}


def _group(findings: Sequence[Finding], run_name: str) -> Part:
    first = findings[0]
    return {
        "id": token(first.regime),
        "class": "regime",
        "title": markup(first.regime_title or first.regime),
        "controls": [_control(one, run_name) for one in findings],
    }


def _control(finding: Finding, run_name: str) -> Part:
    return stated(
        {
            "id": token(finding.control),
            "class": token(finding.severity),
            "title": markup(finding.title),
            "props": [
                prop("label", finding.control),
                *control_props(finding),
                *(prop("fact", fact) for fact in finding.facts),
            ],
            "links": [
                {"href": f"#{_resource_name(text, run_name)}", "rel": "reference"}
                for text in dict.fromkeys(finding.sources)
            ],
            "parts": [
                _part(objective_of(finding.control), "assessment-objective", finding.question),
                _part(f"{token(finding.control)}_gdn", "guidance", _guidance(finding)),
            ],
        }
    )


def control_props(finding: Finding) -> list[Part]:
    """Return what a control rests on: severity, basis, citation, days, whether it is stale."""
    return props(
        {
            "severity": finding.severity,
            "basis": finding.basis,
            "citation": finding.citation,
            "as-of": finding.stated_as_of,
            "review-by": finding.review_by,
            "review-overdue": "yes" if finding.review_overdue else "no",
        }
    )


def _guidance(finding: Finding) -> str:
    return " ".join([f"When it is not met: {finding.remedy}", *finding.advice])


def _part(name: str, kind: str, prose: str) -> Part:
    return {"id": name, "name": kind, "prose": markup(prose)}


def _resources(findings: Sequence[Finding], run_name: str) -> list[Part]:
    texts = sorted({text for one in findings for text in one.sources})
    return [
        {
            "uuid": _resource_name(text, run_name),
            "title": markup(text),
            "citation": {"text": markup(text)},
        }
        for text in texts
    ]


def _resource_name(text: str, run_name: str) -> str:
    return name_of("source", run_name, string(text))
