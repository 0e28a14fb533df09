"""The checklist form: answer a question and see at once which options it changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets
import plotly.graph_objects as go
from pydantic import ValidationError

from playbook.compliance.records import Compliance
from playbook.errors import PlaybookError
from playbook.profile import save_profile
from playbook.profile.sections import Answer, Data
from playbook.widgets.explore import in_workshop, save_button, saved
from playbook.widgets.live_figure import LiveFigure
from playbook.widgets.messages import MessageLine
from playbook.widgets.question import Asked, Question
from playbook.widgets.strip import Strip, progress

Assess = Callable[[Data], Compliance]
Show = Callable[[Compliance], go.Figure]


def answer(
    assess: Assess,
    data: Data,
    *,
    show: Show,
    interactive: bool | None = None,
    questions: int = 8,
    save_to: Path | None = None,
) -> go.Figure | widgets.Widget:
    """Show the verdicts, with the checklist as a form when in a workshop.

    Args:
        assess: Takes the data section, returns the compliance record.
        data: The data section with the answers so far.
        show: Takes the record, returns a figure.
        interactive: True for widgets, False for the plain figure, None to find out.
        questions: Open questions to show, the most decisive first.
        save_to: Params file that *Save to params* writes to; without it there is no button.
    """
    record = assess(data)
    if not in_workshop(interactive):
        return show(record)
    return AnswerForm(assess, data, record, show=show, most=questions, save_to=save_to).box


class AnswerForm:
    """Questions, a strip that says what the last answer changed, and a live figure.

    Attributes:
        box: The whole form, to be shown.
        questions: By control id: the open ones, most decisive first, then the answered ones.
        strip: The verdicts' counts and the last change.
        message: What happened last.
        figure: The verdicts.
        save: The button *Save to params*.
    """

    def __init__(
        self,
        assess: Assess,
        data: Data,
        record: Compliance,
        *,
        show: Show,
        most: int,
        save_to: Path | None,
    ) -> None:
        self._assess, self._data, self._show, self._save_to = assess, data, show, save_to
        self._saved, self._last = data, record
        open_ones, answered = _to_ask(record, data, most)
        rows = [Question(one, self._on_answer) for one in (*open_ones, *answered)]
        self.questions = {one.control: one for one in rows}
        self.strip = Strip(record)
        self.message = MessageLine()
        self.message.say(progress(record, data))
        self.figure = LiveFigure(show(record))
        self.save = save_button(save_to)
        self.save.on_click(self._on_save)
        boxes = [one.box for one in rows]
        lists = widgets.Accordion(
            [widgets.VBox(boxes[: len(open_ones)]), widgets.VBox(boxes[len(open_ones) :])],
            titles=(f"Open questions ({len(open_ones)})", f"Answered ({len(answered)})"),
            selected_index=0 if open_ones else 1,
        )
        last = [self.save, self.message.widget] if save_to else [self.message.widget]
        self.box = widgets.VBox([lists, self.strip.widget, widgets.HBox(last), self.figure.box])

    def _on_answer(self) -> None:
        self.message.say("computing …")
        try:
            data = self._data.changed(answers={**self._data.answers, **self._given()})
            record = self._assess(data)
        except (ValidationError, PlaybookError, ValueError) as error:
            self.message.warn("Not possible, the figure shows the last good answers", error)
            return
        self._data = data
        self.strip.show(self._last, record)
        self._last = record
        self.figure.draw(self._show(record))
        self.message.say(self._lacking() or progress(record, data))

    def _given(self) -> dict[str, Answer]:
        answers = {name: one.answer() for name, one in self.questions.items()}
        return {name: one for name, one in answers.items() if one is not None}

    def _lacking(self) -> str:
        """Return in words which N.A. lacks what; empty if none does."""
        lacking = [
            f"{one.control}: N.A. needs {' and '.join(one.lacking)}"
            for one in self.questions.values()
            if one.lacking
        ]
        return "; ".join([*lacking, "it counts as unknown until then"]) if lacking else ""

    def _on_save(self, _button: object) -> None:
        if lacking := self._lacking():
            self.message.warn(f"Not saved: {lacking}")
            return
        updates = self._updates()
        try:
            if updates and self._save_to:
                save_profile(updates, self._save_to)
        except (ValidationError, PlaybookError, OSError) as error:
            self.message.warn("Not saved", error)
        else:
            count = len({path.split(".")[2] for path in updates})
            self._saved = self._data
            self.message.say(saved(count, "answer", self._save_to))

    def _updates(self) -> dict[str, object]:
        """Return the changed leaves by path: whole answers if new, else what differs in them."""
        updates: dict[str, object] = {}
        for control, now in self._data.answers.items():
            before, path = self._saved.answers.get(control), f"data.answers.{control}"
            plain = now.model_dump(mode="json")
            if before is None:
                rest = now.model_dump(mode="json", exclude_defaults=True)
                updates[path] = {"answer": plain["answer"], **rest}
                continue
            old = before.model_dump(mode="json")
            updates |= {f"{path}.{name}": one for name, one in plain.items() if one != old[name]}
        return updates


def _to_ask(record: Compliance, data: Data, most: int) -> tuple[list[Asked], list[Asked]]:
    """Return the open questions, most decisive first, and the questions answered already."""
    by_control = {one.control: one for one in record.findings}
    changes = {one.id: one.options_it_can_change for one in record.open_questions}
    open_ones = [name for name in changes if name in by_control][:most]
    answered = [name for name in data.answers if name in by_control and name not in open_ones]
    asked = [
        [Asked(by_control[name], data.answers.get(name), changes.get(name, 0)) for name in names]
        for names in (open_ones, answered)
    ]
    return asked[0], asked[1]
