"""The tables of the market repeat in words and numbers what its figures draw."""

from datetime import date

from playbook.landscape.claim_records import Figure
from playbook.provenance import Source
from playbook.report import market_tables
from tests.figures.builders import a_capability_price, a_landscape, a_pair


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

    for make in (market_tables.price_steps, market_tables.hosted_changes,
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


def test_what_differs_on_every_pair_is_said_once() -> None:
    other = a_pair(model="b", differences=("precision", "context"))

    table = market_tables.parity_pairs(a_landscape(parity_pairs=(a_pair(), other)))

    assert [row[5] for row in table.rows] == ["chat template", "context"]
    assert "On every pair may differ: precision." in table.note


def test_the_pace_to_plan_with_is_shown_as_assumed_with_its_range_and_source() -> None:
    source = Source(title="Judgement", as_of=date(2026, 11, 1), kind="assumption")
    plan = Figure(
        name="fall", value=1.4, unit="ratio per year", low=1.0, high=3.0,
        provenance=source.provenance, sources=(source,),
    )  # fmt: skip

    table = market_tables.paces(a_landscape(price_outlook=plan))

    assert "To plan with (assumed): divided by 1.4 [1, 3] a year [" in table.note
    assert "To plan with" not in market_tables.paces(a_landscape()).note
