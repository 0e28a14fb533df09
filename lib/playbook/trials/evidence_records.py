"""The evidence of a profile's trials: one record, with those of its parts in it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from playbook.catalog.measurements import Measurement
from playbook.records import Record
from playbook.trials.judging.records import Judging
from playbook.trials.load.records import LoadCurve
from playbook.trials.parity_records import ParityResult
from playbook.trials.rates import RateFigures
from playbook.trials.records import Comparison, EndpointEvidence, SideBySide
from playbook.trials.safety_records import Consistency, Safety


class Evidence(Record):
    """The outcome of one profile's trials."""

    as_of: date
    """Day of the run."""
    status: Literal["complete", "partial", "untested"]
    """untested: no trial was run; partial: some prompts have no final result."""
    because: str
    """Why it is not complete, if not; else what was run."""
    prompt_sets: dict[str, str]
    """SHA-256 by prompt set id."""
    endpoints: tuple[EndpointEvidence, ...]
    """In the order of the profile."""
    comparisons: tuple[Comparison, ...]
    """Pairs of endpoints on all tasks together."""
    samples: tuple[SideBySide, ...]
    """A few prompts with all answers, first those on which endpoints differ."""
    attempts: int
    """Lines in the ledger."""
    cost_usd: float
    """Money spent on priced endpoints."""
    not_considered: tuple[str, ...]
    """What this stage leaves out so far."""
    measurements: tuple[Measurement, ...] = ()
    """Speed and token counts of the exact endpoints that are options, by calls in flight; the costs
    that the decision rests on are computed with them."""
    not_measured: tuple[str, ...] = ()
    """Endpoints, or loads, of which no measurement is taken, each with the reason."""
    load_curves: tuple[LoadCurve, ...] = ()
    """What each load of a sweep showed, by endpoint and by how the calls arrived."""
    safety: Safety | None = None
    """Safety of each endpoint, part by part; None where no prompt was one of a safety set."""
    consistency: tuple[Consistency, ...] = ()
    """How far endpoints repeat themselves, where prompts were sent more than once."""
    judging: Judging | None = None
    """What a judge said of the answers, and how far it can be trusted; None if none was asked."""
    parity: tuple[ParityResult, ...] = ()
    """Pairs of endpoints that ought to be one model, or base and tuned, compared by prompt."""
    rates: tuple[RateFigures, ...] = ()
    """What each endpoint was asked a minute, against its limits, and what calls waited for."""

    def title_of(self, endpoint: str) -> str:
        """Return an endpoint's name as a person reads it, by its id."""
        found = next((one for one in self.endpoints if one.endpoint == endpoint), None)
        return (found.title if found else "") or endpoint
