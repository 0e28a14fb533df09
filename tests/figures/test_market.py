"""Prices of a capability and of hosted open weights: steps, break, rises and exits."""

from datetime import date

import plotly.graph_objects as go

from playbook import figures
from tests.figures.builders import a_capability_price, a_landscape, some_changes


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
    assert "break 2024-07" in figure.layout.annotations[0].text


def test_without_a_break_one_pace_is_said() -> None:
    one = a_capability_price(break_on=None, fall_per_year_before=None, fall_per_year_after=None)

    figure = figures.capability_prices(a_landscape(capability_prices=(one,)))

    assert "divided by 5.5 a year" in words(figure)
    assert "until" not in words(figure)
    assert not figure.layout.annotations


def test_rises_cuts_and_exits_have_their_own_marks_and_counts() -> None:
    figure = figures.hosted_changes(a_landscape())

    assert "1 rise, 1 cut, 1 exit" in words(figure)
    assert len({trace.marker.symbol for trace in figure.data}) == 3


def test_the_change_is_the_blended_price_after_over_before() -> None:
    """0.88 / 0.88 to 0.40 / 0.50 USD: (3 x 0.40 + 0.50) / 4 = 0.425; 0.425 / 0.88 = 0.483."""
    cut = next(one for one in some_changes() if one.kind == "cut")

    (trace,) = figures.hosted_changes(a_landscape(hosted_changes=(cut,))).data

    assert round(trace.y[0], 3) == 0.483


def test_without_a_history_it_says_so() -> None:
    empty = a_landscape(capability_prices=(), hosted_changes=())

    for figure in (figures.capability_prices(empty), figures.hosted_changes(empty)):
        assert not figure.data
        assert figure.layout.title.text.startswith("No ")
