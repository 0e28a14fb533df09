"""Places in flight, the breaker and the limits of one endpoint together, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from playbook.profile import Endpoint
from playbook.trials.client import CallError, Reply
from playbook.trials.phases import Phase
from playbook.trials.plan import Trial, plan_trials
from playbook.trials.prompts import load_prompt_set
from playbook.trials.turns import Turn, Turns
from tests.trials.conftest import Workplace, a_profile, a_reply, an_endpoint
from tests.trials.virtual_time import run_virtually, virtual_timing

DOWN = CallError("connection", "reset", retry=True)
LIMITED = CallError("rate_limit", "HTTP 429", retry=True, retry_after_s=5.0)


def a_trial(place: Workplace) -> Trial:
    prompts = load_prompt_set(place.params / "prompts" / "demo.jsonl")
    return plan_trials(a_profile(), [prompts])[0]


def turns_of(endpoint: Endpoint, told: list[str] | None = None) -> Turns:
    tell = (told if told is not None else []).append
    turns = Turns(endpoint, virtual_timing(), earlier=(), tell=tell)
    turns.begin(Phase("trials", [], in_flight=4))
    return turns


async def one_call(
    turns: Turns, trial: Trial, says: Callable[[], Reply | CallError]
) -> Turn | None:
    seat = await turns.sit()
    turn = await turns.take(trial, retry_s=0.0)
    if turn is not None:
        await asyncio.sleep(0.5)
        turns.end(turn, trial, says(), seat=seat, told="connection: reset", wait_s=1.0)
    turns.leave(seat)
    return turn


def test_a_refusal_for_the_limits_makes_all_wait_as_long_as_it_asks(workplace: Workplace) -> None:
    trial, said = a_trial(workplace), iter([LIMITED, a_reply("x")])

    async def run() -> Turn | None:
        turns = turns_of(an_endpoint(rpm=600))
        await one_call(turns, trial, lambda: next(said))
        return await one_call(turns, trial, lambda: next(said))

    turn = run_virtually(run())

    assert turn is not None
    assert 4.9 <= turn.waits_s["pause"] <= 5.1


def test_calls_in_the_queue_do_not_go_once_the_circuit_has_opened(workplace: Workplace) -> None:
    """A call every 2 s: four wait for their turn when the eighth fails; one of them tries again."""
    trial, begun, told = a_trial(workplace), [], []

    async def run() -> str:
        turns, loop = turns_of(an_endpoint(rpm=30), told), asyncio.get_running_loop()

        def down() -> CallError:
            begun.append(loop.time())
            return DOWN

        await asyncio.gather(*(one_call(turns, trial, down) for _ in range(30)))
        return turns.gave_up

    gave_up = run_virtually(run())

    assert len(begun) == 10  # 8, and 2 that tried again
    assert gave_up.startswith("8 calls in a row failed")
    assert any("not answering" in one for one in told)


def test_a_place_is_free_as_soon_as_the_call_has_ended(workplace: Workplace) -> None:
    trial = a_trial(workplace)

    async def run() -> float:
        turns, loop = turns_of(an_endpoint()), asyncio.get_running_loop()
        turns.begin(Phase("latency", [], in_flight=1))
        seat, begun = await turns.sit(), loop.time()
        turn = await turns.take(trial, retry_s=0.0)
        assert turn is not None
        other = asyncio.create_task(one_call(turns, trial, lambda: a_reply("x")))
        turns.end(turn, trial, a_reply("x"), seat=seat)
        await other
        turns.leave(seat)
        await one_call(turns, trial, lambda: a_reply("x"))
        return loop.time() - begun

    assert run_virtually(run()) == 1.0


def test_what_a_task_uses_is_learned_from_its_answers(workplace: Workplace) -> None:
    """16 tokens may be written and 10 are; 100 are read: 110 a call at 6,600 a minute is 1 s."""
    trial, begun = a_trial(workplace), []

    async def run() -> None:
        turns, loop = turns_of(an_endpoint(tpm=6_600)), asyncio.get_running_loop()
        for _ in range(40):
            await one_call(turns, trial, lambda: a_reply("x"))
            begun.append(loop.time())

    run_virtually(run())

    assert 1.0 <= (begun[-1] - begun[-11]) / 10 <= 1.06


def test_failures_under_load_are_results_and_open_no_circuit(workplace: Workplace) -> None:
    trial = replace(a_trial(workplace), purpose="load")

    async def run() -> tuple[int, str]:
        turns = turns_of(an_endpoint())
        turns.begin(Phase("load of 4", [trial], in_flight=4))
        made = [await one_call(turns, trial, lambda: DOWN) for _ in range(30)]
        return len([one for one in made if one]), turns.gave_up

    assert run_virtually(run()) == (30, "")


def test_a_count_that_cannot_be_true_makes_nobody_wait_for_days(workplace: Workplace) -> None:
    trial = a_trial(workplace)

    async def run() -> float:
        turns, loop = turns_of(an_endpoint(tpm=1_000)), asyncio.get_running_loop()
        begun = loop.time()
        for _ in range(2):
            await one_call(turns, trial, lambda: a_reply("x", output_tokens=10**12))
        return loop.time() - begun

    assert run_virtually(run()) < 120
