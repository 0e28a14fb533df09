"""What a load sweep leaves behind: a point for each load, and the curve through them."""

from __future__ import annotations

from typing import Annotated, Literal

from annotated_types import Unit
from pydantic import Field

from playbook.records import Record
from playbook.trials.interval import Interval
from playbook.units import Positive, Seconds, Share, Tokens, TokensPerSecond

LoadKind = Literal["closed", "open"]
"""closed: so many calls in flight, the next one sent when one ends; open: calls arrive at random at
a set rate, whether earlier ones have ended or not."""
MOST_CLIENT_BOUND = 0.1
"""Share of calls thrown out for this machine's own slowness, above which nothing is measured."""
CallsPerSecond = Annotated[float, Field(ge=0), Unit("calls/s")]


class LoadPoint(Record):
    """One load on one endpoint, and how it was served.

    Of an open load every latency counts from when the call was due, so that a stall shows in the
    calls that had to wait behind it.
    """

    kind: LoadKind
    """How its calls arrived."""
    in_flight: Positive
    """Calls in flight that were asked for; of an open load, the most that were let in."""
    rate_per_s: CallsPerSecond = 0.0
    """Calls a second that were asked for; 0 of a closed load."""
    planned_calls: int
    """Calls that it was to have, the first one left out, which finds the server cold."""
    calls: int
    """Of these, calls with a result that was not thrown out."""
    seconds: Seconds
    """Time over which throughput was taken: while the usual number of calls was in flight, or of an
    open load from when the first call began to be answered to when the last one did."""
    mean_in_flight: float
    """Calls in flight, on average over that time."""
    output_tokens_per_second: Interval | None
    """Output of all calls together; None where the endpoint counted no tokens."""
    requests_per_second: Interval | None
    """Calls answered a second."""
    first_token_p50_s: Interval | None
    """Median time to the first token; None where nothing was streamed."""
    first_token_p95_s: Interval | None
    """95th percentile; a call that ran past its deadline counts as long as that."""
    first_token_p99_s: Interval | None
    """99th percentile, likewise."""
    total_p50_s: Interval | None
    """Median time to the last byte."""
    total_p95_s: Interval | None
    """95th percentile of it."""
    token_gap_s: Interval | None
    """Median over the calls of the median time between two pieces of an answer."""
    error_share: Interval | None
    """Calls without an answer over all calls: failed, filtered, too late, of another model."""
    outcomes: dict[str, int]
    """Calls by outcome."""
    slo_share: Interval | None
    """Calls that met the service level over all calls; None where no call shows whether it did."""
    slo_unknown: int = 0
    """Answered calls of which it can't be said; they count as not met."""
    goodput_per_s: CallsPerSecond | None
    """Calls a second that met it."""
    mean_input_tokens: Tokens | None
    """As the endpoint counted them."""
    mean_output_tokens: Tokens | None
    """As the endpoint counted them."""
    client_bound_calls: int = 0
    """Calls thrown out because this machine, not the endpoint, may have been what was slow."""
    held_back_calls: int = 0
    """Of an open load: calls that were due while as many as are let in were in flight."""
    because: str = ""
    """Why it is no measurement of the endpoint; empty where it is one."""

    @property
    def usable(self) -> bool:
        """Return whether it measures the endpoint."""
        return not self.because

    @property
    def client_limited(self) -> bool:
        """Return whether so many calls were thrown out that a higher load would show no more."""
        return self.client_bound_calls > MOST_CLIENT_BOUND * (self.calls + self.client_bound_calls)

    @property
    def load(self) -> float:
        """Return what was asked for: calls in flight, or calls a second."""
        return float(self.in_flight) if self.kind == "closed" else self.rate_per_s

    @property
    def words(self) -> str:
        """Return the load in words."""
        if self.kind == "closed":
            return f"{self.in_flight} in flight"
        return f"{self.rate_per_s:g} calls/s"


class LoadCurve(Record):
    """All loads of one kind on one endpoint, lowest first."""

    endpoint: str
    """Endpoint id."""
    kind: LoadKind
    """How the calls arrived."""
    slo_first_token_s: Seconds
    """Service level: a call must show its first token within this time."""
    slo_tokens_per_second: TokensPerSecond
    """Service level: and then write at least so fast."""
    slo_share_wanted: Share
    """Share of the calls that must meet it."""
    points: tuple[LoadPoint, ...]
    """Loads that were tried."""
    not_tried: tuple[str, ...] = ()
    """Loads that were asked for and not reached, each with the reason."""
    knee: float | None = None
    """Highest load up to which throughput grew with the load and enough calls met the service
    level; None if the first one did not."""
    knee_because: str = ""
    """What ended it, or that nothing did."""
    best: float | None = None
    """Highest load of a usable point at which enough calls met the service level; None if none."""
    saturated: str = ""
    """Why the sweep ended early; empty if it did not."""
    measures_option: bool = False
    """Whether it may stand for an option: never of a demonstration model or a stand-in."""
