"""Facts refer to facts that exist, once, and without contradiction."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from playbook.catalog.references import reference_problems
from playbook.catalog.schema import ModelTerms
from tests.catalog.builders import (
    SOURCE,
    a_catalog,
    a_licence,
    a_model,
    a_price,
    a_provider,
    an_offer,
)

TERMS = ModelTerms(models=("large",), note="of its own", source=SOURCE)


def test_a_whole_catalog_has_no_problem() -> None:
    assert reference_problems(a_catalog()) == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"models": (a_model(licence="none"),)}, "model small: licence none is not in the catalog"),
        ({"models": (a_model(successor="big"),)}, "(its successor): model big is not"),
        ({"models": (a_model(), a_model())}, "models small is given 2 times"),
        ({"api_offers": (an_offer(), an_offer())}, "api_offers small@host is given 2 times"),
        ({"api_offers": (an_offer(provider="x"),)}, "provider x is not in the catalog"),
        (
            {"providers": (a_provider(model_terms=(TERMS,)),)},
            "provider host (its terms): model large is not in the catalog",
        ),
        (
            {"models": (a_model(released=date(2026, 2, 1), retires=date(2026, 1, 1)),)},
            "retires 2026-01-01, before its release 2026-02-01",
        ),
        (
            {"models": (a_model(parameters_billion=7, active_parameters_billion=8),)},
            "active_parameters_billion is more than",
        ),
        (
            {
                "models": (a_model(licence="proprietary-api"),),
                "licences": (a_licence(id="proprietary-api"),),
            },
            "open_weights and licence proprietary-api contradict each other",
        ),
        (
            {"api_offers": (an_offer(prices=(a_price(), a_price())),)},
            "prices must have ascending, distinct dates",
        ),
    ],
)
def test_each_slip_is_named(change: dict[str, Any], told: str) -> None:
    assert any(told in problem for problem in reference_problems(a_catalog(**change)))
