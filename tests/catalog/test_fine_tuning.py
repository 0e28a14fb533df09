from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from playbook.catalog import TuningOffer, TuningPrice, load_catalog
from playbook.errors import CatalogError
from playbook.provenance import Source

SEEN = date(2026, 11, 1)
SOURCE = Source(title="a price page", url="example.org", as_of=SEEN, kind="vendor")


def a_tuning_price(**fields: object) -> TuningPrice:
    values: dict[str, Any] = {
        "up_to_billion": 16,
        "methods": ("lora",),
        "usd_per_million_training_tokens": 0.5,
        "since": SEEN,
        "source": SOURCE,
    }
    return TuningPrice.model_validate({**values, **fields})


def price_of(*prices: TuningPrice, model: str = "small", billion: float | None = 8) -> float | None:
    offer = TuningOffer(provider="host", prices=prices)
    found = offer.price_of(model, billion, method="lora", as_of=date(2026, 11, 23))
    return found.usd_per_million_training_tokens.likely if found else None


def test_a_price_holds_for_sizes_above_its_lower_and_up_to_its_upper_end() -> None:
    small = a_tuning_price()
    large = a_tuning_price(above_billion=16, up_to_billion=80, usd_per_million_training_tokens=3.0)

    assert [price_of(small, large, billion=size) for size in (16, 16.1, 80, 81)] == [
        0.5,
        3.0,
        3.0,
        None,
    ]


def test_a_model_of_unknown_size_has_no_price_by_size() -> None:
    assert price_of(a_tuning_price(up_to_billion=None), billion=None) is None


def test_a_price_that_names_the_model_wins_over_one_by_size() -> None:
    named = a_tuning_price(
        models=("small",), usd_per_million_training_tokens=2.0, since=date(2026, 1, 1)
    )

    assert price_of(named, a_tuning_price()) == 2.0


def test_the_newest_price_up_to_the_day_counts() -> None:
    newer = a_tuning_price(usd_per_million_training_tokens=0.4, since=date(2026, 11, 20))
    to_come = a_tuning_price(usd_per_million_training_tokens=0.3, since=date(2026, 12, 1))

    assert price_of(a_tuning_price(), newer, to_come) == 0.4


def test_another_method_has_no_price() -> None:
    assert price_of(a_tuning_price(methods=("full",))) is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"tuned_input_usd_per_million_tokens": 3.0}, "give both prices"),
        ({"above_billion": 16}, "up_to_billion is more"),
    ],
)
def test_a_price_that_contradicts_itself_is_refused(fields: dict[str, float], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        a_tuning_price(**fields)


def test_every_training_price_of_the_catalog_belongs_to_a_provider_that_tunes() -> None:
    catalog = load_catalog()

    for offer in catalog.tuning_offers:
        tuning = catalog.provider(offer.provider).fine_tuning
        assert tuning is not None, offer.provider
        assert tuning.offered != "no", offer.provider


def test_a_tuning_offer_of_an_unknown_provider_or_gpu_is_named(tmp_path: Path) -> None:
    (tmp_path / "tuning.yaml").write_text("""
sources:
  page: {title: Page, url: "https://a.example", as_of: 2026-11-01, kind: vendor}
tuning_offers:
  - provider: nobody
    serving: {kind: dedicated, gpu: h1000, usd_per_gpu_hour: 4, words: w, source: page}
    prices:
      - methods: [lora]
        usd_per_million_training_tokens: 1
        since: 2026-11-01
        source: page
""")

    with pytest.raises(CatalogError) as caught:
        load_catalog(tmp_path)

    assert "provider nobody is not in the catalog" in str(caught.value)
    assert "gpu h1000 is not in the catalog" in str(caught.value)
