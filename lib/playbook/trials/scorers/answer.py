"""What a scorer sees of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from playbook.trials.client import ToolCall

Scored = Literal["answered", "filtered", "truncated"]
"""Outcomes that carry something to score."""


@dataclass(frozen=True)
class Answer:
    """An answer with what it was given to answer from; its text may be hostile."""

    text: str
    """What the model wrote."""
    outcome: Scored = "answered"
    """How the call ended; `filtered` where the provider refused or cut it by its content filter."""
    tool_calls: Sequence[ToolCall] = ()
    """What the model wants to call."""
    documents: Sequence[str] = ()
    """Texts that it was given to answer from."""
    asked: str = ""
    """The last message of the prompt."""
