"""What `playbook facts check` tells of broken, disputed, old and ending facts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from playbook.catalog import prices as price_file
from playbook.catalog.acknowledgements import Acknowledgement, Finding
from playbook.catalog.integrity import FactsReport, check_facts
from playbook.catalog.seals import sealed
from playbook.provenance import SourceKind
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

ENTRY = {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}
SEALED = an_offer(prices=sealed("small@host", (a_price(),)))
ENDS = date(2027, 1, 23)


@pytest.fixture(autouse=True)
def litellm_map(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    entries: dict[str, Any] = {"host/small": dict(ENTRY)}
    monkeypatch.setattr(price_file, "_read", lambda _: entries)
    return entries


def checked(
    *, day: date = AS_OF, of_teams: tuple[Finding, ...] = (), **changes: object
) -> FactsReport:
    catalog = a_catalog(**{"api_offers": (SEALED,), **changes})
    return check_facts(catalog, as_of=day, of_teams=of_teams)


def test_whole_fresh_and_agreed_facts_leave_nothing_to_say() -> None:
    report = checked()

    assert (report.errors, report.findings, report.information) == ((), (), ())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"providers": (a_provider(source=SOURCE.model_copy(update={"title": " "})),)},
            "a source of 2026-11-01 has a blank title",
        ),
        ({"models": (a_model(released=ENDS),)}, "models small: released 2027-01-23 is in the"),
        ({"api_offers": (an_offer(model="big"),)}, "model big is not in the catalog"),
        (
            {"api_offers": (an_offer(prices=(a_price(output_usd_per_million_tokens=4_000),)),)},
            "is implausible",
        ),
        (
            {"api_offers": (an_offer(prices=(a_price(input_usd_per_million_tokens=1_000),)),)},
            "a slip of a unit by 1,000?",
        ),
        ({"providers": (a_provider(), a_provider())}, "providers host is given 2 times"),
        ({"api_offers": (an_offer(litellm_id="host/small-latest"),)}, "an alias that moves"),
        ({"api_offers": (SEALED.changed(aliases=("host/small",)),)}, "an alias that moves"),
        (
            {
                "api_offers": (
                    SEALED.changed(
                        prices=(SEALED.prices[0].changed(input_usd_per_million_tokens=1.001),)
                    ),
                )
            },
            "price overwritten",
        ),
    ],
)
def test_each_fault_that_nothing_may_rest_on_is_an_error(change: dict[str, Any], told: str) -> None:
    assert any(told in error for error in checked(**change).errors)


@pytest.mark.parametrize("kind", ["package", "licence_text", "third_party", "measured"])
def test_what_others_wrote_needs_an_address(kind: SourceKind) -> None:
    nowhere = SOURCE.model_copy(update={"url": "", "kind": kind})

    (error,) = checked(providers=(a_provider(source=nowhere),)).errors

    assert f"is of kind {kind} and has no url" in error


def test_an_own_contract_needs_no_address() -> None:
    contract = SOURCE.model_copy(update={"url": "", "title": "Our contract"})

    assert checked(providers=(a_provider(source=contract),)).errors == ()


@pytest.mark.parametrize(("days", "kinds"), [(90, []), (91, ["stale"])])
def test_a_source_is_a_finding_after_ninety_days(days: int, kinds: list[str]) -> None:
    report = checked(day=SOURCE.as_of + timedelta(days=days))

    assert [one.kind for one in report.findings] == kinds


def test_past_half_a_year_a_finding_says_that_no_decide_may_rest_on_it() -> None:
    late = checked(day=SOURCE.as_of + timedelta(days=180)).findings[0]
    too_late = checked(day=SOURCE.as_of + timedelta(days=181)).findings[0]

    assert late.id == too_late.id == "stale:a page"
    assert "DECIDE" not in late.text
    assert "181 days old, over 180: no DECIDE may rest on it" in too_late.text


def test_a_disputed_price_is_a_finding_with_both_values(litellm_map: dict[str, Any]) -> None:
    litellm_map["host/small"]["output_cost_per_token"] = 5e-6

    (one,) = checked().findings

    assert one.id == "disagreement:small@host:output_usd_per_million_tokens"
    assert "is 4 here, 5 by litellm" in one.text


def test_a_licence_that_nobody_read_is_a_finding_with_its_models() -> None:
    (one,) = checked(licences=(a_licence(clauses=()),)).findings

    assert one.id == "doubt:open-1:licence"
    assert one.text.endswith("so in doubt: small")


def test_an_end_that_touches_no_team_is_information(litellm_map: dict[str, Any]) -> None:
    litellm_map["host/small"]["deprecation_date"] = ENDS.isoformat()
    ending = (SEALED.changed(retires=ENDS),)

    report = checked(api_offers=ending)
    touched = Finding(id="retirement:small@host", kind="retirement", text="touches acme")
    of_team = checked(api_offers=ending, of_teams=(touched,))

    assert (report.findings, report.information) == (
        (),
        ("small@host ends on 2027-01-23, in 2.0 months",),
    )
    assert (of_team.findings, of_team.information) == ((touched,), ())


def test_prices_without_a_seal_are_told_but_are_no_finding() -> None:
    report = checked(api_offers=(an_offer(),))

    assert report.findings == ()
    assert "prices of 1 offer carry no seal" in report.information[0]


def test_an_acknowledged_finding_is_shown_apart() -> None:
    word = Acknowledgement(
        finding="stale:a page", reason="no newer page", reviewed=AS_OF, until=date(2027, 6, 1)
    )

    report = checked(day=SOURCE.as_of + timedelta(days=100), acknowledgements=(word,))

    assert report.findings == ()
    assert [one.finding.id for one in report.acknowledged] == ["stale:a page"]


def test_the_report_survives_its_json() -> None:
    report = checked(day=date(2027, 6, 1))

    assert FactsReport.model_validate_json(report.model_dump_json()) == report
