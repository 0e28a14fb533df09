"""CSV of the ranked options and of the open questions; a spreadsheet runs no cell of them."""

from __future__ import annotations

from playbook.compliance.records import Compliance
from playbook.decision import Decision
from playbook.exports.cells import csv_text

RANKED_COLUMNS = (
    "rank", "option", "title", "lane", "value_p10", "value_p50", "value_p90", "share_best",
    "usd_per_month_p10", "usd_per_month_p50", "usd_per_month_p90", "evidence", "open_gates",
    "on_pareto_front",
)  # fmt: skip
QUESTION_COLUMNS = ("id", "question", "owner", "options_it_can_change")


def ranked_csv(decision: Decision) -> str:
    """Return the ranked options, best first, one row each.

    Columns are `RANKED_COLUMNS`: value 0 to 1 (below 0 where cost passes its worst anchor), shares
    0 to 1, money in USD a month, gates separated by a space.
    """
    return csv_text(
        RANKED_COLUMNS,
        (
            (
                place, one.option, one.title, one.lane.value,
                *_band(one.value.p10, one.value.p50, one.value.p90, digits=4),
                f"{one.share_best:.4f}",
                *_band(
                    one.usd_per_month.p10, one.usd_per_month.p50, one.usd_per_month.p90, digits=2
                ),
                one.evidence, " ".join(one.open_gates), "yes" if one.on_pareto_front else "no",
            )
            for place, one in enumerate(decision.ranked, start=1)
        ),
    )  # fmt: skip


def open_questions_csv(compliance: Compliance) -> str:
    """Return the open questions, the one that can change most first; columns `QUESTION_COLUMNS`."""
    return csv_text(
        QUESTION_COLUMNS,
        (
            (one.id, one.question, one.owner, one.options_it_can_change)
            for one in compliance.open_questions
        ),
    )


def _band(*amounts: float, digits: int) -> tuple[float, ...]:
    return tuple(round(amount, digits) for amount in amounts)
