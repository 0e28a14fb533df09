"""`explore`: one line that is a figure in batch and a form with a live figure in a workshop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import plotly.graph_objects as go

from playbook.records import Record
from playbook.widgets.workshop import in_workshop

if TYPE_CHECKING:
    import ipywidgets

AnySection = TypeVar("AnySection", bound=Record)
Verb = Callable[[Any], Any]
Show = Callable[[Any], go.Figure]


def explore(
    verb: Verb,
    section: AnySection,
    *,
    show: Show,
    interactive: bool | None = None,
    fields: tuple[str, ...] = (),
    save_to: Path | None = None,
) -> go.Figure | ipywidgets.Widget:
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
    from playbook.widgets.explorer import Explorer  # noqa: PLC0415  only where widgets are

    return Explorer(verb, section, show=show, fields=fields, save_to=save_to).box
