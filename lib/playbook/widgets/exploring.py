"""`explore`: one line that is a figure in batch and a form with a live figure in a workshop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import plotly.graph_objects as go

from playbook.records import Record
from playbook.widgets.workshop import in_workshop

if TYPE_CHECKING:
    import ipywidgets

AnySection = TypeVar("AnySection", bound=Record)
Verb = Callable[..., Any]
Show = Callable[[Any], go.Figure]


def explore(  # noqa: PLR0913  the notebook's one line
    verb: Verb,
    section: AnySection,
    *,
    show: Show | Mapping[str, Show],
    interactive: bool | None = None,
    fields: tuple[str, ...] = (),
    choices: Mapping[str, Sequence[str]] | None = None,
    save_to: Path | None = None,
) -> go.Figure | ipywidgets.Widget:
    """Show a result, with controls for fields of the profile when in a workshop.

    Args:
        verb: Takes the section or profile, returns what `show` draws; the same in both modes.
        section: A section of the profile, or the whole profile to vary fields of several sections.
        show: Takes the verb's result, returns a figure. Several by name make a choice of views, of
            which the first is shown at first, and alone outside a workshop. A view that has `parts`
            is computed with them alone: `verb(section, parts=...)`.
        interactive: True for widgets, False for the plain figure, None to find out.
        fields: Names of the fields to vary, of a whole profile with their section
            (`workload.tokens_per_day`); of a section all that hold one simple value if empty.
        choices: Words to tick for a field of free words, by its name in `fields`.
        save_to: Params file that *Save to params* writes to; without it there is no button.

    Raises:
        ValueError: when a name is no such field, or there is nothing to show.
    """
    views = dict(show) if isinstance(show, Mapping) else {"": show}
    if not views:
        raise ValueError("there is nothing to show: name at least one figure")
    if not in_workshop(interactive):
        return next(iter(views.values()))(verb(section))
    from playbook.widgets.controls import controls_of  # noqa: PLC0415  only where widgets are
    from playbook.widgets.explorer import Explorer  # noqa: PLC0415  likewise

    controls = controls_of(section, fields, choices=choices or {})
    return Explorer(verb, section, views=views, controls=controls, save_to=save_to).box
