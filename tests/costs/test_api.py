import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.catalog import Price, SecondOpinion, disagreement
from playbook.costs.api import api_bill, usd_per_million_tokens
from playbook.costs.scenarios import Scenarios
from playbook.costs.tokens import token_flow
from playbook.profile.sections import Workload
from playbook.uncertainty import Samples
from playbook.units import DAYS_PER_MONTH
from tests.costs.builders import (
    SOURCE,
    a_catalog,
    a_price,
    a_profile,
    an_offer,
    an_rng,
    some_assumptions,
)


def blended(price: Price, **workload: object) -> float:
    load = Workload.model_validate(workload)
    return usd_per_million_tokens(price, token_flow(load), load)


def monthly(tokens_per_day: float, retries: float = 0.0, **profile: object) -> dict[str, float]:
    catalog = a_catalog(assumptions=some_assumptions(api_retry_share=retries))
    team = a_profile(**profile)
    scenarios = Scenarios(team, catalog, rng=an_rng(), draws=4)
    bill = api_bill(a_price(), token_flow(team.workload), scenarios)
    return {name: float(part[0]) for name, part in bill.parts(scenarios.answer(
        "workload.tokens_per_day", tokens_per_day, unit="tokens/day"
    )).items()}  # fmt: skip


def test_a_month_of_tokens_by_hand() -> None:
    """1M a day is 30.4375M a month; 3/4 at 2 USD, 1/4 at 8 USD: 45.66 + 60.88 = 106.53 USD."""
    found = monthly(1e6)

    assert found["tokens"] == pytest.approx(106.53, abs=0.01)
    assert found["gateway"] == pytest.approx(100)
    assert found["staff"] == pytest.approx(0)


def test_repeated_calls_are_billed_again() -> None:
    assert monthly(1e6, retries=0.1)["tokens"] == pytest.approx(1.1 * monthly(1e6)["tokens"])


def test_staff_costs_its_share_of_a_year() -> None:
    """A tenth of a person at 180,000 USD a year: 1,500 USD a month."""
    assert monthly(1e6, infrastructure={"fte_needed_api": 0.1})["staff"] == pytest.approx(1_500)


def test_cached_input_pays_the_cache_price() -> None:
    """70% of input at 0.5, 30% at 2.0: 0.95; 3/4 x 0.95 + 1/4 x 8 = 2.7125."""
    price = a_price(cached_input_usd_per_million_tokens=0.5)

    assert blended(price, share_cached_input=0.7) == pytest.approx(2.7125)


def test_without_a_cache_price_cached_input_pays_in_full() -> None:
    assert blended(a_price(), share_cached_input=0.7) == pytest.approx(3.5)


def test_batch_share_pays_the_batch_price() -> None:
    """Half the calls at half the price: 3/4 of 3.5."""
    price = a_price(batch_input_usd_per_million_tokens=1.0, batch_output_usd_per_million_tokens=4.0)

    assert blended(price, share_batch=0.5) == pytest.approx(2.625)


def test_batch_price_of_input_alone_leaves_output_at_list_price() -> None:
    price = a_price(batch_input_usd_per_million_tokens=1.0)

    assert blended(price, share_batch=1.0) == pytest.approx(0.75 * 1 + 0.25 * 8)


def test_batch_is_not_used_where_the_cache_is_cheaper() -> None:
    price = a_price(
        cached_input_usd_per_million_tokens=0.0,
        batch_input_usd_per_million_tokens=1.9,
        batch_output_usd_per_million_tokens=8.0,
    )

    assert blended(price, share_cached_input=1.0, share_batch=1.0) == pytest.approx(2.0)


def test_agent_history_makes_tokens_cheaper_on_the_mean_as_more_are_input() -> None:
    """An eighth of output instead of a quarter: 7/8 x 2 + 1/8 x 8 = 2.75."""
    found = blended(a_price(), calls_per_task=5, context_growth_tokens_per_call=1_000)

    assert found == pytest.approx(2.75)


def test_cache_and_batch_discounts_add_up_where_the_list_says_so() -> None:
    """By hand: all waits, 70% of input at 0.25, 30% at 1, output at 4: 3/4 x 0.475 + 1."""
    price = a_price(
        cached_input_usd_per_million_tokens=0.5,
        batch_input_usd_per_million_tokens=1.0,
        batch_output_usd_per_million_tokens=4.0,
        batch_cached_input_usd_per_million_tokens=0.25,
    )

    assert blended(price, share_cached_input=0.7, share_batch=1.0) == pytest.approx(1.35625)


def test_what_is_written_to_the_cache_pays_for_it() -> None:
    """By hand: 60% of input at 0.5, half the rest at 2.5, half at 2: 3/4 x 1.2 + 1/4 x 8 = 2.9."""
    price = a_price(cached_input_usd_per_million_tokens=0.5, cache_write_usd_per_million_tokens=2.5)

    found = blended(price, share_cached_input=0.6, share_cache_written=0.5)

    assert found == pytest.approx(2.9)


def test_reasoning_at_its_own_price() -> None:
    """By hand: half of the output at 4 instead of 8: 3/4 x 2 + 1/4 x 6 = 3.0."""
    price = a_price(reasoning_usd_per_million_tokens=4.0)

    assert blended(price, share_reasoning_output=0.5) == pytest.approx(3.0)


def test_images_by_the_image() -> None:
    """By hand: 2 images of 0.001 USD in a call of 2,000 tokens add 1 USD a million to 3.5."""
    price = a_price(usd_per_input_image=0.001)

    assert blended(price, images_per_call=2) == pytest.approx(4.5)


def test_the_mean_call_chooses_the_tier() -> None:
    """By hand: 200,000 in pay the list, 200,001 twice of it: (200,001 x 4 + 66,667 x 16) a call."""
    price = a_price(
        tiers=(
            {
                "above_input_tokens": 200_000,
                "input_usd_per_million_tokens": 4.0,
                "output_usd_per_million_tokens": 16.0,
            },
        )
    )

    assert blended(price, input_tokens_per_call=200_000) == pytest.approx(3.5)
    assert blended(price, input_tokens_per_call=200_001) == pytest.approx(7.0)


A_TIER = {
    "above_input_tokens": 4_500,
    "input_usd_per_million_tokens": 4.0,
    "output_usd_per_million_tokens": 16.0,
}
AGENT = {"calls_per_task": 5, "context_growth_tokens_per_call": 1_000}


def test_an_agents_calls_each_pay_the_tier_that_they_fall_in() -> None:
    """By hand: input grows from 1,500 to 5,500, a quarter of the calls above 4,500.

    At 3,000 in and 500 out three quarters cost 0.010 USD, at 5,000 a quarter costs 0.028: 0.0145
    a call of 4,000 tokens on the mean, 3.625 a million (2.75 without the tier).
    """
    assert blended(a_price(tiers=(A_TIER,)), **AGENT) == pytest.approx(3.625)


@pytest.mark.parametrize(("above", "usd"), [(5_500, 2.75), (1_000, 5.5)])
def test_a_tier_beyond_the_last_call_costs_nothing_and_below_the_first_it_costs_all(
    above: int, usd: float
) -> None:
    price = a_price(tiers=({**A_TIER, "above_input_tokens": above},))

    assert blended(price, **AGENT) == pytest.approx(usd)


def test_the_largest_workload_that_a_profile_can_state_has_a_price() -> None:
    """By hand: nearly all of 5e10 tokens a call are history, so the tier's input price: 4."""
    extreme = {
        "input_tokens_per_call": 1e8, "calls_per_task": 1_000, "share_output": 0.0,
        "context_growth_tokens_per_call": 1e8,
    }  # fmt: skip

    assert blended(a_price(tiers=(A_TIER,)), **extreme) == pytest.approx(4.0)


def a_contradicted_bill(*statements: tuple[float, float], draws: int = 2_000) -> Samples:
    """Return the bill's slope as USD per million tokens, the likely case first."""
    opinions = tuple(
        SecondOpinion(
            input_usd_per_million_tokens=read,
            output_usd_per_million_tokens=written,
            source=SOURCE,
        )
        for read, written in statements
    )
    offer = an_offer("frontier", second_opinions=opinions)
    team = a_profile()
    scenarios = Scenarios(team, a_catalog(), rng=an_rng(), draws=draws)
    found = disagreement(offer, offer.prices[0])
    bill = api_bill(
        offer.prices[0], token_flow(team.workload), scenarios, option="o", contradicted=found
    )
    return bill.line.usd_per_daily_token / DAYS_PER_MONTH * 1e6


def test_a_contradicted_price_is_drawn_between_the_statements() -> None:
    """By hand: 2/8 is 3.5 a million, 4/8 is 5.0; even draws average 4.25."""
    found = a_contradicted_bill((4.0, 8.0))

    assert found[0] == pytest.approx(3.5)
    assert 3.5 <= found.min() < 3.52
    assert 4.98 < found.max() <= 5.0
    assert found[1:].mean() == pytest.approx(4.25, abs=0.05)


def test_the_lowest_and_the_highest_of_several_statements_bound_the_draws() -> None:
    """By hand: 1/8 is 2.75 a million, 4/8 is 5.0, on either side of the listed 3.5."""
    found = a_contradicted_bill((4.0, 8.0), (1.0, 8.0))

    assert found[0] == pytest.approx(3.5)
    assert 2.75 <= found.min() < 2.8
    assert 4.95 < found.max() <= 5.0


def test_a_statement_within_one_percent_moves_nothing() -> None:
    assert set(a_contradicted_bill((2.01, 8.0)).tolist()) == {3.5}


shares = st.floats(0, 1)
prices = st.builds(
    a_price,
    input_usd_per_million_tokens=st.floats(0, 100),
    output_usd_per_million_tokens=st.floats(0, 100),
    cached_input_usd_per_million_tokens=st.none() | st.floats(0, 100),
    batch_input_usd_per_million_tokens=st.none() | st.floats(0, 100),
    batch_output_usd_per_million_tokens=st.none() | st.floats(0, 100),
    batch_cached_input_usd_per_million_tokens=st.none() | st.floats(0, 100),
)


@given(prices, shares, shares, shares, st.sampled_from(["input", "output"]), st.floats(0, 100))
def test_cost_never_falls_when_a_price_rises(
    price: Price, output: float, cached: float, batch: float, side: str, more: float
) -> None:
    name = f"{side}_usd_per_million_tokens"
    dearer = price.model_copy(update={name: getattr(price, name) + more})
    load = {"share_output": output, "share_cached_input": cached, "share_batch": batch}

    assert blended(dearer, **load) >= blended(price, **load) - 1e-9


@given(prices, shares, shares, shares)
def test_a_larger_batch_share_never_costs_more(
    price: Price, cached: float, one: float, other: float
) -> None:
    less, more = sorted([one, other])

    few = blended(price, share_cached_input=cached, share_batch=less)
    many = blended(price, share_cached_input=cached, share_batch=more)

    assert many <= few + 1e-9


def test_the_operation_around_an_api_is_billed_and_does_not_follow_its_price() -> None:
    """30.4375M tokens a month at 0.1 USD per M of filtering are 3.04 USD, beside the tokens."""
    filtering = some_assumptions(operation__content_filtering_usd_per_million_tokens=0.1)
    profile = a_profile()
    scenarios = Scenarios(profile, a_catalog(assumptions=filtering), rng=an_rng(), draws=4)
    cheap, dear = (
        api_bill(a_price(input_usd_per_million_tokens=usd), token_flow(profile.workload), scenarios)
        for usd in (1.0, 5.0)
    )
    volume = np.array([1e6])

    assert cheap.parts(volume)["content_filtering"][0] == pytest.approx(3.04, abs=0.01)
    assert dear.parts(volume)["content_filtering"][0] == pytest.approx(3.04, abs=0.01)
    for bill in (cheap, dear):
        assert sum(bill.parts(volume).values())[0] == pytest.approx(bill.line.usd(volume)[0])
