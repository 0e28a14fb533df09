"""One question of the checklist: five buttons, who says so and why, and what hangs on it."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as widgets

from playbook.compliance.records import Finding
from playbook.profile.sections import Answer
from playbook.vocabulary import AnswerWord

WORDS = {
    "Yes": AnswerWord.MET,
    "Partly": AnswerWord.PARTLY,
    "No": AnswerWord.NOT_MET,
    "Don't know": AnswerWord.UNKNOWN,
    "N.A.": AnswerWord.NOT_APPLICABLE,
}
NAMES = {word: name for name, word in WORDS.items()}
TOOLTIPS = [
    "It is done, and somebody can show it",
    "It is done in part",
    "It is not done",
    "Somebody looked at it and does not know yet: name who will find out",
    "It does not apply here: needs a reason and an owner",
]
MUTED = "color:#5f6c7b"
OPEN_MARK = "<span style='color:#8a5a00'>○ not answered yet</span>"


@dataclass(frozen=True)
class Asked:
    """A question as it stands: the finding, the team's answer, what it can still change."""

    finding: Finding
    given: Answer | None
    can_change: int = 0

    @property
    def expired(self) -> bool:
        """Whether the answer given no longer counts."""
        return self.given is not None and self.given.answer is not self.finding.answer


class Question:
    """A row of the form.

    Attributes:
        control: The control that is asked about.
        buttons: Yes, Partly, No, Don't know, N.A.; none pressed until somebody answers.
        reason: Why; asked for with N.A.
        owner: Who answers for it; asked for with N.A. and Don't know.
        box: The row, to be shown.
    """

    def __init__(self, asked: Asked, on_change: Callable[[], None]) -> None:
        self.control = asked.finding.control
        self._given, self._expired, self._on_change = asked.given, asked.expired, on_change
        word = None if asked.given is None or asked.expired else NAMES[asked.given.answer]
        self.buttons = widgets.ToggleButtons(
            options=list(WORDS),
            value=word,
            tooltips=TOOLTIPS,
            style={"button_width": "112px"},
            tooltip=asked.finding.question,
        )
        self.reason = _text("reason", asked.given.reason if asked.given else "", "320px")
        self.owner = _text("owner", asked.given.owner if asked.given else "", "200px")
        self._mark = widgets.HTML()
        self.box = widgets.VBox(
            [
                widgets.HTML(_words(asked)),
                widgets.HBox([self.buttons, self._mark]),
                widgets.HBox([self.reason, self.owner]),
            ],
            layout={"margin": "0 0 10px 0"},
        )
        self._fit()
        for one in (self.buttons, self.reason, self.owner):
            one.observe(self._changed, names="value")

    @property
    def lacking(self) -> tuple[str, ...]:
        """What N.A. still needs."""
        if self.buttons.value is None or WORDS[self.buttons.value] is not AnswerWord.NOT_APPLICABLE:
            return ()
        wanted = {"reason": self.reason.value, "owner": self.owner.value}
        return tuple(name for name, text in wanted.items() if not text.strip())

    def answer(self) -> Answer | None:
        """Return the answer as the row has it now; None while nobody has answered.

        N.A. without a reason and an owner counts as unknown.
        """
        if self.buttons.value is None:
            return self._given
        word = AnswerWord.UNKNOWN if self.lacking else WORDS[self.buttons.value]
        before = self._given or Answer()
        renewed = {"valid_until": None} if self._expired or word is not before.answer else {}
        return before.changed(
            answer=word,
            reason=self.reason.value.strip(),
            owner=self.owner.value.strip(),
            **renewed,
        )

    def _changed(self, _change: object) -> None:
        self._fit()
        self._on_change()

    def _fit(self) -> None:
        """Show the fields that this answer needs, and whether there is one."""
        word = WORDS[self.buttons.value] if self.buttons.value else None
        asks_why = word is AnswerWord.NOT_APPLICABLE
        asks_who = asks_why or word is AnswerWord.UNKNOWN
        self.reason.layout.display = "" if asks_why else "none"
        self.owner.layout.display = "" if asks_who else "none"
        self.owner.placeholder = "owner (needed)" if asks_why else "who will find out"
        lacking = " and ".join(self.lacking)
        self._mark.value = (
            OPEN_MARK if word is None else f"<b>needs {lacking}</b>" if lacking else ""
        )


def _text(name: str, value: str, width: str) -> widgets.Text:
    return widgets.Text(
        value=value,
        placeholder=f"{name} (needed)",
        tooltip=f"{name} of the answer",
        continuous_update=False,
        layout={"width": width},
    )


def _words(asked: Asked) -> str:
    """Return the question with its citation, why it applies and what hangs on it, escaped."""
    one = asked.finding
    facts = [f"{one.control}, {one.citation} ({one.basis})", one.why]
    if asked.can_change:
        facts.append(f"can still change {asked.can_change} options")
    if asked.expired and asked.given:
        facts.append(f"the answer of before expired on {asked.given.valid_until}")
    said = html.escape("; ".join(fact for fact in facts if fact))
    return f"<b>{html.escape(one.question)}</b><br><span style='{MUTED}'>{said}</span>"
