"""Prices of a capability and of hosted open weights: steps, break, rises and exits."""

from datetime import date

import plotly.graph_objects as go

from playbook import figures
from tests.figures.builders import a_capability_price, a_landscape


def words(figure: go.Figure) -> str:
    return " ".join(figure.layout.title.text.replace("&#36;", "$").split("<br>"))


def test_a_price_is_drawn_in_steps_up_to_the_last_day_seen() -> None:
    (level,) = figures.capability_prices(a_landscape()).data

    assert level.line.shape == "hv"
    assert level.x[-1] == date(2026, 11, 22)
    assert level.y[-1] == level.y[-2] == 0.07


def test_the_pace_is_said_before_and_after_the_break() -> None:
    figure = figures.capability_prices(a_landscape())

    assert "divided by 35 a year until 2024-07, by 1.4 a year since" in words(figure)
    line, band = figure.layout.shapes
    assert line.x0 == date(2024, 7, 2)
    assert (band.x0, band.x1) == (date(2024, 7, 1), date(2024, 10, 1))


def test_without_a_break_one_pace_is_said() -> None:
    one = a_capability_price(break_on=None, fall_per_year_before=None, fall_per_year_after=None)

    figure = figures.capability_prices(a_landscape(capability_prices=(one,)))

    assert "divided by 5.5 a year" in words(figure)
    assert "until" not in words(figure)
    assert not figure.layout.shapes


def test_rises_cuts_and_exits_are_told_apart_and_counted() -> None:
    figure = figures.hosted_changes(a_landscape())

    assert "1 rise, 1 cut, 1 exit" in words(figure)
    assert len({trace.marker.symbol for trace in figure.data}) == 2
    assert "c host: 1 gone" in figure.layout.yaxis.ticktext


def test_a_change_stands_at_its_factor() -> None:
    rise, cut = figures.hosted_changes(a_landscape()).data

    assert (rise.x, cut.x) == ((1.18,), (0.48,))


def test_less_than_a_year_before_the_break_is_not_blown_up_to_a_pace() -> None:
    one = a_capability_price(fall_per_year_before=None)

    figure = figures.capability_prices(a_landscape(capability_prices=(one,)))

    assert "divided by 140 in all until 2024-07, by 1.4 a year since" in words(figure)


def test_without_a_history_it_says_so() -> None:
    empty = a_landscape(capability_prices=(), hosted_changes=())

    for figure in (figures.capability_prices(empty), figures.hosted_changes(empty)):
        assert not figure.data
        assert figure.layout.title.text.startswith("No ")


def test_the_mix_of_input_and_output_is_the_records() -> None:
    one = a_capability_price(input_parts=4.0)

    for figure in (
        figures.capability_prices(a_landscape(capability_prices=(one,))),
        figures.hosted_changes(a_landscape(capability_prices=(one,))),
    ):
        caption = " ".join(figure.layout.title.subtitle.text.split("<br>"))
        assert "blended 4:1 input to output" in caption
