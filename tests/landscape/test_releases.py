"""On a day in the past nothing counts that came out later."""

from __future__ import annotations

from datetime import date

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.landscape import screen_models
from playbook.landscape.claims import CHECKS
from playbook.landscape.releases import released_by
from playbook.profile import Profile
from tests.landscape.board_builders import a_board, an_index, closed, month, opened

THEN = date(2024, 10, 1)
MODELS = (*closed((0, 10), (20, 30)), *opened((5, 10), (25, 30)))


def test_models_that_came_out_later_are_on_no_board_and_no_index() -> None:
    catalog = Catalog(boards=(a_board(MODELS),), capability_indices=(an_index(MODELS),))

    found = released_by(catalog, month(20))

    for scale in (found.boards[0].scores, found.capability_indices[0].models):
        assert [one.model for one in scale] == ["closed-0", "closed-1", "open-0"]


def test_a_board_without_any_model_by_then_is_left_out() -> None:
    catalog = Catalog(boards=(a_board(MODELS),), capability_indices=(an_index(MODELS),))

    assert released_by(catalog, date(2022, 1, 1)) == Catalog()


@pytest.mark.parametrize("year", range(2020, 2026))
def test_there_is_a_landscape_of_each_year(year: int) -> None:
    """Early on nobody has a price, a lag or a rise: that is no error."""
    found = screen_models(Profile(), load_catalog(), as_of=date(year, 6, 1))

    assert {one.claim for one in found.claims} == set(CHECKS)
    assert all(change.on.year <= year for change in found.hosted_changes)


def test_a_landscape_of_the_past_tells_of_nothing_that_came_later() -> None:
    found = screen_models(Profile(), load_catalog(), as_of=THEN)

    assert found.gap
    assert found.gap.pooled
    assert all(one.last_release <= THEN for one in (found.gap.pooled, *found.gap.boards))
    late = [one for one in found.models if one.released and one.released > THEN]
    assert late
    assert {one.state for one in late} == {"out"}
    assert "this model is not out before 2" in late[0].reasons[0].because
    assert all(change.on <= THEN for change in found.hosted_changes)
    assert found.hosted_summary
    assert found.hosted_summary.observed_until <= THEN
    (prices,) = (one for one in found.claims if one.claim == "api-prices-cut")
    assert prices.verdict == "cannot_be_settled"
