"""How far a checklist is: the three numbers of a workshop, and how many controls apply."""

from __future__ import annotations

from playbook.compliance.records import Compliance
from playbook.records import Record
from playbook.vocabulary import AnswerWord

ANSWERS = (AnswerWord.MET, AnswerWord.PARTLY, AnswerWord.NOT_MET)


class Progress(Record):
    """Where a checklist stands."""

    answered: int
    """Controls that apply, or may, and are answered met, partly or not met."""
    unknown: int
    """Controls whose question is open: unanswered, answered with don't know, or expired."""
    not_applicable: int
    """Controls waived with a reason and an owner."""
    apply: int
    """Controls that apply."""
    may_apply: int
    """Controls that apply or not, depending on a fact that is missing."""
    controls: int
    """All controls."""
    questions_left: int
    """Open questions, of controls and of facts, that can still change a verdict."""
    stale: int
    """Controls that apply or may, and were to be read again by a day that has passed."""


def progress_of(compliance: Compliance) -> Progress:
    """Return how far the checklist is."""
    findings = compliance.findings
    live = [one for one in findings if one.applies != "no"]
    known = {one.control for one in live if one.answer in ANSWERS}
    asked = {one.id for one in compliance.open_questions}
    return Progress(
        answered=len(known),
        unknown=sum(one.control in asked and one.control not in known for one in live),
        not_applicable=sum(one.answer is AnswerWord.NOT_APPLICABLE for one in findings),
        apply=sum(one.applies == "yes" for one in live),
        may_apply=sum(one.applies == "may" for one in live),
        controls=len(findings),
        questions_left=compliance.questions_left,
        stale=sum(one.review_overdue for one in live),
    )
