"""A sweep through the runner: fillers fitted to the endpoint, open loads, an early end."""

from __future__ import annotations

from collections import Counter

import pytest

from playbook.catalog import load_catalog
from playbook.profile import Endpoint, Profile
from playbook.trials import Evidence
from playbook.trials.client import CallError, Reply, Request
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.load.filler import FILLER_SET, Fit
from playbook.trials.load.sweep import MOST_IN_FLIGHT, plan_sweep
from playbook.trials.records import Attempt
from tests.trials.conftest import FakeClient, Workplace, a_profile, a_reply
from tests.trials.measured_runs import an_own_server

LENGTHS = ({"input_tokens": 300, "output_tokens": 20},)


def run(place: Workplace, profile: Profile, client: FakeClient) -> Evidence:
    return place.run(profile, client, catalog=load_catalog())


def counting(_: Endpoint, request: Request, __: int) -> Reply:
    """Count a token for every 4 characters, and 10 of its own; write all that is allowed."""
    asked = 10 + len(request.messages[-1].content) // 4
    return a_reply(
        "so on", input_tokens=asked, output_tokens=request.max_tokens, finish_reason="length"
    )


def swept(place: Workplace) -> list[Attempt]:
    return [one for one in read_ledger(place.folder / LEDGER) if one.load]


def test_fillers_have_the_length_that_was_asked_for_as_the_endpoint_counts_it(
    workplace: Workplace,
) -> None:
    profile = a_profile(an_own_server(), load_sweep=(2,), load_calls=20, load_lengths=LENGTHS)

    evidence = run(workplace, profile, FakeClient(counting))

    first, *others = swept(workplace)
    assert first.input_tokens != pytest.approx(300, rel=0.02)
    assert all(one.input_tokens == pytest.approx(300, rel=0.01) for one in others)
    assert {one.output_tokens for one in others} == {20}
    assert {one.prompt_set for one in others} == {FILLER_SET}
    assert {one.data_class.value for one in others} == {"public"}
    (curve,) = evidence.load_curves
    assert curve.points[0].outcomes == {"truncated": 22}
    assert curve.points[0].error_share is not None
    assert curve.points[0].error_share.value == 0


def test_kinds_of_length_come_as_often_as_their_weight_says() -> None:
    kinds = [
        {"input_tokens": 100, "output_tokens": 10, "weight": 3},
        {"input_tokens": 900, "output_tokens": 90, "weight": 1},
    ]
    profile = a_profile(an_own_server(), load_sweep=(1,), load_calls=1_000, load_lengths=kinds)

    (load,) = plan_sweep(profile, [])

    often = Counter(one.input_tokens for one in load.lengths)
    assert often[100] / often[900] == pytest.approx(3, rel=0.2)
    assert {one.request.max_tokens for one in load.trials} == {10, 90}


def test_a_filler_keeps_its_key_whatever_a_token_turns_out_to_be() -> None:
    profile = a_profile(an_own_server(), load_sweep=(1,), load_calls=10, load_lengths=LENGTHS)
    (load,) = plan_sweep(profile, [])
    fitted = load.fitted(Fit(2.0), seed=profile.trials.seed)

    assert [one.run_key for one in fitted.trials] == [one.run_key for one in load.trials]
    assert len({one.run_key for one in load.trials}) == len(load.trials)
    assert fitted.trials[0].request != load.trials[0].request


def test_an_open_load_sends_its_calls_when_they_are_due(workplace: Workplace) -> None:
    profile = a_profile(an_own_server(), load_rates=(400.0,), load_calls=40)

    evidence = run(workplace, profile, FakeClient())

    lines = swept(workplace)
    assert len(lines) == 41
    assert {(one.load, one.rate_per_s) for one in lines} == {(MOST_IN_FLIGHT, 400.0)}
    assert all(one.late_s is not None for one in lines[1:])
    (curve,) = evidence.load_curves
    assert (curve.kind, curve.points[0].calls) == ("open", 40)


def test_a_sweep_that_is_gone_on_with_asks_only_what_is_missing(workplace: Workplace) -> None:
    profile = a_profile(
        an_own_server(), load_sweep=(2,), load_rates=(500.0,), load_calls=20, load_lengths=LENGTHS
    )
    run(workplace, profile, FakeClient(counting))
    again = FakeClient(counting)

    run(workplace, profile, again)

    assert again.asked == []


def test_a_sweep_ends_where_calls_are_refused_and_tells_what_it_left_out(
    workplace: Workplace,
) -> None:
    """From the 40th call on all are refused, for a reason that stops no run."""
    client = FakeClient()

    def strict(_: Endpoint, request: Request, __: int) -> Reply | CallError:
        if len(client.asked) > 40:
            return CallError("bad_request", "too many", retry=False)
        return a_reply(request.messages[-1].content)

    client.rule = strict
    profile = a_profile(an_own_server(), load_sweep=(1, 8, 16), load_calls=20, latency_calls=0)

    evidence = run(workplace, profile, client)

    assert {one.load for one in swept(workplace)} == {1, 8}
    (curve,) = evidence.load_curves
    assert [one.in_flight for one in curve.points] == [1, 8]
    assert "of the calls at 8 in flight had no answer" in curve.saturated
    assert curve.not_tried == (f"16 in flight: not tried: {curve.saturated}",)
