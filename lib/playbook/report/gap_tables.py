"""The table of the gap: lags by board and by year, with what is not matched yet."""

from __future__ import annotations

from playbook.figures.theme import between
from playbook.landscape.gap_records import Lag, YearMedian
from playbook.landscape.records import Landscape
from playbook.report.references import marks, numbered
from playbook.report.table import Table

YEARS_PERCENT = 37
"""Share of the table's width for the years."""


def lags(landscape: Landscape) -> Table:
    """Return the lag in months pooled and of each board: mean, by year, and what is unmatched."""
    gap, numbers = landscape.gap, numbered(landscape)
    found = [one for one in (gap.pooled, *reversed(gap.boards)) if one] if gap else []
    years = sorted({year.year for one in found for year in one.by_year})
    rows = [
        (
            _board(one),
            _mean(one),
            *(_year(one, year) for year in years),
            _lead(one),
            f"{one.open_models} / {one.closed_models}",
            f"{one.last_release:%Y-%m}",
            marks((one.source,), numbers),
        )
        for one in found
    ]
    medians = {one.year: one for one in gap.by_year} if gap else {}
    if medians:
        over = (_median(medians.get(year)) for year in years)
        every = dict.fromkeys(one.source for one in found if one.board != "pooled")
        rows.append(("Median over boards [lowest, highest]", "", *over, "", "", "",
                     marks(every, numbers)))  # fmt: skip
    columns = ("Board", "Lag, months [5, 95%]", *(f"in {year}" for year in years),
               "Closed lead unmatched so far, months", "Models, open / closed", "Data to",
               "Sources")  # fmt: skip
    method = (
        f"{gap.resamples} resamples a board, seed {gap.seed}. " if gap and gap.resamples else ""
    )
    limits = f"Limits: {' '.join(gap.not_considered)}" if gap else ""
    note = f"Computed; a year: levels that open weights reached in it. {method}{limits}"
    share = f"{YEARS_PERCENT / max(1, len(years)):.1f}%"
    return Table(
        "Lag of open weights behind closed models, by board and year", columns, rows, note,
        folded=True, widths=("16%", "12%", *(share for _ in years), "12%", "8%", "7%", "8%"),
    )  # fmt: skip


def _board(one: Lag) -> str:
    if one.board == "pooled":
        return "Pooled index (median over refits)"
    return f"{one.title} ({one.evaluator or 'scores from several reports'})"


def _mean(one: Lag) -> str:
    if one.months is None:
        return "no level matched"
    return f"{one.months:.1f}{between(one.low, one.high)}"


def _year(one: Lag, year: int) -> str:
    found = next((part for part in one.by_year if part.year == year), None)
    return f"{found.months:.1f}{between(found.low, found.high)}" if found else "none"


def _median(one: YearMedian | None) -> str:
    if one is None:
        return "none"
    return f"{one.months:.1f}{between(one.lowest, one.highest)} of {one.boards}"


def _lead(one: Lag) -> str:
    if one.unmatched_lead_months <= 0:
        return "none: open weights are level or ahead"
    span = between(one.unmatched_lead_low, one.unmatched_lead_high)
    return f"at least {one.unmatched_lead_months:.1f}{span}"
