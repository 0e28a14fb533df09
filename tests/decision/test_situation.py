"""What the stages said is gathered by option; nothing crosses over from another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from playbook.decision.situation import (
    evidence_by_option,
    gather,
    months_left,
    price_age_days,
)
from tests.decision.builders import (
    HOSTED,
    OWN,
    Spec,
    a_profile,
    a_rate,
    a_situation,
    decided,
    evidence_on,
    some_evidence,
)


def test_the_endpoint_with_more_observations_counts_for_an_option() -> None:
    few, many = Spec("alpha", rate=a_rate(0.9, n=20)), Spec("alpha", rate=a_rate(0.8, n=200))

    found = evidence_by_option(some_evidence(
        evidence_on("alpha@acme", few, endpoint="a"), evidence_on("alpha@acme", many, endpoint="b")
    ))  # fmt: skip

    assert found["alpha@acme"].endpoint == "b"


@pytest.mark.parametrize(("model", "counts"), [("x/y", True), ("x/another", False)])
def test_evidence_of_an_endpoint_that_is_another_model_counts_for_no_option(
    model: str,
    counts: bool,  # noqa: FBT001  a table of cases
) -> None:
    claim = {"id": "try-alpha", "litellm_model": model, "option": "alpha@acme"}
    profile = a_profile(trials={"endpoints": (claim,)})
    situation = a_situation(Spec("alpha", rate=a_rate(0.9)), profile=profile)

    (alpha,) = [one for one in gather(situation) if one.id == "alpha@acme"]
    left_out = [line for line in decided(situation).not_considered if "try-alpha" in line]

    assert (alpha.tested is not None) is counts
    assert bool(left_out) is not counts


def test_an_endpoint_that_scored_nothing_is_no_evidence() -> None:
    refused = evidence_on("alpha@acme", Spec("alpha"))

    assert evidence_by_option(some_evidence(refused)) == {}


def test_an_option_that_no_stage_mentions_is_gathered_with_gaps() -> None:
    (found,) = [
        one for one in gather(a_situation(Spec("beta", HOSTED, "hostco"))) if one.lane is OWN
    ]

    assert (found.verdict, found.cost, found.tested) == (None, None, None)


def test_the_models_own_api_retirement_does_not_touch_weights_hosted_elsewhere() -> None:
    situation = a_situation(
        Spec("alpha", months_left=6.0), Spec("beta", HOSTED, "hostco", months_left=6.0)
    )
    alpha, beta, _ = gather(situation)

    assert months_left(alpha, situation) == pytest.approx(6.0, abs=0.05)
    assert months_left(beta, situation) is None


def test_the_end_of_an_offer_counts_for_that_offer() -> None:
    """From 2026-11-23 to 2027-11-23 are 365 days: 365 / 30.4375 = 11.99 months."""
    situation = a_situation(Spec("beta", HOSTED, "hostco"))
    (offer,) = situation.catalog.api_offers
    ending = situation.catalog.changed(api_offers=(offer.changed(retires=date(2027, 11, 23)),))
    hosted = gather(situation)[0]

    assert months_left(hosted, type(situation)(**{**vars(situation), "catalog": ending})) == (
        365 / 30.4375
    )


def test_a_resellers_own_date_counts_for_its_offer_not_that_of_the_developers_api() -> None:
    """As Claude Sonnet 4.5 lives longer at Amazon Bedrock than at its developer's own API."""
    specs = Spec("alpha", where="cloud", months_left=4.0), Spec("alpha", months_left=4.0)
    situation = a_situation(*specs)
    own, cloud = sorted(situation.catalog.api_offers, key=lambda offer: offer.provider)
    later = situation.catalog.changed(api_offers=(own, cloud.changed(retires=date(2028, 11, 22))))
    changed = replace(situation, catalog=later)

    months = {one.option.provider: months_left(one, changed) for one in gather(changed)}

    assert months["acme"] == pytest.approx(4.0, abs=0.05)
    assert months["cloud"] == pytest.approx(24.0, abs=0.05)


def test_price_age_is_that_of_the_price_in_use() -> None:
    situation = a_situation(
        Spec("alpha", priced_on=date(2026, 11, 13)),
        Spec("beta", OWN, "own", priced_on=date(2026, 8, 15)),
    )
    alpha, beta = gather(situation)

    assert (price_age_days(alpha, situation), price_age_days(beta, situation)) == (10, 100)


def test_price_age_is_that_of_the_instance_in_use_not_of_another_size() -> None:
    """$2.00 an hour is the price used; a dearer size of the same GPU was looked up later."""
    situation = a_situation(Spec("beta", OWN, "own", priced_on=date(2026, 9, 14)))
    (offer,) = situation.catalog.gpu_offers
    dearer = offer.changed(
        instance="large",
        on_demand_usd_per_gpu_hour=3.0,
        source=offer.source.model_copy(update={"as_of": date(2026, 11, 20)}),
    )
    both = replace(situation, catalog=situation.catalog.changed(gpu_offers=(offer, dearer)))
    (own,) = [one for one in gather(both) if one.lane is OWN]

    assert price_age_days(own, both) == 70
