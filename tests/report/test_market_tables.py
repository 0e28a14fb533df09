"""The tables of the market repeat in words and numbers what its figures draw."""

from playbook.report import market_tables
from tests.figures.builders import a_capability_price, a_gap, a_lag, a_landscape, a_pair


def test_the_lag_of_each_board_comes_with_its_interval_and_years() -> None:
    table = market_tables.lags(a_landscape())

    pooled = dict(zip(table.columns, table.rows[0], strict=True))

    assert pooled["Board"] == "Pooled index (median over refits)"
    assert pooled["Lag, months [5, 95%]"] == "9.0 [5.0, 11.5]"
    assert pooled["matched in 2024"] == "10.0 [5.0, 14.0]"
    assert pooled["matched in 2025"] == "4.0"
    assert pooled["Closed lead unmatched so far, months"] == "at least 9.9 [7.0, 11.0]"


def test_the_boards_of_a_year_are_taken_together() -> None:
    table = market_tables.lags(a_landscape())

    assert "5.0 [1.0, 14.0] of 2" in table.rows[-1]
    assert "100 resamples a board, seed 7" in table.note
    assert "Private boards" in table.note


def test_a_lead_of_nothing_is_said_in_words() -> None:
    gap = a_gap(pooled=None, boards=(a_lag("sums", unmatched_lead_months=0.0),))

    row = market_tables.lags(a_landscape(gap=gap)).rows[0]

    assert "level or ahead" in " ".join(row)


def test_without_boards_the_table_is_empty() -> None:
    assert not market_tables.lags(a_landscape(gap=None)).rows


def test_a_rise_and_an_exit_stand_out_from_a_cut() -> None:
    tones = [row[3].tone for row in market_tables.hosted_changes(a_landscape()).rows]

    assert tones == ["amber", "", "amber"]


def test_an_exit_has_no_price_after() -> None:
    changes = market_tables.hosted_changes(a_landscape())

    assert changes.rows[-1][5] == "gone"


def test_what_has_ended_is_red_and_names_what_follows() -> None:
    first, second, third = market_tables.ends(a_landscape()).rows

    assert (first[1], first[1].tone, first[3]) == ("✕ ended 2026-10-23", "red", "new")
    assert second[1].tone == "amber"
    assert third[3] == "none named"


def test_each_row_names_a_numbered_source() -> None:
    landscape = a_landscape()

    for make in (market_tables.lags, market_tables.price_steps, market_tables.hosted_changes,
                 market_tables.ends, market_tables.parity_pairs):  # fmt: skip
        table = make(landscape)
        assert table.rows
        assert table.folded
        assert all(row[table.columns.index("Sources")] == "[1]" for row in table.rows)


def test_the_pace_of_a_price_comes_with_its_range_and_break() -> None:
    (row,) = market_tables.paces(a_landscape()).rows

    assert row[1:5] == ("5.5 [5, 6]", "35", "1.4", "2024-07 [2024-07, 2024-10]")


def test_a_pace_over_less_than_a_year_is_not_stated() -> None:
    one = a_capability_price(fall_per_year_before=None, break_on=None)

    (row,) = market_tables.paces(a_landscape(capability_prices=(one,))).rows

    assert row[2] == "less than a year"
    assert row[4] == "none found"


def test_a_pair_of_unknown_size_names_no_gpu() -> None:
    known, unknown = a_pair(weights_gib=700.0, smallest_gpu=None), a_pair(smallest_gpu=None)

    rows = market_tables.parity_pairs(a_landscape(parity_pairs=(known, unknown))).rows

    assert [row[4] for row in rows] == ["several GPUs", "not known"]


def test_the_share_of_offers_that_changed_is_said() -> None:
    note = market_tables.hosted_changes(a_landscape()).note

    assert "Of 10 offers" in note
    assert "2 became dearer at least once (20%), 3 cheaper, 4 are gone (40%)" in note
