"""The table of lags: each board with its interval, years, and what is not matched yet."""

from playbook.report import gap_tables
from tests.figures.builders import a_gap, a_lag, a_landscape


def test_the_lag_of_each_board_comes_with_its_interval_and_years() -> None:
    table = gap_tables.lags(a_landscape())

    pooled = dict(zip(table.columns, table.rows[0], strict=True))

    assert pooled["Board"] == "Pooled index (median over refits)"
    assert pooled["Lag, months [5, 95%]"] == "9.0 [5.0, 11.5]"
    assert pooled["in 2024"] == "10.0 [5.0, 14.0]"
    assert pooled["in 2025"] == "4.0"
    assert pooled["Closed lead unmatched so far, months"] == "at least 9.9 [7.0, 11.0]"


def test_the_boards_of_a_year_are_taken_together() -> None:
    table = gap_tables.lags(a_landscape())

    assert "5.0 [1.0, 14.0] of 2" in table.rows[-1]
    assert "100 resamples a board, seed 7" in table.note
    assert "Private boards" in table.note


def test_a_lead_of_nothing_is_said_in_words() -> None:
    gap = a_gap(pooled=None, boards=(a_lag("sums", unmatched_lead_months=0.0),))

    row = gap_tables.lags(a_landscape(gap=gap)).rows[0]

    assert "level or ahead" in " ".join(row)


def test_without_boards_the_table_is_empty() -> None:
    assert not gap_tables.lags(a_landscape(gap=None)).rows
