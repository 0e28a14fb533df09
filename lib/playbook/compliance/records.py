"""What the compliance stage says: findings, verdicts on options, open questions, clearance."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, Self

from playbook.clearance import Clearance
from playbook.records import Record
from playbook.vocabulary import AnswerWord, DataClass, Verdict


class Finding(Record):
    """One control as it stands for this team."""

    control: str
    """Control id."""
    regime: str
    """Regime id."""
    title: str
    """What it is about."""
    question: str
    """The question, worded so that `met` is good."""
    severity: Literal["hard_gate", "condition", "advice"]
    """How hard it bites."""
    applies: Literal["yes", "no", "may"]
    """Whether it applies; `may` when a fact is missing."""
    missing_facts: tuple[str, ...]
    """Profile fields (`data.org_roles`) that would say whether it applies."""
    answer: AnswerWord
    """The team's answer in force; an expired one is unknown."""
    citation: str
    """Law, clause or house rule."""
    basis: Literal["sourced", "secondary", "house", "memory"]
    """What the control rests on; `memory` can't put an option OUT."""
    owner: str = ""
    """Role to ask: the one that the team's answer names, else the control's."""
    due: date | None = None
    """Day by which the team settles an open point; None when it named none."""
    evidence: str = ""
    """Link or file that the team gave with its answer, kept when the answer has expired."""
    reason: str = ""
    """Why the team answered so, in its words."""
    remedy: str = ""
    """What to do when it is not met."""
    why: str = ""
    """Why it applies, in words; empty when it does not."""
    advice: tuple[str, ...] = ()
    """What to mind beside the verdict."""
    sources: tuple[str, ...] = ()
    """Citations of the texts read for it."""
    stated_as_of: date | None = None
    """Day for which the control is stated."""
    review_by: date | None = None
    """Day by which it must be read again."""
    review_overdue: bool = False
    """Whether the day has passed by which it should have been read again."""
    regime_title: str = ""
    """Name of the regime."""
    facts: tuple[str, ...] = ()
    """Profile fields that decide whether it applies."""
    given: AnswerWord | None = None
    """The answer as somebody gave it, in force or not; None while nobody has."""
    valid_until: date | None = None
    """Day after which the answer counts as unknown; None when it does not end."""
    expired: bool = False
    """Whether that day has passed."""
    options_concerned: int | None = None
    """Assessed options that it bears on, or may; None for advice, which is about no option."""


class OptionVerdict(Record):
    """What the controls say of one option."""

    option: str
    """Option id."""
    verdict: Verdict
    """OUT, UNDETERMINED, CONDITIONAL or OK."""
    verdict_if_unknowns_go_well: Verdict
    """OUT, CONDITIONAL or OK, with every unknown at its best."""
    verdict_if_unknowns_go_badly: Verdict
    """The same with every unknown at its worst."""
    controls: tuple[str, ...]
    """Controls that decide it."""
    because: tuple[str, ...]
    """Why, one line each with the citation."""
    conditions: tuple[str, ...]
    """What must be done, for CONDITIONAL."""
    questions: tuple[str, ...]
    """Shortest list of control ids or profile fields that would settle it, for UNDETERMINED."""
    highest_class_if_unknowns_go_well: DataClass | None
    """Highest data class that may be sent, with every unknown at its best."""
    highest_class_if_unknowns_go_badly: DataClass | None
    """The same at its worst."""

    def in_general(self) -> Self:
        """Return the verdict without its own provider's name, so that options judged alike agree.

        Contracts and what suppliers say are asked for provider by provider: with the name, each
        option stands alone.
        """
        own = re.escape(self.option.partition("@")[2].removeprefix("self:"))
        name = re.compile(rf"\b(data\.contracts|data\.suppliers|provider|place)\.{own}(?![\w-])")

        def general(lines: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name.sub(r"\1 of its provider", line) for line in lines)

        return self.changed(
            because=general(self.because),
            conditions=general(self.conditions),
            questions=general(self.questions),
        )


class OpenQuestion(Record):
    """An unanswered question and how much hangs on it."""

    id: str
    """Control id, or profile field such as `data.data_class`."""
    question: str
    """What is asked."""
    owner: str
    """Role to ask: the one that the team's answer names, else the control's."""
    options_it_can_change: int
    """Options whose verdict it can still change, among those that were assessed."""
    usd_per_month_at_stake: float | None = None
    """How much dearer a month, p50, the cheapest option still possible gets if it goes badly; None
    when no option would be left, or without costs."""
    due: date | None = None
    """Day by which the team settles it; None when it named none."""


class Compliance(Record):
    """The checklist's outcome for one profile."""

    as_of: date
    """Day for which it holds."""
    disclaimer: str
    """That this is decision support, not legal advice."""
    findings: tuple[Finding, ...]
    """Every control, those that apply first."""
    verdicts: tuple[OptionVerdict, ...]
    """Every option of the models that the team considers; of the catalogue if it names none."""
    open_questions: tuple[OpenQuestion, ...]
    """Unanswered questions, the one that can change most first."""
    clearance: Clearance
    """What may be sent to the profile's endpoints."""
    not_considered: tuple[str, ...]
    """What this stage leaves out so far."""

    @property
    def questions_left(self) -> int:
        """Return how many open questions can still change a verdict: at 0 the asking can stop."""
        return sum(one.options_it_can_change > 0 for one in self.open_questions)
