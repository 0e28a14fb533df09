"""`explore`: one line that is a figure in batch and a form with a live figure in a workshop."""

from __future__ import annotations

import html
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
from playbook.widgets.controls import FieldControl, controls_of
from playbook.widgets.live_figure import LiveFigure

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
        fields: Names of the fields to vary; all simple ones if empty.
        save_to: Params file that *Save to params* writes to; without it there is no button.
    """
    if not in_workshop(interactive):
        return show(verb(section))
    return Explorer(verb, section, show=show, fields=fields, save_to=save_to).box


class Explorer:
    """The form: controls, a live figure, a message line and a save button."""

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
        self.controls: list[FieldControl] = controls_of(section, fields)
        self.message = widgets.HTML()
        self.figure = LiveFigure(show(verb(section)))
        self.save = widgets.Button(description="Save to params", icon="save")
        self.save.on_click(self._on_save)
        for one in self.controls:
            one.widget.observe(self._on_change, names="value")
        buttons = [self.save] if save_to else []
        self.box = widgets.VBox(
            [*(one.widget for one in self.controls), *buttons, self.message, self.figure.box]
        )

    def _on_change(self, _change: object) -> None:
        try:
            section = self._section.changed(**{one.name: one.value() for one in self.controls})
            self.figure.draw(self._show(self._verb(section)))
        except (ValidationError, PlaybookError, ValueError) as error:
            self._say(f"Not possible: {error}")
        else:
            self._say("")

    def _on_save(self, _button: object) -> None:
        name = type(self._section).__name__.lower()
        updates: dict[str, object] = {}
        for one in self.controls:
            if one.value() != getattr(self._section, one.name):
                updates |= one.leaves(name)
        try:
            if updates and self._save_to:
                save_profile(updates, self._save_to)
        except (PlaybookError, OSError) as error:
            self._say(f"Not saved: {error}")
        else:
            where = self._save_to.name if self._save_to else ""
            self._say(f"Saved {len(updates)} values to {where}" if updates else "Nothing changed")

    def _say(self, text: str) -> None:
        self.message.value = html.escape(text).replace("\n", "<br>")
