"""The form of `explore`: controls for a section's fields, and the figure that they move."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import plotly.graph_objects as go
from pydantic import ValidationError

from playbook.errors import PlaybookError
from playbook.profile import save_profile
from playbook.records import Record
from playbook.widgets.controls import FieldControl, controls_of, section_name
from playbook.widgets.live_figure import LiveFigure
from playbook.widgets.messages import MessageLine

Verb = Callable[[Any], Any]
Show = Callable[[Any], go.Figure]


class Explorer:
    """The form: controls, a message line, a save button and a live figure.

    Attributes:
        box: The whole form, to be shown.
        controls: One per field, in the order of the keyboard.
        message: What happened last.
        figure: What the last good values give.
        save: The button *Save to params*.
    """

    def __init__(
        self,
        verb: Verb,
        section: Record,
        *,
        show: Show,
        fields: tuple[str, ...],
        save_to: Path | None,
    ) -> None:
        self._verb, self._section, self._show, self._save_to = verb, section, show, save_to
        self._saved = section
        self.controls: list[FieldControl] = controls_of(section, fields)
        self.message = MessageLine()
        self.figure = LiveFigure(show(verb(section)))
        self.save = save_button(save_to)
        self.save.on_click(self._on_save)
        for one in self.controls:
            one.input.observe(self._on_change, names="value")
        last = [widgets.HBox([self.save, self.message.widget])] if save_to else []
        below = last or [self.message.widget]
        self.box = widgets.VBox([*(one.widget for one in self.controls), *below, self.figure.box])

    def _section_now(self) -> Record:
        return self._section.changed(**{one.name: one.value() for one in self.controls})

    def _on_change(self, _change: object) -> None:
        self.message.say("computing …")
        try:
            self.figure.draw(self._show(self._verb(self._section_now())))
        except (ValidationError, PlaybookError, ValueError) as error:
            self.message.warn("Not possible, the figure shows the last good values", error)
        else:
            self.message.say("")

    def _on_save(self, _button: object) -> None:
        try:
            section = self._section_now()
            updates = self._updates(section)
            if updates and self._save_to:
                save_profile(updates, self._save_to)
        except (ValidationError, PlaybookError, OSError) as error:
            self.message.warn("Not saved", error)
        else:
            self._saved = section
            self.message.say(saved(len(updates), "value", self._save_to))

    def _updates(self, section: Record) -> dict[str, object]:
        name, plain = section_name(section), section.model_dump(mode="json")
        return {
            f"{name}.{one.name}": plain[one.name]
            for one in self.controls
            if getattr(section, one.name) != getattr(self._saved, one.name)
        }


def save_button(save_to: Path | None) -> widgets.Button:
    """Return the button *Save to params*, naming the file it writes to."""
    where = f"Write what you changed to {save_to}" if save_to else ""
    return widgets.Button(description="Save to params", icon="save", tooltip=where)


def saved(count: int, what: str, save_to: Path | None) -> str:
    """Return the words that say what was saved."""
    if not count:
        return "Nothing has changed since the last save"
    where = save_to.name if save_to else "nowhere"
    return f"Saved {count} {what}{'s' * (count != 1)} to {where}"
