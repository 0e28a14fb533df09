"""What the costs stage says: the monthly cost of each option, and where curves cross."""

from __future__ import annotations

from datetime import date

from playbook.costs.lane_records import AgainstApi, LaneCost, Side, Tornado, TrendScenario
from playbook.costs.memory_records import MemoryWay
from playbook.costs.tuning_records import TuningCost
from playbook.provenance import Provenance
from playbook.records import Record
from playbook.uncertainty import Estimate, Percentiles
from playbook.vocabulary import Lane


class CostInput(Record):
    """One input of the estimate, for the assumptions table."""

    name: str
    """What it is."""
    value: Estimate
    """Its value with spread."""
    unit: str
    """Its unit."""
    provenance: Provenance
    """How it was got."""
    source: str
    """Profile field, or citation with its date."""


class Deployment(Record):
    """Servers that an own-server option needs."""

    gpu: str
    """Catalog GPU."""
    gpu_title: str
    """Its name."""
    gpus_per_replica: int
    """GPUs that hold one copy of the model."""
    engine: str
    """Catalog engine."""
    precision: str
    """Precision of the weights."""
    memory_needed_gib: float
    """Weights, KV cache of the planned batch and overhead, of one replica."""
    memory_available_gib: float
    """Usable memory of its GPUs."""
    batch: int
    """Sequences decoded together."""
    output_tokens_per_second_per_replica: Percentiles
    """Steady output (not total) rate of one replica at that batch."""
    total_tokens_per_second_per_replica: Percentiles
    """The same with the input tokens that it reads; never compare it with an output rate."""
    capacity_provenance: Provenance
    """computed, or calibrated where measurements of this deployment corrected it."""
    seconds_per_output_token: float
    """Decode time per token that one user sees, others' prefill included."""
    first_token_s: float
    """Time to the first token of a mean call that does not wait in a queue."""
    share_of_draws_within_latency_limits: float
    """Share of draws in which one replica can meet both latency limits at all."""
    replicas_for_peak: int
    """Replicas needed at the likely peak."""
    replicas: int
    """With spare, rounded to what is sold."""
    gpus: int
    """GPUs paid for."""
    usd_per_gpu_hour: float
    """Mean price of a paid hour, over the ways of buying."""
    utilisation: float
    """Share of the paid capacity that the likely volume uses (an output, not an input)."""
    provider: str
    """Who rents out or sells the GPUs."""
    region: str
    """Region of the offer."""
    list_usd_per_gpu_hour: float | None = None
    """On-demand price of the offer, before any commitment or spot; None where GPUs are bought."""
    purchase: str = ""
    """How the GPUs are bought: shares on demand, reserved and on spot, or the node bought."""
    hours_paid: str = ""
    """Which hours are paid, in words."""
    gpu_hours_paid_per_month: float = 0.0
    """GPU-hours paid a month at the likely volume."""
    cold_start: str = ""
    """What the first call after a stop meets; empty where nothing stops."""
    people_needed: float = 0.0
    """Full-time people that running it takes, likely."""
    people_in_rota: int = 0
    """People who must be able to answer; 0 where only office hours are promised."""
    people_short: float = 0.0
    """People missing, of the work or of the rota, whichever is more; the cost includes them."""
    staffing: str = ""
    """The people needed and short, in words."""
    ways: tuple[MemoryWay, ...] = ()
    """Memory of 1, 2, 4 and 8 of these GPUs: where the model fits, and how many calls."""


class OptionCost(Record):
    """Monthly cost of one option."""

    option: str
    """Option id."""
    title: str
    """Name in words."""
    lane: Lane
    """Lane."""
    model: str
    """Catalog model."""
    priced: bool
    """Whether a cost could be computed."""
    because: str
    """Why not, if not; else what it rests on."""
    usd_per_month: Percentiles | None
    """All in."""
    usd_per_million_tokens: Percentiles | None
    """The same over the month's tokens, input plus output."""
    components: dict[str, Percentiles]
    """USD per month by component: tokens or machines, staff, on_call, gateway, logging,
    content_filtering, evaluation, migration_and_exit, storage_and_egress, and fine_tuning with
    tuned_serving if the team will fine-tune."""
    draws_usd_per_month: tuple[float, ...]
    """Joint draws in the same order for every option."""
    provenance: Provenance
    """Weakest of price, capacity and machine cost; other inputs carry theirs in `Costs.inputs`."""
    deployment: Deployment | None
    """Servers, for own-server options."""
    price_source: str
    """Citation of the price with its date."""
    price_contradicted: str = ""
    """What each source states, in words, where another differs by more than 1%; else empty."""
    usd_per_successful_answer: Percentiles | None = None
    """The month's cost over its answers, failed calls billed again; None where none is asked for,
    or where none of the measured calls was answered."""
    success: str = ""
    """Share of calls answered and what it rests on, or that none was measured."""
    tokens_over_own: Percentiles | None = None
    """Tokens of this model's tokenizer over the team's own count of the same text."""
    tokens_provenance: Provenance = Provenance.ASSUMED
    """How that ratio was got: measured in trials, quoted or assumed for its family."""


class BarredCost(Record):
    """An own-server option that only the team's rules on regions leave without a cost.

    What it would cost without them is the price of these rules and nothing else: it is no option.
    """

    option: str
    """Option id."""
    title: str
    """Name in words."""
    rules: tuple[str, ...]
    """Fields of the profile that leave it out."""
    because: str
    """What the cost would rest on."""
    usd_per_month: Percentiles
    """All in, if the rules did not stand."""
    draws_usd_per_month: tuple[float, ...]
    """Joint draws in the order of the options' own."""
    provenance: Provenance
    """Weakest of price, capacity and machine cost."""
    price_source: str
    """Citation of the price with its date."""


class CurvePoint(Record):
    """Monthly cost of both sides at one volume."""

    tokens_per_day: float
    """Volume, input plus output."""
    api_usd_per_month: Percentiles
    """The API's cost."""
    self_hosted_usd_per_month: Percentiles
    """The own servers' cost."""
    replicas: int
    """Replicas at that volume, likely inputs."""
    gpu_title: str
    """GPU that is cheapest at that volume."""


class Crossing(Record):
    """A volume at which one side becomes cheaper than the other, likely inputs."""

    tokens_per_day: float
    """Volume."""
    own_servers_cheaper_above: bool
    """False where the saving is lost again (another replica)."""


class BreakEven(Record):
    """Own servers against one API over volume, on the staircase of replicas."""

    self_hosted_option: str
    """Own-server option."""
    api_option: str
    """API option it is compared with."""
    self_hosted_title: str = ""
    """The own-server option in words."""
    api_title: str = ""
    """The API option in words."""
    api_lane: Lane | None = None
    """Lane of the API option: a commercial API or hosted open weights."""
    same_weights: bool
    """Whether both serve the same weights."""
    curve: tuple[CurvePoint, ...]
    """Costs over volume, ascending."""
    crossings: tuple[Crossing, ...]
    """Ascending, likely inputs, exact; empty when there is none in range."""
    crossings_left_out: int
    """Further crossings above those listed."""
    first_crossing: Percentiles | None
    """First crossing over the draws that cross, tokens/day; the finding rests on it alone."""
    share_of_draws_that_cross: float
    """Share of draws with a crossing in range."""
    highest_volume_considered: float
    """Upper end of the range, tokens/day."""
    finding: str
    """The result in a sentence, with the rule of thumb's verdict beside it."""
    tokens_per_day: float = 0.0
    """The team's own volume, likely."""
    verdict: Side = "unknown"
    """Which side is cheaper at that volume."""
    share_of_draws_own_cheaper: float = 0.0
    """Share of draws in which own servers are cheaper there; volume and prices as drawn."""
    never_above_tokens_per_day: float | None = None
    """Highest volume at which own servers are cheaper, likely inputs: above it the API is, up to
    the end of the range; None where own servers never are, or still are at that end."""
    settle_by: str = ""
    """What to measure where it is too close to call: the input that moves the difference most."""
    rule_api_below: float = 0.0
    """The article's rule of thumb, drawn beside the result: below it an API, tokens/day."""
    rule_open_weights_above: float = 0.0
    """The same rule: above it open weights, tokens/day."""


class Costs(Record):
    """Costs of all options of one profile."""

    as_of: date
    """Day of the prices used."""
    draws: int
    """Number of joint draws."""
    tokens_per_day: Percentiles
    """Volume drawn."""
    options: tuple[OptionCost, ...]
    """Every option, cheapest first; offers that have ended after all others, unpriced ones last."""
    break_evens: tuple[BreakEven, ...]
    """The instructive pairs."""
    inputs: tuple[CostInput, ...]
    """What it rests on."""
    not_considered: tuple[str, ...]
    """What this stage leaves out so far."""
    against_apis: tuple[AgainstApi, ...] = ()
    """The cheapest own-server option against each API with a cost, in the order of the options."""
    lanes: tuple[LaneCost, ...] = ()
    """The three lanes side by side; one without a priced option says why."""
    trends: tuple[TrendScenario, ...] = ()
    """Costs over the months ahead, a scenario each; the first is prices as they are."""
    tornados: tuple[Tornado, ...] = ()
    """What the difference between own servers and APIs, and the own cost, depend on."""
    barred: tuple[BarredCost, ...] = ()
    """What options left out by the rules on regions would cost; for the price of these alone."""
    tuning: tuple[TuningCost, ...] = ()
    """What fine-tuning each option would take and cost, in the bill only if the team plans it."""

    def lacks_planned_tuning(self, option: str | None) -> bool:
        """Return whether an option's cost leaves out fine-tuning that others are billed for."""
        billed = {one.option for one in self.tuning if one.in_monthly_cost}
        return bool(billed) and bool(option) and option not in billed
