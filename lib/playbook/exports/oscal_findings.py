"""Answers as OSCAL observations, findings and risks with their remedies."""

from __future__ import annotations

from dataclasses import dataclass, field

from playbook.compliance.records import Compliance, Finding
from playbook.exports.answer_sheet import is_expired
from playbook.exports.oscal_catalog import control_props, objective_of
from playbook.exports.oscal_metadata import Roles
from playbook.exports.oscal_parts import (
    Part,
    markup,
    moment,
    name_of,
    prop,
    props,
    stated,
    web_address,
)
from playbook.profile import Profile
from playbook.profile.sections import Answer
from playbook.vocabulary import AnswerWord

UNKNOWN_PROP = "unknown"
_STATES = {
    AnswerWord.MET: ("satisfied", "pass"),
    AnswerWord.PARTLY: ("not-satisfied", "fail"),
    AnswerWord.NOT_MET: ("not-satisfied", "fail"),
    AnswerWord.UNKNOWN: ("not-satisfied", "other"),
    AnswerWord.NOT_APPLICABLE: ("satisfied", "other"),
}
_IN_PLACE = {
    AnswerWord.MET: "implemented",
    AnswerWord.PARTLY: "partial",
    AnswerWord.NOT_APPLICABLE: "not-applicable",
}
_REMARKS = {
    AnswerWord.UNKNOWN: "Unknown: not answered, not known, or the answer has expired. It is no "
    "finding that the control is not met.",
    AnswerWord.NOT_APPLICABLE: "Not applicable, as the team says with its reason. It is no "
    "finding that the control is met.",
}


@dataclass(frozen=True)
class Answered:
    """A team's answers, the outcome, and the run that names what is made of them."""

    profile: Profile
    compliance: Compliance
    roles: Roles
    run_name: str

    def given(self, finding: Finding) -> Answer | None:
        """Return what the team said of a control, if anything."""
        return self.profile.data.answers.get(finding.control)

    def name(self, kind: str, finding: Finding) -> str:
        """Return the identifier of a part about a control."""
        return name_of(kind, self.run_name, finding.control)


@dataclass
class Told:
    """Observations, risks and findings of all controls that are told."""

    observations: list[Part] = field(default_factory=list)
    risks: list[Part] = field(default_factory=list)
    findings: list[Part] = field(default_factory=list)


def findings_of(answered: Answered) -> Told:
    """Return what the answers amount to, control by control."""
    told = Told()
    for one in sorted(answered.compliance.findings, key=lambda found: found.control):
        if not is_told(one):
            continue
        given = answered.given(one)
        if given is not None:
            told.observations.append(_observation(answered, one, given))
        at_risk = _STATES[one.answer][0] == "not-satisfied"
        if at_risk:
            told.risks.append(_risk(answered, one, observed=given is not None))
        told.findings.append(_finding(answered, one, observed=given is not None, at_risk=at_risk))
    return told


def is_told(finding: Finding) -> bool:
    """Return whether a control applies, may apply, or was waived by the team itself."""
    return finding.applies != "no" or finding.answer is AnswerWord.NOT_APPLICABLE


def _observation(answered: Answered, finding: Finding, given: Answer) -> Part:
    expired = is_expired(finding, given)
    day = answered.compliance.as_of
    gone = f" It expired on {given.valid_until} and counts as unknown." if expired else ""
    return stated(
        {
            "uuid": answered.name("observation", finding),
            "title": markup(f"{finding.control}: {given.answer.words}"),
            "description": markup(f"{finding.question} {given.answer.words}. {given.reason}{gone}"),
            "props": props(
                {
                    "answer": given.answer.value,
                    "owner": finding.owner,
                    "due": given.due,
                    "valid-until": given.valid_until,
                    "expired": "yes" if expired else "",
                }
            ),
            "methods": ["INTERVIEW"],
            "types": ["control-objective"],
            "origins": _origins(answered, finding),
            "relevant-evidence": _evidence(given.evidence),
            "collected": moment(day),
            "expires": moment(given.valid_until, end=True),
            "remarks": markup("Collected: the day of the run; that of the answer is not kept."),
        }
    )


def _evidence(text: str) -> list[Part]:
    if not text.strip():
        return []
    return [stated({"href": web_address(text), "description": markup(text)})]


def _origins(answered: Answered, finding: Finding) -> list[Part]:
    actor = {
        "type": "party",
        "actor-uuid": name_of("team", answered.run_name),
        "role-id": answered.roles.id_of(finding.owner),
    }
    return [{"actors": [stated(actor)]}]


def _finding(answered: Answered, finding: Finding, *, observed: bool, at_risk: bool) -> Part:
    return stated(
        {
            "uuid": answered.name("finding", finding),
            "title": markup(f"{finding.control}: {finding.title}"),
            "description": markup(f"{finding.question} {finding.answer.words}."),
            "props": [
                *props({"answer": finding.answer.value, "applies": finding.applies}),
                *_marks(finding),
                *control_props(finding),
            ],
            "target": _target(finding),
            "related-observations": [{"observation-uuid": answered.name("observation", finding)}]
            if observed
            else [],
            "related-risks": [{"risk-uuid": answered.name("risk", finding)}] if at_risk else [],
            "remarks": markup(_applies(finding)),
        }
    )


def _marks(finding: Finding) -> list[Part]:
    """Return the property for what OSCAL's two states can't say."""
    if finding.answer is AnswerWord.UNKNOWN:
        return [prop(UNKNOWN_PROP, "yes")]
    return [prop("not-applicable", "yes")] if finding.answer is AnswerWord.NOT_APPLICABLE else []


def _target(finding: Finding) -> Part:
    state, reason = _STATES[finding.answer]
    remarks = _REMARKS.get(finding.answer, "")
    planned = "planned" if finding.answer is AnswerWord.NOT_MET and finding.due else ""
    in_place = _IN_PLACE.get(finding.answer, planned)
    return stated(
        {
            "type": "objective-id",
            "target-id": objective_of(finding.control),
            "status": stated(
                {"state": state, "reason": reason, "remarks": markup(remarks) if remarks else ""}
            ),
            "implementation-status": {"state": in_place} if in_place else {},
        }
    )


def _applies(finding: Finding) -> str:
    if finding.applies == "may":
        return f"May apply: {', '.join(finding.missing_facts)} not stated."
    if finding.answer is AnswerWord.NOT_APPLICABLE:
        return f"Waived by {finding.owner}: {finding.reason}"
    return f"Applies because {finding.why}." if finding.why != "always" else "Applies to everyone."


def _risk(answered: Answered, finding: Finding, *, observed: bool) -> Part:
    unknown = finding.answer is AnswerWord.UNKNOWN
    statement = "It is not known whether" if unknown else "It is not fully so that"
    return stated(
        {
            "uuid": answered.name("risk", finding),
            "title": markup(f"{finding.control}: {finding.title}"),
            "description": markup(f"{statement} this can be answered with Yes: {finding.question}"),
            "statement": markup(f"{finding.citation}, a {finding.severity.replace('_', ' ')}"),
            "props": control_props(finding),
            "status": "investigating" if unknown else "open",
            "origins": _origins(answered, finding),
            "deadline": moment(finding.due, end=True),
            "remediations": [_remedy(answered, finding)],
            "related-observations": [{"observation-uuid": answered.name("observation", finding)}]
            if observed
            else [],
        }
    )


def _remedy(answered: Answered, finding: Finding) -> Part:
    planned = finding.due is not None
    first = "Find the answer. " if finding.answer is AnswerWord.UNKNOWN else ""
    return stated(
        {
            "uuid": answered.name("remedy", finding),
            "lifecycle": "planned" if planned else "recommendation",
            "title": markup(f"Remedy of {finding.control}"),
            "description": markup(f"{first}{finding.remedy}"),
            "props": props({"owner": finding.owner, "due": finding.due}),
            "origins": _origins(answered, finding),
            "tasks": [_task(answered, finding)] if planned else [],
        }
    )


def _task(answered: Answered, finding: Finding) -> Part:
    day = moment(finding.due, end=True)
    role = answered.roles.id_of(finding.owner)
    party = name_of("team", answered.run_name)
    return stated(
        {
            "uuid": answered.name("task", finding),
            "type": "milestone",
            "title": markup(f"{finding.control} settled"),
            "timing": {"on-date": {"date": day}} if day else {},
            "responsible-roles": [{"role-id": role, "party-uuids": [party]}] if role else [],
        }
    )
