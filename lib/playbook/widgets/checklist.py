"""The checklist as a form: facts first, then the questions that decide; each answer is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import ipywidgets as widgets
import plotly.graph_objects as go
from pydantic import ValidationError

from playbook.compliance import changes_between
from playbook.compliance.records import Compliance, OpenQuestion
from playbook.errors import PlaybookError
from playbook.profile import Profile
from playbook.profile.sections import Answer
from playbook.report.compliance_tables import changed
from playbook.stages.before import Before
from playbook.vocabulary import AnswerWord
from playbook.widgets.autosave import ANSWERS, CONTRACTS, Autosave
from playbook.widgets.facts_form import FactsForm, contracts_asked
from playbook.widgets.live_figure import LiveFigure
from playbook.widgets.open_fact import OpenFact
from playbook.widgets.question import Asked, Question
from playbook.widgets.save_line import SaveLine
from playbook.widgets.strip import Strip, changes

Assess = Callable[[Profile], Compliance]
Show = Callable[[Compliance], go.Figure]
FACTS, QUESTIONS, ANSWERED, CHANGED = "1 Facts", "2 Questions", "3 Answered", "4 What changed"
VIEWS = {
    FACTS: "asked once; they decide which controls apply",
    QUESTIONS: "the one that can change most comes first",
    ANSWERED: "change an answer, its owner, evidence or dates",
    CHANGED: "against the opening of this form, and the last complete run",
}
ALONE = "no option changes by this alone"
MOST = 12  # open questions that are shown at first
OPENED = "this form was opened"
SCREEN = {
    "max_height": "640px",
    "overflow": "auto",
    "border": "1px solid #dde3ea",
    "padding": "6px",
}


class Checklist:
    """Facts, questions in the order of what they decide, verdicts, and a save after each answer.

    Attributes:
        box: The whole form, to be shown.
        views: The buttons that switch between facts, questions, answered ones and what changed.
        rows: The questions built so far, by control id.
        strip: What is left, the verdicts' counts and the last change.
        saving: Whether and where the last answer was saved, and what to do if not.
        figure: The verdicts.
        again: The button that sorts the questions anew.
    """

    def __init__(
        self,
        assess: Assess,
        profile: Profile,
        *,
        facts: Sequence[str],
        show: Show,
        save: Autosave,
        before: Before | None = None,
    ) -> None:
        self._assess, self._show, self._paths = assess, show, facts
        self._before = before or Before()
        self.saving = SaveLine(save, on_again=self._save, on_read=self._read_again)
        self.again = _button("Sort again", "sort", "Most decisive question first", self._arrange)
        self._all = _button(
            "Show all", "ellipsis-h", "Also what changes no verdict", self._show_all
        )
        self._list = widgets.VBox(layout={"flex": "0 0 auto"})  # else its rows are squeezed
        self._screen = widgets.VBox([self._list], layout=SCREEN)
        self._start(profile, assess(profile))
        self._opened = (self._profile, self._record)
        self.strip = Strip(self._record)
        self.figure = LiveFigure(show(self._record))
        facts_open = any(one.id in facts for one in self._record.open_questions)
        self.views = widgets.ToggleButtons(
            options=list(VIEWS),
            value=FACTS if facts_open else QUESTIONS,
            style={"button_width": "140px"},
            tooltips=list(VIEWS.values()),
        )
        self.views.observe(self._switch, names="value")
        self._switch()
        self.box = widgets.VBox(
            [self.views, self.strip.widget, self.saving.box, self._screen, self.figure.box]
        )

    def _start(self, profile: Profile, record: Compliance) -> None:
        """Begin from a profile as it was read: nothing typed, nothing built."""
        self._profile, self._record = profile, record
        self.rows: dict[str, Question] = {}
        self._open_facts: dict[str, OpenFact] = {}
        self._facts: FactsForm | None = None
        self._limit: int | None = MOST
        self._order = self._asked_now()

    @property
    def facts(self) -> FactsForm:
        """The screen of facts, built when it is first looked at."""
        if self._facts is None:
            self._facts = FactsForm(self._profile, self._paths, on_change=self._on_fact)
            self._facts.ask_contracts(contracts_asked(self._record))
        return self._facts

    def question(self, control: str) -> Question:
        """Return the row of a control, built when it is first looked at."""
        if control not in self.rows:
            self.rows[control] = Question(
                self._asked(control),
                as_of=self._record.as_of,
                on_change=self._on_answer,
                effects=self._effects,
            )
        return self.rows[control]

    def _asked(self, control: str) -> Asked:
        finding = next(one for one in self._record.findings if one.control == control)
        return Asked(finding, self._profile.data.answers.get(control), self._open().get(control))

    def _open(self) -> dict[str, OpenQuestion]:
        return {one.id: one for one in self._record.open_questions}

    def _asked_now(self) -> list[str]:
        return [one.id for one in self._record.open_questions]

    def _on_fact(self) -> None:
        if self._on_change():
            self._order = self._asked_now()

    def _on_answer(self) -> None:
        self._on_change()

    def _on_change(self) -> bool:
        """Save what was answered, then judge anew; return whether that was possible."""
        try:
            self._profile = self._now()
            self._save()  # first: nothing that comes after can lose the answer
            record = self._assess(self._profile)
        except (ValidationError, PlaybookError, ValueError) as error:
            self.saving.message.warn("Not possible, the figure shows the last good answers", error)
            return False
        self.strip.show(self._record, record)
        self._record = record
        self.figure.draw(self._show(record))
        self._refresh()
        return True

    def _now(self) -> Profile:
        """Return the profile with all that the form has."""
        profile = self._facts.onto(self._profile) if self._facts else self._profile
        given = {name: one.answer() for name, one in self.rows.items()}
        answers = {name: one for name, one in given.items() if one is not None}
        data = profile.data.changed(answers={**profile.data.answers, **answers})
        return profile.changed(data=data)

    def _refresh(self) -> None:
        known = {one.control for one in self._record.findings}
        for control, row in self.rows.items():
            if control in known:
                row.show(self._asked(control))
        for name, one in self._open().items():
            if name in self._open_facts:
                self._open_facts[name].show(one)
        if self._facts is not None:
            self._facts.ask_contracts(contracts_asked(self._record))

    def _save(self) -> None:
        lacking = {
            f"{ANSWERS}{name}": f"N.A. needs {' and '.join(row.lacking)}"
            if row.lacking
            else row.problem
            for name, row in self.rows.items()
            if row.lacking or row.problem
        }
        self.saving.save(self._profile, lacking)

    def _read_again(self, profile: Profile) -> None:
        record = self._assess(profile)
        self.strip.show(self._record, record)
        self._start(profile, record)
        self.figure.draw(self._show(record))
        self._switch()

    def _effects(self, control: str) -> Iterator[tuple[str, str]]:
        """Yield what each answer to a control would do to the options."""
        answers = self._profile.data.answers
        now = answers.get(control)
        for word in AnswerWord:
            if now is not None and now.answer is word:
                yield word.words, "as it is now"
                continue
            supposed = Answer(answer=word, reason="supposed", owner="supposed")
            data = self._profile.data.changed(answers={**answers, control: supposed})
            then = self._assess(self._profile.changed(data=data))
            moved = changes(self._record, then, verb="change")
            moved = ALONE if moved.startswith("0 ") else moved
            yield word.words, f"{moved}; questions left: {then.questions_left}"

    def _arrange(self) -> None:
        self._order = self._asked_now()
        self._switch()

    def _show_all(self) -> None:
        self._limit = None
        self._switch()

    def _switch(self, _change: object = None) -> None:
        shown = {
            FACTS: lambda: [self.facts.box],
            QUESTIONS: self._question_boxes,
            ANSWERED: self._answered_boxes,
            CHANGED: self._changed_tables,
        }[self.views.value]
        name = self.views.value  # told in words too: pressed or not is a shade of grey
        head = widgets.HTML(f"<b>{name}</b>: {VIEWS[name]}")
        self._list.children = (head, *shown())

    def _question_boxes(self) -> list[widgets.Widget]:
        shown = self._order[: self._limit]
        boxes = [box for name in shown if (box := self._box(name))]
        more = [self._all] if len(shown) < len(self._order) else []
        none = [] if boxes else [widgets.HTML("No question is open.")]
        return [widgets.HBox([self.again, *more]), *boxes, *none]

    def _box(self, name: str) -> widgets.Widget | None:
        if any(one.control == name for one in self._record.findings):
            return self.question(name).box
        asked = self._open().get(name)
        if asked and name not in self._open_facts:
            here = name.startswith(CONTRACTS) or name in self.facts.controls
            go = partial(self._go_to_fact, name) if here else None
            self._open_facts[name] = OpenFact(asked, go=go)
        return self._open_facts[name].box if name in self._open_facts else None

    def _go_to_fact(self, name: str) -> None:
        if name.startswith(CONTRACTS):
            self.facts.ask_contracts([name.removeprefix(CONTRACTS)], most=None)
        self.views.value = FACTS

    def _answered_boxes(self) -> list[widgets.Widget]:
        asked = self._open()
        names = [
            one.control
            for one in self._record.findings
            if one.given is not None
            and (one.answer is not AnswerWord.UNKNOWN or one.control not in asked)
        ]
        none = [widgets.HTML("Nothing is answered yet.")]
        return [self.question(name).box for name in names] or none

    def _changed_tables(self) -> list[widgets.Widget]:
        now = (self._profile, self._record)
        tables = (
            changed(changes_between(self._opened, now), OPENED),
            changed(self._before.changes_to(*now), self._before.run),
        )
        return [widgets.HTML(one._repr_html_()) for one in tables]


def _button(name: str, icon: str, tooltip: str, click: Callable[[], None]) -> widgets.Button:
    button = widgets.Button(description=name, icon=icon, tooltip=tooltip, layout={"width": "140px"})
    button.on_click(lambda _button: click())
    return button
