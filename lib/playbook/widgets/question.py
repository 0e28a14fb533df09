"""One question of the checklist: five buttons, who says so and why, and what hangs on it."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import ipywidgets as widgets
from pydantic import ValidationError

from playbook.compliance.records import Finding, OpenQuestion
from playbook.profile.sections import Answer
from playbook.vocabulary import AnswerWord
from playbook.widgets.finding_words import details, evidence, heading
from playbook.widgets.messages import in_a_line

WORDS = {word.words: word for word in AnswerWord}
TOOLTIPS = [
    "It is done, and somebody can show it",
    "It is done in part",
    "It is not done",
    "Somebody looked at it and does not know yet: name who will find out, by when",
    "It does not apply here: needs a reason and an owner",
]
MARKS = {"Yes": "✓", "Partly": "◐", "No": "✕", "Don't know": "?", "N.A.": "-"}
OPEN_MARK = "<span style='color:#8a5a00'>○ not answered yet</span>"
OPEN_POINT = ("Partly", "No", "Don't know")  # who settles it, by when
ASKED_FOR = {
    "reason": ("N.A.",),
    "owner": (*OPEN_POINT, "N.A."),
    "due": OPEN_POINT,
    "evidence": (),
    "valid_until": (),
}  # otherwise with the details
LABELS = {
    "reason": ("reason", "reason", "280px"),
    "owner": ("owner", "owner (a role)", "230px"),
    "due": ("due", "", "200px"),
    "evidence": ("evidence", "link or file that shows it", "330px"),
    "valid_until": ("valid until", "", "230px"),
}
ROW = {"margin": "0 0 6px 0", "padding": "8px 0 0 0", "border_top": "1px solid #dde3ea"}
Effects = Callable[[str], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Asked:
    """A question as it stands: the finding, the team's answer, what it can still change."""

    finding: Finding
    given: Answer | None
    question: OpenQuestion | None = None


class Question:
    """A row of the form.

    Attributes:
        control: The control that is asked about.
        buttons: Yes, Partly, No, Don't know, N.A.; none pressed until somebody answers.
        fields: Reason, owner, due, evidence and valid_until, by name.
        more: The button that opens the details.
        details: Why it applies, sources and dates, what each answer would do; filled when opened.
        note: What the answer lacks, or what its dates mean.
        box: The row, to be shown.
    """

    def __init__(
        self, asked: Asked, *, as_of: date, on_change: Callable[[], None], effects: Effects
    ) -> None:
        self.control = asked.finding.control
        self._asked, self._as_of, self._on_change = asked, as_of, on_change
        self._effects, self._touched = effects, False
        given = asked.given or Answer()
        is_open = asked.given is None or asked.finding.expired
        self.buttons = widgets.ToggleButtons(
            options=list(WORDS),
            value=None if is_open else given.answer.words,
            tooltips=TOOLTIPS,
            style={"button_width": "100px"},
            tooltip=asked.finding.question,
        )
        self.more = widgets.ToggleButton(
            description="Details",
            icon="caret-right",
            tooltip=f"Why {self.control} is asked, and what each answer would do",
            layout={"width": "100px"},
        )
        self.fields = {name: _field(name, getattr(given, name)) for name in LABELS}
        self.note, self.details = widgets.HTML(), widgets.HTML()
        self._head = widgets.HTML(str(heading(asked.finding, asked.question)))
        buttons = widgets.HBox([self.buttons, self.more], layout={"align_items": "center"})
        fields = widgets.HBox(list(self.fields.values()), layout={"flex_flow": "row wrap"})
        rows = [self._head, buttons, fields, self.note, self.details]
        self.box = widgets.VBox(rows, layout=ROW)
        self._fit()
        self.more.observe(self._opened, names="value")
        self.buttons.observe(self._answered, names="value")
        for one in self.fields.values():
            one.observe(self._typed, names="value")

    @property
    def lacking(self) -> tuple[str, ...]:
        """What N.A. still needs."""
        if self.buttons.value != "N.A.":
            return ()
        return tuple(name for name in ("reason", "owner") if not self.fields[name].value.strip())

    @property
    def problem(self) -> str:
        """Why the row can't be taken as it is, in words; empty if it can."""
        if self.buttons.value is None:
            return ""
        try:
            self._answer()
        except ValidationError as error:
            return in_a_line(error)
        return ""

    def answer(self) -> Answer | None:
        """Return the answer as the row has it; None while nobody has answered.

        N.A. without a reason and an owner counts as unknown, and so does what can't be taken.
        """
        if self.buttons.value is None or not self._touched:
            return self._asked.given
        return Answer() if self.problem else self._answer()

    def show(self, asked: Asked) -> None:
        """Show the question as it stands after an answer somewhere; what was typed stays."""
        self._asked = asked
        self._head.value = str(heading(asked.finding, asked.question))
        if self.more.value:
            self._fill()

    def _answer(self) -> Answer:
        word = AnswerWord.UNKNOWN if self.lacking else WORDS[self.buttons.value]
        typed = {
            name: one.value.strip() if isinstance(one, widgets.Text) else one.value
            for name, one in self.fields.items()
        }
        return Answer(answer=word, **typed)

    def _answered(self, change: dict[str, str | None]) -> None:
        self._touched = True
        ends = self.fields["valid_until"]
        if change["old"] is None and ends.value and ends.value < self._as_of:
            ends.unobserve(self._typed, names="value")
            ends.value = None  # an answer given anew does not end on the old one's day
            ends.observe(self._typed, names="value")
        self._fit()
        self._on_change()

    def _typed(self, _change: object) -> None:
        if self.buttons.value is None:
            self.buttons.value = "Don't know"  # somebody who plans an answer has looked at it
            return
        self._touched = True
        self._fit()
        self._on_change()

    def _opened(self, _change: object) -> None:
        self.more.icon = "caret-down" if self.more.value else "caret-right"
        self._fit()
        if self.more.value:
            self._fill()

    def _fill(self) -> None:
        finding = self._asked.finding
        self.details.value = str(details(finding, [("answered", "computing …")]))
        self.details.value = str(details(finding, self._effects(self.control)))

    def _fit(self) -> None:
        """Show the fields that this answer needs, and what is to be said of them."""
        word = self.buttons.value
        for name, one in self.fields.items():
            one.layout.display = "" if self.more.value or word in ASKED_FOR[name] else "none"
        owner = self.fields["owner"]
        owner.placeholder = "who will find out" if word == "Don't know" else LABELS["owner"][1]
        self.details.layout.display = "" if self.more.value else "none"
        self.note.value = " · ".join(self._notes())

    def _notes(self) -> Iterable[str]:
        if self.buttons.value is None:
            yield OPEN_MARK
            return
        yield f"{MARKS[self.buttons.value]} {self.buttons.value}"  # not by the colour alone
        if self.problem:
            yield f"<b>not possible: {html.escape(self.problem)}</b>"
        if self.lacking:
            yield f"<b>needs {' and '.join(self.lacking)}: not saved, counts as unknown</b>"
        due, ends = self.fields["due"].value, self.fields["valid_until"].value
        if due and due < self._as_of and self.buttons.value in OPEN_POINT:
            yield f"due {due}: overdue"
        if ends and ends < self._as_of:
            yield f"<b>expired on {ends}: counts as unknown</b>"
        if shown := self.fields["evidence"].value.strip():
            yield f"evidence: {evidence(shown)}"


def _field(name: str, value: object) -> widgets.Widget:
    label, placeholder, width = LABELS[name]
    words = {
        "description": label,
        "tooltip": f"{label} of the answer",
        "style": {"description_width": "initial"},
        "layout": {"width": width},
    }
    if name in ("due", "valid_until"):
        return widgets.DatePicker(value=value, **words)
    return widgets.Text(value=value, placeholder=placeholder, continuous_update=False, **words)
