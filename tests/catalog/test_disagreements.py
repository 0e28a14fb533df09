"""What two maintained sources state differently of an offer is told with both values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from playbook.catalog import prices as price_file
from playbook.catalog.disagreements import Disagreement, disagreements, unknown_to_litellm
from playbook.catalog.pricing import SecondOpinion
from playbook.provenance import Source
from tests.catalog.builders import AS_OF, SOURCE, a_catalog, a_price, an_offer

ENTRY = {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}
PACKAGE = Source(title="the map", url="pypi:litellm", as_of=date(2026, 11, 1), kind="package")
OTHER = SecondOpinion(
    input_usd_per_million_tokens=1.0,
    output_usd_per_million_tokens=5.0,
    source=SOURCE.model_copy(update={"title": "another list"}),
)


def found(
    monkeypatch: pytest.MonkeyPatch, entry: dict[str, Any] | None = ENTRY, **offer: object
) -> tuple[Disagreement, ...]:
    monkeypatch.setattr(price_file, "_read", lambda _: {"host/small": entry} if entry else {})
    return disagreements(a_catalog(api_offers=(an_offer(**offer),)), as_of=AS_OF)


def test_agreed_prices_leave_nothing_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch) == ()


def test_a_price_one_percent_off_is_a_disagreement_and_less_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (off,) = found(monkeypatch, ENTRY | {"output_cost_per_token": 4.05e-6})
    near = found(monkeypatch, ENTRY | {"output_cost_per_token": 4.02e-6})

    assert (off.field, off.catalogued, off.stated) == ("output_usd_per_million_tokens", "4", "4.05")
    assert off.by.startswith("litellm ")
    assert near == ()


def test_a_second_opinion_that_differs_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = found(monkeypatch, second_opinions=(OTHER,))

    assert one.finding().id == "disagreement:small@host:output_usd_per_million_tokens"
    assert one.finding().text == (
        "small@host: output_usd_per_million_tokens is 4 here, 5 by another list"
    )


def test_a_price_that_was_replaced_is_compared_with_no_opinion_of_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to_come = a_price(date(2026, 12, 1), output_usd_per_million_tokens=5.0)

    assert found(monkeypatch, prices=(a_price(), to_come), second_opinions=(OTHER,)) == ()


@pytest.mark.parametrize(("source", "fields"), [(SOURCE, []), (PACKAGE, ["batch_input"])])
def test_a_price_of_litellms_own_map_that_only_one_side_states_shows_that_the_map_moved(
    monkeypatch: pytest.MonkeyPatch, source: Source, fields: list[str]
) -> None:
    entry = ENTRY | {"input_cost_per_token_batches": 5e-7}

    told = found(monkeypatch, entry, prices=(a_price(source=source),))

    assert [one.field.removesuffix("_usd_per_million_tokens") for one in told] == fields


@pytest.mark.parametrize(
    ("key", "value", "field", "stated"),
    [
        ("max_input_tokens", 32_768, "context_tokens", "32768"),
        ("deprecation_date", "2027-01-14", "retires", "2027-01-14"),
    ],
)
def test_another_context_or_end_is_a_disagreement(
    monkeypatch: pytest.MonkeyPatch, key: str, value: object, field: str, stated: str
) -> None:
    (one,) = found(monkeypatch, ENTRY | {key: value})

    assert (one.field, one.catalogued, one.stated) == (field, "None", stated)


@pytest.mark.parametrize(("source", "fields"), [(SOURCE, []), (PACKAGE, ["retires"])])
def test_an_end_that_litellm_does_not_state_is_one_only_where_it_was_read_there(
    monkeypatch: pytest.MonkeyPatch, source: Source, fields: list[str]
) -> None:
    told = found(monkeypatch, retires=date(2027, 1, 14), source=source)

    assert [one.field for one in told] == fields


def test_an_id_that_litellm_does_not_know_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_file, "_read", lambda _: {})

    (one,) = unknown_to_litellm(a_catalog())

    assert one.id == "doubt:small@host:litellm"
    assert "does not know it" in one.text


def test_an_entry_that_makes_no_sense_is_in_doubt_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = ENTRY | {"max_input_tokens": "many"}

    assert found(monkeypatch, broken) == ()
    (one,) = unknown_to_litellm(a_catalog())
    assert "context_tokens" in one.text


def test_without_litellm_every_offer_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_file, "find_spec", lambda _: None)

    (one,) = unknown_to_litellm(a_catalog())

    assert "install litellm" in one.text
