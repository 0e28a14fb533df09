"""A load sweep outside any team: no prompts but filler, every endpoint that is named."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.trials.load.filler import FILLER_SET
from playbook.trials.load.planning import sweep_phases
from playbook.trials.phases import Agenda, Phase
from playbook.trials.prompt_records import PromptSet, PromptSetHeader
from playbook.vocabulary import DataClass


def filler_set() -> PromptSet:
    """Return the set that filler prompts belong to: public, and without a prompt of its own."""
    header = PromptSetHeader(
        id=FILLER_SET,
        title="Filler text of set lengths",
        data_class=DataClass.PUBLIC,
        data_types=("public_only",),
        synthetic=True,
    )
    return PromptSet(header=header, prompts=(), sha256="")


def sweep_all(agenda: Agenda) -> Iterator[Phase]:
    """Plan the sweep of every endpoint, those that can stand for no option too."""
    return sweep_phases(agenda, agenda.profile.trials.endpoints)
