"""`answer`: one line that is a form in a workshop and the same checklist as a page in batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import plotly.graph_objects as go

from playbook.compliance.facts import facts_asked
from playbook.compliance.records import Compliance
from playbook.profile import Profile
from playbook.stages import Session
from playbook.widgets.static_checklist import StaticChecklist
from playbook.widgets.workshop import in_workshop

if TYPE_CHECKING:
    import ipywidgets

VOLUME = "workload.tokens_per_day"


def answer(
    session: Session,
    *,
    show: Callable[[Compliance], go.Figure],
    interactive: bool | None = None,
    save_to: Path | None = None,
) -> StaticChecklist | ipywidgets.Widget:
    """Show the checklist: facts, the questions that decide most, and what answers do.

    Args:
        session: The compliance stage of a team.
        show: Takes the record, returns the figure of the verdicts.
        interactive: True for widgets, False for the plain page, None to find out.
        save_to: The team's params file, to which each answer is saved at once.
    """
    profile = session.profile
    if not in_workshop(interactive):
        return StaticChecklist(_judge(session)(profile))
    from playbook.widgets.autosave import Autosave  # noqa: PLC0415  only where widgets are
    from playbook.widgets.checklist import Checklist  # noqa: PLC0415  likewise

    form = Checklist(
        _judge(session),
        profile,
        facts=(*facts_asked(session.catalog.controls), VOLUME),
        show=show,
        save=Autosave(profile, save_to),
        before=session.before(),
    )
    return form.box


def _judge(session: Session) -> Callable[[Profile], Compliance]:
    return lambda profile: cast("Compliance", session.recompute(profile))
