"""The form of `explore`: controls for a section's fields, and the figure that they move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import plotly.graph_objects as go
from pydantic import ValidationError

from playbook.errors import PlaybookError
from playbook.profile import Profile, save_profile
from playbook.records import Record
from playbook.widgets.controls import LAYOUT, STYLE, FieldControl
from playbook.widgets.live_figure import LiveFigure
from playbook.widgets.messages import MessageLine

Verb = Callable[..., Any]
Show = Callable[[Any], go.Figure]


class Explorer:
    """The form: controls, a choice of views, a message line, a save button and a live figure.

    Attributes:
        box: The whole form, to be shown.
        controls: One per field, in the order of the keyboard.
        views: The choice of what is drawn.
        message: What happened last.
        figure: What the last good values give.
        save: The button *Save to params*.
    """

    def __init__(
        self,
        verb: Verb,
        record: Record,
        *,
        views: Mapping[str, Show],
        controls: list[FieldControl],
        save_to: Path | None,
    ) -> None:
        self._verb, self._record, self._save_to = verb, record, save_to
        self._saved, self.controls = record, controls
        self.views = _views(views)
        self.message = MessageLine()
        self._result = self._computed(record)
        self.figure = LiveFigure(self._drawn())
        self.save = save_button(save_to)
        self.save.on_click(self._on_save)
        for one in controls:
            one.input.observe(self._on_change, names="value")
        self.views.observe(self._on_view, names="value")
        last = [widgets.HBox([self.save, self.message.widget])] if save_to else []
        below = last or [self.message.widget]
        choice = [self.views] if len(views) > 1 else []
        rows = [*(one.widget for one in controls), *below, *choice]
        self.box = widgets.VBox([*rows, self.figure.box])

    def _computed(self, record: Record) -> object:
        """Return the verb's result, of a view that names parts with those alone."""
        parts = _parts(self.views.value)
        self._has = parts
        return self._verb(record) if parts is None else self._verb(record, parts=parts)

    def _drawn(self) -> go.Figure:
        show: Show = self.views.value
        return show(self._result)

    def record_now(self) -> Record:
        """Return the section or profile as the controls have it."""
        changes: dict[str, dict[str, object]] = {}
        for one in self.controls:
            changes.setdefault(one.section, {})[one.name] = one.value()
        record = self._record
        if not isinstance(record, Profile):
            return record.changed(**next(iter(changes.values()), {}))
        sections = {name: getattr(record, name).changed(**new) for name, new in changes.items()}
        return record.changed(**sections)

    def _on_change(self, _change: object) -> None:
        self.message.say("computing …")
        try:
            self._result = self._computed(self.record_now())
            self.figure.draw(self._drawn())
        except (ValidationError, PlaybookError, ValueError) as error:
            self.message.warn("Not possible, the figure shows the last good values", error)
        else:
            self.message.say("")

    def _on_view(self, _change: object) -> None:
        needs = _parts(self.views.value)
        lacks = self._has is not None and not set(needs or ()) <= set(self._has)
        if lacks or (needs is None and self._has is not None):
            self._on_change(_change)
        else:
            self.figure.draw(self._drawn())

    def _on_save(self, _button: object) -> None:
        try:
            record = self.record_now()
            updates = self._updates(record)
            if updates and self._save_to:
                save_profile(updates, self._save_to)
        except (ValidationError, PlaybookError, OSError) as error:
            self.message.warn("Not saved", error)
        else:
            self._saved = record
            self.message.say(saved(len(updates), "value", self._save_to))

    def _updates(self, record: Record) -> dict[str, object]:
        changed = {}
        for one in self.controls:
            new, old = (_section(which, one.section) for which in (record, self._saved))
            if getattr(new, one.name) != getattr(old, one.name):
                changed[f"{one.section}.{one.name}"] = new.model_dump(mode="json")[one.name]
        return changed


def _section(record: Record, name: str) -> Record:
    found: Record = getattr(record, name) if isinstance(record, Profile) else record
    return found


def _parts(view: object) -> tuple[str, ...] | None:
    """Return what a view needs computed; None where it takes the whole result."""
    found: tuple[str, ...] | None = getattr(view, "parts", None)
    return found


def _views(views: Mapping[str, Show]) -> widgets.Dropdown:
    return widgets.Dropdown(
        options=[*views.items()],
        description="show",
        tooltip="What is drawn below",
        style=STYLE,
        layout=LAYOUT,
    )


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
