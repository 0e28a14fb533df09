"""The team profile: seven sections, and where each of its values came from."""

from __future__ import annotations

from pydantic import Field

from playbook.profile.sections import Data, Domain, Infrastructure, Team, Weights, Workload
from playbook.profile.trial_settings import Trials
from playbook.records import Record

SECTIONS: dict[str, type[Record]] = {
    "team": Team,
    "workload": Workload,
    "data": Data,
    "infrastructure": Infrastructure,
    "domain": Domain,
    "trials": Trials,
    "weights": Weights,
}


class Profile(Record):
    """Everything that a team says of itself."""

    team: Team = Team()
    """Who decides."""
    workload: Workload = Workload()
    """How much, how fast."""
    data: Data = Field(default_factory=Data)
    """What data, under which duties."""
    infrastructure: Infrastructure = Infrastructure()
    """Who runs it, where."""
    domain: Domain = Domain()
    """How special the work is."""
    trials: Trials = Trials()
    """What is tried."""
    weights: Weights = Weights()
    """What matters."""
    origins: dict[str, str] = Field(default_factory=dict)
    """Origin of each leaf that is not a default, by dotted path: `params/org.yaml:12`."""
