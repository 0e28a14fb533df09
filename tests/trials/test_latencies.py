"""Which calls tell a latency: lean first, then litellm, and none of a busy client."""

from __future__ import annotations

from playbook.trials.latencies import latency_by_prompt, usable_latencies
from playbook.trials.records import Attempt
from tests.trials.measured_runs import DAY, an_attempt

CALM = {"client_lag_s": 0.001, "client_busy": 0.2}


def by_litellm(number: int, **fields: object) -> Attempt:
    return an_attempt(number, **({"client": "litellm"} | CALM | fields))


def by_lean(number: int, **fields: object) -> Attempt:
    return an_attempt(number, **({"client": "lean", "purpose": "latency"} | CALM | fields))


def test_lean_probes_are_taken_and_litellms_trials_left_out() -> None:
    trials = [by_litellm(number, first_token_s=0.9) for number in range(3)]
    probes = [by_lean(number, first_token_s=0.3) for number in range(2)]

    found = usable_latencies(trials, probes)

    assert list(found.used) == probes
    assert found.timed_by == "lean"
    assert found.left_out == {"sent by litellm, whose own work is in the time": 3}


def test_a_provider_that_only_litellm_reaches_is_timed_through_litellm() -> None:
    found = usable_latencies([by_litellm(1), by_litellm(2, outcome="error")], [])

    assert (len(found.used), found.timed_by, found.left_out) == (1, "litellm", {})


def test_calls_while_the_client_was_the_bottleneck_are_never_used_and_counted() -> None:
    """0.3 s and 0.4 s of hold-up in a first token that took 0.5 s."""
    held_up = [by_lean(number, client_lag_s=0.1 * (3 + number)) for number in range(2)]
    untold = by_lean(3, client_lag_s=None)

    found = usable_latencies([], [*held_up, untold, by_lean(4)])

    assert [one.prompt for one in found.used] == ["p4"]
    assert found.left_out == {
        "the client was held up": 2,
        "what the client did during the call was not recorded": 1,
    }


def test_an_answer_from_the_store_has_no_latency_of_this_run() -> None:
    assert list(usable_latencies([by_lean(1, stored_on=DAY)], []).used) == []


def test_replayed_times_are_used_and_named_as_such() -> None:
    assert usable_latencies([an_attempt(1, client="replay")], []).timed_by == "replay"


def test_latency_is_that_of_the_first_token_or_of_the_whole_answer_by_prompt() -> None:
    """Three calls of one prompt, the median of 0.2, 0.4 and 0.9 s; another without a stream."""
    calls = [by_lean(1, first_token_s=seconds) for seconds in (0.9, 0.2, 0.4)]

    found = latency_by_prompt(usable_latencies([], [*calls, by_lean(2, first_token_s=None)]))

    assert found == {"demo/p1": (0.4, "demo/g"), "demo/p2": (10.5, "demo/g")}


def test_nothing_answered_has_no_latency() -> None:
    found = usable_latencies([by_litellm(1, outcome="timeout")], [])

    assert (list(found.used), found.timed_by) == ([], "")
