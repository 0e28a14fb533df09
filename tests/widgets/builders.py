"""Small records and figures that forms can be tested with."""

from __future__ import annotations

from datetime import date

import plotly.graph_objects as go

from playbook.clearance import Clearance
from playbook.compliance.records import Compliance, Finding, OpenQuestion, OptionVerdict
from playbook.profile import Profile
from playbook.profile.sections import Data, Workload
from playbook.vocabulary import AnswerWord, DataClass, Verdict

AS_OF = date(2026, 11, 23)
HOSTILE = "<img src=x onerror=alert(1)>"


def a_figure(title: str, *, kind: str = "scatter") -> go.Figure:
    figure = go.Figure(layout={"title": {"text": title, "subtitle": {"text": "source"}}})
    return figure.add_bar(x=[1], y=[2]) if kind == "bar" else figure.add_scatter(x=[1], y=[2])


class Counted:
    """A verb that counts its calls and can be told to refuse."""

    def __init__(self, refuses: str = "") -> None:
        self.seen: list[Workload] = []
        self.refuses = refuses

    def __call__(self, section: Workload) -> str:
        self.seen.append(section)
        if self.refuses and len(self.seen) > 1:
            raise ValueError(self.refuses)
        return f"{section.tokens_per_day.likely:g} tokens"


def a_finding(control: str, data: Data, *, question: str = "Is it so?") -> Finding:
    given = data.answers.get(control)
    expired = given is not None and given.valid_until is not None and given.valid_until < AS_OF
    return Finding(
        control=control,
        regime="house",
        title="A control",
        question=question,
        severity="hard_gate",
        applies="yes",
        missing_facts=(),
        answer=AnswerWord.UNKNOWN if given is None or expired else given.answer,
        citation="House rule",
        basis="house",
        owner=given.owner if given else "",
        due=given.due if given else None,
        evidence=given.evidence if given else "",
        stated_as_of=AS_OF,
        review_by=AS_OF,
        given=given.answer if given else None,
        valid_until=given.valid_until if given else None,
        expired=expired,
    )


def assess(profile: Profile, *, question: str = "Is it so?") -> Compliance:
    """Judge two options: one by BASE-01, one by BASE-02; a plain stand-in for the stage.

    BASE-02 applies to retailers only, and may apply where no sector is known.
    """
    sectors = profile.team.sectors
    one, two = (a_finding(name, profile.data, question=question) for name in ("BASE-01", "BASE-02"))
    if sectors is None or "retail" not in sectors:
        two = two.changed(applies="no" if sectors else "may", missing_facts=("team.sectors",))
    findings = (one, two)
    verdicts = {
        AnswerWord.MET: Verdict.OK,
        AnswerWord.NOT_APPLICABLE: Verdict.OK,
        AnswerWord.PARTLY: Verdict.CONDITIONAL,
        AnswerWord.NOT_MET: Verdict.OUT,
        AnswerWord.UNKNOWN: Verdict.UNDETERMINED,
    }
    return Compliance(
        as_of=AS_OF,
        disclaimer="",
        findings=findings,
        verdicts=tuple(
            OptionVerdict(
                option=f"model@{one.control.lower()}",
                verdict=verdicts[one.answer],
                verdict_if_unknowns_go_well=verdicts[one.answer],
                verdict_if_unknowns_go_badly=verdicts[one.answer],
                controls=(one.control,),
                because=(),
                conditions=(),
                questions=(),
                highest_class_if_unknowns_go_well=None,
                highest_class_if_unknowns_go_badly=None,
            )
            for one in findings
        ),
        open_questions=tuple(
            OpenQuestion(id=one.control, question=question, owner="", options_it_can_change=1)
            for one in findings
            if one.answer is AnswerWord.UNKNOWN and one.applies != "no"
        ),
        clearance=Clearance(endpoints=(), team_class=DataClass.PUBLIC),
        not_considered=(),
    )


def verdicts_figure(record: Compliance) -> go.Figure:
    return a_figure(" ".join(one.verdict.value for one in record.verdicts))
