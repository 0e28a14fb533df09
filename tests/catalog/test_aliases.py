"""Moving names stand for one dated id, by a source."""

from __future__ import annotations

import pytest

from playbook.catalog import load_catalog
from playbook.catalog.aliases import (
    alias_problems,
    aliased_offer,
    is_moving_alias,
    resolve_alias,
)
from tests.catalog.builders import SOURCE, a_catalog, an_offer

OTHER = {"model": "other", "litellm_id": "host/other"}


@pytest.mark.parametrize(
    ("name", "moves"),
    [
        ("mistral/mistral-small-latest", True),
        ("gemini/gemini-flash-latest", True),
        ("host/model:latest", True),
        ("latest", True),
        (" mistral/codestral-LATEST ", True),
        ("mistral/mistral-small-2603", False),
        ("gpt-4o", False),
        ("host/latest-model", False),
    ],
)
def test_a_name_that_ends_in_latest_moves(name: str, moves: bool) -> None:  # noqa: FBT001  a row
    assert is_moving_alias(name) is moves


def test_an_alias_leads_to_the_dated_id_and_its_source() -> None:
    offer = an_offer(aliases=("host/small-latest",), aliases_source=SOURCE)
    catalog = a_catalog(api_offers=(offer,))

    assert resolve_alias(catalog, "host/small-latest") == "host/small"
    assert aliased_offer(catalog, "host/small-latest") == offer


def test_a_name_is_found_with_and_without_its_providers_prefix() -> None:
    catalog = load_catalog()

    assert resolve_alias(catalog, "openai/gpt-4-turbo") == "gpt-4-turbo-2024-04-09"
    assert resolve_alias(catalog, "gpt-4-turbo") == "gpt-4-turbo-2024-04-09"
    assert resolve_alias(catalog, "azure/gpt-4-turbo") is None


def test_an_offer_under_a_name_that_moves_is_a_problem() -> None:
    (line,) = alias_problems(a_catalog(api_offers=(an_offer(litellm_id="host/small-latest"),)))

    assert line == "API offer host/small-latest: an alias that moves; use a dated id"


@pytest.mark.parametrize("name", ["host/small", "host/unheard-of-latest", ""])
def test_what_no_source_points_anywhere_stays_unresolved(name: str) -> None:
    assert resolve_alias(a_catalog(), name) is None


def test_an_alias_that_points_two_ways_is_a_problem() -> None:
    one = an_offer(aliases=("host/latest",), aliases_source=SOURCE)
    two = an_offer(**OTHER, aliases=("host/latest",), aliases_source=SOURCE)

    (line,) = alias_problems(a_catalog(api_offers=(one, two)))

    assert "host/other: alias host/latest also points to host/small" in line


def test_an_alias_that_is_itself_an_offer_or_has_no_source_is_a_problem() -> None:
    one = an_offer(aliases=("host/other",))

    lines = alias_problems(a_catalog(api_offers=(one, an_offer(**OTHER))))

    assert [line.split(": ", 1)[1] for line in lines] == [
        "its aliases need an aliases_source",
        "host/other is the id of an offer and an alias that moves; remove one",
    ]


def test_the_shipped_aliases_are_sourced_and_lead_to_offers() -> None:
    catalog = load_catalog()

    assert alias_problems(catalog) == ()
    for offer in catalog.api_offers:
        for alias in offer.aliases:
            assert resolve_alias(catalog, alias) == offer.litellm_id
    assert resolve_alias(catalog, "mistral/mistral-small-latest") == "mistral/mistral-small-2603"
