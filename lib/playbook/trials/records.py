"""What a trial leaves behind: attempts in a ledger, and what they say of endpoints."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from playbook.provenance import Provenance
from playbook.records import Record
from playbook.trials.client import ClientName, ToolCall
from playbook.trials.interval import Interval
from playbook.vocabulary import DataClass

Outcome = Literal[
    "answered", "refused_by_gate", "error", "timeout", "truncated", "filtered", "wrong_model"
]
Purpose = Literal["trial", "latency", "load", "judge", "again"]
"""The trial itself; a latency probe; a load sweep; a judge's reading of an answer; the same once
more, for the noise of a parity trial."""

WaitCause = Literal["limits", "pause", "retry", "breaker", "probe"]
"""Requests and tokens a minute; the endpoint asked all calls to wait; own wait between attempts; it
did not answer others; the same, and this call was the first to try it again."""


class Attempt(Record):
    """One line of `trials.jsonl`: one attempt to get one answer."""

    run_key: str
    """Hash of prompt, endpoint, model, parameters and repeat: what resume looks up."""
    prompt_set: str
    """Prompt set id."""
    prompt: str
    """Prompt id."""
    task: str
    """Task of the prompt."""
    group: str
    """Template or document that prompts share; intervals cluster by it."""
    data_class: DataClass
    """Label in force."""
    endpoint: str
    """Endpoint id."""
    repeat: int
    """0 for the first."""
    attempt: int
    """1 for the first try."""
    final: bool
    """Whether this attempt is the result (an answer, a refusal, or the last error)."""
    outcome: Outcome
    """What happened."""
    text: str = ""
    """The answer."""
    model_answered: str = ""
    """Model id that the endpoint reported."""
    input_tokens: int | None = None
    """As the endpoint counted them."""
    output_tokens: int | None = None
    """As the endpoint counted them."""
    cached_input_tokens: int | None = None
    """Of the input, read from the provider's cache; None when it gave no such count."""
    cache_written_tokens: int | None = None
    """Of the input, written to that cache."""
    reasoning_tokens: int | None = None
    """Of the output, spent on reasoning."""
    first_token_s: float | None = None
    """Time to the first token."""
    total_s: float | None = None
    """Time to the last byte."""
    cost_usd: float | None = None
    """By the catalogue's or the profile's price; None when there is no price."""
    at_most_usd: float | None = None
    """Worst case of an attempt whose cost is not known; counts against the money cap."""
    scores: dict[str, float | None] = Field(default_factory=dict)
    """Score by scorer, 0 to 1; None where a scorer could give none."""
    scored_from: dict[str, str] = Field(default_factory=dict)
    """Hash of answer, expected value and options by costly scorer: while it stays, so does the
    score."""
    passed: bool | None = None
    """Whether every scorer gave enough marks; None when nothing was scored, or not by all."""
    error: str = ""
    """Kind and message, secrets removed."""
    controls: tuple[str, ...] = ()
    """What kept it back: control ids, or `SCAN:` and a rule of the scan; empty if nothing did."""
    recorded: bool = False
    """Whether the answer was replayed from a recording."""
    purpose: Purpose = "trial"
    """What it was sent for."""
    request_id: str = ""
    """The endpoint's own id of it."""
    tool_calls: tuple[ToolCall, ...] = ()
    """What the model wanted to call; hostile text."""
    client: ClientName | None = None
    """What sent it; None where nothing was sent."""
    token_gap_s: float | None = None
    """Median time between two pieces of the answer."""
    client_lag_s: float | None = None
    """Longest time that the client's event loop kept a timer waiting during the call."""
    client_busy: float | None = None
    """CPU of the client's process during the call, over its time."""
    stored_on: datetime | None = None
    """When the answer was first given, if it came from the store of answers and not from a call."""
    load: int = 0
    """Calls in flight that a load sweep asked for, or of an open load the most that it lets in; 0
    for the trial itself."""
    rate_per_s: float = 0.0
    """Calls a second that an open load asked for; 0 where each call waits for another's end."""
    late_s: float | None = None
    """Of an open load's call: how long after it was due it was sent."""
    waits_s: dict[WaitCause, float] = Field(default_factory=dict)
    """What it waited for before it was sent, seconds by cause."""
    at: datetime
    """When it ended, UTC."""


class TaskResult(Record):
    """How one endpoint did on one task."""

    task: str
    """Task, or `all`."""
    pass_rate: Interval | None
    """Passed over sent, errors and truncations counted as failures (intention to treat)."""
    pass_rate_answered: Interval | None
    """Passed over answered only (per protocol)."""
    outcomes: dict[str, int]
    """Number of prompts by outcome; refused ones are listed and not in n."""
    not_scored: int = 0
    """Answers of which a scorer could not say whether they are right; neither passed nor failed."""
    no_scorers: int = 0
    """Answers to prompts without scorers; not in n."""
    missing: int = 0
    """Trials without a result, as of an interrupted run."""
    lowest_if_missing: float | None = None
    """Pass rate if every missing prompt had failed; None where none is missing."""
    highest_if_missing: float | None = None
    """Pass rate if every missing prompt had passed."""


class EndpointEvidence(Record):
    """All results of one endpoint."""

    endpoint: str
    """Endpoint id."""
    title: str
    """Name."""
    option: str
    """Option that this evidence is about; empty if none."""
    model_answered: tuple[str, ...]
    """Model ids that answered."""
    stand_in: bool
    """Whether it only stands in for a commercial API."""
    demonstration: bool
    """Whether a demonstration model answered."""
    recorded: bool
    """Whether the answers were replayed from a recording."""
    provenance: Provenance
    """`measured` when anything was answered."""
    results: tuple[TaskResult, ...]
    """`all` first, then by task."""
    first_token_p50_s: Interval | None
    """Median time to first token."""
    first_token_p95_s: Interval | None
    """95th percentile of time to first token."""
    output_tokens_per_second: Interval | None
    """Speed that one caller saw (median)."""
    mean_input_tokens: float | None
    """As counted by the endpoint."""
    mean_output_tokens: float | None
    """As counted by the endpoint."""
    cost_usd: float | None
    """All attempts together; None when there is no price."""
    usd_per_success: float | None
    """Cost of the scored prompts over those that passed."""
    refused_by_gate: int
    """Prompts that the clearance or the scan kept back."""
    refusal_reasons: tuple[str, ...]
    """Distinct reasons."""
    answered_since: date | None = None
    """Day (UTC) of the oldest answer; answers of an earlier run of the folder are not asked again.

    None when nothing was answered.
    """
    first_token_p99_s: Interval | None = None
    """99th percentile of time to first token; below some 370 calls its interval says that values
    are too few."""
    usd_per_success_interval: Interval | None = None
    """The same ratio with its interval; None without a price, or with too few passes for one."""
    timed_by: Literal["lean", "litellm", "replay", ""] = ""
    """What sent the calls whose latency is told: litellm's own work is in its times."""
    latencies_left_out: dict[str, int] = Field(default_factory=dict)
    """Calls whose latency is not used, by why: the client was the bottleneck."""


Metric = Literal["pass rate", "latency", "cost per success"]
"""What two endpoints are compared by: more passes, less time and less money are better."""


class Comparison(Record):
    """Two endpoints on the same prompts."""

    first: str
    """Endpoint id."""
    second: str
    """Endpoint id."""
    task: str
    """Task, or `all`."""
    n: int
    """Prompts that both were sent."""
    difference: Interval
    """The first less the second, paired: of pass rates, of seconds (the median of the prompts'
    differences), or of USD per success."""
    only_first_passed: int
    """Discordant pairs; of latency and cost, prompts at which the first was the better one."""
    only_second_passed: int
    """Likewise of the second."""
    p_value: float
    """Two-sided: exact McNemar test of pass rates, sign test of latency, sign flips of costs."""
    verdict: Literal[
        "first better",
        "second better",
        "equivalent",
        "first not inferior",
        "second not inferior",
        "inconclusive",
    ]
    """By the margin set before the run; `inconclusive` is a result.

    `better` needs the p value adjusted for all comparisons; `equivalent` means that neither is
    inferior to the other by more than the margin. Latency and cost have no margin.
    """
    metric: Metric = "pass rate"
    """What is compared."""
    adjusted_p: float | None = None
    """p value adjusted (Holm) for all comparisons of the run: endpoints, tasks and metrics."""
    margin: float | None = None
    """Difference that still counts as equal; None where there is none."""
    needed: int | None = None
    """Shared prompts that would probably settle it, by its own discordance and groups; None where
    it is settled, or no number would."""


class ShownAnswer(Record):
    """One endpoint's answer to a prompt that is shown; the text is hostile."""

    endpoint: str
    """Endpoint id."""
    outcome: Outcome
    """What happened."""
    text: str
    """Answer, or why there is none; shortened."""
    passed: bool | None
    """Whether it passed."""


class SideBySide(Record):
    """One prompt with what each endpoint made of it; all texts are hostile."""

    prompt_set: str
    """Prompt set id."""
    prompt: str
    """Prompt id."""
    task: str
    """Task."""
    asked: str
    """Last message of the prompt, shortened; only for public and internal prompts."""
    expected: str
    """Expected answer, shortened."""
    answers: tuple[ShownAnswer, ...]
    """In the order of the profile; endpoints without a result are left out."""
