"""The checklist on paper: verdicts, open questions by owner with fields for a pen, answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from playbook.compliance.records import Compliance, Finding, OpenQuestion, OptionVerdict
from playbook.exports.answer_sheet import asked, is_expired
from playbook.exports.cells import one_line
from playbook.profile import Profile
from playbook.profile.sections import Answer
from playbook.report.templating import render_template
from playbook.vocabulary import AnswerWord, Verdict

BASIS = {
    "sourced": "text read",
    "secondary": "commentary read",
    "house": "house rule",
    "memory": "from memory, citation not checked",
}
VERDICT_MARKS = {Verdict.OUT: "✕", Verdict.UNDETERMINED: "?", Verdict.CONDITIONAL: "!"}
ANSWER_MARKS = {AnswerWord.MET: "✓", AnswerWord.PARTLY: "◐", AnswerWord.NOT_MET: "✕"}
CHOICES = tuple(word.words for word in AnswerWord)
SHOWN = 4
CONFIRM = ("Yes", "No")


@dataclass(frozen=True)
class VerdictRow:
    """Options on which the controls say the same for the same reasons."""

    mark: str
    verdict: str
    count: int
    models: dict[str, str]
    """Where each model would run, by model."""
    because: tuple[str, ...]
    answers: str
    """Shortest list of questions that settles it."""
    todo: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """An open question with its blank fields."""

    id: str
    question: str
    facts: tuple[str, ...]
    stale: str
    options: int
    choices: tuple[str, ...]
    due: str
    said: str


@dataclass(frozen=True)
class Said:
    """An answered question."""

    id: str
    question: str
    rests_on: str
    stale: str
    mark: str
    answer: str
    owner: str
    due: str
    reason: str
    evidence: str
    valid_until: str


def checklist_page(profile: Profile, compliance: Compliance, *, run_name: str = "") -> str:
    """Return the checklist of a team as one page without scripts, to be read or printed.

    Args:
        profile: The team's profile, with the answers given.
        compliance: The outcome for it.
        run_name: Run that it belongs to; empty outside a run.
    """
    told = [one for one in compliance.findings if one.applies != "no"]
    team = profile.team.title or profile.team.name
    return render_template(
        "checklist.html.j2",
        style="checklist.css",
        team=team,
        owner=profile.team.owner,
        run_name=run_name,
        compliance=compliance,
        page_left=css_string(f"{team}: compliance checklist"),
        page_right=css_string(f"as of {compliance.as_of}"),
        verdicts=_verdicts(compliance.verdicts),
        owners=_owners(profile, compliance),
        answers=_answers(profile, compliance),
        overdue=sum(one.review_overdue for one in told),
        asked_nowhere=_asked_nowhere(profile, compliance),
        sources=_sources(told),
        basis=BASIS,
    )


def css_string(text: str) -> Markup:
    r"""Return text as a CSS string in which nothing can end the string or the style element.

    Example:
        >>> str(css_string('A "b"</style>'))
        '"A \\22 b\\22 \\3c \\2f style\\3e "'
    """
    safe = (
        char if char == " " or (char.isascii() and char.isalnum()) else f"\\{ord(char):x} "
        for char in one_line(text)
    )
    return Markup(f'"{"".join(safe)}"')  # noqa: S704  escaped for CSS here


def _verdicts(verdicts: Iterable[OptionVerdict]) -> list[VerdictRow]:
    worst_first = list(Verdict)

    def reasons(one: OptionVerdict) -> tuple[object, ...]:
        return (worst_first.index(one.verdict), one.because, one.conditions, one.questions)

    ordered = sorted(
        (each.in_general() for each in verdicts), key=lambda one: (reasons(one), one.option)
    )
    return [_verdict(list(group)) for _, group in groupby(ordered, reasons)]


def _verdict(group: Sequence[OptionVerdict]) -> VerdictRow:
    first = group[0]
    duties = [one.partition(":")[0] for one in first.conditions]
    return VerdictRow(
        mark=VERDICT_MARKS.get(first.verdict, "✓"),
        verdict=first.verdict.value,
        count=len(group),
        models=_models([one.option for one in group]),
        because=_shortened(first.because, first.controls) or ("No control stands against it.",),
        answers=", ".join(first.questions),
        todo=_shortened(first.conditions, duties),
    )


def _shortened(lines: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Return a few lines as they are; of many the controls only, which the lists below explain."""
    return tuple(lines) if len(lines) <= SHOWN else (f"{len(names)}: {', '.join(names)}",)


def _models(options: Iterable[str]) -> dict[str, str]:
    """Return option ids `model@where` by model, where it would run joined by commas."""
    parted = sorted(one.partition("@") for one in options)
    return {
        model: ", ".join(where for _, _, where in group)
        for model, group in groupby(parted, key=lambda one: one[0])
    }


def _owners(profile: Profile, compliance: Compliance) -> dict[str, list[Asked]]:
    """Return the open questions by role, the one that can change most options first."""
    findings = {one.control: one for one in compliance.findings}
    groups: dict[str, list[Asked]] = {}
    for one in compliance.open_questions:
        given = profile.data.answers.get(one.id)
        groups.setdefault(one.owner, []).append(_open(one, findings.get(one.id), given))
    return groups


def _open(question: OpenQuestion, finding: Finding | None, given: Answer | None) -> Asked:
    due = str(question.due or "")
    options = question.options_it_can_change
    if finding is None:
        return Asked(question.id, question.question, (), "", options, (), due, "")
    may = "may apply" if finding.applies == "may" else "applies"
    why = "applies to everyone" if finding.why == "always" else f"{may} because {finding.why}"
    gone = f"answer expired on {finding.valid_until}" if is_expired(finding, given) else ""
    return Asked(
        id=question.id,
        question=question.question,
        facts=(why, _rests_on(finding)),
        stale=_stale(finding),
        options=options,
        choices=CHOICES if finding.answer is AnswerWord.UNKNOWN else CONFIRM,
        due=due,
        said="; ".join(part for part in (gone, finding.reason, finding.evidence) if part),
    )


def _answers(profile: Profile, compliance: Compliance) -> list[Said]:
    given = profile.data.answers
    found = asked(profile, compliance, answered=True)
    kept = [one for one in found if one.answer is not AnswerWord.UNKNOWN and one.control in given]
    return [_said(one) for one in sorted(kept, key=lambda one: one.control)]


def _said(finding: Finding) -> Said:
    return Said(
        id=finding.control,
        question=finding.question,
        rests_on=_rests_on(finding),
        stale=_stale(finding),
        mark=ANSWER_MARKS.get(finding.answer, "-"),
        answer=finding.answer.words,
        owner=finding.owner,
        due=str(finding.due or ""),
        reason=finding.reason,
        evidence=finding.evidence,
        valid_until=str(finding.valid_until or ""),
    )


def _rests_on(finding: Finding) -> str:
    """Return a control's citation, what was read for it, and the day for which it is stated."""
    day = f"stated as of {finding.stated_as_of}" if finding.stated_as_of else ""
    read = "" if finding.citation == BASIS[finding.basis] else BASIS[finding.basis]
    return f"{finding.citation} ({', '.join(part for part in (read, day) if part)})"


def _stale(finding: Finding) -> str:
    if not finding.review_overdue:
        return ""
    return f"STALE: to be read again by {finding.review_by or 'a day that has passed'}"


def _asked_nowhere(profile: Profile, compliance: Compliance) -> int:
    """Return how many controls apply, are unanswered, and bear on no option considered."""
    everything = asked(profile, compliance, answered=True)
    unknown = sum(one.answer is AnswerWord.UNKNOWN for one in everything)
    return unknown - len(asked(profile, compliance, answered=False))


def _sources(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Return each text that a control shown rests on, with those controls."""
    controls: dict[str, list[str]] = {}
    for one in findings:
        for text in one.sources:
            controls.setdefault(text, []).append(one.control)
    return [(text, ", ".join(names)) for text, names in sorted(controls.items())]
