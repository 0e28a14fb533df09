"""Natural figures: drawn from evidence where there is some, from nothing else where not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playbook.catalog import house_classes
from playbook.decision.measures import (
    Streams,
    contract_only_share,
    draw_measures,
    draw_pass_rate,
    draw_rate,
    failure_cost,
)
from playbook.decision.situation import gather
from playbook.trials.interval import Interval
from tests.decision.builders import DRAWS, HOSTED, OWN, Spec, a_profile, a_rate, a_situation

STREAMS = Streams(seed=1, draws=4_000)


def test_a_stream_depends_on_its_name_alone() -> None:
    first = STREAMS.of("pass rate", "alpha").uniform(size=5)
    STREAMS.of("pass rate", "beta").uniform(size=100)

    assert list(STREAMS.of("pass rate", "alpha").uniform(size=5)) == list(first)
    assert list(STREAMS.of("pass rate", "beta").uniform(size=5)) != list(first)


def test_measured_rate_is_drawn_with_the_middle_and_the_spread_of_its_interval() -> None:
    """Interval 0.8 to 0.9: middle 0.85, standard error 0.1 / 3.92 = 0.0255."""
    rate = Interval(value=0.85, low=0.8, high=0.9, n=200, method="test")

    drawn = draw_rate(rate, np.random.default_rng(3), 20_000)

    assert drawn.mean() == pytest.approx(0.85, abs=0.001)
    assert drawn.std() == pytest.approx(0.0255, abs=0.0005)


def test_a_rate_without_spread_is_drawn_as_it_is() -> None:
    rate = Interval(value=0.85, low=0.85, high=0.85, n=1, method="test")

    assert set(draw_rate(rate, np.random.default_rng(3), 10)) == {0.85}


def test_an_interval_that_says_nothing_is_drawn_evenly() -> None:
    rate = Interval(value=0.5, low=0.0, high=1.0, n=1, method="test")

    drawn = draw_rate(rate, np.random.default_rng(3), 20_000)

    assert (drawn.min(), drawn.max()) == pytest.approx((0, 1), abs=0.01)


def test_untested_pass_rate_may_be_anything_and_is_one_draw_for_all_places_of_a_model() -> None:
    situation = a_situation(Spec("beta", HOSTED, "hostco"), Spec("beta", OWN, "own"), Spec("alpha"))
    alpha, hosted, own = gather(situation)

    rates = [draw_pass_rate(one, STREAMS) for one in (alpha, hosted, own)]

    assert rates[0].mean() == pytest.approx(0.5, abs=0.02)
    assert rates[0].std() == pytest.approx(12**-0.5, abs=0.01)
    assert np.array_equal(rates[1], rates[2])
    assert abs(np.corrcoef(rates[0], rates[1])[0, 1]) < 0.05


def test_evidence_on_hosted_weights_leaves_the_same_weights_on_own_servers_untested() -> None:
    tested = a_situation(
        Spec("beta", HOSTED, "hostco", rate=a_rate(0.95)), Spec("beta", OWN, "own")
    )
    untested = a_situation(Spec("beta", HOSTED, "hostco"), Spec("beta", OWN, "own"))

    own_beside_tested = draw_pass_rate(gather(tested)[1], STREAMS)

    assert np.array_equal(own_beside_tested, draw_pass_rate(gather(untested)[1], STREAMS))


def test_cost_of_failures_is_tasks_times_failed_share() -> None:
    """Worked by hand: 750 input tokens at a quarter output make 1,000 tokens a task.

    1M tokens/day is 1,000 tasks a day, 30,437.5 a month; $0.10 each at 20% failed is $608.75.
    """
    profile = a_profile(
        workload={"tokens_per_day": 1e6, "input_tokens_per_call": 750, "share_output": 0.25},
        weights={"usd_per_failure": 0.1},
    )

    assert failure_cost(np.array([0.8]), profile) == pytest.approx([608.75])


def test_an_agents_task_counts_the_growing_history() -> None:
    """3 calls of 600 plus 200 x 3 of history = 2,400 read; each writes 200: 3,000 a task.

    The history is only read, so a longer one makes no answer longer.
    """
    profile = a_profile(
        workload={
            "tokens_per_day": 1e6, "input_tokens_per_call": 600, "share_output": 0.25,
            "calls_per_task": 3, "context_growth_tokens_per_call": 200,
        },
        trials={"minimum_pass_rate": 0},
        weights={"usd_per_failure": 1.0},
    )  # fmt: skip

    assert failure_cost(np.array([0.0]), profile) == pytest.approx([30.4375e6 / 3_000])


@pytest.mark.parametrize(
    ("data_class", "api", "own"), [("public", 0, 0), ("restricted", 1, 0), (None, 1, 0)]
)
def test_tokens_rest_on_contract_only_at_third_parties_unless_public(
    data_class: str | None, api: float, own: float
) -> None:
    profile = a_profile(data={"data_class": data_class})
    situation = a_situation(Spec("alpha"), Spec("beta", OWN, "own"), profile=profile)
    commercial, servers = gather(situation)

    assert contract_only_share(commercial, situation) == api
    assert contract_only_share(servers, situation) == own


def test_public_data_of_a_sensitive_type_rests_on_contract_at_third_parties() -> None:
    profile = a_profile(data={"data_class": "public", "data_types": ["personal"]})
    situation = a_situation(Spec("alpha"), profile=profile)
    known = situation.catalog.changed(least_classes=house_classes())

    (commercial,) = gather(situation)

    assert contract_only_share(commercial, replace(situation, catalog=known)) == 1


def test_lead_time_is_one_draw_for_all_options_of_a_lane() -> None:
    situation = a_situation(Spec("alpha"), Spec("gamma"), Spec("beta", HOSTED, "hostco"))
    alpha, beta, _, gamma = gather(situation)
    streams = Streams(seed=1, draws=DRAWS)

    weeks = [
        draw_measures(one, situation, streams)["time_to_production"] for one in (alpha, beta, gamma)
    ]

    assert np.array_equal(weeks[0], weeks[2])
    assert not np.array_equal(weeks[0], weeks[1])


def test_no_failures_are_counted_beyond_the_minimum_pass_rate() -> None:
    """Below the minimum an option would not stay live: the cost of failures is that at 80%."""
    profile = a_profile(
        trials={"minimum_pass_rate": 0.8}, weights={"usd_per_failure": 1.0, "cost": 1}
    )

    none, some, most = failure_cost(np.array([0.1, 0.8, 0.9]), profile)

    assert none == some
    assert most == pytest.approx(some / 2)


def test_what_nobody_knows_has_the_same_mean_for_every_option() -> None:
    situation = a_situation(Spec("alpha"), Spec("gamma"))
    streams = Streams(seed=9, draws=DRAWS)

    drawn = [draw_measures(one, situation, streams) for one in gather(situation)]

    assert [one["quality"].mean() for one in drawn] == pytest.approx([0.5, 0.5], abs=1e-12)
    assert [one["latency"].mean() for one in drawn] == pytest.approx([1.5, 1.5], abs=1e-12)
    assert not np.array_equal(drawn[0]["quality"], drawn[1]["quality"])
