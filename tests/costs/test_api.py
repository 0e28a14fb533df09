import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.catalog import Price
from playbook.costs.api import api_bill, usd_per_million_tokens
from playbook.costs.scenarios import Scenarios
from playbook.costs.tokens import token_flow
from playbook.profile.sections import Workload
from tests.costs.builders import a_catalog, a_price, a_profile, an_rng, some_assumptions


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


shares = st.floats(0, 1)
prices = st.builds(
    a_price,
    input_usd_per_million_tokens=st.floats(0, 100),
    output_usd_per_million_tokens=st.floats(0, 100),
    cached_input_usd_per_million_tokens=st.none() | st.floats(0, 100),
    batch_input_usd_per_million_tokens=st.none() | st.floats(0, 100),
    batch_output_usd_per_million_tokens=st.none() | st.floats(0, 100),
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
