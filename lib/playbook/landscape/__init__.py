"""Which models are in the race for a team, and why others are not."""

from playbook.landscape.licences import LicenceVerdict, judge_licence
from playbook.landscape.records import Landscape, ModelInRace, OptionInRace, Reason
from playbook.landscape.screen import screen_models

__all__ = [
    "Landscape",
    "LicenceVerdict",
    "ModelInRace",
    "OptionInRace",
    "Reason",
    "judge_licence",
    "screen_models",
]
