"""The line under a form that says what happened: escaped, short, read out by screen readers."""

from __future__ import annotations

import html
import textwrap

import ipywidgets as widgets
from pydantic import ValidationError

LONGEST = 300


class MessageLine:
    """A line of text that never holds markup from outside."""

    def __init__(self) -> None:
        self.widget = widgets.HTML()
        self.text = ""

    def say(self, text: str) -> None:
        """Show a message."""
        self._show(text, "#5f6c7b")

    def warn(self, text: str, error: Exception | None = None) -> None:
        """Show what went wrong, with the error's own words if there is one."""
        self._show(f"{text}: {in_a_line(error)}" if error else text, "#b3261e")

    def _show(self, text: str, colour: str) -> None:
        self.text = textwrap.shorten(text, LONGEST, placeholder=" …") if text else ""
        self.widget.value = (
            f"<span role='status' style='color:{colour}'>{html.escape(self.text)}</span>"
        )


def in_a_line(error: Exception) -> str:
    """Return an error's words on one line; of a validation error, field and fault only."""
    if isinstance(error, ValidationError):
        faults = (
            f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}"
            for one in error.errors(include_url=False, include_input=False)
        )
        return "; ".join(faults)
    return " ".join(str(error).split())
