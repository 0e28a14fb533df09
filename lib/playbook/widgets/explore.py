"""`explore`: one line that is a figure in batch and a form with a live figure in a workshop."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import ipywidgets as widgets
import plotly.graph_objects as go
from pydantic import ValidationError

from playbook.errors import PlaybookError
from playbook.profile import save_profile
from playbook.records import Record
from playbook.widgets.controls import FieldControl, controls_of, section_name
from playbook.widgets.live_figure import LiveFigure
from playbook.widgets.messages import MessageLine

AnySection = TypeVar("AnySection", bound=Record)
Verb = Callable[[Any], Any]
Show = Callable[[Any], go.Figure]


def in_workshop(interactive: bool | None) -> bool:  # noqa: FBT001  the notebooks' parameter
    """Return whether to draw widgets: as told, else only inside JupyterLab."""
    return "JPY_SESSION_NAME" in os.environ if interactive is None else interactive


def explore(
    verb: Verb,
    section: AnySection,
    *,
    show: Show,
    interactive: bool | None = None,
    fields: tuple[str, ...] = (),
    save_to: Path | None = None,
) -> go.Figure | widgets.Widget:
    """Show a result, with controls for the section's fields when in a workshop.

    Args:
        verb: Takes a section, returns what `show` draws; the same call in both modes.
        section: A section of the profile.
        show: Takes the verb's result, returns a figure.
        interactive: True for widgets, False for the plain figure, None to find out.
        fields: Names of the fields to vary; all that hold one simple value if empty.
        save_to: Params file that *Save to params* writes to; without it there is no button.

    Raises:
        ValueError: when a name is no such field.
    """
    if not in_workshop(interactive):
        return show(verb(section))
    return Explorer(verb, section, show=show, fields=fields, save_to=save_to).box


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
