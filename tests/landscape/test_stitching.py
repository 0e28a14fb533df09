"""Logistic stitching: one scale of capability from many boards."""

from functools import cache

import numpy as np
import pytest

from playbook.catalog import load_catalog
from playbook.catalog.boards import Board, CapabilityIndex
from playbook.landscape.stitching import (
    LEAST_BOARDS,
    MEAN_SLOPE,
    Stitching,
    refit,
    stitch,
)
from tests.landscape.board_builders import a_board, month, scored

TRUTH = {f"model-{place:02}": -1 + place / 10 for place in range(21)}
LEVELS = {"easy": (-0.8, 1.5), "fair": (0.0, 2.0), "hard": (0.5, 4.0), "last": (0.9, 3.0)}

EARLIER_FIT = {
    "gpt-j-6b": -1.28,
    "Gopher (280B)": -0.62,
    "text-davinci-002": -0.56,
    "Llama-2-70b-hf": -0.29,
    "gpt-4-0314": 0.06,
    "Meta-Llama-3-8B-Instruct": -0.37,
    "gpt-4o-2024-05-13": 0.18,
    "claude-3-5-sonnet-20241022": 0.38,
    "DeepSeek-V3": 0.36,
    "DeepSeek-R1": 0.58,
    "gpt-oss-120b_high": 0.73,
    "gpt-5-2025-08-07_high": 0.97,
}
"""Places on an independent fit of 2026-11-22, by the same method, of the same 20 boards."""


def a_score(capability: float, level: float, slope: float) -> float:
    return float(100 / (1 + np.exp(-slope * (capability - level))))


def made_boards(skip: str = "") -> list[Board]:
    """Return boards whose scores follow the model without noise."""
    return [
        a_board(
            [
                scored(name, month(0), a_score(capability, *shape), open_weights=False)
                for name, capability in TRUTH.items() if f"{name}@{board}" not in skip
            ],
            id=board,
        )
        for board, shape in LEVELS.items()
    ]  # fmt: skip


@pytest.mark.parametrize("score", [0, 100, -20])
def test_a_board_on_which_all_score_alike_even_at_its_ends_breaks_no_fit(score: float) -> None:
    flat = a_board([scored(name, month(0), score, open_weights=False) for name in TRUTH], id="flat")

    fit = stitch([*made_boards(), flat])

    assert np.isfinite(list(fit.capability.values())).all()
    assert sorted(fit.capability, key=fit.capability.__getitem__) == list(TRUTH)


def shipped_index() -> CapabilityIndex:
    return load_catalog().capability_indices[-1]


@cache
def fit_of_the_shipped_boards() -> Stitching:
    chosen = {fit.board for fit in shipped_index().boards}
    return stitch([board for board in load_catalog().boards if board.id in chosen])


def test_capabilities_behind_the_scores_are_found_up_to_scale() -> None:
    found = stitch(made_boards())

    places = [found.capability[name] for name in TRUTH]
    assert np.corrcoef(places, list(TRUTH.values()))[0, 1] > 0.999
    assert found.rmse < 0.01


def test_the_fitted_scale_gives_back_the_scores() -> None:
    found = stitch(made_boards())

    for board in made_boards():
        for one in board.scores:
            fitted = a_score(found.capability[one.model], *found.boards[board.id])
            assert fitted == pytest.approx(one.score, abs=3)


def test_the_mean_capability_is_zero_and_the_slopes_have_the_chosen_mean() -> None:
    found = stitch(made_boards())

    slopes = [slope for _, slope in found.boards.values()]
    assert np.mean(list(found.capability.values())) == pytest.approx(0, abs=1e-9)
    assert np.exp(np.mean(np.log(slopes))) == pytest.approx(MEAN_SLOPE)


def test_the_order_of_boards_does_not_matter() -> None:
    forth, back = stitch(made_boards()), stitch(made_boards()[::-1])

    assert forth.capability == pytest.approx(back.capability, abs=1e-4)


def test_a_model_on_too_few_boards_has_no_place() -> None:
    found = stitch(made_boards(skip="model-03@easy model-03@fair"))

    assert LEAST_BOARDS == 3
    assert "model-03" not in found.capability
    assert found.counts == dict.fromkeys(LEVELS, 20)


def test_a_scale_of_ten_counts_like_one_of_a_hundred() -> None:
    boards = made_boards()
    tenth = boards[0].changed(
        highest=10,
        scores=tuple(one.changed(score=one.score / 10) for one in boards[0].scores),
    )

    assert stitch([tenth, *boards[1:]]).capability == pytest.approx(stitch(boards).capability)


def test_a_perfect_score_has_a_finite_place() -> None:
    boards = [
        board.changed(scores=(*board.scores, scored("perfect", month(0), 100, open_weights=False)))
        for board in made_boards()
    ]

    place = stitch(boards).capability["perfect"]
    assert 1 < place < 5


def test_a_board_without_a_highest_score_is_refused() -> None:
    board = a_board([scored("a", month(0), 1200, open_weights=True)], highest=None)

    with pytest.raises(ValueError, match="board a-board has no highest score"):
        stitch([board])


def test_boards_without_common_models_are_refused() -> None:
    with pytest.raises(ValueError, match="no model has scores on 3 boards"):
        stitch(made_boards()[:2])


def test_a_refit_keeps_fewer_models_and_stays_on_the_scale() -> None:
    """Without noise three of the four boards give the same places; 19 of 21 models are kept."""
    base = stitch(made_boards())

    again = refit(made_boards(), base, np.random.default_rng(4))

    assert len(again) == 19
    for name, place in again.items():
        assert place == pytest.approx(base.capability[name], abs=0.1)


def test_refits_differ_by_what_they_leave_out() -> None:
    base, rng = stitch(made_boards()), np.random.default_rng(4)

    assert set(refit(made_boards(), base, rng)) != set(refit(made_boards(), base, rng))


def test_the_shipped_index_is_the_fit_of_the_shipped_boards() -> None:
    found = fit_of_the_shipped_boards()

    shipped = {one.model: one.index for one in shipped_index().models}
    assert found.capability == pytest.approx(shipped, abs=0.01)
    assert found.rmse == pytest.approx(shipped_index().rmse or 0, abs=0.001)
    assert found.counts == {fit.board: fit.models for fit in shipped_index().boards}


def test_the_shipped_index_agrees_with_an_independent_fit() -> None:
    """207 models on 20 boards there too; root mean square error 0.064 there, 0.067 here."""
    index = shipped_index()
    places = {one.model: one.index for one in index.models}

    assert (len(index.models), len(index.boards)) == (207, 20)
    assert index.rmse == pytest.approx(0.064, abs=0.005)
    for model, place in EARLIER_FIT.items():
        assert places[model] == pytest.approx(place, abs=0.05), model
