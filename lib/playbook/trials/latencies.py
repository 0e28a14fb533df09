"""Which calls tell an endpoint's latency, and which tell more of the client that sent them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from playbook.trials.load.honesty import client_bound
from playbook.trials.records import Attempt

TimedBy = Literal["lean", "litellm", "replay", ""]
"""What sent the calls that were timed; empty if there is none, or it was not recorded."""
TIMED_BY_WORDS: dict[TimedBy, str] = {
    "lean": "timed by the lean client",
    "litellm": "timed through litellm, whose own work is in it",
    "replay": "replayed times of an earlier run",
    "": "",
}


@dataclass(frozen=True)
class Latencies:
    """The calls of one endpoint that tell its latency."""

    used: Sequence[Attempt]
    """Answered calls, all sent by the same client."""
    timed_by: TimedBy
    """What sent them."""
    left_out: dict[str, int]
    """How many calls are not used, by why."""


def usable_latencies(trials: Sequence[Attempt], probes: Sequence[Attempt]) -> Latencies:
    """Return the calls that tell an endpoint's latency.

    Calls by the lean client come first: probes and trials. Where there are none, as of providers
    that only litellm reaches, litellm's are used. A call during which the client was the bottleneck
    is never used, nor an answer from the store.

    Args:
        trials: Results of the endpoint's trials.
        probes: Its answers to latency calls.
    """
    answered = [one for one in trials if one.outcome == "answered" and one.stored_on is None]
    timed = [one for one in (*probes, *answered) if latency_s(one) is not None]
    clients = {one.client for one in timed}
    chosen = next((one for one in ("lean", "litellm", "replay") if one in clients), None)
    left_out: Counter[str] = Counter()
    used = []
    for one in timed:
        if one.client not in {chosen, None}:
            left_out[f"sent by {one.client}, whose own work is in the time"] += 1
        elif why := client_bound(one):
            left_out[_kind(why)] += 1
        else:
            used.append(one)
    return Latencies(used, chosen or "", dict(left_out))


def latency_s(attempt: Attempt) -> float | None:
    """Return the time to the first token, or to the whole answer where nothing was streamed."""
    return attempt.first_token_s if attempt.first_token_s is not None else attempt.total_s


def latency_by_prompt(latencies: Latencies) -> dict[str, tuple[float, str]]:
    """Return the median latency and the group by prompt."""
    found: dict[str, list[float]] = defaultdict(list)
    groups: dict[str, str] = {}
    for one in latencies.used:
        seconds = latency_s(one)
        if seconds is not None:
            name = f"{one.prompt_set}/{one.prompt}"
            found[name].append(seconds)
            groups[name] = f"{one.prompt_set}/{one.group}"
    return {name: (median(seconds), groups[name]) for name, seconds in found.items()}


def _kind(why: str) -> str:
    """Return a reason without the figures of one call, so that calls can be counted by it."""
    if "used" in why:
        return "the client's process was busy"
    return "the client was held up" if "held up" in why else why
