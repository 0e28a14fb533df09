"""What `playbook facts check` tells of broken, disputed, old and ending facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from playbook.catalog import prices as price_file
from playbook.catalog.integrity import FactsReport, check_facts
from tests.catalog.builders import (
    AS_OF,
    SOURCE,
    a_catalog,
    a_licence,
    a_model,
    a_price,
    a_provider,
    an_offer,
)

TO_COME = SOURCE.model_copy(update={"as_of": date(2027, 1, 1)})
ENTRY = {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}


def checked(
    monkeypatch: pytest.MonkeyPatch, *, entry: dict[str, Any] | None = ENTRY, **changes: object
) -> FactsReport:
    monkeypatch.setattr(price_file, "_read", lambda _: {"host/small": entry} if entry else {})
    return check_facts(a_catalog(**changes), as_of=AS_OF)


def test_whole_fresh_and_agreed_facts_leave_nothing_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    report = checked(monkeypatch)

    assert (report.errors, report.warnings) == ((), ())


def test_a_model_id_that_litellm_does_not_know_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    report = checked(monkeypatch, entry=None)

    assert "API offer host/small: litellm" in report.errors[0]
    assert "does not know it" in report.errors[0]


def test_a_moving_alias_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    report = checked(monkeypatch, api_offers=(an_offer(litellm_id="host/small-latest"),))

    assert any("an alias that moves" in error for error in report.errors)


def test_a_price_one_percent_off_is_a_disagreement_and_less_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    off = checked(monkeypatch, entry=ENTRY | {"output_cost_per_token": 4.05e-6})
    near = checked(monkeypatch, entry=ENTRY | {"output_cost_per_token": 4.02e-6})

    (one,) = off.disagreements
    assert (one.offer, one.catalogued, one.litellm) == ("small@host", "4.0", "4.05")
    assert one.field == "output_usd_per_million_tokens"
    assert off.warnings == (
        "small@host: output_usd_per_million_tokens is 4.0 here, 4.05 in litellm",
    )
    assert near.disagreements == ()


def test_a_price_that_only_one_side_states_is_a_disagreement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = checked(monkeypatch, entry=ENTRY | {"input_cost_per_token_batches": 5e-7})

    assert [one.field for one in report.disagreements] == ["batch_input_usd_per_million_tokens"]


def test_another_context_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    offer = an_offer(context_tokens=8_192)

    report = checked(monkeypatch, entry=ENTRY | {"max_input_tokens": 32_768}, api_offers=(offer,))

    (one,) = report.disagreements
    assert (one.field, one.catalogued, one.litellm) == ("context_tokens", "8192", "32768")


def test_an_end_that_only_litellm_states_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    report = checked(monkeypatch, entry=ENTRY | {"deprecation_date": "2027-01-14"})

    (one,) = report.disagreements
    assert (one.field, one.catalogued, one.litellm) == ("retires", "None", "2027-01-14")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"providers": (a_provider(source=TO_COME),)},
            "dated in the future",
        ),
        ({"models": (a_model(released=date(2027, 1, 1)),)}, "its release 2027-01-01 is in the"),
        ({"api_offers": (an_offer(prices=(a_price(date(2027, 1, 1)),)),)}, "a price of 2027-01-01"),
        (
            {"api_offers": (an_offer(prices=(a_price(output_usd_per_million_tokens=4_000),)),)},
            "is implausible",
        ),
        (
            {"api_offers": (an_offer(prices=(a_price(output_usd_per_million_tokens=20),)),)},
            "output at 20.0 against input at 1.0",
        ),
        (
            {"api_offers": (an_offer(prices=(a_price(cached_input_usd_per_million_tokens=2),)),)},
            "cached input dearer than input",
        ),
    ],
)  # fmt: skip
def test_a_date_to_come_or_a_slip_of_a_unit_is_an_error(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], told: str
) -> None:
    assert any(told in error for error in checked(monkeypatch, **change).errors)


def test_an_unread_licence_and_an_ending_offer_are_warnings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = checked(
        monkeypatch,
        entry=ENTRY | {"deprecation_date": "2027-01-23"},
        licences=(a_licence(commercial_use=None),),
        api_offers=(an_offer(retires=date(2027, 1, 23)),),
    )

    assert report.errors == ()
    assert report.warnings == (
        "small@host ends on 2027-01-23, in 2.0 months",
        "licence not verified, so in doubt: small",
    )


def test_without_litellm_the_check_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_file, "find_spec", lambda _: None)

    report = check_facts(a_catalog(), as_of=AS_OF)

    assert any("install litellm" in error for error in report.errors)
