"""What the landscape says of prices and ends traces to sources, says its limits, and is quick."""

from __future__ import annotations

from playbook.catalog import Catalog, load_catalog
from playbook.catalog.ageing import sources_in
from playbook.landscape.market import NOT_CONSIDERED, market_on
from tests.landscape.builders import AS_OF, screened

CATALOG = load_catalog()
LANDSCAPE = screened(CATALOG)


def test_every_row_of_the_rendered_record_traces_to_a_dated_source() -> None:
    rows = (
        *(step for one in LANDSCAPE.capability_prices for step in one.steps),
        *LANDSCAPE.hosted_changes,
        *LANDSCAPE.calendar,
        *LANDSCAPE.parity_pairs,
        LANDSCAPE.hosted_summary,
    )
    for row in rows:
        found = list(sources_in(row))
        assert found, row
        assert all(source.title and source.url and source.as_of <= AS_OF for source in found)


def test_the_landscape_says_what_its_prices_do_not_consider() -> None:
    assert set(NOT_CONSIDERED) <= set(LANDSCAPE.not_considered)
    assert all("%" not in line for line in NOT_CONSIDERED)


def test_a_catalog_without_prices_has_an_empty_market() -> None:
    found = market_on(Catalog(), (), as_of=AS_OF)

    assert not found.capability_prices
    assert not found.hosted_changes
    assert found.hosted_summary is None
    assert not found.calendar
    assert not found.parity_pairs
