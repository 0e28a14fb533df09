"""Knee, saturation and stalls are found where a simulated server has them by construction."""

from collections.abc import Sequence

import pytest

from playbook.profile import Profile
from playbook.profile.sections import Workload
from playbook.trials.load.arrivals import poisson_arrivals
from playbook.trials.load.curves import knee_of, load_curves, saturated
from playbook.trials.load.points import Asked, Level, load_point
from playbook.trials.load.records import LoadPoint
from playbook.trials.records import Attempt
from tests.trials.conftest import a_profile
from tests.trials.load.simulated import (
    LEVEL,
    SimulatedServer,
    closed_load,
    closed_point,
    open_load,
    seeded,
)
from tests.trials.measured_runs import an_own_server

EASY = Level(first_token_s=100.0, tokens_per_second=0.1)
LOADS = (1, 2, 4, 8, 16)


def sweep(server: SimulatedServer, loads: Sequence[int] = LOADS) -> list[LoadPoint]:
    return [closed_point(server, load) for load in loads]


def open_point(server: SimulatedServer, rate: float, *, calls: int = 400) -> LoadPoint:
    due = poisson_arrivals(rate, calls, seeded(5))
    return load_point(open_load(server, rate, due), Asked("open", 256, rate, calls), LEVEL)


def test_throughput_is_the_load_over_the_service_time_until_the_slots_are_full() -> None:
    server = SimulatedServer(slots=4)

    rates = {one.in_flight: one.requests_per_second for one in sweep(server)}

    for load in LOADS:
        assert rates[load] is not None
        assert rates[load].value == pytest.approx(min(load, 4) / server.service_s, rel=0.005)


@pytest.mark.parametrize("slots", [2, 4, 8])
def test_the_knee_is_at_the_number_of_slots(slots: int) -> None:
    load, because = knee_of(sweep(SimulatedServer(slots=slots)), EASY)

    assert load == slots
    assert because.startswith(f"from {slots} in flight to {2 * slots} in flight throughput grew by")
    assert because.endswith("the load by 100%")


def test_the_knee_comes_earlier_where_the_service_level_is_missed() -> None:
    """8 slots but a strict level: at 16 in flight half of the service time is waited for."""
    points = sweep(SimulatedServer(slots=8, first_s=0.9), (4, 8, 12))

    load, because = knee_of(points, Level(first_token_s=1.0, tokens_per_second=10.0))

    assert load == 8
    assert "of the calls met the service level, less than 95%" in because


def test_a_level_that_is_missed_from_the_start_leaves_no_knee() -> None:
    points = sweep(SimulatedServer(first_s=3.0))

    assert knee_of(points, LEVEL) == (
        None,
        "already at 1 in flight 0% of the calls met the service level, less than 95%",
    )


def test_a_server_that_keeps_up_has_no_knee_below_the_highest_load() -> None:
    assert knee_of(sweep(SimulatedServer(slots=64)), EASY) == (16, "no higher load was tried")


def test_the_sweep_ends_at_the_first_load_that_only_adds_waiting() -> None:
    points = sweep(SimulatedServer(slots=4))

    assert saturated(points[:3]) == ""
    assert "from 4 in flight to 8 in flight throughput no longer grew" in saturated(points[:4])


def test_the_sweep_ends_where_the_server_refuses_calls() -> None:
    points = sweep(SimulatedServer(slots=4, fails_beyond=6), (4, 16))

    assert "of the calls at 16 in flight had no answer" in saturated(points)


def test_failed_calls_stay_in_the_shares() -> None:
    point = closed_point(SimulatedServer(slots=4, fails_beyond=6), 16)

    assert point.error_share is not None
    assert point.slo_share is not None
    assert point.error_share.n == point.slo_share.n == 200
    assert point.slo_share.value <= 1 - point.error_share.value
    assert point.outcomes["error"] == round(200 * point.error_share.value)


def test_an_open_load_below_capacity_is_served_at_its_rate() -> None:
    server = SimulatedServer(slots=4)

    point = open_point(server, server.capacity_per_s * 0.5)

    assert point.requests_per_second is not None
    assert point.requests_per_second.value == pytest.approx(point.rate_per_s, rel=0.15)
    assert point.usable


def test_an_open_load_above_capacity_is_served_at_capacity_and_saturates() -> None:
    server = SimulatedServer(slots=4)
    capacity = server.capacity_per_s

    points = [open_point(server, capacity * share) for share in (0.5, 1.5, 3.0)]

    assert points[2].requests_per_second is not None
    assert points[2].requests_per_second.value == pytest.approx(capacity, rel=0.05)
    assert "throughput no longer grew" in saturated(points)
    assert knee_of(points, LEVEL)[0] == points[0].load


def test_the_mean_number_in_flight_is_rate_times_time() -> None:
    """Little's law, far below capacity: rate x service time."""
    server = SimulatedServer(slots=64)

    point = open_point(server, 5.0, calls=1_000)

    assert point.mean_in_flight == pytest.approx(5.0 * server.service_s, rel=0.15)


STALLED = SimulatedServer(slots=1, first_s=0.01, tokens=10, tokens_per_second=1_000, stall=(6, 8))
"""Serves a call in 19 ms, but takes none up for 2 s."""


def p95(point: LoadPoint) -> float:
    assert point.first_token_p95_s is not None
    return point.first_token_p95_s.value


def test_a_stall_of_two_seconds_shows_in_an_open_load_and_hides_in_a_closed_one() -> None:
    """The closed caller waits politely, so that one call in 600 meets the stall; of the calls that
    were due at 10 a second, 20 do, and every second one of these waits for a second or more."""
    due = poisson_arrivals(10.0, 200, seeded(2))

    polite = closed_point(STALLED, 1, calls=600)
    lines = open_load(STALLED, 10.0, due)
    unasked = load_point(lines, Asked("open", 256, 10.0, 200), LEVEL)

    assert p95(polite) < 0.05
    assert p95(unasked) > 0.5


def test_waiting_for_a_place_counts_as_latency_too() -> None:
    """With one place only the client itself holds the calls back, and says so."""
    due = poisson_arrivals(10.0, 200, seeded(2))

    lines = open_load(STALLED, 10.0, due, places=1)
    point = load_point(lines, Asked("open", 1, 10.0, 200), LEVEL)

    assert p95(point) > 0.5
    assert point.held_back_calls > 10


def a_team(**trials: object) -> Profile:
    profile = a_profile(an_own_server(), load_calls=200, **trials)
    level = Workload(first_token_p95_s=1.0, output_tokens_per_second=10.0)
    return profile.changed(workload=level)


def lines_of(server: SimulatedServer, loads: Sequence[int]) -> list[Attempt]:
    return [
        line
        for load in loads
        for line in closed_load(server, load, calls=max(200, 4 * load) + load)
    ]


def test_loads_that_were_not_reached_are_not_tried_and_not_zero() -> None:
    profile = a_team(load_sweep=LOADS)

    (curve,) = load_curves(profile, lines_of(SimulatedServer(slots=2), (1, 2, 4)))

    assert [one.in_flight for one in curve.points] == [1, 2, 4]
    assert [one.partition(":")[0] for one in curve.not_tried] == ["8 in flight", "16 in flight"]
    assert "throughput no longer grew" in curve.not_tried[0]
    assert (curve.knee, curve.measures_option) == (2.0, True)


def test_the_best_load_is_the_highest_that_met_the_service_level() -> None:
    profile = a_team(load_sweep=(1, 2, 4))

    (curve,) = load_curves(profile, lines_of(SimulatedServer(slots=2), (1, 2, 4)))

    assert curve.best == 4.0


def test_a_rate_above_the_endpoints_own_limit_is_not_tried() -> None:
    profile = a_profile(an_own_server(rpm=60), load_rates=(0.5, 2.0))

    (curve,) = load_curves(profile, [])

    assert curve.points == ()
    assert curve.not_tried == (
        "0.5 calls/s: not tried: the run ended before it",
        "2 calls/s: not tried: the endpoint allows 60 requests a minute",
    )


def test_a_profile_without_a_sweep_has_no_curve() -> None:
    assert load_curves(a_profile(an_own_server()), []) == ()
