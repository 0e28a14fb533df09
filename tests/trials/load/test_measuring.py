from datetime import date, timedelta

import pytest

from playbook.catalog import Measurement
from playbook.profile import Endpoint, Profile
from playbook.trials.load.measuring import measurements_of_trials
from tests.trials.conftest import a_profile
from tests.trials.measured_runs import DAY, an_attempt, an_own_server, answers


def measured(profile: Profile, attempts: object) -> Measurement:
    found, reasons = measurements_of_trials(profile, attempts)  # type: ignore[arg-type]
    assert reasons == ()
    assert len(found) == 1
    return found[0]


def why(endpoint: Endpoint, attempts: object) -> str:
    found, reasons = measurements_of_trials(a_profile(endpoint), attempts)  # type: ignore[arg-type]
    assert found == ()
    return reasons[0]


def test_the_rate_is_that_of_all_calls_together_at_the_load_that_was_held() -> None:
    found = measured(a_profile(an_own_server()), answers(200, in_flight=4, calls=60))

    assert found.output_tokens_per_second == pytest.approx(200)
    assert found.concurrency == 4
    assert found.requests == 60
    assert found.output_tokens_per_second_per_call == pytest.approx(50, rel=0.01)


def test_a_measurement_is_of_the_exact_model_and_hardware_that_answered() -> None:
    found = measured(a_profile(an_own_server()), answers(200))

    assert found.key == ("llama-3.1-8b-instruct", "vllm", "h100", 1, "bf16", "own")
    assert found.provider == ""
    assert found.measured_on == date(2026, 11, 23)
    assert (found.source.kind, found.source.as_of) == ("measured", date(2026, 11, 23))


def test_at_an_api_the_provider_is_known_and_its_hardware_is_not() -> None:
    there = an_own_server(
        option="claude-haiku-5-5@anthropic", engine="", gpu="", gpus=None, precision=""
    )

    found = measured(a_profile(there), answers(200))

    assert (found.model, found.provider) == ("claude-haiku-5-5", "anthropic")
    assert (found.engine, found.gpu, found.gpus, found.precision) == ("", "", 0, None)


def test_token_counts_first_token_and_success_are_measured_too() -> None:
    lost = [
        an_attempt(1_000 + n, outcome="error", output_tokens=None, total_s=None, first_token_s=None)
        for n in range(20)
    ]
    kept_back = [an_attempt(2_000, outcome="refused_by_gate", output_tokens=None, total_s=None)]

    found = measured(a_profile(an_own_server()), [*answers(200, calls=59), *lost, *kept_back])

    assert (found.mean_input_tokens, found.mean_output_tokens) == (1_500, 500)
    assert found.success_rate == pytest.approx(60 / 80)
    assert found.first_token_p95_s == 0.0


def test_each_load_of_a_sweep_is_a_measurement_of_its_own() -> None:
    attempts = [
        *answers(200, in_flight=4),
        *answers(120, in_flight=1, load=1, start=DAY + timedelta(hours=1)),
        *answers(900, in_flight=16, calls=80, load=16, start=DAY + timedelta(hours=2)),
    ]

    found, reasons = measurements_of_trials(a_profile(an_own_server()), attempts)

    assert reasons == ()
    assert [(one.concurrency, round(one.output_tokens_per_second or 0)) for one in found] == [
        (4, 200),
        (1, 120),
        (16, 900),
    ]


def test_less_than_50_calls_in_less_than_30_seconds_is_no_measurement() -> None:
    """12 calls, 4 at a time, of 500 tokens at 1,000 tokens/s: 6 seconds."""
    assert why(an_own_server(), answers(1_000, calls=12)) == (
        "own: 12 calls in 6 s with 4 in flight are too few: 50 calls or 30 s are needed"
    )


def test_few_calls_are_enough_if_they_last_30_seconds() -> None:
    assert measured(a_profile(an_own_server()), answers(100, calls=12)).requests == 12


def test_many_short_calls_are_enough() -> None:
    assert measured(a_profile(an_own_server()), answers(3_000, calls=60)).requests == 60


def test_calls_as_fast_as_this_machine_can_send_do_not_measure_the_endpoint() -> None:
    """60 calls of 500 tokens at 10,000 tokens/s: 20 a second."""
    assert "20 calls a second may be what this machine can send" in why(
        an_own_server(), answers(10_000, calls=60)
    )


def test_an_endpoint_that_is_no_option_measures_none() -> None:
    assert why(an_own_server(option=""), answers(200)) == (
        "own: it names no option, so its speed belongs to none"
    )


@pytest.mark.parametrize("kind", [{"stand_in": True}, {"embedded": "demo-base"}])
def test_a_demonstration_model_or_stand_in_never_measures_a_real_one(
    kind: dict[str, object],
) -> None:
    """Even if its params file declares an option and a GPU."""
    endpoint = an_own_server(**kind)

    assert "measures no other model or GPU" in why(endpoint, answers(200))


def test_replayed_answers_measure_nothing() -> None:
    assert "replayed" in why(an_own_server(), answers(200, recorded=True))


def test_an_endpoint_that_answered_nothing_says_so() -> None:
    assert why(an_own_server(), []) == "own: nothing was answered"


def test_an_endpoint_that_counts_no_tokens_says_so() -> None:
    assert "counted no tokens" in why(an_own_server(), answers(200, output_tokens=None))


def test_answers_of_an_earlier_day_do_not_mix_with_todays() -> None:
    before = answers(50, endpoint="own", start=DAY - timedelta(days=3), repeat=1)

    found = measured(a_profile(an_own_server()), [*before, *answers(200)])

    assert found.output_tokens_per_second == pytest.approx(200)
    assert found.requests == 60


def test_the_order_of_the_ledger_does_not_matter() -> None:
    lines = answers(200)
    profile = a_profile(an_own_server())

    assert measured(profile, lines[::-1]) == measured(profile, lines)


@pytest.mark.parametrize("purpose", ["judge", "latency", "again"])
def test_only_trials_and_loads_measure_an_option(purpose: str) -> None:
    trials = answers(200)
    other = [
        one.changed(purpose=purpose, input_tokens=90_000, run_key=f"other-{one.run_key}")
        for one in answers(10, in_flight=1, start=DAY + timedelta(minutes=30))
    ]

    assert measured(a_profile(an_own_server()), [*trials, *other]) == measured(
        a_profile(an_own_server()), trials
    )
