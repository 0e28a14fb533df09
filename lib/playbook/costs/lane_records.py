"""What the costs stage says of the three lanes: side by side, over months, and what matters."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from playbook.provenance import Provenance
from playbook.records import Record
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Lane

Side = Literal["own_servers", "api", "too_close", "never", "unknown"]
"""Which side is cheaper at the team's own volume: own servers in at least 90% of the draws, the API
likewise, neither, the API there and at nearly every other volume, or one side has no cost."""


class LanePoint(Record):
    """The cheapest option of a lane at one volume."""

    tokens_per_day: float
    """Volume, input plus output, in the team's own tokens."""
    option: str
    """Option that is likely the cheapest there."""
    usd_per_month: Percentiles
    """Its cost."""


class LaneCost(Record):
    """The cheapest way of one lane, at the team's volume and at others."""

    lane: Lane
    """Lane."""
    option: str | None
    """Cheapest priced option at the team's volume; None where the lane has none."""
    title: str
    """Its name in words; empty where there is none."""
    because: str
    """What it rests on, or why the lane has no option with a cost."""
    usd_per_month: Percentiles | None
    """Its cost."""
    usd_per_million_tokens: Percentiles | None
    """The same over the month's tokens."""
    usd_per_successful_answer: Percentiles | None
    """The same over the month's answers, failed calls billed again; None where there is none."""
    success: str
    """Share of calls answered and what it rests on, or that none was measured."""
    curve: tuple[LanePoint, ...]
    """Cheapest option over volume, ascending on a log grid; empty where the lane has none."""


class AgainstApi(Record):
    """The team's cheapest own-server option against one API, without the curve."""

    self_hosted_option: str
    """Own-server option."""
    api_option: str
    """API option."""
    api_title: str
    """Its name in words."""
    api_lane: Lane
    """Its lane: a commercial API or hosted open weights."""
    same_weights: bool
    """Whether both serve the same weights."""
    first_crossing: Percentiles | None
    """First volume at which own servers are cheaper, over the draws that cross, tokens/day."""
    share_of_draws_that_cross: float
    """Share of draws with a crossing in range."""
    never_above_tokens_per_day: float | None
    """Highest volume at which own servers are cheaper, likely inputs; None where they never are,
    or still are at the end of the range."""
    verdict: Side
    """Which side is cheaper at the team's own volume."""
    share_of_draws_own_cheaper: float
    """Share of draws in which own servers are, at that volume."""


class TrendScenario(Record):
    """Costs over the months ahead if prices go one way."""

    id: str
    """Name by which it is referred to, such as `halves`."""
    title: str
    """Name in words."""
    meaning: str
    """What is assumed of which prices."""
    source: str
    """Where the pace comes from, with its date."""
    provenance: Provenance
    """How it was got: a path of prices to come is assumed."""
    price_factor_per_year: dict[Lane, float]
    """Price a year later over today's, by lane; own hardware that is bought keeps its own."""
    months: int
    """Months looked at."""
    options: dict[Lane, str] = Field(default_factory=dict)
    """Option of each lane: that with the lowest likely sum over all months."""
    usd_per_month: dict[Lane, tuple[Percentiles, ...]]
    """Cost of that option in each month, the first first."""
    usd_total: dict[Lane, Percentiles]
    """Sum over all months, not discounted."""
    cheapest_lane: Lane | None
    """Lane with the lowest sum in most draws; None where no lane has a cost."""
    share_of_draws: dict[Lane, float]
    """Share of draws in which the lane has the lowest sum."""
    first_month_own_servers_cheaper: int | None
    """First month (1 is this month) from which on own servers are cheaper than both other lanes in
    at least half of the draws; None where there is none."""


class TornadoRow(Record):
    """One input moved alone from its 10th to its 90th percentile, all others at their likely."""

    input: str
    """Name of the input, as in `Costs.inputs`."""
    unit: str
    """Its unit."""
    provenance: Provenance
    """How the input was got."""
    low_value: float
    """Its 10th percentile."""
    high_value: float
    """Its 90th percentile."""
    usd_at_low: float
    """Result there, USD per month."""
    usd_at_high: float
    """Result there, USD per month."""
    flips: str
    """Which verdict it turns over and at which end, in words; empty where it turns none."""


class Tornado(Record):
    """What one result depends on, the largest swing first."""

    of: Literal["difference", "own_servers"]
    """Own servers less the cheapest API, or the own servers' cost alone."""
    title: str
    """The result in words."""
    self_hosted_option: str
    """Own-server option that is looked at."""
    api_option: str | None
    """API that it is compared with; None for the own cost alone."""
    usd_per_month_likely: float
    """Result with all inputs at their likely values; negative where own servers are cheaper."""
    rows: tuple[TornadoRow, ...]
    """Inputs that move it, the largest swing first."""
