"""Tables of compliance: verdicts, checklist, open points, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from playbook.compliance.changes import Change
from playbook.compliance.progress import progress_of
from playbook.compliance.records import Compliance, Finding, OpenQuestion, OptionVerdict
from playbook.figures.theme import VERDICT_SYMBOLS, usd
from playbook.report.table import Cell, Table, Tone
from playbook.vocabulary import AnswerWord, Verdict

LEGEND = (
    "✕ OUT: a gate stops it even if every open question goes well. ? UNDETERMINED: an open "
    "question decides. ◐ CONDITIONAL: usable once its conditions are met. ✓ OK: nothing stops it."
)
BASIS = {
    "sourced": "text read",
    "secondary": "commentary",
    "house": "house rule",
    "memory": "from memory, unverified",
}
ANSWERS: dict[AnswerWord, tuple[str, Tone]] = {
    AnswerWord.MET: ("✓ met", "green"),
    AnswerWord.PARTLY: ("◐ partly", "amber"),
    AnswerWord.NOT_MET: ("✕ not met", "red"),
    AnswerWord.UNKNOWN: ("? don't know", "amber"),
    AnswerWord.NOT_APPLICABLE: ("- not applicable", ""),
}
TONES: dict[Verdict, Tone] = {
    Verdict.OUT: "red",
    Verdict.UNDETERMINED: "",
    Verdict.CONDITIONAL: "amber",
    Verdict.OK: "green",
}
KINDS = {
    "fact": "fact",
    "answer": "answer",
    "detail": "detail of an answer",
    "control": "control",
    "verdict": "verdict",
}
NOT_ASKED = "- no answer is needed"  # whatever it were, it would decide nothing
REASONS = 3  # lines of why, of each group of options


def verdicts(compliance: Compliance) -> Table:
    """Return the verdicts with the controls that decide; options judged alike share a row."""
    groups: dict[tuple[Verdict, tuple[str, ...]], list[OptionVerdict]] = {}
    for one in (each.in_general() for each in compliance.verdicts):
        groups.setdefault((one.verdict, one.because), []).append(one)
    order = list(Verdict)
    rows = [
        (
            Cell(f"{VERDICT_SYMBOLS[verdict]} {verdict.value}", TONES[verdict]),
            _which(found),
            ", ".join(found[0].controls),
            "\n".join(_first_reasons(because)),
            ", ".join(found[0].questions),
        )
        for (verdict, because), found in sorted(
            groups.items(), key=lambda item: (order.index(item[0][0]), -len(item[1]))
        )
    ]
    columns = ("Verdict", "Options", "Deciding controls", "Because",
               "Questions that would settle it")  # fmt: skip
    return Table(
        "Verdicts on options, and what decides", columns, rows, LEGEND,
        widths=("15%", "28%", "13%", "30%", "14%"),
    )  # fmt: skip


def _first_reasons(because: Sequence[str]) -> list[str]:
    more = len(because) - REASONS
    return [*because[:REASONS], *([f"and {more} more, see the checklist"] if more > 0 else [])]


def _which(found: Sequence[OptionVerdict]) -> str:
    """Return options by model, a line each, after their number."""
    places: dict[str, list[str]] = {}
    for one in found:
        model, _, place = one.option.partition("@")
        places.setdefault(model, []).append(place.removeprefix("self:"))
    lines = [f"{model}: {', '.join(named)}" for model, named in places.items()]
    return "\n".join([f"{len(found)} option{'s' * (len(found) != 1)}", *lines])


def checklist(compliance: Compliance) -> Table:
    """Return the controls that apply or may, and bear on an assessed option or are advice."""
    shown = [one for one in _live(compliance) if one.options_concerned != 0]
    away = len(compliance.findings) - len(_live(compliance))
    stale = progress_of(compliance).stale
    note = (
        f"{away} further controls do not apply. {stale} of those that do are stale: the day has "
        "passed by which they were to be read again. From memory: no text was checked, so that it "
        "can't put an option OUT."
    )
    return _checklist("Checklist", shown, compliance, note)


def beside(compliance: Compliance) -> Table:
    """Return the controls that apply or may, but bear on none of the assessed options."""
    shown = [one for one in _live(compliance) if one.options_concerned == 0]
    note = "They apply to the team, but decide nothing between the options that it considers."
    return _checklist(
        "Controls that touch none of the options considered", shown, compliance, note,
        on_paper=False,
    )  # fmt: skip


def _live(compliance: Compliance) -> list[Finding]:
    return [one for one in compliance.findings if one.applies != "no"]


def _checklist(
    title: str,
    findings: Iterable[Finding],
    compliance: Compliance,
    note: str,
    *,
    on_paper: bool = True,
) -> Table:
    asked = {one.id for one in compliance.open_questions}
    rows = [
        (
            f"{one.control}\n{one.title}{' (may apply)' if one.applies == 'may' else ''}",
            one.question,
            answered(one) if one.given or one.control in asked else NOT_ASKED,
            Cell(f"{one.citation}\n{BASIS[one.basis]}", "", "; ".join(one.sources)),
            reviewed(one),
            _who(one, compliance.as_of),
            one.evidence,
        )
        for one in findings
    ]
    columns = ("Control", "Question", "Answer", "Rests on", "Stated, read again by", "Owner, due",
               "Evidence")  # fmt: skip
    return Table(
        title, columns, rows, note, folded=True, on_paper=on_paper,
        widths=("15%", "21%", "12%", "16%", "13%", "13%", "10%"),
    )  # fmt: skip


def answered(finding: Finding) -> Cell:
    """Return the answer in words: not answered, expired and don't know are told apart."""
    until = f"\nuntil {finding.valid_until}" if finding.valid_until else ""
    if finding.expired and finding.given:
        words, _ = ANSWERS[finding.given]
        return Cell(f"? expired on {finding.valid_until}, was: {words[2:]}", "amber")
    if finding.given is None:
        return Cell("○ not answered", "amber")
    words, tone = ANSWERS[finding.answer]
    return Cell(f"{words}{until}", tone)


def reviewed(finding: Finding) -> Cell:
    """Return for which day a control is stated; one that is past its review says so."""
    stated = str(finding.stated_as_of or "not dated")
    if finding.review_overdue:
        return Cell(f"{stated}\n⚠ stale: to be read again by {finding.review_by}", "amber")
    return Cell(f"{stated}\nagain by {finding.review_by or 'no stated day'}", "")


def _who(finding: Finding, as_of: date) -> str:
    late = ", overdue" if finding.due and finding.due < as_of and _is_open(finding) else ""
    return f"{finding.owner}\n{f'due {finding.due}{late}' if finding.due else ''}".strip()


def _is_open(finding: Finding) -> bool:
    return finding.answer not in (AnswerWord.MET, AnswerWord.NOT_APPLICABLE)


def questions(compliance: Compliance, *, most: int = 12) -> Table:
    """Return the open questions, most decisive first, with what hangs on each."""
    shown = compliance.open_questions[:most]
    priced = any(one.usd_per_month_at_stake is not None for one in shown)
    rows = [
        (
            one.id,
            one.question,
            one.owner,
            str(one.due or ""),
            str(one.options_it_can_change),
            *([at_stake(one)] if priced else []),
        )
        for one in shown
    ]
    columns = ("Id", "Question", "Who knows", "Due", "Options it can change",
               *(["At stake, USD a month"] if priced else []))  # fmt: skip
    more = len(compliance.open_questions) - len(shown)
    note = left(compliance) + (f" {more} further open questions are not shown." if more else "")
    if priced:
        note += (
            " At stake: how much dearer the cheapest option still possible gets if it is answered "
            "badly; p50, computed."
        )
    widths = (
        ("18%", "38%", "15%", "9%", "10%", "10%") if priced else ("20%", "46%", "15%", "9%", "10%")
    )
    return Table("Open questions, most decisive first", columns, rows, note, widths=widths)


def at_stake(question: OpenQuestion) -> str:
    """Return the money a month that hangs on a question whose options have prices."""
    stake = question.usd_per_month_at_stake
    return "no priced option is left" if stake is None else usd(stake)


def left(compliance: Compliance) -> str:
    """Return the stop signal: how many questions can still change a verdict."""
    count = compliance.questions_left
    if count == 0:
        return "0 questions left that can change a verdict: you can stop."
    return f"{count} question{'s' * (count != 1)} left that can change a verdict."


def by_owner(compliance: Compliance) -> Table:
    """Return what is open, per owner: questions to answer, and what is not met yet."""
    asked = {one.id for one in compliance.open_questions}
    tasks = [
        (one.owner, str(one.due or ""), one.id, f"Answer: {one.question}")
        for one in compliance.open_questions
    ] + [
        (one.owner, str(one.due or ""), one.control, f"Mend: {one.remedy}")
        for one in _live(compliance)
        if one.answer in (AnswerWord.PARTLY, AnswerWord.NOT_MET) and one.control not in asked
    ]
    rows = sorted(tasks, key=lambda task: (task[0].casefold(), task[1] or "9999"))
    columns = ("Owner", "Due", "Id", "What is open")
    return Table(
        "Open points per owner", columns, rows, folded=True, widths=("18%", "12%", "16%", "54%")
    )


def changed(changes: Sequence[Change], since: str) -> Table:
    """Return what differs from an earlier state.

    Args:
        changes: What changed.
        since: Which state that was; empty where there is none to compare with.
    """
    rows = [(KINDS[one.kind], one.what, one.before, one.after) for one in changes]
    columns = ("What", "Which", "Before", "Now")
    if not since:
        note = "There is no earlier complete run of this team to compare with."
        return Table("What changed", columns, rows, note)
    note = "" if rows else "Nothing has changed."
    return Table(f"What changed since {since}", columns, rows, note)
