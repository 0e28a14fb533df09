"""A control for a field of the profile: its kind, bounds, unit and meaning make the form."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import ipywidgets as widgets
from traitlets import HasTraits

from playbook.figures.cost_drivers import words as input_words
from playbook.figures.theme import short
from playbook.profile import SECTIONS, LeafField, Profile, leaf_fields
from playbook.profile.fields import field_at
from playbook.records import Record
from playbook.uncertainty import Estimate
from playbook.widgets.word_list import MUTED, NOT_KNOWN, WordList

STYLE = {"description_width": "220px"}
LAYOUT = {"width": "600px"}
DECADES = 2  # a logarithmic slider reaches this far below and above its first value
LINEAR = 200.0  # bounds closer than this make a linear slider from bound to bound
LARGE = 1000.0  # from here on a readout counts in k, M and B
ANY = "any"  # of a list of free words that is left out
WEIGHTS = ("share of all weights", 100.0)  # all weights share one scale, so that they compare


class FieldControl:
    """One widget for one field, its unit beside it, and the value that it stands for."""

    def __init__(self, field: LeafField, value: object) -> None:
        self.field = field
        self.section, _, self.name = field.path.partition(".")
        self._start = value
        self.input = _input(field, value)
        self._shown = self.input.value
        self.note = widgets.HTML(layout={"width": "auto"})
        self._write_note()
        self.input.observe(self._write_note, names="value")
        self.widget = widgets.HBox([self.input, self.note])

    def value(self) -> object:
        """Return the field's value as the widget has it now, unrounded if nobody moved it."""
        now = self.input.value
        if now == self._shown:
            return self._start
        if isinstance(self._start, Estimate):
            return _spread_like(self._start, now)
        if isinstance(self.input, (WordList, widgets.Dropdown, widgets.Checkbox)):
            return now
        if isinstance(self.input, widgets.Text):
            return now.strip() or (None if self.field.optional else "")
        return round(now) if self.field.kind is int else _tidy(now)

    def _write_note(self, _change: object = None) -> None:
        parts = [self.field.unit]
        value = self.value()
        if isinstance(value, Estimate) and value.low < value.high:
            parts.append(f"low {short(value.low)}, high {short(value.high)}")
        text = html.escape("; ".join(part for part in parts if part))
        self.note.value = f"<span style='{MUTED}'>{text}</span>"


def controls_of(
    record: Record, names: Iterable[str] = (), *, choices: Mapping[str, Sequence[str]] | None = None
) -> list[FieldControl]:
    """Return controls for the named fields of a section or of a whole profile, in that order.

    Args:
        record: A section of the profile, or the profile.
        names: Field names, of a profile with their section; of a section every field that a
            control can hold if there are none.
        choices: Words to tick for a field of free words, by its name.

    Raises:
        ValueError: when a name is no such field.
    """
    words = choices or {}
    fields = simple_fields(record, words)
    chosen = tuple(names) or tuple(fields)
    unknown = [name for name in chosen if name not in fields]
    if unknown:
        kind = type(record).__name__
        raise ValueError(f"{kind} has no simple field {', '.join(unknown)}; it has {[*fields]}")
    return [FieldControl(fields[name], _value(record, fields[name])) for name in chosen]


def simple_fields(
    record: Record, choices: Mapping[str, Sequence[str]] | None = None
) -> dict[str, LeafField]:
    """Return the fields of a section or profile that a control can hold, by name.

    They hold one value or words of a closed list: no records, no lists of free text, unless
    `choices` holds the words to choose from.

    Raises:
        ValueError: when the record is neither.
    """
    whole = isinstance(record, Profile)
    sections = {name: kind for name, kind in SECTIONS.items() if whole or isinstance(record, kind)}
    if not sections:
        raise ValueError(f"{type(record).__name__} is neither the profile nor a section of it")
    paths = {f"{name}.{one}" for name, kind in sections.items() for one in kind.model_fields}
    found = {}
    for field in leaf_fields():
        name = field.path if whole else field.path.partition(".")[2]
        given = tuple((choices or {}).get(name, ()))
        if field.path in paths and (given or field.choices or not field.many):
            found[name] = replace(field, choices=given) if given else field
    return found


def _value(record: Record, field: LeafField) -> object:
    section, _, name = field.path.partition(".")
    return getattr(getattr(record, section) if isinstance(record, Profile) else record, name)


def _input(field: LeafField, value: object) -> HasTraits:
    words = {
        "description": label_of(field),
        "tooltip": field.meaning,
        "style": STYLE,
        "layout": LAYOUT,
    }
    if field.many:
        return _word_list(field, value)
    options = _options(field)
    if options:
        shown = str(value) if isinstance(value, str) else value
        return widgets.Dropdown(options=options, value=shown, **words)
    if isinstance(value, bool):
        return widgets.Checkbox(value=value, **words)
    number = value.likely if isinstance(value, Estimate) else value
    if field.optional or not isinstance(number, (int, float)):
        hint = "leave empty if not known" if field.optional else ""
        shown = "" if value is None else _plain(value)
        return widgets.Text(value=shown, placeholder=hint, continuous_update=False, **words)
    return _slider(field, number, {**words, "continuous_update": False})


def label_of(field: LeafField) -> str:
    """Return the words beside a field's control."""
    return input_words(field.path)


def _word_list(field: LeafField, value: object) -> WordList:
    return WordList(
        field.choices,
        value if isinstance(value, tuple) else None,
        optional=field.optional,
        description=label_of(field),
        tooltip=field.meaning,
        unset="" if _has_own_words(field) else ANY,
    )


def _has_own_words(field: LeafField) -> bool:
    own = field_at(tuple(field.path.split(".")))
    return own is not None and bool(own.choices)


def _options(field: LeafField) -> list[tuple[str, object]]:
    """Return the words and values to choose from; none for a field that takes any value."""
    options: list[tuple[str, object]] = [(one.replace("_", " "), one) for one in field.choices]
    if field.kind is bool and field.optional:
        options = [("yes", True), ("no", False)]
    return [(NOT_KNOWN, None), *options] if options and field.optional else options


def _slider(field: LeafField, value: float, words: dict[str, object]) -> HasTraits:
    low, high = _bounds(field, value)
    if _is_scale(field, value) and high - low > LINEAR:
        return _log_slider(value, high, words)
    whole = field.kind is int
    step = 10.0 ** math.floor(math.log10(high - low)) / 100
    low = min(low + step, value) if field.low_excluded else low
    if whole:
        jump = max(1, round(step))
        return widgets.IntSlider(value=value, min=int(low), max=int(high), step=jump, **words)
    digits = max(0, -math.floor(math.log10(step)))
    return widgets.FloatSlider(
        value=value, min=low, max=high, step=step, readout_format=f",.{digits}f", **words
    )


def _log_slider(value: float, high: float, words: dict[str, object]) -> HasTraits:
    middle = math.log10(value)
    return widgets.FloatLogSlider(
        value=value,
        min=math.floor(middle - DECADES),
        max=min(math.ceil(middle + DECADES), math.log10(high)),
        step=0.05,
        readout_format=".3s" if value >= LARGE else ".3r",  # s has 0.5 as 500m
        **words,
    )


def _bounds(field: LeafField, value: float) -> tuple[float, float]:
    """Return what a slider spans: the field's bounds if they are near, else room for growth."""
    low = float(field.low if field.low is not None else 0)
    if field.high is not None and field.high - low <= LINEAR:
        return low, float(field.high)
    if field.unit == WEIGHTS[0]:
        return low, max(WEIGHTS[1], value)
    most = float(field.high if field.high is not None else math.inf)
    room = 10.0 ** math.ceil(math.log10(2 * max(value, 1.0)))
    return low, most if _is_scale(field, value) else min(room, most)


def _is_scale(field: LeafField, value: float) -> bool:
    """Return whether a factor changes the field better than a sum: volumes, ratios, sizes."""
    return (field.low_excluded or field.kind is Estimate) and value > 0


def _spread_like(start: Estimate, likely: float) -> Estimate:
    """Return an estimate about another likely value, with the same spread in proportion."""
    if start.likely <= 0:
        return Estimate(low=likely, likely=likely, high=likely)
    factor = likely / start.likely
    low, high = _tidy(start.low * factor), _tidy(start.high * factor)
    middle = _tidy(likely)
    return Estimate(low=min(low, middle), likely=middle, high=max(high, middle))


def _tidy(value: float) -> float:
    """Return a number as a person would write it: four digits at most."""
    return float(f"{value:.4g}")


def _plain(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole and isinstance(value, float) else str(value)
