"""Why a clearance keeps something back, a control a line, and what to settle first."""

from __future__ import annotations

import re
from collections import Counter

_CONTROL_BEGINS = re.compile(r"(?:; |\. What stops more: )(?=[A-Z]{2,10}-\d{2} )")
_OPEN = re.compile(r": open: ([^(]{1,1000}?)(?: \(|$)")
ASKED_MOST = 5


def refusal_lines(reason: str) -> list[str]:
    """Return a reason in lines: what may not go, each control, what most of them wait for.

    Example:
        >>> refusal_lines(
        ...     "no. What stops more: AB-01 First: open: data.uses (law); AB-02 Second: open: AB-02"
        ... )[2:]
        ['- AB-02 Second: open: AB-02', 'settle first: AB-02, data.uses']
    """
    head, *controls = _CONTROL_BEGINS.split(reason)
    if not controls:
        return [reason]
    asked = Counter(
        question
        for control in controls
        for found in _OPEN.finditer(control)
        for question in found[1].split(", ")
    )
    first = sorted(asked, key=lambda one: (-asked[one], one))[:ASKED_MOST]
    lines = [f"{head}; what stops more:", *(f"- {one}" for one in controls)]
    return [*lines, f"settle first: {', '.join(first)}"] if first else lines
