"""The lag is drawn with its interval, and what nobody has matched is drawn apart."""

import plotly.graph_objects as go

from playbook import figures
from tests.figures.builders import a_gap, a_lag, a_landscape


def drawn(**changes: object) -> go.Figure:
    return figures.lags(a_landscape(gap=a_gap(**changes)))


def test_boards_stand_by_their_newest_data_with_the_pooled_index_on_top() -> None:
    names = drawn().layout.yaxis.ticktext

    assert [name.split(", to ")[0] for name in names] == [
        "Board exams", "Board sums", "Board agents", "<b>Pooled index",
    ]  # fmt: skip


def test_a_lag_and_an_unmatched_lead_are_told_apart_by_their_marks() -> None:
    lag, lead = drawn().data

    assert lag.marker.symbol == "diamond"
    assert lead.marker.symbol == "triangle-right-open"
    assert "at least" in lead.name
    assert not set(lag.y) & set(lead.y)


def test_a_board_without_a_matched_level_shows_only_its_unmatched_lead() -> None:
    lag, lead = drawn(pooled=None, boards=(a_lag(months=None, low=None, high=None),)).data

    assert not lag.x
    assert len(lead.x) == 1


def test_no_lead_is_drawn_where_open_weights_are_level() -> None:
    _, lead = drawn(pooled=None, boards=(a_lag(unmatched_lead_months=0.0),)).data

    assert not lead.x


def test_the_title_gives_the_pooled_lag_with_its_interval_and_the_range_of_boards() -> None:
    title = " ".join(drawn().layout.title.text.split("<br>"))

    assert "9.0 months [5.0, 11.5]" in title
    assert "from 2.0 to 12.8" in title


def test_a_mean_outside_its_percentiles_has_no_negative_whisker() -> None:
    lag, _ = drawn(pooled=a_lag(months=4.0, low=5.0, high=6.0), boards=()).data

    assert list(lag.error_x.arrayminus) == [0.0]
    assert list(lag.error_x.array) == [2.0]


def test_without_boards_it_says_so() -> None:
    figure = figures.lags(a_landscape(gap=None))

    assert not figure.data
    assert "No board" in figure.layout.title.text


def test_the_caption_tells_the_order_of_rows_and_why_a_hollow_interval_can_end_at_its_mark() -> (
    None
):
    caption = " ".join(drawn().layout.title.subtitle.text.split("<br>"))

    assert "Boards run newest data first" in caption
    assert "can end at the mark" in caption
