"""The answer in one sentence, for somebody who was not in the room."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.decision.status import Reason
from playbook.decision.wording import spoken
from playbook.vocabulary import Status


def sentence(title: str, reasons: Sequence[Reason]) -> str:
    """Return the verdict on the leading plan.

    Args:
        title: Name of the leading plan.
        reasons: Reasons of its status, the most severe first.

    Example:
        >>> why = Reason(Status.CONDITIONAL, "sign it (X-1)", "on one condition")
        >>> sentence("Claude Haiku 4.5, Amazon Bedrock, EU", [why])
        'Claude Haiku 4.5 over Amazon Bedrock (EU) leads, on one condition.'
    """
    status, name = reasons[0].status, spoken(title)
    if status is Status.DECIDE:
        return f"Choose {name}: it passes every gate on its own evidence, and its lead is clear."
    if status is Status.WATCH:
        return f"Choose {name}, and keep watch: {reasons[0].said}."
    conditions = " and ".join(one.said for one in reasons if one.status is Status.CONDITIONAL)
    rest = next((one.said for one in reasons if one.status is not Status.CONDITIONAL), "")
    return f"{name} leads{f', {conditions}' if conditions else ''}{f'; {rest}' if rest else ''}."


def blocked_sentence(because: str) -> str:
    """Return the verdict when no option is left.

    Example:
        >>> blocked_sentence("Budget closed 2 of 3 options.")
        'No option is left: budget closed 2 of 3 options.'
    """
    return f"No option is left: {because[:1].lower()}{because[1:]}"
