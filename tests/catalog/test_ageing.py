"""How old facts are, and when options end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from playbook.catalog.ageing import months_until, retirement, retirements, stale_sources
from playbook.catalog.claims import Claim
from playbook.catalog.price_history import PriceHistory, PriceInterval
from playbook.provenance import SourceKind
from tests.catalog.builders import AS_OF, SOURCE, a_catalog, a_model, a_price, an_offer

ENDS = date(2027, 1, 23)


def test_a_source_is_stale_after_ninety_days_and_past_its_limit_after_half_a_year() -> None:
    catalog = a_catalog()

    fresh = stale_sources(catalog, as_of=SOURCE.as_of + timedelta(days=90))
    late = stale_sources(catalog, as_of=SOURCE.as_of + timedelta(days=91))
    (old,) = stale_sources(catalog, as_of=SOURCE.as_of + timedelta(days=181))

    assert (fresh, late[0].past_limit, old.past_limit) == ((), False, True)
    assert old.facts == 5


@pytest.mark.parametrize("kind", ["licence_text", "assumption"])
def test_licence_texts_and_assumptions_do_not_age(kind: SourceKind) -> None:
    source = SOURCE.model_copy(update={"kind": kind})
    catalog = a_catalog(models=(a_model(source=source),))

    found = stale_sources(catalog, as_of=date(2030, 1, 1))

    assert [one.source for one in found] == [SOURCE]


def test_a_superseded_price_does_not_count_as_stale() -> None:
    old = SOURCE.model_copy(update={"as_of": date(2024, 1, 1)})
    offer = an_offer(prices=(a_price(date(2024, 1, 1), source=old), a_price()))

    assert stale_sources(a_catalog(api_offers=(offer,)), as_of=AS_OF) == ()


def test_weights_on_own_servers_never_retire() -> None:
    catalog = a_catalog(models=(a_model(retires=ENDS),))

    assert retirement(catalog, catalog.options(["cellar"])[1]) is None


def test_the_offers_own_end_counts_before_the_models() -> None:
    catalog = a_catalog(
        models=(a_model(open_weights=False, retires=ENDS),),
        api_offers=(an_offer(retires=date(2027, 6, 1)),),
    )

    assert retirement(catalog, catalog.options([])[0]) == date(2027, 6, 1)


@pytest.mark.parametrize(("open_weights", "ends"), [(True, None), (False, ENDS)])
def test_without_an_own_date_only_a_closed_models_end_reaches_the_offer(
    *, open_weights: bool, ends: date | None
) -> None:
    """The end of the developer's API does not end other hosts of open weights."""
    catalog = a_catalog(models=(a_model(open_weights=open_weights, retires=ENDS),))

    assert retirement(catalog, catalog.options([])[0]) == ends


def test_what_has_ended_or_ends_within_the_time_asked_is_listed_and_the_rest_is_not() -> None:
    catalog = a_catalog(models=(a_model(successor="small"),), api_offers=(an_offer(retires=ENDS),))

    (due,) = retirements(catalog, as_of=AS_OF, within_months=3)
    (over,) = retirements(catalog, as_of=date(2027, 2, 1), within_months=3)

    assert retirements(catalog, as_of=AS_OF, within_months=1) == ()
    assert (due.finding_id, over.finding_id) == ("retirement:small@host", "retired:small@host")
    named = "; its developer names small"
    assert due.words() == f"small@host ends on 2027-01-23, in 2.0 months{named}"
    assert over.words() == f"small@host ended on 2027-01-23{named}"


def test_a_claim_and_what_was_once_charged_do_not_age() -> None:
    old = SOURCE.model_copy(update={"as_of": date(2024, 1, 1)})
    claim = Claim(id="one", title="a claim", about="world", method="a method", source=old)
    charged = PriceInterval(
        first_seen=old.as_of, last_seen=old.as_of, model="Small", table="litellm", source=old,
        input_usd_per_million_tokens=1, output_usd_per_million_tokens=2,
    )  # fmt: skip
    history = PriceHistory(
        id="host", title="Host", weights="own", intervals=(charged,), source=SOURCE
    )

    found = stale_sources(a_catalog(claims=(claim,), price_histories=(history,)), as_of=AS_OF)

    assert found == ()


def test_a_day_that_has_passed_has_negative_months() -> None:
    months = months_until(date(2026, 10, 24), as_of=AS_OF)

    assert months == pytest.approx(-30 / (365.25 / 12))
