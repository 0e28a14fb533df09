"""What the decision stage says: gates, values, the six rows, the leading plan and its status."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from playbook.costs.corrections import Correction
from playbook.landscape.claim_records import ClaimFinding
from playbook.provenance import Provenance
from playbook.records import Record
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Lane, Status


class Gate(Record):
    """One gate of one option."""

    option: str
    """Option id."""
    gate: str
    """landscape, compliance, budget, time, staff, capacity or quality."""
    result: Literal["pass", "fail", "unknown"]
    """How it came out."""
    because: str
    """Figures and source, in words."""


class CriterionValue(Record):
    """One criterion of one option on its fixed anchors."""

    criterion: str
    """Criterion."""
    weight: float
    """Share of all weights."""
    value: Percentiles
    """0 at the worst acceptable, 1 at fully satisfying."""
    measure: str
    """The natural figure with its unit."""
    provenance: Provenance
    """How it was got."""


class RankedOption(Record):
    """An option that no gate closed, with its value."""

    option: str
    """Option id."""
    title: str
    """Name in words."""
    lane: Lane
    """Lane."""
    value: Percentiles
    """Weighted value over the draws."""
    share_best: float
    """Share of draws in which no other option is better (equal ones both count)."""
    usd_per_month: Percentiles
    """Monthly cost."""
    evidence: Literal["measured", "recorded", "untested"]
    """Whether its exact model and endpoint answered the team's prompts."""
    open_gates: tuple[str, ...]
    """Gates that are unknown."""
    criteria: tuple[CriterionValue, ...]
    """One each."""
    on_pareto_front: bool
    """Whether no other option is at least as good in every criterion and better in one."""


class Row(Record):
    """One row of the decision table: the rule of thumb against the computed answer."""

    question: str
    """Row title."""
    rule_says: str
    """What the rule of thumb says for this team's value."""
    we_say: str
    """What the evidence says."""
    why: str
    """Reason with figures."""
    leans_to: Literal["commercial API", "open weights", "either", "unknown"]
    """Side."""
    field: str
    """Record field that it read."""


class Flip(Record):
    """A single change that would put another option first."""

    what: str
    """The input."""
    now: str
    """Its value now, with unit."""
    at: str
    """The value at which the lead changes, with unit."""
    to_option: str
    """Who leads then."""


class AnchorUsed(Record):
    """The fixed ends of one criterion's scale, set by the profile and by no option."""

    criterion: str
    """Criterion."""
    weight: float
    """Share of all weights."""
    worst: float
    """Worst acceptable: value 0."""
    best: float
    """Fully satisfying: value 1."""
    unit: str
    """Unit of both ends."""
    because: str
    """Where they come from."""


class GatePrice(Record):
    """What one gate or control costs a month: the cheapest option with it and without it alone."""

    gate: str
    """Name of the gate, or id of the control."""
    title: str
    """What it asks, in words."""
    options_out: int
    """Options that it closes, other gates aside."""
    options_out_alone: int
    """Options that nothing else closes: lifting it alone would open them."""
    cheapest_without: str | None
    """Cheapest option if it alone is lifted; None where no option is open even then."""
    cheapest_without_title: str
    """Its name in words."""
    cheapest_with: str | None
    """Cheapest option as things are; None where every option is closed."""
    cheapest_with_title: str
    """Its name in words."""
    usd_per_month: Percentiles | None
    """Cost with it less cost without it, over joint draws; None where either side is missing."""
    usd_per_month_if_alone: Percentiles | None = None
    """Cost with it as the only gate in force less cost with none: its price where others close the
    same options; None where it leaves no option."""
    because: str
    """The price in a sentence, or why it has none."""


class Decision(Record):
    """The answer, how far it may be acted on, and why."""

    as_of: date
    """Day for which it holds."""
    status: Status
    """DECIDE, WATCH, RUN FIRST, CONDITIONAL or BLOCKED."""
    status_because: tuple[str, ...]
    """Reasons of the status."""
    verdict: str
    """The answer in a sentence."""
    leading_plan: str | None
    """Option id; None when BLOCKED."""
    leading_title: str
    """Its name in words."""
    leading_lane: Lane | None
    """Its lane."""
    runner_up: str | None
    """Next best option of another lane, or of the same if there is no other."""
    runner_up_title: str = ""
    """Its name in words."""
    share_best: float
    """Share of draws in which the leading plan is best."""
    expected_regret_usd_per_month: float | None
    """Mean cost of having chosen it where another would have been best (USD per month).

    None when cost carries no weight: value then has no exchange rate into money. None as well while
    the leading plan is untested: the amount would rest on ignorance alone.
    """
    expected_regret_value: float = 0.0
    """The same as a share of the value scale."""
    share_best_by_lane: dict[str, float] = Field(default_factory=dict)
    """Share of draws in which an option of this lane is best."""
    conditions: tuple[str, ...] = ()
    """What must be done before the leading plan may go live."""
    anchors: tuple[AnchorUsed, ...] = ()
    """Ends of the value scales and weights."""
    ranked: tuple[RankedOption, ...]
    """Best first."""
    gates: tuple[Gate, ...]
    """Every gate of every option that was looked at."""
    rows: tuple[Row, ...]
    """The six rows."""
    flips: tuple[Flip, ...]
    """What would change the lead."""
    learn_first: tuple[str, ...]
    """Next steps that would settle most, first first."""
    gate_prices: tuple[GatePrice, ...] = ()
    """What each gate and control that closes an option costs a month, the dearest first."""
    claims: tuple[ClaimFinding, ...] = ()
    """Claims about the team's own numbers, recomputed."""
    deciding_gate: str
    """Gate that closed most options, in words; empty if none closed any."""
    not_considered: tuple[str, ...]
    """What this stage leaves out so far."""
    corrections: tuple[Correction, ...] = ()
    """Own servers that were measured: speed and cost before and after, the decision rests on the
    latter."""
    measurements_left_out: tuple[str, ...] = ()
    """Measurements that were taken and are not used, each with the reason."""
