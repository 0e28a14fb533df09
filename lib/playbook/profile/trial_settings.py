"""The section `trials` of a team profile: prompts, endpoints, limits, margins, load."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from annotated_types import Unit
from pydantic import Field

from playbook.profile.endpoints import Endpoint, EndpointId
from playbook.profile.sections import PromptId, RuleId, Slug, Text
from playbook.records import Record
from playbook.units import Count, Positive, Share, Tokens, Usd


class ScanOverride(Record):
    """A named person's decision that what a rule finds in a prompt set may be sent all the same.

    It lifts the scan's objection only: where the prompts may go, the clearance alone decides.
    """

    prompt_set: Slug
    """Prompt set for which it was decided."""
    rule: RuleId
    """Rule of the scan that may be passed over, such as `us_ssn`."""
    owner: Text = ""
    """Role that decided and answers for it; needed."""
    reason: Text = ""
    """Why it may be sent, without the value itself; needed."""
    decided_on: date
    """Day of the decision; it holds from then on."""
    valid_until: date | None = None
    """Last day on which it holds; leave out if it has no end."""
    prompts: tuple[PromptId, ...] = ()
    """Prompts of the set for which it holds; leave out for all."""

    def in_force(self, as_of: date) -> bool:
        """Return whether it holds on a day."""
        return self.decided_on <= as_of and (self.valid_until is None or as_of <= self.valid_until)


class LoadLength(Record):
    """One kind of call of a load sweep: how long its prompt is, and its answer."""

    input_tokens: Tokens | None = None
    """Tokens of the prompt; leave out for those of the workload's mean call."""
    output_tokens: Annotated[Positive, Unit("tokens")] | None = None
    """Tokens of the answer, at most; leave out for those of the workload's mean call."""
    weight: Annotated[float, Field(gt=0, le=1e6), Unit("relative weight")] = 1.0
    """How often it comes, beside the other kinds."""


class Parity(Record):
    """Two endpoints compared prompt by prompt, with the noise of asking one of them twice."""

    first: EndpointId
    """Endpoint that sets the standard; of a tuned model, its base."""
    second: EndpointId
    """Endpoint that ought to answer as well; the tuned model."""
    kind: Literal["same_weights", "base_and_tuned"] = "same_weights"
    """Whether both serve the same weights, or the second one was tuned from the first."""
    specialist_tasks: tuple[Slug, ...] = ()
    """Tasks that the tuning was for; on the others it may have forgotten."""
    margin: Annotated[float, Field(gt=0, le=0.5), Unit("share")] | None = None
    """Difference in pass rate that still counts as equal; leave out for that of all trials."""


class Trials(Record):
    """Which prompts are tried on which endpoints, and how the evidence is judged."""

    prompt_sets: tuple[Slug, ...] = ()
    """Prompt sets to try, by file name without `.jsonl` in the `prompts` folder of the params."""
    endpoints: tuple[Endpoint, ...] = ()
    """Endpoints to try."""
    scan_overrides: tuple[ScanOverride, ...] = ()
    """Decisions to send prompts in which the scan finds more than their label says."""
    scan_model: Text = ""
    """Installed spaCy model, or its folder, with which the scan also finds names; needs the extra
    `presidio`. Leave it empty to scan without one: names are then not detected."""
    prompts_per_task: Positive | None = None
    """Take only the first so many prompts of each task; leave out for all."""
    repeats: Annotated[int, Field(ge=1, le=100)] = 1
    """Times that each prompt is sent to each endpoint."""
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0
    """Sampling temperature."""
    deadline_s: Annotated[float, Field(gt=0, le=3_600), Unit("s")] = 60.0
    """Total time for one attempt, connect to last byte, in seconds."""
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    """Attempts per prompt before an error counts as its result."""
    concurrency: Annotated[int, Field(ge=1, le=256), Unit("calls")] = 4
    """Calls in flight at one endpoint."""
    client: Literal["litellm", "lean"] = "litellm"
    """What sends the trials: litellm reaches every provider; lean speaks to OpenAI-shaped endpoints
    with little work of its own, for large runs. It measures latency and load wherever it can."""
    latency_calls: Annotated[int, Field(ge=0, le=1_000), Unit("calls")] = 20
    """Calls, one at a time, by which lean measures the latency of each OpenAI-shaped endpoint that
    litellm tried, with prompts of the trials; 0 to measure none."""
    reuse_answers: bool = False
    """Whether answers to public and internal prompts are taken from, and kept in, a store beside
    the runs that all teams share: same prompt, endpoint, model and settings."""
    confirm_above_usd: Usd = 1.0
    """A run that could cost more than this asks before it starts, or needs `--yes`."""
    judge: EndpointId | None = None
    """Endpoint whose model judges answers where a prompt's scorers ask for a judge; of another
    family than the judged."""
    parity: tuple[Parity, ...] = ()
    """Pairs of endpoints to compare for parity: equivalent, not equivalent or inconclusive."""
    load_sweep: tuple[Annotated[int, Field(ge=1, le=256)], ...] = ()
    """Calls in flight at which each endpoint that is an option is measured under load, after its
    trials, with the same prompts: 1, 4 and 16 say most. Leave it empty to measure none."""
    load_calls: Annotated[int, Field(ge=10, le=10_000), Unit("calls")] = 60
    """Calls at each of these loads; below 50 a load counts only if it lasts 30 s."""
    load_rates: tuple[Annotated[float, Field(gt=0, le=10_000), Unit("calls/s")], ...] = ()
    """Calls a second that arrive at random (Poisson) at each of those endpoints, whether earlier
    ones have ended or not; leave it empty to measure none."""
    load_lengths: tuple[LoadLength, ...] = ()
    """Lengths of the calls of a sweep, made of filler text that no prefix cache knows; leave it
    empty for the trials' own prompts."""
    money_cap_usd: Usd = 5.0
    """The run stops before it could cost more than this."""
    minimum_pass_rate: Share = 0.8
    """Pass rate below which an option is of no use."""
    target_pass_rate: Share = 0.95
    """Pass rate that satisfies fully."""
    non_inferiority_margin: Share = 0.05
    """Difference in pass rate that still counts as equal; set before the run."""
    seed: Count = 20_261_123
    """Seed of everything random in this profile's run."""
