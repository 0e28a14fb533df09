import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.costs.scenarios import Scenarios
from playbook.costs.staff import Staffing, own_staff
from tests.costs.builders import a_catalog, a_profile, an_rng, some_assumptions

FULL_TIME_USD = 180_000 / 12


def staffing(
    availability: str = "office_hours", hours_per_week: float = 168, **people: object
) -> Staffing:
    workload = {"availability": availability, "hours_per_week": hours_per_week}
    profile = a_profile(workload=workload, infrastructure=people)
    return own_staff(Scenarios(profile, a_catalog(), rng=an_rng(), draws=20))


def test_office_hours_take_no_rota() -> None:
    found = staffing(fte_needed_self_hosted=0.25, staff_free_fte=1)

    assert found.staff_usd[0] == pytest.approx(0.25 * FULL_TIME_USD)
    assert found.on_call_usd[0] == pytest.approx(0)
    assert found.people_short[0] == pytest.approx(0)
    assert found.words == "likely 0.25 full-time people needed, 1 free: nobody short"


def test_free_people_are_not_free_of_charge() -> None:
    alone, ten = (staffing(staff_free_fte=free) for free in (0, 10))

    assert alone.staff_usd[0] == pytest.approx(ten.staff_usd[0])


def test_a_full_rota_round_the_clock_by_hand() -> None:
    """One on call at 500 USD a week is 500 x 30.4375 / 7 = 2,174 USD a month; 0.05 FTE of work."""
    found = staffing("24x7", on_call_people=6, staff_free_fte=1, fte_needed_self_hosted=0.25)

    assert found.on_call_usd[0] == pytest.approx(2_174, abs=1)
    assert found.people_needed[0] == pytest.approx(0.30)
    assert found.staff_usd[0] == pytest.approx(0.30 * FULL_TIME_USD)
    assert found.people_short[0] == pytest.approx(0)


def test_extended_hours_pay_for_the_hours_beyond_the_office() -> None:
    """104 hours of use are 64 beyond 40, half of the week's other 128."""
    full = staffing("24x7", on_call_people=9, staff_free_fte=9).on_call_usd[0]

    found = staffing("extended", hours_per_week=104, on_call_people=9, staff_free_fte=9)

    assert found.on_call_usd[0] == pytest.approx(full / 2)


def test_people_missing_in_the_rota_are_found_and_paid_for_by_hand() -> None:
    """Six are needed and two named: four short, half of each carried by this service alone.

    4 x 0.5 x 15,000 = 30,000 USD beside 2,174 of on-call pay.
    """
    found = staffing("24x7", on_call_people=2, staff_free_fte=1)

    assert found.people_short[0] == pytest.approx(4)
    assert found.on_call_usd[0] == pytest.approx(32_174, abs=1)
    assert "24x7 takes a rota of 6, 2 are in it: 4 people short, and paid for" in found.words


def test_somebody_employed_for_the_work_is_in_the_rota_too() -> None:
    """Two people of work and a rota of six, nobody there: the two fill it with four more."""
    found = staffing("24x7", fte_needed_self_hosted=1.95)

    assert found.people_short[0] == pytest.approx(6)
    assert found.on_call_usd[0] == pytest.approx(2_174 + 4 * 0.5 * FULL_TIME_USD, abs=1)


@given(
    st.sampled_from(["office_hours", "extended", "24x7"]),
    st.integers(0, 12),
    st.floats(0, 5),
    st.floats(0, 5),
)
def test_one_more_person_on_call_never_costs_more_and_nothing_is_negative(
    availability: str, on_call: int, free: float, work: float
) -> None:
    people = {"staff_free_fte": free, "fte_needed_self_hosted": work}

    one, other = (
        staffing(availability, on_call_people=count, **people) for count in (on_call, on_call + 1)
    )

    assert other.on_call_usd[0] <= one.on_call_usd[0]
    assert other.people_short[0] <= one.people_short[0]
    assert min(one.staff_usd.min(), one.on_call_usd.min(), one.people_short.min()) >= 0


def test_the_rota_is_counted_in_whole_people_in_every_draw() -> None:
    spread = some_assumptions(servers__rota_people_24x7={"low": 4, "likely": 6, "high": 8})
    profile = a_profile(workload={"availability": "24x7"})
    scenarios = Scenarios(profile, a_catalog(assumptions=spread), rng=an_rng(), draws=50)

    found = own_staff(scenarios).rota_people

    assert {float(one).is_integer() for one in found} == {True}
    assert 4 <= found.min() < found.max() <= 8


def test_a_shortage_of_work_is_not_said_of_a_full_rota() -> None:
    found = staffing("24x7", on_call_people=9, fte_needed_self_hosted=2).words

    assert "0 free: " in found
    assert found.endswith("people short, and paid for; 24x7 takes a rota of 6, 9 are in it")
