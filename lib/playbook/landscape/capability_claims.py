"""Claims about scores: the gap on boards, and models against each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from playbook.catalog import Catalog
from playbook.catalog.boards import Board
from playbook.catalog.claims import Claim
from playbook.landscape.claim_records import Figure
from playbook.landscape.frontier_claims import lead_figure, lead_words
from playbook.landscape.gap_records import Lag
from playbook.landscape.judging import Judged, Known, by_share, listed, unsettled
from playbook.landscape.releases import released_by
from playbook.landscape.score_differences import (
    best,
    best_named,
    board_of,
    difference,
    telling_difference,
)
from playbook.provenance import Provenance

FEWEST_BOARDS = 5
"""Boards with data from a time that a general claim about that time needs."""


def gap_closed(claim: Claim, known: Known) -> Judged:
    """Check on how many boards the best open weights are level with the best closed model."""
    boards = _boards(claim, known)
    level = [board for board in boards if _is_level(board)]
    behind = [board for board in boards if not _is_level(board)]
    lead = lead_figure(known)
    because = (
        f"Level or ahead on {len(level)} of {len(boards)} boards "
        f"({listed([one.title for one in level])}), behind on {len(behind)} "
        f"({listed([one.title for one in behind])})"
    )
    if lead:
        because += f"; on the pooled index {lead_words(known)}"
    share = _share_level(level, boards)
    figures = tuple(one for one in (share, lead) if one)
    return Judged(by_share(len(level), len(boards)), f"{because}.", figures)


def compared(claim: Claim, known: Known) -> Judged:
    """Check models side by side on the boards that a claim names: matched means not behind."""
    figures: list[Figure] = []
    behind: list[str] = []
    total = len(claim.comparisons)
    for one in claim.comparisons:
        board = board_of(known.catalog, one.board)
        ours = best_named(board, one.models) if board else None
        theirs = best_named(board, one.against) if board else None
        if board is None or ours is None or theirs is None:
            continue
        figures.append(difference(board, ours, theirs, name=one.what))
        if theirs.score - ours.score > telling_difference(board):
            behind.append(f"{one.what} ({board.title} {ours.score:g} against {theirs.score:g})")
    if not figures:
        return unsettled("None of the boards that it would be checked on is catalogued.")
    matched = len(figures) - len(behind)
    because = f"Level or ahead in {matched} of {len(figures)} comparisons; behind: {listed(behind)}"
    verdict = by_share(matched, len(figures))
    if missing := total - len(figures):
        because += f"; {missing} more cannot be made, for want of scores"
        verdict = verdict if verdict == "holds_in_part" else "cannot_be_settled"
    return Judged(verdict, f"{because}.", tuple(figures))


def closes_within(claim: Claim, known: Known) -> Judged:
    """Check a claim about a coming time: only scores from within that time settle it."""
    boards = _boards(claim, known)
    start, end = claim.claimed_from, claim.claimed_to
    if not boards or start is None or end is None:
        return unsettled("No board for it is catalogued.")
    out_by_then = released_by(Catalog(boards=tuple(boards)), end).boards
    boards = [board for board in out_by_then if _has_both(board)]
    if not boards:
        return unsettled(f"No board for it has open and closed models of {end} or before.")
    figures = tuple(_best_apart(board) for board in boards)
    last = max(_newest(board) for board in boards)
    if last < start:
        because = (
            f"The newest score is of a model from {last}, before the time that it speaks of "
            f"({start} to {end}); by then the best open weights were "
            f"{_apart_words(figures[0], boards[0])}."
        )
        return unsettled(because, *figures)
    recent = [board for board in boards if _newest(board) >= start]
    level = [board for board in recent if _is_level(board)]
    because = f"Level on {len(level)} of {len(recent)} boards with models of that time, by {last}"
    if len(level) < len(recent) and known.as_of <= end:
        return unsettled(f"{because}; the time ends on {end} only.", *figures)
    return Judged(by_share(len(level), len(recent)), f"{because}.", figures)


def decides_by(claim: Claim, known: Known) -> Judged:
    """Check on boards with data from a claim's time whether capability still tells sides apart."""
    boards, start = _boards(claim, known), claim.claimed_from
    if start is None or not boards:
        return unsettled("No board for it is catalogued.")
    recent = [board for board in boards if _newest(board) >= start]
    level, level_recent = ([one for one in some if _is_level(one)] for some in (boards, recent))
    lead = lead_figure(known)
    share = _share_level(level, boards)
    figures = tuple(one for one in (share, lead) if one)
    because = (
        f"Over all years open weights are level on {len(level)} of {len(boards)} boards. Of the "
        f"boards, {len(recent)} have models from {start} or later "
        f"({listed([one.title for one in recent])}), and open weights are level on "
        f"{len(level_recent)} of these"
    )
    if len(recent) < FEWEST_BOARDS:
        return unsettled(f"{because}: too few for a general answer; try it on your work.", *figures)
    return Judged(by_share(len(level_recent), len(recent)), f"{because}.", figures)


def _boards(claim: Claim, known: Known) -> list[Board]:
    """Return the boards with both sides that a claim names, else all that have a lag."""
    lags: Sequence[Lag] = known.gap.boards if known.gap else ()
    wanted = claim.boards or tuple(one.board for one in lags)
    found = (board_of(known.catalog, identifier) for identifier in wanted)
    return [board for board in found if board is not None and _has_both(board)]


def _has_both(board: Board) -> bool:
    return len({one.open_weights for one in board.scores}) > 1


def _newest(board: Board) -> date:
    return max(one.released for one in board.scores)


def _apart_words(figure: Figure, board: Board) -> str:
    """Return how far open weights are ahead or behind, and whether repeats could tell."""
    side = "ahead" if figure.value > 0 else "behind"
    far = f"{abs(figure.value):.1f} {figure.unit.removesuffix('ahead')}{side} on {board.title}"
    level = abs(figure.value) <= telling_difference(board)
    return f"{far}, within the noise of repeats" if level else far


def _is_level(board: Board) -> bool:
    return _best_apart(board).value >= -telling_difference(board)


def _best_apart(board: Board) -> Figure:
    ours = best([one for one in board.scores if one.open_weights])
    theirs = best([one for one in board.scores if not one.open_weights])
    if ours is None or theirs is None:
        msg = f"board {board.id} needs open and closed models"
        raise ValueError(msg)
    return difference(board, ours, theirs, name="best open weights over best closed model")


def _share_level(level: Sequence[Board], boards: Sequence[Board]) -> Figure | None:
    if not boards:
        return None
    return Figure(
        name="boards on which the best open weights are level or ahead",
        value=len(level) / len(boards),
        unit=f"share of {len(boards)} boards",
        provenance=Provenance.COMPUTED,
        sources=tuple(dict.fromkeys(board.source for board in boards)),
    )
