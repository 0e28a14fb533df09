"""What a run tells of itself while it runs."""

from __future__ import annotations

from collections import Counter

import pytest

from playbook.trials.money import Purse
from playbook.trials.progress import Meter, TrialProgress


class Told:
    """A meter on a clock that is set by hand."""

    def __init__(self, expected: int = 0) -> None:
        self.now_s = 100.0
        self.seen: list[TrialProgress] = []
        purse = Purse(1.0, spent_usd=0.25)
        self.meter = Meter(self.seen.append, lambda: self.now_s, purse, expected=expected)

    def answers(self, endpoint: str, count: int, every_s: float) -> TrialProgress:
        for _ in range(count):
            self.now_s += every_s
            self.meter.ended(endpoint, "answers")
        return self.seen[-1]


def test_it_tells_answers_money_rate_and_time_left() -> None:
    told = Told()
    told.meter.begin("trials", Counter(own=40))

    now = told.answers("own", 10, every_s=2.0)

    assert (now.done, now.total, now.phase, now.cost_usd) == (10, 40, "trials", 0.25)
    assert now.answers_per_minute == pytest.approx(30)
    assert now.left_s == pytest.approx(60)


def test_the_slowest_endpoint_says_when_the_phase_ends() -> None:
    told = Told()
    told.meter.begin("trials", Counter(quick=20, slow=20))
    told.answers("quick", 10, every_s=1.0)
    assert told.seen[-1].left_s is None

    now = told.answers("slow", 2, every_s=5.0)

    assert now.left_s == pytest.approx(18 / (2 / 20))


def test_only_the_last_minute_counts_and_answers_recorded_before_do_not() -> None:
    told = Told()
    told.meter.begin("trials", Counter(own=1_000))
    for _ in range(500):
        told.meter.ended("own", "answers recorded before", before=True)
    assert told.seen[-1].answers_per_minute is None
    told.answers("own", 100, every_s=0.1)

    now = told.answers("own", 20, every_s=6.0)

    assert now.answers_per_minute == pytest.approx(11, abs=1)


def test_later_phases_are_in_the_total_as_far_as_they_are_known() -> None:
    told = Told(expected=50)
    told.meter.begin("trials", Counter(own=40))
    told.meter.told("something")
    assert told.seen[-1].total == 50

    told.meter.begin("latency", Counter(own=10))
    told.meter.begin("judge", Counter(own=7))
    told.meter.told("something")

    assert (told.seen[-1].total, told.seen[-1].phase) == (57, "judge")
