import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.costs.load import load_of
from playbook.costs.purchase import PaidHours, paid_hours, purchase_mix
from playbook.costs.scenarios import Scenarios
from playbook.profile import Profile
from tests.costs.builders import a_catalog, a_profile, an_rng


def scenarios(profile: Profile) -> Scenarios:
    return Scenarios(profile, a_catalog(), rng=an_rng(), draws=50)


def hours(workload: dict[str, object] | None = None, **infrastructure: object) -> PaidHours:
    profile = a_profile(workload=workload or {}, infrastructure=infrastructure)
    return paid_hours(scenarios(profile), load_of(profile.workload))


OFFICE = {"hours_per_week": 50, "peak_to_mean": 4}


def test_all_hours_are_paid_unless_machines_may_stop() -> None:
    found = hours(OFFICE)

    assert found.share[0] == pytest.approx(1)
    assert found.words == "all 730.5 hours of a month are paid, busy or not"
    assert found.cold_start == ""


def test_scale_to_zero_pays_hours_with_traffic_and_the_cold_starts_by_hand() -> None:
    """50 hours a week and 5 starts of 6 minutes: 50.5 of 168 hours, 220 of 730.5 a month."""
    found = hours(OFFICE, min_replicas=0)

    assert found.share[0] == pytest.approx(50.5 / 168)
    assert found.words.startswith("220 of 730.5 hours of a month are paid")
    assert found.cold_start == (
        "the first call after a stop misses the first-token limit: it waits 6 minutes for a cold "
        "start, 2 s are allowed"
    )


def test_a_limit_of_ten_minutes_is_met_by_a_cold_start_of_six() -> None:
    found = hours({**OFFICE, "first_token_p95_s": 600}, min_replicas=0)

    assert "meets the first-token limit" in found.cold_start


def test_a_service_that_never_rests_cannot_scale_to_zero() -> None:
    found = hours({"hours_per_week": 168}, min_replicas=0)

    assert found.share[0] == pytest.approx(1)
    assert found.cold_start == ""


def test_following_the_load_is_said_and_has_levels() -> None:
    found = hours(OFFICE, scales_by_hour=True)

    assert found.levels[0] == (pytest.approx(0.0), pytest.approx(118 / 168, abs=0.08))
    assert found.words.endswith("in each only the replicas that its load needs")


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_shares_of_a_mix_add_up_to_one(reserved: float, of_the_rest: float, spread: float) -> None:
    """In every draw, also where both ranges reach up to more than all GPUs together."""
    spot = (1 - reserved) * of_the_rest
    profile = a_profile(
        infrastructure={
            "share_reserved": {"low": reserved * spread, "likely": reserved, "high": 1.0},
            "share_spot": {"low": 0.0, "likely": spot, "high": 1.0},
        }
    )

    mix = purchase_mix(scenarios(profile))

    assert np.allclose(mix.reserved + mix.spot + mix.on_demand, 1)
    assert min(mix.reserved.min(), mix.spot.min(), mix.on_demand.min()) >= 0
