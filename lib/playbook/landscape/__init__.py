"""Which models are in the race for a team, and why others are not."""

from playbook.landscape.licence_facts import LicenceFacts, licence_facts
from playbook.landscape.licences import CitedClause, LicenceVerdict, judge_licence
from playbook.landscape.records import Landscape, ModelInRace, OptionInRace, Reason
from playbook.landscape.screen import screen_models

__all__ = [
    "CitedClause",
    "Landscape",
    "LicenceFacts",
    "LicenceVerdict",
    "ModelInRace",
    "OptionInRace",
    "Reason",
    "judge_licence",
    "licence_facts",
    "screen_models",
]
