"""What a run showed of one endpoint: rates, latency, tokens and money."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from playbook.profile.endpoints import Endpoint
from playbook.provenance import Provenance
from playbook.trials.book import Book
from playbook.trials.interval import Interval
from playbook.trials.latencies import Latencies, usable_latencies
from playbook.trials.load.measuring import call_speed, mean_count
from playbook.trials.records import Attempt, EndpointEvidence
from playbook.trials.results import spent_by_prompt, task_results
from playbook.trials.screening import CONTROL
from playbook.trials.statistics.bootstrap import cluster_sums, ratio_interval
from playbook.trials.statistics.intervals import quantile
from playbook.trials.statistics.versus import Spent


def endpoint_evidence(endpoint: Endpoint, book: Book, *, seed: int) -> EndpointEvidence:
    """Return all results of one endpoint.

    Args:
        endpoint: One of the profile's.
        book: Results and attempts of the run.
        seed: For the resampling of costs.
    """
    results, attempts = book.results.get(endpoint.id, ()), book.attempts.get(endpoint.id, ())
    answered = [one.attempt for one in results if one.attempt.outcome == "answered"]
    refused = [one.attempt for one in results if one.attempt.outcome == "refused_by_gate"]
    latencies = latencies_of(endpoint.id, book)
    first_token = [one.first_token_s for one in latencies.used if one.first_token_s is not None]
    costs = [one.cost_usd for one in attempts if one.cost_usd is not None]
    spent = spent_by_prompt(results, attempts)
    per_success = usd_per_success(spent, seed=seed)
    return EndpointEvidence(
        endpoint=endpoint.id,
        title=endpoint.title or endpoint.id,
        option=endpoint.option,
        model_answered=tuple(sorted({one.model_answered for one in answered})),
        stand_in=endpoint.stand_in,
        demonstration=endpoint.embedded is not None,
        recorded=any(one.recorded for one in attempts),
        provenance=Provenance.MEASURED if answered else Provenance.ASSUMED,
        results=task_results(
            results,
            missing=book.missing_at(endpoint.id),
            corrected=book.judgement.corrected,
        ),
        first_token_p50_s=quantile(first_token, 0.5),
        first_token_p95_s=quantile(first_token, 0.95),
        first_token_p99_s=quantile(first_token, 0.99),
        output_tokens_per_second=quantile(
            [rate for one in latencies.used if (rate := call_speed(one))], 0.5
        ),
        mean_input_tokens=mean_count([one.input_tokens for one in answered]),
        mean_output_tokens=mean_count([one.output_tokens for one in answered]),
        cost_usd=math.fsum(costs) if costs else None,
        usd_per_success=_point(spent),
        usd_per_success_interval=per_success,
        refused_by_gate=len(refused),
        refusal_reasons=_reasons(refused),
        answered_since=min((one.at.date() for one in answered), default=None),
        timed_by=latencies.timed_by,
        latencies_left_out=latencies.left_out,
    )


def latencies_of(endpoint: str, book: Book) -> Latencies:
    """Return the calls that tell the latency of one endpoint."""
    trials = [one.attempt for one in book.results.get(endpoint, ())]
    return usable_latencies(trials, book.probes.get(endpoint, ()))


def usd_per_success(spent: Spent, *, seed: int) -> Interval | None:
    """Return what one passed prompt cost, with an interval that resamples groups of prompts.

    Args:
        spent: Money, passes and group by prompt.
        seed: For the resampling.

    Returns:
        The ratio; None without a price, or where passes are too few for an interval.
    """
    if not spent:
        return None
    money, passed, groups = zip(*spent.values(), strict=True)
    sums = cluster_sums([money, passed], groups)
    return ratio_interval(sums, rng=np.random.default_rng(seed), n=len(spent))


def _point(spent: Spent) -> float | None:
    passed = math.fsum(one[1] for one in spent.values())
    return math.fsum(one[0] for one in spent.values()) / passed if passed else None


def _reasons(refused: Sequence[Attempt]) -> tuple[str, ...]:
    """Return the distinct reasons; those of the scan by rule, for each names its own place."""
    scanned: dict[str, int] = defaultdict(int)
    for one in refused:
        for control in one.controls:
            scanned[control] += control.startswith(CONTROL)
    by_scan = [any(one.startswith(CONTROL) for one in each.controls) for each in refused]
    others = dict.fromkeys(
        one.error for one, found in zip(refused, by_scan, strict=True) if not found
    )
    by_rule = (
        f"{control}: found above the label in {count} of the prompts; the ledger says where"
        for control, count in sorted(scanned.items())
        if count
    )
    return (*others, *by_rule)
