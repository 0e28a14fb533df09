"""Benchmark boards and the capability index as facts."""

from datetime import date

import pytest
from pydantic import ValidationError

from playbook.catalog import Catalog, load_catalog
from playbook.catalog.boards import Board, CapabilityIndex
from playbook.provenance import Source
from tests.catalog.builders import a_model

SOURCE = Source(title="A board made up for tests", as_of=date(2026, 11, 22), kind="assumption")
SCORES = """\
model,developer,open_weights,released,score
One,Maker,true,2024-05-01,61.5
Two,,false,2024-06-01,70
"""
PLACES = "model,released,open_weights,index,catalog_model,refits"


def a_board(scores: str = SCORES) -> Board:
    values = {"id": "a-board", "title": "A board", "unit": "percent", "score_noise": 1.5}
    return Board.model_validate({**values, "source": SOURCE, "scores": scores})


def an_index(*rows: str) -> CapabilityIndex:
    return CapabilityIndex.model_validate(
        {
            "id": "an-index",
            "title": "An index",
            "fitted_on": "2026-11-23",
            "source": SOURCE,
            "models": "\n".join((PLACES, *rows)),
        }
    )


def test_scores_are_read_from_a_table_and_an_unstated_developer_is_unknown() -> None:
    one, two = a_board().scores

    assert (one.developer, one.open_weights, one.score) == ("Maker", True, 61.5)
    assert two.developer is None
    assert not two.open_weights


@pytest.mark.parametrize("released", ["2024-05", "", "soon"])
def test_a_release_that_is_not_a_day_is_refused(released: str) -> None:
    with pytest.raises(ValidationError, match="released"):
        a_board(SCORES.replace("2024-05-01", released))


def test_a_model_with_two_scores_on_a_board_is_refused() -> None:
    with pytest.raises(ValidationError, match="one score, its best; given more often: One"):
        a_board(f"{SCORES}One,Maker,true,2024-05-01,58\n")


def test_the_index_that_was_fitted_last_is_the_newest_and_among_equals_the_one_added_last() -> None:
    first, second = (an_index("One,2024-05-01,true,0.5,,").changed(id=name) for name in "ab")
    older = first.changed(id="older", fitted_on=date(2025, 1, 1))

    found = Catalog(capability_indices=(first, second, older)).newest_index

    assert found == second
    assert Catalog().newest_index is None


def test_places_in_refits_are_read_and_a_dash_is_no_place() -> None:
    index = an_index("One,2024-05-01,true,0.5,,0.4 - 0.6", "Two,2024-06-01,false,0.7,,0.7 0.8 -")

    assert [one.refits for one in index.models] == [(0.4, None, 0.6), (0.7, 0.8, None)]


def test_refits_of_different_number_are_refused() -> None:
    with pytest.raises(ValidationError, match="as many refits as the others"):
        an_index("One,2024-05-01,true,0.5,,0.4 0.5", "Two,2024-06-01,false,0.7,,0.7")


def test_a_catalog_model_has_one_place() -> None:
    with pytest.raises(ValidationError, match="more than one row: a-model"):
        an_index("One,2024-05-01,true,0.5,a-model,", "Two,2024-06-01,false,0.7,a-model,")


def test_the_newest_index_counts() -> None:
    model = a_model()
    older = an_index(f"One,2024-05-01,true,0.3,{model.id},")
    newer = an_index(f"One,2024-05-01,true,0.5,{model.id},")

    capability = Catalog(models=(model,), capability_indices=(older, newer)).capability_of(model)

    assert capability
    assert (capability.index, capability.source) == (0.5, newer.source)


def test_a_model_without_a_place_has_no_capability() -> None:
    model = a_model()

    index = an_index("One,2024-05-01,true,0.5,another-model,")
    assert Catalog(models=(model,), capability_indices=(index,)).capability_of(model) is None


def test_every_shipped_board_has_each_model_once_and_scores_within_its_bounds() -> None:
    for board in load_catalog().boards:
        names = [one.model for one in board.scores]
        assert len(names) == len(set(names)), board.id
        assert all(0 <= one.score <= (board.highest or 2_000) for one in board.scores), board.id


def test_every_shipped_board_has_an_address_a_rule_for_open_and_a_noise() -> None:
    for board in load_catalog().boards:
        assert "@" in board.source.url, board.id
        assert "Open or closed by rule" in board.note, board.id
        assert board.score_noise > 0, board.id


def test_no_shipped_model_is_open_on_one_board_and_closed_on_another() -> None:
    rules: dict[str, set[bool]] = {}
    for board in load_catalog().boards:
        for one in board.scores:
            rules.setdefault(one.model, set()).add(one.open_weights)

    assert not [model for model, found in rules.items() if len(found) > 1]


def test_the_shipped_index_places_only_models_of_its_boards() -> None:
    catalog = load_catalog()
    index = catalog.capability_indices[-1]
    boards = {fit.board for fit in index.boards}
    named = {one.model for board in catalog.boards if board.id in boards for one in board.scores}

    assert {one.model for one in index.models} <= named
    assert boards <= {board.id for board in catalog.boards}


def test_a_catalogued_model_on_the_index_has_the_same_weights_access_as_there() -> None:
    catalog = load_catalog()

    for one in catalog.capability_indices[-1].models:
        if one.catalog_model:
            assert catalog.model(one.catalog_model).open_weights == one.open_weights, one.model
