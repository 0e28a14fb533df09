"""Claims about open and closed models, to be checked against the facts."""

from __future__ import annotations

from typing import Literal

from playbook.catalog.schema import Fact


class Claim(Fact):
    """One quantitative claim, in our words; the source is who makes it."""

    title: str
    """The claim in one sentence."""
    about: Literal["world", "team"]
    """world: settled by the catalog's facts; team: recomputed from a team's own numbers."""
    method: str
    """How it is checked, and what would settle it."""
