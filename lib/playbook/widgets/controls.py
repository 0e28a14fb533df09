"""A control for a record's field: its type, bounds, unit and docstring make the form."""

from __future__ import annotations

import math
import types
from collections.abc import Callable
from typing import Any, Literal, Union, get_args, get_origin

import ipywidgets as widgets

from playbook.records import FieldRow, Record, describe
from playbook.uncertainty import Estimate

STYLE = {"description_width": "210px"}
LAYOUT = {"width": "560px"}
DECADES = 2  # an estimate's slider reaches two decades below and above its likely value


class FieldControl:
    """One widget for one field, and the value that it stands for."""

    def __init__(self, row: FieldRow, value: object, widget: widgets.Widget) -> None:
        self.name = row.name
        self.widget = widget
        self._start = value

    def value(self) -> object:
        """Return the field's value as the widget has it now."""
        now = self.widget.value
        if not isinstance(self._start, Estimate):
            return now
        factor = now / self._start.likely if self._start.likely else 1.0
        return Estimate(low=self._start.low * factor, likely=now, high=self._start.high * factor)

    def leaves(self, section: str) -> dict[str, object]:
        """Return the params leaves of the value, by dotted path."""
        now, path = self.value(), f"{section}.{self.name}"
        if isinstance(now, Estimate):
            return {path: {"low": now.low, "likely": now.likely, "high": now.high}}
        return {path: now}


def control(row: FieldRow, value: object) -> FieldControl | None:
    """Return a control for a field, or None for a kind of field that has no simple one."""
    words = {
        "description": row.name.replace("_", " "),
        "description_tooltip": row.description,
        "style": STYLE,
        "layout": LAYOUT,
        "continuous_update": False,
    }
    for make in (_estimate, _choice, _number):
        widget = make(row, value, words)
        if widget is not None:
            return FieldControl(row, value, widget)
    return None


def controls_of(section: Record, names: tuple[str, ...]) -> list[FieldControl]:
    """Return controls for the named fields of a section (all simple ones if none is named)."""
    rows = [row for row in describe(type(section)) if not names or row.name in names]
    made = (control(row, getattr(section, row.name)) for row in rows)
    return [one for one in made if one is not None]


def _estimate(row: FieldRow, value: object, words: dict[str, Any]) -> widgets.Widget | None:
    del row
    if not isinstance(value, Estimate) or value.likely <= 0:
        return None
    middle = math.log10(value.likely)
    return widgets.FloatLogSlider(
        value=value.likely,
        min=math.floor(middle - DECADES),
        max=math.ceil(middle + DECADES),
        step=0.05,
        readout_format=".3s",
        **words,
    )


def _choice(row: FieldRow, value: object, words: dict[str, Any]) -> widgets.Widget | None:
    options = _literals(row.annotation)
    words = {name: one for name, one in words.items() if name != "continuous_update"}
    if options and value in options:
        return widgets.Dropdown(options=options, value=value, **words)
    if isinstance(value, bool):
        return widgets.Checkbox(value=value, **words)
    return None


def _literals(annotation: object) -> tuple[object, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(one for part in get_args(annotation) for one in _literals(part))
    return ()


def _number(row: FieldRow, value: object, words: dict[str, Any]) -> widgets.Widget | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    low = row.low if row.low is not None else 0
    high = row.high if row.high is not None and row.high <= 1 else max(4.0 * value, low + 1)
    high = min(high, row.high) if row.high is not None else high
    make: Callable[..., widgets.Widget] = (
        widgets.IntSlider if isinstance(value, int) else widgets.FloatSlider
    )
    step = 1 if isinstance(value, int) else (high - low) / 100
    kind = int if isinstance(value, int) else float
    return make(value=value, min=kind(low), max=kind(high), step=step, **words)
