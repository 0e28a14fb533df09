from datetime import timedelta

from playbook.trials.observing.quotas import Usage
from tests.trials.measured_runs import DAY, an_attempt, an_own_server


def used(*attempts: object, **limits: object) -> dict[str, object]:
    usage = Usage(an_own_server(**limits))
    for one in attempts:
        usage.add(one)  # type: ignore[arg-type]
    return dict(usage.fields)


def at(seconds: float, **fields: object) -> object:
    return an_attempt(int(seconds), at=DAY + timedelta(seconds=seconds), **fields)


def test_the_busiest_minute_is_any_minute_and_not_one_of_the_clock() -> None:
    """Calls at 50, 61, 70 and 115 s: three of them within the minute from 50 to 110."""
    found = used(at(50), at(61), at(70), at(115), rpm=100, tpm=1_000_000)

    assert (found["calls"], found["most_calls_a_minute"], found["rpm"]) == (4, 3, 100)
    assert found["most_tokens_a_minute"] == 3 * 2_000


def test_failures_are_counted_as_calls_too() -> None:
    found = used(at(0), at(1, outcome="timeout", output_tokens=None, input_tokens=None))

    assert (found["calls"], found["failed"], found["output_tokens"]) == (2, 1, 500)


def test_what_was_not_sent_uses_no_quota() -> None:
    found = used(
        at(0, outcome="refused_by_gate"), at(1, recorded=True), at(2, stored_on=DAY, cost_usd=1)
    )

    assert (found["calls"], found["cost_usd"]) == (0, 0)
