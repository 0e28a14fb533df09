"""The data file of the capability index."""

from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import Catalog
from playbook.catalog.boards import CapabilityIndex
from playbook.catalog.reading import read_yaml
from playbook.errors import CatalogError
from playbook.landscape.index_file import index_yaml
from tests.landscape.board_builders import a_board, an_index, month, scored

NAMES = ("first", "second (7B)", "third", "fourth")
BOARDS = tuple(
    a_board(
        [
            scored(name, month(place), score + 10 * place, open_weights=place > 1)
            for place, name in enumerate(NAMES)
        ],
        id=f"board-{score}",
    )
    for score in (20, 30, 40, 50)
)
IDS = [board.id for board in BOARDS]
DAY = date(2026, 11, 23)


def written(tmp_path: Path, text: str) -> CapabilityIndex:
    problems: list[str] = []
    (tmp_path / "index.yaml").write_text(text, encoding="utf-8")
    entries = read_yaml(tmp_path / "index.yaml", "index.yaml", problems)["capability_indices"]
    assert not problems
    return CapabilityIndex.model_validate(entries[0])


def test_the_file_reads_back_as_an_index_with_its_boards_and_refits(tmp_path: Path) -> None:
    index = written(tmp_path, index_yaml(Catalog(boards=BOARDS), IDS, fitted_on=DAY, refits=3))

    assert [one.model for one in index.models] == list(NAMES)
    assert [one.open_weights for one in index.models] == [False, False, True, True]
    assert [one.released for one in index.models] == [month(place) for place in range(4)]
    assert [fit.board for fit in index.boards] == IDS
    assert {len(one.refits) for one in index.models} == {3}
    assert index.fitted_on == DAY


def test_better_models_have_a_higher_index(tmp_path: Path) -> None:
    index = written(tmp_path, index_yaml(Catalog(boards=BOARDS), IDS, fitted_on=DAY, refits=1))

    places = [one.index for one in index.models]
    assert places == sorted(places)


def test_which_model_is_which_in_the_catalog_is_kept(tmp_path: Path) -> None:
    before = an_index(BOARDS[0].scores)
    named = before.changed(
        models=(before.models[0].changed(catalog_model="first-of-all"), *before.models[1:])
    )
    catalog = Catalog(boards=BOARDS, capability_indices=(named,))

    index = written(tmp_path, index_yaml(catalog, IDS, fitted_on=DAY, refits=1))

    assert [one.catalog_model for one in index.models] == ["first-of-all", None, None, None]


def test_the_same_boards_give_the_same_file() -> None:
    catalog = Catalog(boards=BOARDS)

    once = index_yaml(catalog, IDS, fitted_on=DAY, refits=2)
    assert index_yaml(catalog, IDS, fitted_on=DAY, refits=2) == once


def test_an_unknown_board_is_named() -> None:
    with pytest.raises(CatalogError, match="board 'nowhere' is unknown"):
        index_yaml(Catalog(boards=BOARDS), ["nowhere"], fitted_on=DAY)
