"""Price histories keep the source of each price, and refer to what the catalog holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.catalog.ageing import stale_sources
from playbook.catalog.plausibility import unit_slips
from playbook.catalog.price_history import PriceInterval
from playbook.catalog.references import reference_problems
from playbook.errors import CatalogError
from tests.catalog.builders import AS_OF, a_catalog, a_file
from tests.catalog.price_builders import a_history, a_level, an_index, an_interval

CATALOG = load_catalog()
HISTORY = """
sources:
  copy: {title: a copy, url: a.org, as_of: 2024-01-02, kind: third_party}
price_histories:
  - id: scaleway
    title: Scaleway
    weights: others
    source: copy
    intervals: |
      first_seen,last_seen,model,index_model,open_weights,input_usd_per_million_tokens,output_usd_per_million_tokens,table,source
      2024-01-02,2024-03-04,small,,true,0.2,0.4,litellm,SOURCE
"""


def intervals(catalog: Catalog) -> list[PriceInterval]:
    return [one for history in catalog.price_histories for one in history.intervals]


def test_each_price_keeps_the_source_that_its_row_names(tmp_path: Path) -> None:
    folder = a_file(tmp_path / "facts", HISTORY.replace("SOURCE", "copy"))

    history = load_catalog(folder).price_histories[-1]

    assert history.intervals[0].source.url == "a.org"
    assert history.intervals[0].index_model is None


def test_a_row_that_names_no_source_is_a_problem_with_its_place(tmp_path: Path) -> None:
    folder = a_file(tmp_path / "facts", HISTORY.replace("SOURCE", "nowhere"))

    with pytest.raises(CatalogError, match=r"scaleway: intervals\.0\.source: 'nowhere'"):
        load_catalog(folder)


def test_no_shipped_price_is_older_than_its_source_or_seen_backwards() -> None:
    for one in intervals(CATALOG):
        assert one.first_seen <= one.last_seen <= AS_OF
        assert one.source.as_of <= one.last_seen
        assert one.source.url


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("gemini", "gemini-1.5-pro-latest"),
        ("groq", "llama-3.1-405b-reasoning"),
        ("anthropic", "claude-instant-1.2"),
        ("openai", "gpt-3.5-turbo"),
    ],
)
def test_rows_known_to_be_wrong_in_the_tables_are_left_out(provider: str, model: str) -> None:
    """Flash under Pro, 70B under 405B, a slip of a decimal, an alias left at its old price."""
    history = next(one for one in CATALOG.price_histories if one.id == provider)

    assert model not in {one.model for one in history.intervals}


def test_prices_of_one_model_in_one_table_never_overlap() -> None:
    for history in CATALOG.price_histories:
        seen: dict[tuple[str, str], date] = {}
        for one in sorted(history.intervals, key=lambda one: one.first_seen):
            key = (one.model, one.table)
            assert key not in seen or one.first_seen > seen[key], (history.id, one)
            seen[key] = one.last_seen


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"price_histories": (a_history(id="nobody"),)}, "provider nobody is not in the catalog"),
        (
            {"price_histories": (a_history(an_interval(index_model="other")),)},
            "price history host, first of 2024-01-01: index_model other is on no capability index",
        ),
        (
            {"price_histories": (a_history(an_interval(catalog_model="big")),)},
            "catalog_model big is not in the catalog",
        ),
        ({"price_histories": (a_history(an_interval(tier="small")),)}, "a tier needs a tier_sourc"),
        (
            {"price_histories": (a_history(an_interval(date(2024, 1, 2), date(2024, 1, 1))),)},
            "last seen on 2024-01-01, before it was first seen",
        ),
        ({"capability_levels": (a_level(entry_model="x"),)}, "level level: x is on no capability"),
    ],
)
def test_a_name_or_day_that_cannot_be_is_told(changes: dict[str, object], told: str) -> None:
    catalog = a_catalog(capability_indices=(an_index(first=0.0),), **changes)

    assert [line for line in reference_problems(catalog) if told in line]


def test_prices_of_the_past_do_not_make_the_facts_stale() -> None:
    old = an_interval().source.model_copy(update={"as_of": date(2024, 1, 1), "kind": "third_party"})
    catalog = a_catalog(price_histories=(a_history(an_interval(source=old)),))

    assert old not in {one.source for one in stale_sources(catalog, as_of=AS_OF)}


def test_the_newest_price_of_a_history_is_that_of_the_catalogued_offer() -> None:
    """Two versions of one price map, read apart: a slip of a row or of a unit would show."""
    histories = {one.id: one.intervals for one in CATALOG.price_histories}
    compared = [
        (one, CATALOG.price(offer, AS_OF))
        for offer in CATALOG.api_offers
        for one in histories.get(offer.provider, ())
        if one.catalog_model == offer.model and one.last_seen >= offer.prices[-1].since
    ]

    assert len(compared) > 50
    for one, price in compared:
        assert one.input_usd_per_million_tokens == pytest.approx(
            price.input_usd_per_million_tokens, rel=0.01
        ), one
        assert one.output_usd_per_million_tokens == pytest.approx(
            price.output_usd_per_million_tokens, rel=0.01
        ), one


def test_a_slip_of_a_unit_by_1000_in_a_history_is_told() -> None:
    rows = (
        an_interval(date(2024, 1, 1), date(2024, 2, 1)),
        an_interval(date(2024, 3, 1), date(2024, 4, 1), input_usd_per_million_tokens=0.001),
    )

    (told,) = unit_slips(a_catalog(api_offers=(), price_histories=(a_history(*rows),)))

    assert told.startswith("price history host: input_usd_per_million_tokens of first is 0.001 on")


def test_no_price_of_a_shipped_history_slipped() -> None:
    assert not [line for line in unit_slips(CATALOG) if line.startswith("price history")]
