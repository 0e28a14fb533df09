"""Evidence from a ledger: a pure function of profile, prompt sets and attempts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from playbook.profile.endpoints import Endpoint
from playbook.profile.profile import Profile
from playbook.provenance import Provenance
from playbook.trials.evidence_records import Evidence
from playbook.trials.judging.judgement import Judgement, Labels, judgement_of
from playbook.trials.load.measuring import call_speed, mean_count, measurements_of_trials
from playbook.trials.plan import Trial, plan_trials
from playbook.trials.prompt_records import PromptSet
from playbook.trials.records import Attempt, EndpointEvidence
from playbook.trials.results import Result, marks_by_endpoint, result_of, task_results
from playbook.trials.samples import sample_answers
from playbook.trials.screening import CONTROL, Screen, scan_notes
from playbook.trials.statistics.intervals import quantile
from playbook.trials.statistics.versus import compare_endpoints

BY_RULES_ONLY = "answers are scored by rules only; no person and no judge model read them"
NOT_CONSIDERED = (
    "latency is that of the trial's own few calls at a time, not of production load",
    "the exact test takes prompts as independent; the intervals do not where prompts share a group",
    "calls in flight when a run is killed may have been billed and are in no ledger",
)


@dataclass(frozen=True)
class Book:
    """What a run left behind, by endpoint and in the order of the plan."""

    results: Mapping[str, Sequence[Result]]
    attempts: Mapping[str, Sequence[Attempt]]
    missing: int
    planned: int
    stopped: Sequence[str] = field(default_factory=tuple)
    judgement: Judgement = field(default_factory=Judgement)

    @property
    def all_results(self) -> list[Result]:
        """Return the results of all endpoints."""
        return [one for of_one in self.results.values() for one in of_one]

    @property
    def all_attempts(self) -> list[Attempt]:
        """Return the attempts of all endpoints."""
        return [one for tries in self.attempts.values() for one in tries]


def make_evidence(  # noqa: PLR0913  all that evidence rests on
    profile: Profile,
    prompt_sets: Sequence[PromptSet],
    attempts: Sequence[Attempt],
    *,
    as_of: date,
    stopped: Sequence[str] = (),
    screen: Screen | None = None,
    labels: Labels | None = None,
) -> Evidence:
    """Return the evidence of a run; needs no key and no network.

    Args:
        profile: The profile that was run.
        prompt_sets: Its prompt sets, as they are now; answers are scored anew.
        attempts: Lines of the ledger, in any order; those of other plans are left out.
        as_of: Day of the run.
        stopped: Why trials were left out, as the runner said.
        screen: The scan of the run.
        labels: What people said of the answers, by prompt set; a judge is calibrated with them.
    """
    if not profile.trials.endpoints or not prompt_sets:
        return untested(profile, as_of=as_of)
    plan = plan_trials(profile, prompt_sets)
    judgement = judgement_of(profile.trials, plan, attempts, labels or {})
    book = _book(plan, attempts, stopped, judgement)
    endpoints = tuple(_endpoint(one, book) for one in profile.trials.endpoints)
    priced = [one.cost_usd for one in endpoints if one.cost_usd is not None]
    swept = [one for one in attempts if one.load]
    others = [one for one in attempts if one.load or one.purpose != "trial"]
    measured, not_measured = measurements_of_trials(profile, [*book.all_attempts, *swept])
    return Evidence(
        as_of=as_of,
        status="partial" if book.missing else "complete",
        because=_because(book, prompt_sets),
        prompt_sets={one.id: one.sha256 for one in prompt_sets},
        endpoints=endpoints,
        comparisons=compare_endpoints(
            marks_by_endpoint(book.results), margin=profile.trials.non_inferiority_margin
        ),
        samples=sample_answers((one.trial, one.attempt, one.passed) for one in book.all_results),
        attempts=len(book.all_attempts) + len(others),
        cost_usd=math.fsum([*priced, *(one.cost_usd or 0.0 for one in others)]),
        not_considered=(
            *_not_considered(profile, book),
            *scan_notes(profile.trials, prompt_sets, as_of=as_of, screen=screen),
        ),
        measurements=measured,
        not_measured=not_measured,
        judging=book.judgement.record,
    )


def untested(profile: Profile, *, as_of: date) -> Evidence:
    """Return the evidence of a profile that tries nothing, with the reason."""
    lacking = [
        words
        for words, there in (
            ("endpoints", profile.trials.endpoints),
            ("prompt_sets", profile.trials.prompt_sets),
        )
        if not there
    ]
    return Evidence(
        as_of=as_of,
        status="untested",
        because=f"the profile names no {' and no '.join(lacking)} in its section trials",
        prompt_sets={},
        endpoints=(),
        comparisons=(),
        samples=(),
        attempts=0,
        cost_usd=0.0,
        not_considered=("no prompt was sent to any endpoint",),
    )


def _book(
    plan: Sequence[Trial],
    attempts: Sequence[Attempt],
    stopped: Sequence[str],
    judgement: Judgement,
) -> Book:
    by_key: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_key[attempt.run_key].append(attempt)
    said = judgement.verdicts
    results: dict[str, list[Result]] = defaultdict(list)
    kept: dict[str, list[Attempt]] = defaultdict(list)
    for trial in plan:
        tries = by_key.get(trial.run_key, [])
        kept[trial.endpoint.id] += tries
        final = next((one for one in reversed(tries) if one.final), None)
        if final is not None:
            results[trial.endpoint.id].append(result_of(trial, final, said.get(trial.run_key)))
    missing = len(plan) - sum(map(len, results.values()))
    return Book(results, kept, missing, len(plan), tuple(stopped), judgement)


def _endpoint(endpoint: Endpoint, book: Book) -> EndpointEvidence:
    results, attempts = book.results.get(endpoint.id, ()), book.attempts.get(endpoint.id, ())
    answered = [one.attempt for one in results if one.attempt.outcome == "answered"]
    refused = [one.attempt for one in results if one.attempt.outcome == "refused_by_gate"]
    first_token = [one.first_token_s for one in answered if one.first_token_s is not None]
    costs = [one.cost_usd for one in attempts if one.cost_usd is not None]
    cost = math.fsum(costs) if costs else None
    successes = sum(one.passed is True for one in results)
    return EndpointEvidence(
        endpoint=endpoint.id,
        title=endpoint.title or endpoint.id,
        option=endpoint.option,
        model_answered=tuple(sorted({one.model_answered for one in answered})),
        stand_in=endpoint.stand_in,
        demonstration=endpoint.embedded is not None,
        recorded=any(one.recorded for one in attempts),
        provenance=Provenance.MEASURED if answered else Provenance.ASSUMED,
        results=task_results(results, book.judgement.corrected),
        first_token_p50_s=quantile(first_token, 0.5),
        first_token_p95_s=quantile(first_token, 0.95),
        output_tokens_per_second=quantile(
            [rate for one in answered if (rate := call_speed(one))], 0.5
        ),
        mean_input_tokens=mean_count([one.input_tokens for one in answered]),
        mean_output_tokens=mean_count([one.output_tokens for one in answered]),
        cost_usd=cost,
        usd_per_success=cost / successes if cost is not None and successes else None,
        refused_by_gate=len(refused),
        refusal_reasons=_reasons(refused),
        answered_since=min((one.at.date() for one in answered), default=None),
    )


def _reasons(refused: Sequence[Attempt]) -> tuple[str, ...]:
    """Return the distinct reasons; those of the scan by rule, for each names its own place."""
    scanned: dict[str, int] = defaultdict(int)
    for one in refused:
        for control in one.controls:
            scanned[control] += control.startswith(CONTROL)
    others = dict.fromkeys(one.error for one in refused if not _by_scan(one))
    by_rule = (
        f"{control}: found above the label in {count} of the prompts; the ledger says where"
        for control, count in sorted(scanned.items())
        if count
    )
    return (*others, *by_rule)


def _by_scan(attempt: Attempt) -> bool:
    return any(one.startswith(CONTROL) for one in attempt.controls)


def _because(book: Book, prompt_sets: Sequence[PromptSet]) -> str:
    if not book.missing:
        names = ", ".join(one.id for one in prompt_sets)
        return f"all {book.planned} trials of {names} have a result"
    reasons = "; ".join(book.stopped) or "the run was interrupted; run it again to go on"
    return f"{book.missing} of {book.planned} trials have no result: {reasons}"


def _not_considered(profile: Profile, book: Book) -> tuple[str, ...]:
    lines = [*(book.judgement.notes or [BY_RULES_ONLY]), *NOT_CONSIDERED]
    unknown = sum(one.at_most_usd is not None for tries in book.attempts.values() for one in tries)
    if unknown:
        lines.append(
            f"{unknown} attempts told no cost; they count in the cap, not in the cost shown"
        )
    unscored = sum(one.unscored for one in book.all_results)
    if unscored:
        lines.append(
            f"{unscored} answers are not scored: code was not allowed to run, or a judge gave no "
            "verdict; rates show what they would be if all of them had failed, or passed"
        )
    if profile.trials.load_sweep:
        lines.append("a load sweep repeats prompts: an endpoint that caches them shows as too fast")
    if profile.trials.repeats == 1:
        lines.append("each prompt was sent once, so an answer's own variation is not measured")
    return tuple(lines)
