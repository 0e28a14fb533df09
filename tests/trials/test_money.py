"""Prices and the purse."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.catalog import ApiOffer, Catalog, Model, Price, PriceList, PriceTier, Provider
from playbook.provenance import Source
from playbook.trials.client import Message, Request
from playbook.trials.money import Purse, endpoint_price, most_input_tokens, worst_case_usd
from tests.trials.conftest import AS_OF, a_profile, an_endpoint

SOURCE = Source(title="Prices", as_of=date(2026, 1, 1), kind="vendor")


LISTED = Price(
    since=date(2026, 1, 1),
    input_usd_per_million_tokens=2,
    output_usd_per_million_tokens=8,
    cached_input_usd_per_million_tokens=0.5,
    source=SOURCE,
)


def a_list(input_usd: float, output_usd: float, **others: object) -> PriceList:
    plain = {"input_usd_per_million_tokens": input_usd, "output_usd_per_million_tokens": output_usd}
    return PriceList.model_validate({**plain, **others})


def a_catalog(*, open_weights: bool = False) -> Catalog:
    model = Model(
        id="m", source=SOURCE, title="M", family="f", developer="d", developer_jurisdiction=("US",),
        open_weights=open_weights, licence="l",
    )  # fmt: skip
    provider = Provider(id="p", source=SOURCE, title="P", jurisdiction=("US",))
    offer = ApiOffer(model="m", provider="p", litellm_id="p/m", prices=(LISTED,))
    return Catalog(models=(model,), providers=(provider,), api_offers=(offer,))


def price_of(catalog: Catalog | None = None, **changes: object) -> PriceList | None:
    endpoint = an_endpoint(**changes)
    profile = a_profile(endpoint)
    profile = profile.changed(infrastructure=profile.infrastructure.changed(places=()))
    return endpoint_price(endpoint, profile, catalog or a_catalog(), as_of=AS_OF)


def test_the_price_of_its_option_is_the_catalogues() -> None:
    assert price_of(option="m@p") == LISTED


def test_its_own_price_wins_each_by_itself_and_loses_the_lists_discounts() -> None:
    own = {"input_usd_per_million_tokens": 1.0}

    assert price_of(option="m@p", **own) == a_list(1, 8)
    assert price_of(**own, output_usd_per_million_tokens=3.0) == a_list(1, 3)


def test_half_a_price_an_unknown_option_and_no_option_have_no_price() -> None:
    assert price_of(input_usd_per_million_tokens=1.0) is None
    assert price_of(option="x@y") is None
    assert price_of() is None


@given(st.text(max_size=200))
def test_a_request_has_no_more_tokens_than_its_bytes_and_some_for_the_frame(text: str) -> None:
    request = Request((Message("user", text),), max_tokens=1)

    assert most_input_tokens(request) == len(text.encode("utf-8", "surrogatepass")) + 64


amounts = st.floats(0, 2)


@given(st.lists(st.tuples(amounts, st.floats(0, 1)), max_size=30), st.floats(0, 5))
def test_a_purse_never_spends_or_holds_more_than_its_cap(
    calls: list[tuple[float, float]], cap: float
) -> None:
    purse, refused = Purse(cap), []

    async def call(worst: float, share: float) -> None:
        if await purse.reserve(worst):
            await asyncio.sleep(0)
            purse.settle(worst, worst * share)
        else:
            refused.append(worst)

    async def run() -> None:
        await asyncio.gather(*(call(worst, share) for worst, share in calls))

    asyncio.run(run())

    assert purse.spent_usd <= cap + 1e-9
    assert all(worst + purse.spent_usd > cap - 5 for worst in refused)


def test_a_reservation_waits_for_calls_in_flight_that_may_free_it() -> None:
    async def run() -> tuple[bool, bool]:
        purse = Purse(1.0)
        assert await purse.reserve(0.8)
        waiting = asyncio.create_task(purse.reserve(0.8))
        await asyncio.sleep(0)
        assert not waiting.done()
        purse.settle(0.8, 0.1)
        return await waiting, await asyncio.wait_for(_after(purse), 1)

    async def _after(purse: Purse) -> bool:
        purse.settle(0.8, 0.8)
        return await purse.reserve(0.2)

    assert asyncio.run(run()) == (True, False)


def test_spent_before_counts() -> None:
    assert asyncio.run(Purse(1.0, spent_usd=0.9).reserve(0.2)) is False
    assert asyncio.run(Purse(1.0, spent_usd=0.9).reserve(0.1)) is True


def test_the_worst_case_is_one_token_per_byte_and_the_longest_answer() -> None:
    """By hand: 4 bytes and 64 for the frame at 3 USD, 100 at 15 USD a million: 0.001704 USD."""
    request = Request((Message("user", "four"),), max_tokens=100)

    assert worst_case_usd(a_list(3, 15), request) == pytest.approx(0.001704)


def test_the_worst_case_expects_dear_cache_writes_and_the_tier_of_a_long_prompt() -> None:
    """By hand: 1,064 tokens, all written to the cache at the tier's 7 USD a million: 0.007448."""
    tier = PriceTier(
        above_input_tokens=1_000,
        input_usd_per_million_tokens=6,
        output_usd_per_million_tokens=0,
        cache_write_usd_per_million_tokens=7,
    )
    request = Request((Message("user", "x" * 1_000),), max_tokens=100)

    assert worst_case_usd(a_list(3, 0, tiers=(tier,)), request) == pytest.approx(0.007448)
