import asyncio
from itertools import pairwise
from statistics import mean, stdev

import pytest

from playbook.trials.load.arrivals import poisson_arrivals, send_when_due
from playbook.trials.timing import Timing
from tests.trials.load.simulated import at_once, seeded


def test_gaps_between_arrivals_are_exponential_with_the_mean_of_the_rate() -> None:
    """Of an exponential the standard deviation equals the mean: here 1/4 s."""
    due = poisson_arrivals(4.0, 20_000, seeded(1))

    gaps = [after - before for before, after in pairwise(due)]

    assert mean(gaps) == pytest.approx(0.25, rel=0.03)
    assert stdev(gaps) == pytest.approx(0.25, rel=0.03)


def test_the_same_seed_gives_the_same_arrivals() -> None:
    one, other = (poisson_arrivals(4.0, 9, seeded(seed)) for seed in (3, 3))

    assert one == other
    assert one != poisson_arrivals(4.0, 9, seeded(4))


def sent_at(due: list[float]) -> list[tuple[float, float]]:
    """Return when each call was sent, and when it was due; each takes 100 s."""

    async def run() -> list[tuple[float, float]]:
        loop = asyncio.get_running_loop()
        seen: list[tuple[float, float]] = []

        async def send(_: int, due_s: float) -> None:
            seen.append((loop.time(), due_s))
            await asyncio.sleep(100.0)

        timing = Timing(clock=loop.time, sleep=asyncio.sleep)
        await send_when_due([(one, 0) for one in due], send, timing=timing)
        return seen

    return at_once(run())


def test_calls_are_sent_when_they_are_due_though_none_has_ended() -> None:
    assert sent_at([0.0, 1.0, 1.5]) == [(0.0, 0.0), (1.0, 1.0), (1.5, 1.5)]


def test_a_load_that_is_gone_on_with_starts_at_its_first_call() -> None:
    assert sent_at([60.0, 61.0]) == [(0.0, 0.0), (1.0, 1.0)]


def test_a_failure_ends_the_load() -> None:
    async def run() -> None:
        async def send(*_: object) -> None:
            raise OSError

        loop = asyncio.get_running_loop()
        timing = Timing(clock=loop.time, sleep=asyncio.sleep)
        await send_when_due([(0.0, 1), (5.0, 2)], send, timing=timing)

    with pytest.raises(ExceptionGroup):
        at_once(run())
