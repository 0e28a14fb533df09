"""The facts on one screen: asked once, they decide which controls apply."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import ipywidgets as widgets

from playbook.compliance.records import Compliance
from playbook.profile import LeafField, Profile, value_at
from playbook.profile.fields import field_at
from playbook.widgets.autosave import CONTRACTS
from playbook.widgets.controls import FieldControl
from playbook.widgets.word_list import MUTED

MOST_CONTRACTS = 12  # providers and places whose contracts are asked at first
INDENT = "margin:0 0 8px 224px;line-height:1.3;font-size:12px"


class FactsForm:
    """A control for each fact, with what it means beneath.

    Attributes:
        controls: By dotted path: fields of the profile, and signed contracts by owner.
        box: The screen.
    """

    def __init__(
        self, profile: Profile, paths: Sequence[str], *, on_change: Callable[[], None]
    ) -> None:
        self._profile, self._on_change = profile, on_change
        self.controls: dict[str, FieldControl] = {}
        self.box = widgets.VBox()
        self._contracts = widgets.VBox()
        rows = [self._row(path) for path in paths]
        self.box.children = (*rows, self._contracts)
        self.ask_contracts(profile.data.contracts)

    def ask_contracts(self, owners: Iterable[str], *, most: int | None = MOST_CONTRACTS) -> None:
        """Add controls for the contracts signed with providers or places, if they are new.

        Args:
            owners: Providers and places by id.
            most: Owners on the screen; None for no limit.
        """
        asked = [name for name in self.controls if name.startswith(CONTRACTS)]
        new = [one for one in owners if f"{CONTRACTS}{one}" not in asked]
        room = None if most is None else max(0, most - len(asked))
        if new[:room]:
            rows = [self._row(f"{CONTRACTS}{one}") for one in new[:room]]
            self._contracts.children = (*self._contracts.children, *rows)

    def onto(self, profile: Profile) -> Profile:
        """Return a profile with the facts as the screen has them.

        Raises:
            pydantic.ValidationError: when a value breaks its field's bounds.
        """
        sections: dict[str, dict[str, object]] = {}
        contracts = dict(profile.data.contracts)
        for path, control in self.controls.items():
            section, _, name = path.partition(".")
            value = control.value()
            if not path.startswith(CONTRACTS):
                sections.setdefault(section, {})[name] = value
            elif isinstance(value, tuple):
                contracts[path.removeprefix(CONTRACTS)] = value
            else:
                contracts.pop(path.removeprefix(CONTRACTS), None)
        sections.setdefault("data", {})["contracts"] = contracts
        changed = {
            section: getattr(profile, section).changed(**values)
            for section, values in sections.items()
        }
        return profile.changed(**changed)

    def _row(self, path: str) -> widgets.VBox:
        field = _field(path)
        control = FieldControl(field, value_at(self._profile, path))
        control.input.observe(lambda _change: self._on_change(), names="value")
        self.controls[path] = control
        means = html.escape(_meaning(field))
        return widgets.VBox(
            [control.widget, widgets.HTML(f"<div style='{MUTED};{INDENT}'>{means}</div>")]
        )


def contracts_asked(record: Compliance) -> tuple[str, ...]:
    """Return the providers and places whose contracts are an open question, in that order."""
    return tuple(
        one.id.removeprefix(CONTRACTS)
        for one in record.open_questions
        if one.id.startswith(CONTRACTS)
    )


def _field(path: str) -> LeafField:
    field = field_at(path.split("."))
    if field is None:
        raise ValueError(f"{path} is no field of the profile")
    if not path.startswith(CONTRACTS):
        return field
    owner = path.removeprefix(CONTRACTS)
    meaning = f"Contracts signed with {owner}; not known until somebody says"
    return replace(field, path=f"{CONTRACTS}contracts with {owner}", optional=True, meaning=meaning)


def _meaning(field: LeafField) -> str:
    return field.meaning.split(";")[0].rstrip(".")
