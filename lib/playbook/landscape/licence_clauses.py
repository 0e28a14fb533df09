"""What one clause of a licence means for a team: the test of each kind of clause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from playbook.catalog.licences import (
    Clause,
    ClauseKind,
    CommercialUse,
    Duty,
    FieldOfUse,
    Geography,
    Licence,
    PlainClause,
    RevenueCap,
    Trigger,
    UserCeiling,
)
from playbook.landscape.licence_facts import FIELDS, LicenceFacts
from playbook.vocabulary import DataType, Use

Outcome = Literal["permitted", "conditional", "not_permitted", "unknown"]
MONTHS_PER_YEAR = 12
SENSITIVE_USES: tuple[Use, ...] = (
    "military", "critical_infrastructure", "law_enforcement", "biometric_identification",
    "employment_decision", "credit_decision", "insurance_pricing", "essential_services",
)  # fmt: skip
"""Uses that licences with limits on fields of use tend to bar: what was not read may matter."""

DECIDING: tuple[ClauseKind, ...] = (
    "commercial_use", "research_only", "user_ceiling", "revenue_cap", "geography", "field_of_use",
    "outputs_training", "naming", "pass_on",
)  # fmt: skip
"""Kinds of clause that can change what a team may do or must do."""

_ABOUT: dict[ClauseKind, str] = {
    "commercial_use": "grants commercial use",
    "research_only": "is for research only",
    "user_ceiling": "has a user ceiling",
    "revenue_cap": "has a revenue cap",
    "geography": "leaves places out",
    "field_of_use": "bars fields of use",
    "outputs_training": "bars outputs from training other models",
    "naming": "sets a duty to show a name",
    "pass_on": "sets terms to hand on",
}
_IF: dict[Trigger, str] = {
    "distributes": "if the model or a derivative is passed on: ",
    "serves_others": "if a product or service with it is offered to others: ",
    "trains_on_outputs": "if outputs train a model that is passed on: ",
}


class Finding(NamedTuple):
    """What one clause, or one kind that was not read, means for a team."""

    outcome: Outcome
    """What follows from it alone."""
    section: str
    """Section of the licence; empty for what was not read."""
    text: str
    """The clause in words, with the fact it met."""
    asks: str = ""
    """Field of the profile that would settle it, for unknown."""


def clause_findings(
    licence: Licence, facts: LicenceFacts, *, own_servers: bool, multimodal: bool
) -> Iterator[Finding]:
    """Return what the clauses that reach a team mean for it, and the kinds that nobody read.

    Args:
        licence: The licence.
        facts: The team; what is missing is unknown.
        own_servers: Whether the team runs the weights itself, so that every clause binds it.
        multimodal: Whether the model takes more than text.
    """
    for clause in licence.clauses:
        if own_servers or clause.reaches_api_customers:
            yield from _finding(clause, facts, multimodal=multimodal)
    for kind in DECIDING:
        if licence.reading(kind) == "not_read" and _may_matter(kind, facts, own_servers):
            text = f"nobody has read whether {licence.title} {_ABOUT[kind]}"
            yield Finding("unknown", "", text, _settled_by(kind, facts))


def _may_matter(kind: ClauseKind, facts: LicenceFacts, own_servers: bool) -> bool:  # noqa: FBT001  passed on as it came
    """Return whether a clause of a kind could bind this team at all."""
    if kind == "outputs_training":
        return facts.trains_on_outputs is not False
    if kind == "field_of_use":
        return facts.uses is None or bool(set(facts.uses) & set(SENSITIVE_USES))
    if kind in ("naming", "pass_on"):
        return own_servers and facts.passes_model_on is not False
    return own_servers or kind == "commercial_use"


def _settled_by(kind: ClauseKind, facts: LicenceFacts) -> str:
    """Return the field whose answer "no" would make an unread kind irrelevant, if there is one."""
    asked = {
        "outputs_training": "trains_on_outputs",
        "field_of_use": "uses",
        "naming": "passes_model_on",
        "pass_on": "passes_model_on",
    }.get(kind)
    return FIELDS[asked] if asked and getattr(facts, asked) is None else ""


def _finding(clause: Clause, facts: LicenceFacts, *, multimodal: bool) -> Iterator[Finding]:
    if isinstance(clause, CommercialUse):
        yield _commercial(clause, facts)
    elif isinstance(clause, Duty):
        yield from _duty(clause, facts)
    elif isinstance(clause, PlainClause):
        yield from _plain(clause, facts)
    else:
        yield from _limit(clause, facts, multimodal=multimodal)


def _plain(clause: PlainClause, facts: LicenceFacts) -> Iterator[Finding]:
    if clause.kind == "research_only":
        yield _research(clause, facts)
    elif clause.kind == "outputs_training":
        yield from _outputs(clause, facts)


def _limit(
    clause: UserCeiling | RevenueCap | Geography | FieldOfUse,
    facts: LicenceFacts,
    *,
    multimodal: bool,
) -> Iterator[Finding]:
    if isinstance(clause, UserCeiling):
        yield from _ceiling(clause, facts)
    elif isinstance(clause, RevenueCap):
        yield from _cap(clause, facts)
    elif isinstance(clause, FieldOfUse):
        yield _field(clause, facts)
    elif multimodal or not clause.multimodal_only:
        yield from _place(clause, facts)


def _stated(clause: Clause, outcome: Outcome, met: str = "", asks: str = "") -> Finding:
    field = FIELDS[asks] if asks else ""
    met = met or (f"{field} is not stated" if field else "")
    return Finding(outcome, clause.section, "; ".join(filter(None, (clause.words, met))), field)


def _commercial(clause: CommercialUse, facts: LicenceFacts) -> Finding:
    if clause.granted == "yes":
        return _stated(clause, "permitted")
    if facts.commercial_use is None:
        return _stated(clause, "unknown", asks="commercial_use")
    if not facts.commercial_use:
        return _stated(clause, "permitted", "the use is not commercial")
    if clause.granted == "on_registration":
        return _stated(clause, "conditional", "the use is commercial")
    return _stated(clause, "not_permitted", "the use is commercial")


def _research(clause: Clause, facts: LicenceFacts) -> Finding:
    if facts.commercial_use is None:
        return _stated(clause, "unknown", asks="commercial_use")
    if facts.commercial_use:
        return _stated(clause, "not_permitted", "the use is commercial")
    return _stated(clause, "unknown", "ask legal counsel whether this use is research")


def _ceiling(clause: UserCeiling, facts: LicenceFacts) -> Iterator[Finding]:
    """Test the users of the month that counts; of a past month today's stand in if they are few."""
    today, then = facts.monthly_active_users, facts.monthly_active_users_at_release
    fixed = clause.tested_in is not None
    counted, when = (then, "then") if fixed and then is not None else (today, "today")
    if counted is None:
        yield _stated(clause, "unknown", asks="monthly_active_users")
    elif counted <= clause.users:
        if not fixed:
            yield _stated(clause, "conditional", f"the team has {counted:,} today: watch it")
    elif fixed and when == "today":
        asks = "monthly_active_users_at_release"
        met = f"the team has {counted:,} today; {FIELDS[asks]} is not stated"
        yield _stated(clause, "unknown", met, asks)
    else:
        yield _stated(clause, "not_permitted", f"the team has {counted:,} {when}, all products")


def _cap(clause: RevenueCap, facts: LicenceFacts) -> Iterator[Finding]:
    yearly, hosts = facts.annual_revenue_usd, facts.passes_model_on or not clause.hosts_only
    if clause.hosts_only and facts.passes_model_on is False:
        return
    if yearly is None:
        yield _stated(clause, "unknown", asks="annual_revenue_usd")
        return
    size = yearly / MONTHS_PER_YEAR if clause.period == "month" else yearly
    mean = " in the mean of a year" if clause.period == "month" else ""
    met = f"the organisation has USD {size:,.0f} a {clause.period}{mean}"
    if size <= clause.amount_usd:
        yield _stated(clause, "conditional", f"{met}: watch it")
    elif hosts:
        yield _stated(clause, "not_permitted", met)
    else:
        asks = "passes_model_on"
        yield _stated(clause, "unknown", f"{met}; {FIELDS[asks]} is not stated", asks)


def _place(clause: Geography, facts: LicenceFacts) -> Iterator[Finding]:
    if facts.established_in_eu is None:
        yield _stated(clause, "unknown", asks="established_in_eu")
    elif facts.established_in_eu:
        yield _stated(clause, "not_permitted", "the organisation is established in the EU")


def _field(clause: FieldOfUse, facts: LicenceFacts) -> Finding:
    checks = (
        *_barred(clause.uses, facts.uses, "uses"),
        *_barred(clause.data_types, facts.data_types, "data_types"),
        *_unreviewed(clause, facts),
    )
    for worst in ("not_permitted", "unknown"):
        for outcome, met, asks in checks:
            if outcome == worst:
                return _stated(clause, outcome, met, asks)
    return _stated(clause, "conditional")


def _barred(
    barred: tuple[Use, ...] | tuple[DataType, ...], given: tuple[str, ...] | None, asks: str
) -> Iterator[tuple[Outcome, str, str]]:
    if barred and given is None:
        yield "unknown", "", asks
    elif hit := sorted(set(barred) & set(given or ())):
        yield "not_permitted", f"the team states {', '.join(hit)}", ""


def _unreviewed(clause: FieldOfUse, facts: LicenceFacts) -> Iterator[tuple[Outcome, str, str]]:
    barred = clause.uses_without_review
    if barred and facts.uses is None and facts.human_review in (None, "none"):
        yield "unknown", "", "uses"
    elif hit := sorted(set(barred) & set(facts.uses or ())):
        what = ", ".join(hit)
        if facts.human_review == "none":
            yield "not_permitted", f"the team states {what} without human review", ""
        elif facts.human_review is None:
            yield "unknown", f"{what}; {FIELDS['human_review']} is not stated", "human_review"


def _outputs(clause: Clause, facts: LicenceFacts) -> Iterator[Finding]:
    if facts.trains_on_outputs is None:
        yield _stated(clause, "unknown", asks="trains_on_outputs")
    elif facts.trains_on_outputs:
        yield _stated(clause, "not_permitted", "the team trains other models on outputs")


def _duty(clause: Duty, facts: LicenceFacts) -> Iterator[Finding]:
    """Return the duty unless its trigger is known not to hold; in doubt it begins with an if."""
    holds = {
        "distributes": facts.passes_model_on,
        "serves_others": facts.passes_model_on or None,
        "trains_on_outputs": facts.trains_on_outputs,
    }[clause.when]
    if holds is not False and _large_enough(clause, facts):
        words = "" if holds and clause.when != "trains_on_outputs" else _IF[clause.when]
        yield Finding("conditional", clause.section, words + clause.words)


def _large_enough(clause: Duty, facts: LicenceFacts) -> bool:
    """Return whether a duty that starts at a size may bite; an unknown size may."""
    users, yearly = facts.monthly_active_users, facts.annual_revenue_usd
    limits = (
        (clause.above_users, users),
        (clause.above_revenue_usd_per_month, None if yearly is None else yearly / MONTHS_PER_YEAR),
    )
    stated = [(limit, size) for limit, size in limits if limit is not None]
    return not stated or any(size is None or size > limit for limit, size in stated)
