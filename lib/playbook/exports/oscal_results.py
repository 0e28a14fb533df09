"""One run's compliance record as OSCAL assessment results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby

from playbook.compliance.facts import facts_of
from playbook.compliance.records import Compliance, Finding, OptionVerdict
from playbook.exports.oscal_catalog import TITLE
from playbook.exports.oscal_findings import Answered, findings_of, is_told
from playbook.exports.oscal_metadata import Roles, metadata
from playbook.exports.oscal_parts import (
    Part,
    markup,
    moment,
    name_of,
    prop,
    props,
    stated,
    string,
    token,
)
from playbook.profile import Profile

CATALOG_FILE = "compliance_catalog.oscal.json"
NO_PLAN = (
    "There is no assessment plan apart from the catalogue of controls: the checklist asks each "
    "control that applies."
)


def oscal_results_text(profile: Profile, compliance: Compliance, *, run_name: str) -> str:
    """Return assessment results as JSON: answers, findings, risks with remedies, verdicts.

    An answer is an observation by interview and a finding. A finding has two states in OSCAL:
    `unknown` is not satisfied for another reason, `not_applicable` satisfied for another reason,
    and a property says which. What is not met is a risk with its remedy, owner and due day. The
    verdict on options is an observation too.

    Args:
        profile: The team's profile, with its facts and answers.
        compliance: The outcome for it.
        run_name: The run; identifiers come of it, so that the same run gives the same file.

    Source:
        NIST OSCAL 1.2.1, assessment results model.
    """
    roles = Roles.of([one.owner for one in compliance.findings])
    plan, team = name_of("plan", run_name), name_of("team", run_name)
    made = {
        "uuid": name_of("results", run_name),
        "metadata": metadata(
            f"{_team(profile)}: compliance checklist",
            compliance.as_of,
            version=run_name,
            disclaimer=compliance.disclaimer,
            roles=roles.listed(),
            parties=[{"uuid": team, "type": "organization", "name": string(_team(profile))}],
        ),
        "import-ap": {"href": f"#{plan}", "remarks": markup(NO_PLAN)},
        "results": [_result(profile, compliance, roles, run_name)],
        "back-matter": {"resources": [_plan(plan)]},
    }
    return json.dumps({"assessment-results": made}, indent=1) + "\n"


def _team(profile: Profile) -> str:
    return profile.team.title or profile.team.name


def _plan(name: str) -> Part:
    return {
        "uuid": name,
        "title": markup(TITLE),
        "description": markup(NO_PLAN),
        "rlinks": [{"href": CATALOG_FILE, "media-type": "application/oscal+json"}],
    }


def _result(profile: Profile, compliance: Compliance, roles: Roles, run_name: str) -> Part:
    told = findings_of(Answered(profile, compliance, roles, run_name))
    return stated(
        {
            "uuid": name_of("result", run_name),
            "title": markup(f"Checklist of {_team(profile)} on {compliance.as_of}"),
            "description": markup(
                "What the team answered, what follows for each control, and what the controls "
                "together say of each option."
            ),
            "start": moment(compliance.as_of),
            "end": moment(compliance.as_of, end=True),
            "props": _facts(profile, compliance.findings),
            "reviewed-controls": _reviewed(compliance.findings),
            "observations": [*told.observations, *_verdicts(compliance, run_name)],
            "risks": told.risks,
            "findings": told.findings,
            "remarks": markup("Not considered: " + " ".join(compliance.not_considered)),
        }
    )


def _facts(profile: Profile, findings: Sequence[Finding]) -> list[Part]:
    """Return the facts that controls hang on; one that the team did not state is unknown."""
    known = facts_of(profile)
    names = sorted({fact for one in findings for fact in one.facts})
    return [prop(name, _words(known.get(name)), group="fact") for name in names]


def _words(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _reviewed(findings: Sequence[Finding]) -> Part:
    """Return what was looked at: every control, less those that do not apply by the facts."""
    spared = [one.control for one in findings if not is_told(one)]
    selection: Part = {"include-all": {}}
    if spared:
        selection["exclude-controls"] = [{"control-id": token(one)} for one in spared]
        selection["remarks"] = markup("Left out: what does not apply by the facts stated.")
    return {"control-selections": [selection]}


def _verdicts(compliance: Compliance, run_name: str) -> list[Part]:
    """Return one observation for all options with the same verdict for the same reasons."""

    def reasons(one: OptionVerdict) -> tuple[object, ...]:
        return (one.verdict, one.because, one.conditions, one.questions)

    ordered = sorted(compliance.verdicts, key=lambda one: (reasons(one), one.option))
    return [_verdict(list(group), compliance, run_name) for _, group in groupby(ordered, reasons)]


def _verdict(group: Sequence[OptionVerdict], compliance: Compliance, run_name: str) -> Part:
    first = group[0]
    reasons = first.because or ("No control stands against it.",)
    return {
        "uuid": name_of("verdict", run_name, *(one.option for one in group)),
        "title": markup(f"{first.verdict.value}: {len(group)} options"),
        "description": markup("; ".join(reasons)),
        "props": [
            *props({"verdict": first.verdict.value}),
            *(prop("option", one.option) for one in group),
            *(prop("deciding-control", one) for one in first.controls),
            *(prop("condition", one) for one in first.conditions),
            *(prop("open-question", one) for one in first.questions),
        ],
        "methods": ["EXAMINE"],
        "types": ["option-verdict"],
        "collected": moment(compliance.as_of),
        "remarks": markup("Computed from the controls, the answers and what is known of options."),
    }
