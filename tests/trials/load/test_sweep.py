from collections import Counter

from playbook.catalog import load_catalog
from playbook.profile import Profile
from playbook.trials import Evidence
from playbook.trials.client import CallError
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.load.sweep import plan_sweep
from playbook.trials.plan import plan_trials
from playbook.trials.prompts import load_prompt_set
from tests.trials.conftest import (
    FakeClient,
    Workplace,
    a_profile,
    a_prompt,
    a_reply,
    an_endpoint,
    right_answer,
    write_prompt_set,
)
from tests.trials.measured_runs import an_own_server


def calls_by_load(place: Workplace) -> Counter[int]:
    return Counter(one.load for one in read_ledger(place.folder / LEDGER))


def run(place: Workplace, profile: Profile, client: FakeClient) -> Evidence:
    return place.run(profile, client, catalog=load_catalog())


def test_each_load_asks_the_prompts_in_turn_after_the_trials(workplace: Workplace) -> None:
    profile = a_profile(an_own_server(), load_sweep=(4, 1), load_calls=20)

    run(workplace, profile, FakeClient())

    assert calls_by_load(workplace) == {0: 10, 1: 22, 4: 25}
    loads = [one.load for one in read_ledger(workplace.folder / LEDGER)]
    assert loads == sorted(loads)


def test_a_profile_without_a_sweep_asks_nothing_more(workplace: Workplace) -> None:
    run(workplace, a_profile(an_own_server()), FakeClient())

    assert set(calls_by_load(workplace)) == {0}


def test_only_endpoints_that_are_an_option_are_loaded(workplace: Workplace) -> None:
    profile = a_profile(an_endpoint("bare"), load_sweep=(4,))

    run(workplace, profile, FakeClient())

    assert set(calls_by_load(workplace)) == {0}


def test_a_high_load_gets_at_least_four_calls_for_each_place(workplace: Workplace) -> None:
    profile = a_profile(an_own_server(), load_sweep=(16,), load_calls=20)
    sets = [load_prompt_set(workplace.params / "prompts" / "demo.jsonl")]

    (load,) = plan_sweep(profile, plan_trials(profile, sets))

    assert (load.in_flight, len(load.trials)) == (16, 81)
    assert len({one.run_key for one in load.trials}) == 81


def test_a_sweep_sends_no_prompt_that_the_clearance_keeps_back(workplace: Workplace) -> None:
    write_prompt_set(
        workplace.params, [a_prompt(0), a_prompt(1, data_class="restricted"), a_prompt(2)]
    )
    client = FakeClient()
    profile = a_profile(an_own_server(), load_sweep=(2,), load_calls=10)

    run(workplace, profile, client)

    assert {text for _, text in client.asked} == {"question 0", "question 2"}


def test_a_sweep_is_gone_on_with_and_not_asked_again(workplace: Workplace) -> None:
    profile = a_profile(an_own_server(), load_sweep=(4,), load_calls=20)
    run(workplace, profile, FakeClient())
    again = FakeClient()

    run(workplace, profile, again)

    assert again.asked == []


def test_a_sweep_keeps_the_money_cap(workplace: Workplace) -> None:
    """500 calls of 30 tokens at 100 USD per million would cost 1.5 USD."""
    dear = an_own_server(
        operator="third_party",
        input_usd_per_million_tokens=100,
        output_usd_per_million_tokens=100,
    )
    profile = a_profile(dear, load_sweep=(4,), load_calls=500, money_cap_usd=0.2)

    client = FakeClient(lambda _one, asked, _times: a_reply(right_answer(asked), input_tokens=20))

    evidence = run(workplace, profile, client)

    assert calls_by_load(workplace)[4] < 505
    assert evidence.cost_usd <= 0.2


def test_no_load_is_put_on_an_endpoint_whose_trials_stopped(workplace: Workplace) -> None:
    profile = a_profile(an_own_server(), load_sweep=(4,))

    def refuses(*_: object) -> object:
        return CallError("auth", "wrong key", retry=False)

    run(workplace, profile, FakeClient(refuses))

    assert set(calls_by_load(workplace)) <= {0}


def test_answers_of_a_sweep_are_not_scored_as_trials(workplace: Workplace) -> None:
    profile = a_profile(an_own_server(), load_sweep=(4,), load_calls=20)

    evidence = run(workplace, profile, FakeClient())

    (own,) = evidence.endpoints
    assert own.results[0].outcomes == {"answered": 10}
    assert evidence.attempts == 35
