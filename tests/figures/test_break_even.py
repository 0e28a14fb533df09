"""The break-even is drawn with its interval, its verdict and the rule of thumb as one band."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from playbook import figures
from playbook.costs.records import Crossing
from playbook.figures.break_even import verdict_words
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Lane
from tests.figures.cost_builders import a_pair, a_pair_that_never_crosses, some_costs


def lines(figure: go.Figure) -> list[float]:
    return [one.x0 for one in figure.layout.shapes if one.type == "line"]


def bands(figure: go.Figure) -> list[tuple[float, float]]:
    return [(one.x0, one.x1) for one in figure.layout.shapes if one.type == "rect"]


def said(figure: go.Figure) -> str:
    return " ".join(one.text for one in figure.layout.annotations)


def title(figure: go.Figure) -> str:
    return figure.layout.title.text.replace("<br>", " ")


def test_it_marks_the_first_crossing_of_the_draws_and_nothing_else() -> None:
    first = Percentiles(p10=2e7, p50=4e7, p90=9e7)
    pair = a_pair(first_crossing=first, rule_api_below=0.0)

    assert lines(figures.break_even_curve(pair)) == [2e7, 4e7, 9e7]
    assert lines(figures.break_even_curve(pair.changed(share_of_draws_that_cross=0.02))) == []


def test_the_rule_of_thumb_is_one_band_that_says_what_it_is() -> None:
    figure = figures.break_even_curve(a_pair())

    assert (1e6, 1e7) in bands(figure)
    assert "rule of thumb: API below 1M, own weights above 10M" in said(figure)


@pytest.mark.parametrize(
    ("lane", "side"),
    [(Lane.FRONTIER_API, "API: "), (Lane.HOSTED_OPEN_WEIGHTS, "hosted open weights: ")],
)
def test_it_names_both_sides_in_words(lane: Lane, side: str) -> None:
    pair = a_pair(api_lane=lane, api_title="A, host", self_hosted_title="B, own servers")

    names = [one.name for one in figures.break_even_curve(pair).data if one.mode == "lines"]

    assert names == [f"{side}A, host", "B, own servers"]


def test_too_close_to_call_says_to_measure_and_what() -> None:
    figure = figures.break_even_curve(a_pair(verdict="too_close", settle_by="measure one replica."))

    assert title(figure).startswith("Too close to call at your 30M tokens/day: measure")
    assert "To settle it: measure one replica." in figure.layout.title.subtitle.text


def test_no_verdict_is_claimed_where_none_is_known() -> None:
    pair = a_pair(verdict="unknown")

    assert verdict_words(pair) == ""
    assert title(figures.break_even_curve(pair)).startswith('"One 8B" gets cheaper')


def test_stretches_where_the_saving_is_lost_are_hatched() -> None:
    (hatched,) = [one for one in figures.break_even_curve(a_pair()).data if one.fillpattern.shape]

    assert (min(hatched.x[:5]), max(hatched.x[:5])) == (5e8, 9e8)
    assert "lost again" in hatched.name


def test_a_last_stretch_is_not_hatched_where_later_crossings_are_left_out() -> None:
    lost = (
        Crossing(tokens_per_day=1e7, own_servers_cheaper_above=True),
        Crossing(tokens_per_day=5e8, own_servers_cheaper_above=False),
    )
    whole = figures.break_even_curve(a_pair(crossings=lost))
    cut = figures.break_even_curve(a_pair(crossings=lost, crossings_left_out=2))

    assert any(one.fillpattern.shape for one in whole.data)
    assert not any(one.fillpattern.shape for one in cut.data)


def test_never_is_written_into_the_figure() -> None:
    assert "never up to 100B tokens/day" in said(
        figures.break_even_curve(a_pair_that_never_crosses())
    )
    assert "never above 2B" in said(
        figures.break_even_curve(a_pair(never_above_tokens_per_day=2e9))
    )


def test_a_pair_without_a_cost_says_why() -> None:
    pair = a_pair(curve=(), finding="No break-even can be computed: it does not fit.")

    figure = figures.break_even_curve(pair)

    assert not figure.data
    assert "it does not fit" in title(figure)


def test_the_overview_has_each_pair_once_with_interval_or_never_in_words() -> None:
    costs = some_costs()

    figure = figures.break_even_overview(costs)

    (crossing,) = [one for one in figure.data if one.mode == "markers+text"]
    (never,) = [one for one in figure.data if one.mode == "text"]
    assert (crossing.x, crossing.error_x.array) == ((7.6e7,), (1.1e8 - 7.6e7,))
    assert "never up to 100B" in never.text[0]
    assert list(figure.layout.yaxis.ticktext) == [
        "<b>One 8B, own servers: rented in the EU</b>",
        "instead of Big, Some cloud, US",
        "instead of One 8B, A host",
    ]
    assert (1e6, 1e7) in bands(figure)


def test_the_overviews_title_sets_the_range_beside_the_rules_one_number() -> None:
    pairs = (a_pair(), a_pair(first_crossing=Percentiles(p10=1e8, p50=2e8, p90=3e8)))

    found = title(figures.break_even_overview(some_costs(break_evens=pairs)))

    assert "between 76M and 200M tokens a day" in found
    assert "not at 10M for all" in found


def test_the_overview_says_never_where_nothing_crosses() -> None:
    costs = some_costs(break_evens=(a_pair_that_never_crosses(),))

    found = title(figures.break_even_overview(costs))

    assert found == "Own servers never get cheaper against any of 1 APIs"
