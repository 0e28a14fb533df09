"""A number that can't be right is an error, whichever way it slipped."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.catalog import Catalog, Gpu, GpuOffer
from playbook.catalog import prices as price_file
from playbook.catalog.plausibility import dates_to_come, implausible, slipped, unit_slips
from playbook.catalog.pricing import SecondOpinion
from tests.catalog.builders import (
    AS_OF,
    SOURCE,
    a_catalog,
    a_model,
    a_price,
    a_provider,
    an_offer,
)

PRICE = "input_usd_per_million_tokens"
LATER = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def no_litellm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_file, "_read", lambda _: {})


def an_opinion(usd: float) -> SecondOpinion:
    return SecondOpinion(
        input_usd_per_million_tokens=usd,
        output_usd_per_million_tokens=4 * usd,
        source=SOURCE.model_copy(update={"title": "another list"}),
    )


def a_gpu_offer(usd_per_hour: float, region: str = "here") -> GpuOffer:
    return GpuOffer(
        gpu="l4", place="cellar", provider="Host", region=region, instance="one",
        gpus_per_instance=1, on_demand_usd_per_gpu_hour=usd_per_hour, source=SOURCE,
    )  # fmt: skip


def a_gpu(**changes: object) -> Gpu:
    values = {"id": "l4", "title": "L4", "memory_gb": 24, "bandwidth_gb_per_s": 300}
    values |= {"dense_bf16_tflops": 121, "tdp_w": 72, "source": SOURCE}
    return Gpu.model_validate(values | changes)


def priced(usd: float, **changes: object) -> Catalog:
    price = a_price(**{PRICE: usd, "output_usd_per_million_tokens": 4 * usd})
    return a_catalog(api_offers=(an_offer(prices=(price,), **changes),))


def test_plain_facts_have_no_fault() -> None:
    catalog = a_catalog(gpus=(a_gpu(),), gpu_offers=(a_gpu_offer(0.8), a_gpu_offer(1.1, "there")))

    assert list(implausible(catalog)) == []
    assert list(unit_slips(catalog)) == []
    assert list(dates_to_come(catalog, as_of=AS_OF)) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"models": (a_model(parameters_billion=70_000),)}, "parameters_billion 70,000.0"),
        ({"models": (a_model(context_tokens=131),)}, "models small: context_tokens 131"),
        ({"api_offers": (an_offer(context_tokens=128),)}, "small@host: context_tokens 128"),
        ({"providers": (a_provider(retention_days=30_000),)}, "retention_days 30,000"),
        ({"gpus": (a_gpu(memory_gb=24_576),)}, "gpus l4: memory_gb 24,576"),
        ({"gpus": (a_gpu(bandwidth_gb_per_s=0.3),)}, "bandwidth_gb_per_s 0.3"),
        ({"gpu_offers": (a_gpu_offer(800),)}, "on_demand_usd_per_gpu_hour 800.0"),
        ({"gpu_offers": (a_gpu_offer(0.0008),)}, "on_demand_usd_per_gpu_hour 0.0008"),
    ],
)
def test_a_number_out_of_all_bounds_is_named_with_them(change: dict[str, Any], told: str) -> None:
    (line,) = implausible(a_catalog(**change))

    assert told in line
    assert "is implausible, not within" in line


@pytest.mark.parametrize(
    ("price", "told"),
    [
        ({"output_usd_per_million_tokens": 4_000}, "output_usd_per_million_tokens 4,000.0"),
        ({PRICE: 0.0}, "input_usd_per_million_tokens 0.0 is implausible"),
        ({"output_usd_per_million_tokens": 20}, "output at 20.0 against input at 1.0"),
        ({"cached_input_usd_per_million_tokens": 2}, "cached input dearer at 2.0 than 1.0"),
        ({"batch_output_usd_per_million_tokens": 5}, "batch output dearer at 5.0 than 4.0"),
        ({"usd_per_input_image": 30}, "usd_per_input_image 30.0 is implausible"),
        (
            {
                "tiers": [
                    {
                        "above_input_tokens": 200_000,
                        PRICE: 2,
                        "output_usd_per_million_tokens": 9_000,
                    }
                ]
            },
            "output_usd_per_million_tokens 9,000.0",
        ),
    ],
)
def test_a_price_that_contradicts_itself_is_named_with_its_day(
    price: dict[str, Any], told: str
) -> None:
    lines = list(implausible(a_catalog(api_offers=(an_offer(prices=(a_price(**price),)),))))

    assert any(told in line for line in lines)
    assert all("API offer host/small: the price of 2026-01-01: " in line for line in lines)


@pytest.mark.parametrize("factor", [1_000, 0.001])
def test_a_slip_by_a_thousand_shows_against_the_second_opinion(factor: float) -> None:
    lines = list(unit_slips(priced(0.5 * factor, second_opinions=(an_opinion(0.5),))))

    assert len(lines) == 2  # input and output
    assert "but 0.5 by another list; a slip of a unit by 1,000?" in lines[0]


def test_a_slip_by_a_thousand_shows_against_litellms_map(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"input_cost_per_token": 5e-7, "output_cost_per_token": 2e-6}
    monkeypatch.setattr(price_file, "_read", lambda _: {"host/small": entry})

    assert any("but 0.5 by litellm's map" in line for line in unit_slips(priced(500)))


def test_a_slip_by_a_thousand_shows_against_the_offers_own_price_before() -> None:
    before = a_price(date(2025, 1, 1), input_usd_per_million_tokens=0.001)
    offer = an_offer(prices=(before, a_price()))

    lines = list(unit_slips(a_catalog(api_offers=(offer,))))

    assert any("but 0.001 by its price of 2025-01-01" in line for line in lines)


def test_a_slip_by_a_thousand_shows_against_the_models_other_offers() -> None:
    others = [
        an_offer(provider=name, litellm_id=f"{name}/small") for name in ("here", "there", "yonder")
    ]
    slip = priced(0.001).api_offers[0]
    providers = tuple(a_provider(id=name) for name in ("host", "here", "there", "yonder"))

    lines = list(unit_slips(a_catalog(api_offers=(slip, *others), providers=providers)))

    assert len(lines) == 2
    assert all("host/small" in line and "middle of the model's other" in line for line in lines)


def test_a_gpus_price_off_by_a_thousand_shows_against_its_other_offers() -> None:
    rented = (a_gpu_offer(0.8), a_gpu_offer(1.1, "there"), a_gpu_offer(40, "yonder"))

    (line,) = unit_slips(a_catalog(gpu_offers=rented))

    assert "Host/yonder/one/l4@cellar: 40 USD an hour, but 1.1 in the middle" in line


@given(st.floats(0.01, 100), st.floats(0.1, 10))
def test_a_true_difference_of_up_to_ten_times_is_no_slip(usd: float, ratio: float) -> None:
    assert not slipped(usd, usd * ratio)
    assert slipped(usd, usd * ratio * 1_000)
    assert slipped(usd * ratio * 1_000, usd)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"providers": (a_provider(source=SOURCE.model_copy(update={"as_of": LATER})),)},
            "providers host: as_of 2027-01-01",
        ),
        ({"models": (a_model(released=LATER),)}, "models small: released 2027-01-01"),
        (
            {"api_offers": (an_offer(prices=(a_price(LATER),)),)},
            "api_offers small@host: since 2027-01-01",
        ),
    ],
)
def test_an_observation_still_to_come_is_named(change: dict[str, Any], told: str) -> None:
    (line,) = dates_to_come(a_catalog(**change), as_of=AS_OF)

    assert line == f"{told} is in the future"


def test_an_end_may_lie_ahead() -> None:
    catalog = a_catalog(api_offers=(an_offer(retires=LATER),), models=(a_model(retires=LATER),))

    assert list(dates_to_come(catalog, as_of=AS_OF)) == []
