"""Evidence from a ledger: a pure function of profile, prompt sets and attempts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from playbook.profile.profile import Profile
from playbook.trials.book import Book, open_book
from playbook.trials.comparing import compare_endpoints
from playbook.trials.consistency import consistency_of
from playbook.trials.endpoint_evidence import endpoint_evidence
from playbook.trials.evidence_records import Evidence
from playbook.trials.judging.judgement import Labels
from playbook.trials.load.curves import load_curves
from playbook.trials.load.measuring import measurements_of_trials
from playbook.trials.load.records import LoadCurve
from playbook.trials.load.sweep import can_be_measured
from playbook.trials.parity import parity_results
from playbook.trials.prompt_records import PromptSet
from playbook.trials.rates import rate_figures
from playbook.trials.records import Attempt, EndpointEvidence
from playbook.trials.safety import safety_of
from playbook.trials.samples import sample_answers
from playbook.trials.screening import Screen, scan_notes

BY_RULES_ONLY = "answers are scored by rules only; no person and no judge model read them"
NOT_CONSIDERED = (
    "latency is that of the trial's own few calls at a time, not of production load",
    "the exact test takes prompts as independent; the intervals do not where prompts share a group",
    "calls in flight when a run is killed may have been billed and are in no ledger",
)


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
    book = open_book(profile, prompt_sets, attempts, stopped, labels=labels)
    endpoints = tuple(
        endpoint_evidence(one, book, seed=profile.trials.seed) for one in profile.trials.endpoints
    )
    priced = [one.cost_usd for one in endpoints if one.cost_usd is not None]
    others = [one for one in attempts if one.load or one.purpose != "trial"]
    base = Evidence(
        as_of=as_of,
        status="partial" if book.missing else "complete",
        because=_because(book, prompt_sets),
        prompt_sets={one.id: one.sha256 for one in prompt_sets},
        endpoints=endpoints,
        comparisons=compare_endpoints(profile, book),
        samples=sample_answers((one.trial, one.attempt, one.passed) for one in book.all_results),
        attempts=len(book.all_attempts) + len(others),
        cost_usd=math.fsum([*priced, *(one.cost_usd or 0.0 for one in others)]),
        not_considered=(
            *_not_considered(profile, book, endpoints),
            *scan_notes(profile.trials, prompt_sets, as_of=as_of, screen=screen),
        ),
        safety=safety_of(book.all_results),
        consistency=consistency_of(book.all_results),
        judging=book.judgement.record,
        parity=parity_results(profile, prompt_sets, book, attempts),
    )
    return _with_speeds(base, profile, [*book.all_attempts, *others])


def _with_speeds(base: Evidence, profile: Profile, attempts: Sequence[Attempt]) -> Evidence:
    """Return the evidence with what the times of its calls say."""
    swept = [one for one in attempts if one.load]
    timed = [one for one in attempts if one.load or one.purpose == "trial"]
    measured, not_measured = measurements_of_trials(profile, timed)
    curves = load_curves(profile, swept)
    return base.changed(
        measurements=measured,
        not_measured=not_measured,
        load_curves=curves,
        not_considered=(*base.not_considered, *_not_loaded(profile, curves)),
        rates=rate_figures(profile.trials.endpoints, attempts),
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


def _because(book: Book, prompt_sets: Sequence[PromptSet]) -> str:
    if not book.missing:
        names = ", ".join(one.id for one in prompt_sets)
        return f"all {book.planned} trials of {names} have a result"
    reasons = "; ".join(book.stopped) or "the run was interrupted; run it again to go on"
    return f"{len(book.missing)} of {book.planned} trials have no result: {reasons}"


def _not_considered(
    profile: Profile, book: Book, endpoints: Sequence[EndpointEvidence]
) -> tuple[str, ...]:
    scored = book.judgement.notes or (BY_RULES_ONLY,)
    lines = [*scored, *NOT_CONSIDERED, *_latency_notes(endpoints)]
    if book.stopped and not book.missing:
        lines.append(f"not all was asked that was to follow the trials: {'; '.join(book.stopped)}")
    unknown = sum(one.at_most_usd is not None for tries in book.attempts.values() for one in tries)
    if unknown:
        lines.append(
            f"{unknown} attempts told no cost; they count in the cap, not in the cost shown"
        )
    unscored = sum(one.unscored for one in book.all_results)
    if unscored:
        lines.append(
            f"{unscored} answers are not scored: code was not allowed to run, a judge gave no "
            "verdict, or the answer was cut; rates show what they would be if all of them had "
            "failed, or passed"
        )
    if profile.trials.load_sweep and not profile.trials.load_lengths:
        lines.append("a load sweep repeats prompts: an endpoint that caches them shows as too fast")
    if profile.trials.repeats == 1:
        repeated = any(one.trial.repeat for one in book.all_results)
        which = "but for those that ask for repeats, " if repeated else ""
        lines.append(
            f"{which}each prompt was sent once, so an answer's own variation is not measured"
        )
    return tuple(lines)


def _not_loaded(profile: Profile, curves: Sequence[LoadCurve]) -> list[str]:
    """Return the endpoints that a sweep was asked for and left out, since they are no option."""
    section, loaded = profile.trials, {one.endpoint for one in curves}
    if not section.load_sweep and not section.load_rates:
        return []
    left_out = (one for one in section.endpoints if not can_be_measured(one))
    names = [one.id for one in left_out if one.id not in loaded]
    why = "each names no option, or is a demonstration model or stand-in"
    return [f"not measured under load: {', '.join(names)}: {why}"] if names else []


def _latency_notes(endpoints: Sequence[EndpointEvidence]) -> list[str]:
    """Return which latencies were not used and why, and which hold the client's own work."""
    lines = [
        f"{one.endpoint}: the latency of {count} calls is not used: {why}"
        for one in endpoints
        for why, count in one.latencies_left_out.items()
    ]
    through = [one.endpoint for one in endpoints if one.timed_by == "litellm"]
    if through:
        lines.append(
            f"latency of {', '.join(through)} was timed through litellm, whose own work is in it; "
            "it is not compared with that of endpoints which the lean client timed"
        )
    return lines
