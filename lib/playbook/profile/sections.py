"""The sections of a team profile but its trials, field by field with unit, bounds and meaning."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from annotated_types import Unit
from pydantic import Field, StringConstraints

from playbook.records import Record
from playbook.uncertainty import Estimate, NonNegativeEstimate, ShareEstimate
from playbook.units import (
    Count,
    Fte,
    Positive,
    Ratio,
    Share,
    Tokens,
    Usd,
    UsdPerMonth,
    UsdPerYear,
)
from playbook.vocabulary import (
    AnswerWord,
    Certificate,
    Contract,
    DataClass,
    DataType,
    Lane,
    Modality,
    OrgRole,
    Place,
    Sector,
    TuningMethod,
    Use,
)

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]
Text = Annotated[str, Field(max_length=400)]
Trimmed = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_@:/-]{0,80}$")]
ModelId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,60}$")]
PromptId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,80}$")]
RuleId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
PlaceCode = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z]{2,3})?$")]
Weight = Annotated[float, Field(ge=0, le=1e6), Unit("share of all weights")]
PeopleEstimate = Annotated[NonNegativeEstimate, Unit("full-time people")]
WeeksEstimate = Annotated[NonNegativeEstimate, Unit("weeks")]
ShareOfGpus = Annotated[ShareEstimate, Unit("share of GPUs")]
HourWeight = Annotated[float, Field(ge=0, le=1e12), Unit("relative weight")]


class Team(Record):
    """Who decides, by when, with what money."""

    name: Slug = "unnamed"
    """Short name, also the folder of its reports: lower-case letters, digits, `-`, `_`."""
    title: Text = ""
    """Full name as the report shows it."""
    description: Text = ""
    """What the team builds, in a sentence or two."""
    sectors: tuple[Sector, ...] | None = None
    """Sectors it works in; leave out if unknown."""
    owner: Text = ""
    """Role that owns the decision."""
    decide_by: date | None = None
    """Day on which the decision is due."""
    budget_usd_per_month: UsdPerMonth | None = None
    """Ceiling for the running cost; leave out if there is none."""
    annual_revenue_usd: UsdPerYear | None = None
    """Revenue of the organisation, for licences with a revenue cap; leave out if unknown."""
    monthly_active_users: Annotated[Count, Unit("people")] | None = None
    """Users of all the organisation's products a month, for licences with a user ceiling."""
    monthly_active_users_at_release: Annotated[Count, Unit("people")] | None = None
    """Most such users in the months before the releases of Llama models, which their ceiling looks
    at; needed only if today's users are above it."""
    principal_place: Place | None = None
    """Principal place of business of the organisation; leave out if unknown."""


class Workload(Record):
    """How much, how long, how bursty, how fast."""

    tokens_per_day: Annotated[NonNegativeEstimate, Unit("tokens/day")] = Estimate(
        low=5e5, likely=1e6, high=2e6
    )
    """Input plus output tokens a day over all calls; unit tokens/day, number or low/likely/high."""
    tokens_counted_by: ModelId | None = None
    """Model whose tokenizer counted those tokens, by catalog id; others make more or fewer of the
    same text. Leave out for a count by OpenAI's o200k, as most tools give it."""
    share_output: Share = 0.25
    """Share of those tokens that the model writes."""
    input_tokens_per_call: Tokens = 1_500
    """Mean input tokens of one call (first call of a task for agents)."""
    calls_per_task: Annotated[float, Field(ge=1, le=1_000), Unit("calls")] = 1.0
    """Model calls that one user task takes; above 1 for agents."""
    context_growth_tokens_per_call: Tokens = 0
    """Input tokens that each further call of a task adds (agent history)."""
    max_context_tokens: Annotated[Positive, Unit("tokens")] = 8_192
    """Longest input plus output that a call must hold."""
    peak_to_mean: Ratio = 3.0
    """Tokens per second at the busiest hour over the mean of all hours of the week."""
    hours_per_week: Annotated[float, Field(gt=0, le=168), Unit("hours/week")] = 168.0
    """Hours a week in which the service is used at all."""
    hourly_shape: tuple[HourWeight, ...] | None = None
    """Relative traffic of each hour: 24 weights from midnight on for every day of use, or 168 from
    Monday midnight on; leave out for a shape made of `hours_per_week` and `peak_to_mean`."""
    growth_per_month: Annotated[float, Field(ge=-0.5, le=1), Unit("share per month")] = 0.0
    """Growth of volume a month, as a share (0.05 = 5%)."""
    horizon_months: Annotated[int, Field(ge=1, le=120), Unit("months")] = 24
    """Months ahead over which costs are compared as volume grows and prices move."""
    share_cached_input: Share = 0.0
    """Share of input tokens that a prompt cache serves."""
    share_cache_written: Share = 0.0
    """Share of the other input tokens that is written to that cache, where writing costs extra."""
    share_reasoning_output: Share = 0.0
    """Share of output tokens that are reasoning; `share_output` counts them."""
    images_per_call: Annotated[float, Field(ge=0, le=10_000), Unit("images")] = 0.0
    """Mean images of a call; their tokens are part of `input_tokens_per_call`."""
    share_batch: Share = 0.0
    """Share of calls that may wait for a batch price."""
    modalities: tuple[Modality, ...] = ("text",)
    """Kinds of input that the model must take."""
    first_token_p95_s: Annotated[float, Field(gt=0, le=600), Unit("s")] = 2.0
    """95% of calls must show their first token within this time."""
    output_tokens_per_second: Annotated[float, Field(gt=0, le=10_000), Unit("tokens/s")] = 15.0
    """Output speed that one user needs, tokens/s."""
    needs_fine_latency_control: bool = False
    """Whether tail latency must be steered (own batching, priorities), not only met on average."""
    availability: Literal["office_hours", "extended", "24x7"] = "office_hours"
    """When somebody must be able to repair the service."""


OTHERS = "others"
"""Key of `data.contracts` for all providers and places that it does not name."""


class Answer(Record):
    """An answer to one control's question, with who gave it and until when it holds."""

    answer: AnswerWord = AnswerWord.UNKNOWN
    """met, partly, not_met, unknown or not_applicable."""
    reason: Trimmed = ""
    """Why; needed for not_applicable."""
    owner: Trimmed = ""
    """Role that answers for it; needed for not_applicable."""
    evidence: Trimmed = ""
    """Link or file that shows it."""
    due: date | None = None
    """Day by which an open point is settled."""
    valid_until: date | None = None
    """After this day the answer counts as unknown."""


class Supplier(Record):
    """What the team has in writing of a provider or place, where the catalogue does not know it."""

    processing_regions: tuple[PlaceCode, ...] | None = None
    """Where it processes and stores the team's data, in place of what the catalogue says: ISO codes
    of countries or of their parts, or EU; leave out if unknown."""
    certifications: tuple[Certificate, ...] | None = None
    """Certificates that the team has seen, beside those in the catalogue; [] for none."""
    us_persons_only: bool | None = None
    """Whether only US persons on US soil have access; leave out if unknown."""


class Data(Record):
    """What data the prompts carry, under which duties, and the answers to the checklist."""

    data_class: DataClass | None = None
    """Highest class of data that the service will see; leave out if unknown."""
    data_types: tuple[DataType, ...] | None = None
    """Types of data in prompts; leave out if unknown."""
    org_roles: tuple[OrgRole, ...] | None = None
    """Legal roles of the organisation; leave out if unknown."""
    operating_in: tuple[Place, ...] | None = None
    """Places in which the organisation operates: name each state and country of the list, for its
    own law is asked only where it is named; US or EU alone stands for none of their parts."""
    data_subjects_in: tuple[Place, ...] | None = None
    """Places where the people live whose data is processed, each state and country likewise."""
    uses: tuple[Use, ...] | None = None
    """What the answers are used for."""
    human_review: Literal["always", "sampled", "none"] | None = None
    """How often a person checks an answer before it takes effect."""
    critical_function: bool | None = None
    """Whether it supports a critical or important function (DORA)."""
    us_bulk_threshold_met: bool | None = None
    """Whether bulk thresholds of 28 CFR 202 are met."""
    commercial_use: bool | None = None
    """Whether the use is commercial."""
    offers_model_to_third_parties: bool | None = None
    """Whether a model or its derivative is passed on to others."""
    customer_contracts_limit_subprocessors: bool | None = None
    """Whether customer contracts limit sub-processors."""
    logs_prompts: bool | None = None
    """Whether prompts or answers are logged."""
    allowed_regions: tuple[Place, ...] | None = None
    """Regions in which data may be processed; leave out if there is no such rule."""
    must_stay_in_own_network: bool = False
    """Whether no prompt may leave the organisation's own network perimeter."""
    contracts: dict[Key, tuple[Contract, ...]] = Field(default_factory=dict)
    """Contracts signed, by provider or place (`playbook facts show providers` lists the ids). One
    that is left out is unknown; `others: []` says that nothing is signed with all of those."""
    suppliers: dict[Key, Supplier] = Field(default_factory=dict)
    """What the team has in writing of a provider or place, by its id."""
    stance_on_chinese_origin_weights: Literal["allow", "condition", "exclude"] = "condition"
    """The organisation's policy for weights of Chinese origin, where no law decides."""
    answers: dict[Key, Answer] = Field(default_factory=dict)
    """Answers to the compliance checklist, by control id."""


class LeadTimes(Record):
    """Weeks from today to production, by lane."""

    frontier_api: WeeksEstimate = Estimate(low=1, likely=2, high=5)
    """Weeks for a commercial API."""
    hosted_open_weights: WeeksEstimate = Estimate(low=1, likely=3, high=7)
    """Weeks for open weights hosted by a provider."""
    self_hosted: WeeksEstimate = Estimate(low=5, likely=10, high=22)
    """Weeks for own servers."""

    def of(self, lane: Lane) -> Estimate:
        """Return the weeks of one lane."""
        estimate: Estimate = getattr(self, lane.value)
        return estimate


class Infrastructure(Record):
    """Who runs it, where, and how long it takes."""

    places: tuple[Slug, ...] = ("rented_eu", "rented_us")
    """Places where the team may run models itself: ids of catalog places, such as `own_network`."""
    gpus: Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None
    """GPUs that own servers may have, by catalog id (`playbook facts show gpus` lists them); leave
    out for all that are offered."""
    staff_free_fte: Fte = 0.0
    """People free to run models, full-time equivalents."""
    staff_usd_per_year: UsdPerYear = 180_000
    """Full cost of one such person a year."""
    on_call_people: Annotated[Count, Unit("people")] = 0
    """People in the on-call rota who can take this service over; who is missing is paid for."""
    fte_needed_self_hosted: PeopleEstimate = Estimate(low=0.25, likely=0.5, high=1.0)
    """People that running models takes, beyond on call; full-time equivalents."""
    fte_needed_api: PeopleEstimate = Estimate(low=0.05, likely=0.1, high=0.2)
    """People that operating an API integration takes; full-time equivalents."""
    spare_replicas: Count = 1
    """Replicas beyond those needed at peak."""
    min_replicas: Count = 1
    """Replicas kept at any load, spare ones aside; 0 lets rented GPUs without a commitment stop in
    the hours without traffic, so that the first call after a stop waits for a cold start."""
    scales_by_hour: bool = False
    """Whether rented GPUs without a commitment are switched on and off with the load of each hour;
    if not, those for the peak are paid at all hours."""
    share_reserved: ShareOfGpus = Estimate(low=0, likely=0, high=0)
    """Share of rented GPUs on a commitment of one to three years: cheaper, paid at all hours."""
    share_spot: ShareOfGpus = Estimate(low=0, likely=0, high=0)
    """Share of rented GPUs on spot, which may be taken away; the rest is on demand."""
    gpu_discount: Share = 0.0
    """Discount that the team has agreed for a commitment, in place of the assumed one; it is then
    that of all rented GPUs, unless `share_reserved` or `share_spot` is given."""
    lead_times: LeadTimes = LeadTimes()
    """Weeks to production by lane."""
    deadline_weeks: Annotated[float, Field(gt=0, le=520), Unit("weeks")] = 26.0
    """Weeks after which the service is of no use."""


class Domain(Record):
    """How special the work is, and what there is to teach a model."""

    specialisation: Literal["general", "some", "highly_specific"] = "general"
    """How far the work is from general language: own vocabulary, formats, rules."""
    candidate_models: Annotated[tuple[ModelId, ...], Field(min_length=1)] | None = None
    """Models the team considers, by catalog id (`playbook facts show models` lists them); leave out
    for all."""
    will_fine_tune: bool | None = None
    """Whether the team will fine-tune; leave out if open."""
    labelled_examples: Count = 0
    """Labelled examples at hand."""
    may_train_on_examples: bool | None = None
    """Whether the team has the right to train on them; leave out if unknown."""
    fine_tune_data_types: tuple[DataType, ...] = ()
    """Types of data in the examples."""
    fine_tune_method: TuningMethod = "lora"
    """How it would be tuned: adapters (lora), adapters on 4-bit weights (qlora), all weights."""
    fine_tune_examples: Count | None = None
    """Examples to train on, those still to be labelled included; leave out for those at hand."""
    fine_tune_tokens_per_example: Tokens | None = None
    """Tokens of one example, prompt and answer; leave out for those of a mean call."""
    fine_tune_epochs: Annotated[float, Field(gt=0, le=100), Unit("epochs")] = 3.0
    """Times that training goes through all examples."""
    fine_tune_packed: bool = True
    """Whether short examples are packed into full sequences, which trains several times faster."""
    fine_tunes_per_year: Annotated[NonNegativeEstimate, Unit("tunings/year")] = Estimate(
        low=1, likely=2, high=4
    )
    """Repeats a year after the first: new base models, new data; each is evaluated anew."""
    fine_tune_compute_ratio: Annotated[float, Field(ge=0, le=1_000), Unit("share")] | None = None
    """Compute of all fine-tuning over that which trained the original model (0.001 = 0.1%), for the
    AI Act's test of who counts as a model's provider; leave out if unknown."""
    trains_other_models_on_outputs: bool | None = None
    """Whether model outputs are used to train other models."""
    weights_taken_on: date | None = None
    """Day on which weights were or will be taken, for licences that changed; leave it out if
    unknown."""
    languages: tuple[Text, ...] = ("en",)
    """Languages of the work, as ISO codes."""


class Weights(Record):
    """How much each swing from worst acceptable to fully satisfying matters (scaled to 1)."""

    cost: Weight = 30
    """Swing from the budget ceiling to a tenth of it."""
    quality: Weight = 25
    """Swing from the minimum to the target pass rate."""
    latency: Weight = 10
    """Swing from just meeting the latency target to twice as fast."""
    infrastructure: Weight = 10
    """Swing from one person short to none short."""
    residency: Weight = 10
    """Swing from all tokens resting on contract terms to none."""
    time_to_production: Weight = 10
    """Swing from the deadline to two weeks."""
    lifecycle: Weight = 5
    """Swing from 3 to 18 months until announced retirement."""
    cost_ceiling_usd_per_month: UsdPerMonth | None = None
    """Anchor of the cost criterion; the team's budget if left out."""
    usd_per_failure: Usd = 0.0
    """Cost of one wrong answer that reaches a user; 0 leaves it to the quality criterion."""
