"""`try_prompt`: one line that is a form in a workshop and a sentence in batch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from playbook.compliance.records import Compliance
from playbook.report.table import Table
from playbook.stages.session import Session
from playbook.stages.trying import ask_by_hand, most_usd_by_hand
from playbook.widgets.workshop import in_workshop

if TYPE_CHECKING:
    import ipywidgets

IN_BATCH = "In JupyterLab a form stands here: it tries one prompt on all cleared endpoints at once."
NOBODY = "No endpoint is named under trials.endpoints, so there is nobody to ask."


def try_prompt(session: Session, *, interactive: bool | None = None) -> Table | ipywidgets.Widget:
    """Show a form that asks all cleared endpoints of a session one prompt.

    Args:
        session: Stage `trials` of a notebook.
        interactive: True for the form, False for the sentence, None to find out.
    """
    endpoints = session.profile.trials.endpoints
    if not endpoints or not in_workshop(interactive):
        return Table("Try a prompt", (), (), IN_BATCH if endpoints else NOBODY)
    from playbook.widgets.try_form import TryForm  # noqa: PLC0415  only where widgets are

    clearance = cast("Compliance", session.earlier("compliance")).clearance

    ask, most = partial(ask_by_hand, session), partial(most_usd_by_hand, session)
    return TryForm(endpoints, clearance, ask=ask, most_usd=most).box
