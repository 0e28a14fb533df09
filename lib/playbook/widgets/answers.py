"""The checklist form: five answers a question, the options' verdicts change at once."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets
import plotly.graph_objects as go

from playbook.compliance.records import Compliance, Finding
from playbook.errors import PlaybookError
from playbook.profile import save_profile
from playbook.profile.sections import Answer, Data
from playbook.vocabulary import AnswerWord, Verdict
from playbook.widgets.explore import in_workshop
from playbook.widgets.live_figure import LiveFigure

Assess = Callable[[Data], Compliance]
WORDS = {
    "Yes": AnswerWord.MET,
    "Partly": AnswerWord.PARTLY,
    "No": AnswerWord.NOT_MET,
    "Don't know": AnswerWord.UNKNOWN,
    "N.A.": AnswerWord.NOT_APPLICABLE,
}


def answer(
    assess: Assess,
    data: Data,
    *,
    show: Callable[[Compliance], go.Figure],
    interactive: bool | None = None,
    questions: int = 8,
    save_to: Path | None = None,
) -> go.Figure | widgets.Widget:
    """Show the verdicts, with the open questions as a form when in a workshop.

    Args:
        assess: Takes the data section, returns the compliance record.
        data: The data section with the answers so far.
        show: Takes the record, returns a figure.
        interactive: True for widgets, False for the plain figure, None to find out.
        questions: Questions to show, the most decisive first.
        save_to: Params file that *Save to params* writes to.
    """
    record = assess(data)
    if not in_workshop(interactive):
        return show(record)
    return AnswerForm(assess, data, record, show=show, most=questions, save_to=save_to).box


class AnswerForm:
    """Questions, a strip that says what the last answer changed, and a live figure."""

    def __init__(
        self,
        assess: Assess,
        data: Data,
        record: Compliance,
        *,
        show: Callable[[Compliance], go.Figure],
        most: int,
        save_to: Path | None,
    ) -> None:
        self._assess, self._data, self._show, self._save_to = assess, data, show, save_to
        self._saved, self._last = data, record
        self.strip = widgets.HTML(_counts(record))
        self.figure = LiveFigure(show(record))
        self.save = widgets.Button(description="Save to params", icon="save")
        self.save.on_click(self._on_save)
        rows = [self._row(one) for one in _asked(record, most)]
        self.box = widgets.VBox([*rows, self.save, self.strip, self.figure.box])

    def _row(self, finding: Finding) -> widgets.Widget:
        why = f"{finding.control}, {finding.citation} ({finding.basis})"
        text = widgets.HTML(
            f"<b>{html.escape(finding.question)}</b> <span style='color:#5f6c7b'>"
            f"{html.escape(why)}</span>"
        )
        names = {word: name for name, word in WORDS.items()}
        given = finding.control in self._data.answers
        buttons = widgets.ToggleButtons(
            options=list(WORDS), value=names[finding.answer] if given else None
        )
        reason = widgets.Text(placeholder="reason (needed for N.A.)")
        owner = widgets.Text(placeholder="owner (needed for N.A.)")
        for one in (buttons, reason, owner):
            one.observe(
                lambda _change: self._on_answer(finding.control, buttons, reason, owner),
                names="value",
            )
        return widgets.VBox([text, widgets.HBox([buttons, reason, owner])])

    def _on_answer(
        self,
        control: str,
        buttons: widgets.ToggleButtons,
        reason: widgets.Text,
        owner: widgets.Text,
    ) -> None:
        if buttons.value is None:
            return
        word = WORDS[buttons.value]
        if word is AnswerWord.NOT_APPLICABLE and not (reason.value and owner.value):
            self.strip.value = "N.A. needs a reason and an owner; it counts as unknown until then."
            return
        given = Answer(answer=word, reason=reason.value, owner=owner.value)
        self._data = self._data.changed(answers={**self._data.answers, control: given})
        record = self._assess(self._data)
        self.strip.value = _counts(record) + _changes(self._last, record)
        self._last = record
        self.figure.draw(self._show(record))

    def _on_save(self, _button: object) -> None:
        updates = {
            f"data.answers.{control}": given.model_dump(mode="json", exclude_defaults=True)
            for control, given in self._data.answers.items()
            if given != self._saved.answers.get(control)
        }
        try:
            if updates and self._save_to:
                save_profile(updates, self._save_to)
        except (PlaybookError, OSError) as error:
            self.strip.value = "Not saved: " + html.escape(str(error)).replace("\n", "<br>")
        else:
            self._saved = self._data
            where = html.escape(self._save_to.name) if self._save_to else "nowhere"
            self.strip.value = f"Saved {len(updates)} answers to {where}"


def _asked(record: Compliance, most: int) -> list[Finding]:
    by_control = {one.control: one for one in record.findings}
    order = [one.id for one in record.open_questions if one.id in by_control]
    return [by_control[name] for name in order[:most]]


def _counts(record: Compliance) -> str:
    counts = Counter(one.verdict for one in record.verdicts)
    return "<b>" + ", ".join(f"{counts[word]} {word.value}" for word in Verdict) + "</b>"


def _changes(before: Compliance, after: Compliance) -> str:
    old = {one.option: one.verdict for one in before.verdicts}
    changed = [one for one in after.verdicts if old.get(one.option) is not one.verdict]
    if not changed:
        return "<br>The answer changed no option."
    shown = ", ".join(
        html.escape(f"{one.option}: {old.get(one.option)} → {one.verdict}") for one in changed[:6]
    )
    more = f" and {len(changed) - 6} more" if len(changed) > 6 else ""  # noqa: PLR2004  six fit a line
    return f"<br>{len(changed)} options changed: {shown}{more}"
