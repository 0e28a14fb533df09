"""Lanes, price trends, drivers and gates: what the figures say is what the records hold."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from playbook import figures
from playbook.decision.records import Decision
from playbook.figures.lanes import share_cheaper
from playbook.figures.theme import SERIES
from playbook.report.templating import TRACE_TYPES
from playbook.runs import Run
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Lane
from tests.figures.cost_builders import (
    a_gate_price,
    a_lane,
    a_lane_without_a_cost,
    a_row,
    a_span,
    a_tornado,
    a_trend,
    a_tuning,
    an_option,
    some_costs,
)


def title(figure: go.Figure) -> str:
    return figure.layout.title.text.replace("<br>", " ")


def caption(figure: go.Figure) -> str:
    return figure.layout.title.subtitle.text.replace("<br>", " ")


def test_three_lanes_stand_side_by_side_each_with_its_interval() -> None:
    figure = figures.lane_costs(some_costs())

    assert [one.x[0] for one in figure.data] == [2_000.0, 600.0, 9_000.0]
    assert all(one.error_x.array[0] > 0 < one.error_x.arrayminus[0] for one in figure.data)
    said = "Before rules and quality, hosted open weights is the cheapest lane: $600 [$429, $840]"
    assert title(figure).startswith(said.replace("$", "&#36;"))


def test_lanes_whose_draws_do_not_settle_the_order_are_too_close_to_call() -> None:
    near = an_option(Lane.HOSTED_OPEN_WEIGHTS, draws_usd_per_month=(1.0, 3.0, 1.0, 3.0))
    far = an_option(Lane.FRONTIER_API, draws_usd_per_month=(2.0, 2.0, 2.0, 2.0))
    costs = some_costs(options=(near, far))

    assert share_cheaper(near.option, far.option, costs) == pytest.approx(0.5)
    assert title(figures.lane_costs(costs)).startswith("Too close to call")


def test_lanes_within_a_twentieth_cost_nearly_the_same() -> None:
    near = a_lane(Lane.FRONTIER_API, usd_per_month=a_span(620.0))
    costs = some_costs(lanes=(near, a_lane(Lane.HOSTED_OPEN_WEIGHTS)))

    found = title(figures.lane_costs(costs))

    assert found.startswith("Hosted open weights and commercial API cost nearly the same: ")


def test_a_lane_without_a_cost_keeps_its_row_and_says_why() -> None:
    costs = some_costs(lanes=(a_lane(), a_lane_without_a_cost()))

    for figure in (figures.lane_costs(costs), figures.lane_curves(costs)):
        assert "open weights: no place to run models is named" in caption(figure)
    assert "no option with a cost" in figures.lane_costs(costs).layout.yaxis.ticktext[1]


def test_the_curve_says_from_which_volume_another_lane_is_cheapest() -> None:
    figure = figures.lane_curves(some_costs())

    assert figure.layout.xaxis.type == "log"
    assert title(figure).startswith("Lowest median: hosted open weights at small volumes")
    assert "self-hosted open weights above about" in title(figure)
    assert sum(one.fill == "toself" for one in figure.data) == len(Lane)


def test_one_colour_for_a_lane_in_every_figure() -> None:
    costs = some_costs()
    of_lanes = [one.marker.color for one in figures.lane_costs(costs).data]
    of_curves = [one.line.color for one in figures.lane_curves(costs).data if one.mode == "lines"]
    of_sums = [one.marker.color for one in figures.price_trends(costs).data]

    assert of_lanes == of_curves == of_sums


def test_a_trend_that_changes_the_cheapest_lane_is_named_in_the_title() -> None:
    costs = some_costs(
        trends=(a_trend(), a_trend("rising", 0.5, cheapest_lane=Lane.SELF_HOSTED)),
    )

    assert title(figures.price_trends(costs)).endswith("but not if: Prices rising")


def test_a_scenario_is_drawn_month_by_month_and_can_be_chosen_by_name() -> None:
    costs = some_costs()
    views = figures.cost_views(costs)

    figure = views["price trend: Prices halving"](costs)

    assert title(figure).startswith(
        "Prices halving: own servers get cheaper than every API in none"
    )
    assert [len(one.x) for one in figure.data if one.mode == "lines"] == [24, 24, 24]
    assert "assumed: a study" in caption(figure)


@pytest.mark.parametrize(
    ("month", "said"), [(1, "from the first month"), (7, "than the cheapest API from month 7")]
)
def test_a_scenario_says_from_which_month_own_servers_are_cheaper(month: int, said: str) -> None:
    costs = some_costs(trends=(a_trend(first_month_own_servers_cheaper=month),))

    assert said in title(figures.price_trend(costs))


def test_a_driver_is_drawn_from_its_low_to_its_high_end_about_the_likely_result() -> None:
    low, high = figures.tornado(some_costs()).data

    assert [low.base + one for one in low.x] == [-1_000.0, 2_000.0]
    assert [high.base + one for one in high.x] == [6_000.0, 5_000.0]
    assert {low.marker.color, high.marker.color} <= set(SERIES)


def test_what_turns_the_verdict_is_marked_and_said() -> None:
    figure = figures.tornado(some_costs())

    assert title(figure).startswith("FTE needed for own servers moves the difference most: -")
    assert ["⇄" in one for one in figure.layout.yaxis.ticktext] == [True, False]
    assert "own servers get cheaper at its low end" in caption(figure)
    calm = some_costs(tornados=(a_tornado(rows=(a_row(flips=""),)),))
    assert "None of them alone turns the verdict" in caption(figures.tornado(calm))


def test_the_dearest_gate_is_the_title_and_closed_ones_are_named(demo_run: Run) -> None:
    prices = (a_gate_price(), a_gate_price("Own network", usd=None))
    decision = demo_run.read("decision.json", Decision).changed(gate_prices=prices)

    figure = figures.gate_prices(decision)

    assert (
        title(figure)
        == "The dearest gate costs &#36;700 [&#36;500, &#36;980] a month: Data stay in the EU"
    )
    assert "Own network (every option is closed)" in caption(figure)
    assert {one.type for one in figure.data} <= TRACE_TYPES


def test_gates_that_cost_nothing_are_said_to_cost_nothing(demo_run: Run) -> None:
    free = a_gate_price().changed(usd_per_month=a_span(0.0))
    decision = demo_run.read("decision.json", Decision).changed(gate_prices=(free,))

    figure = figures.gate_prices(decision)

    assert "No gate alone makes" in title(figure)
    assert figure.layout.xaxis.range == (0, 100), "cents would read as millions: $200m"


def test_the_leading_component_is_a_share_of_the_medians_drawn() -> None:
    parts = {"staff": a_span(1.0), "storage_and_egress": a_span(3.0)}
    own = an_option(Lane.SELF_HOSTED, components=parts)

    figure = figures.cost_components(some_costs(options=(own,)))

    assert title(figure) == f"Storage and egress is the largest part of {own.title}: 75%"


def test_more_components_than_colours_are_told_apart_by_a_hatch() -> None:
    parts = {f"part_{number}": a_span(10.0 - number) for number in range(9)}

    figure = figures.cost_components(some_costs(options=(an_option(components=parts),)))

    looks = {(one.marker.color, one.marker.pattern.shape) for one in figure.data}
    assert len(looks) == len(parts)


def test_nothing_to_draw_is_said_in_words() -> None:
    empty = some_costs(lanes=(a_lane_without_a_cost(),), trends=(), tornados=(), break_evens=())

    for name in ("lane_costs", "lane_curves", "price_trends", "price_trend", "tornado",
                 "break_even_overview"):  # fmt: skip
        figure = getattr(figures, name)(empty)
        assert not figure.data
        assert len(title(figure)) > 10


def test_every_view_of_a_form_draws_the_costs() -> None:
    costs = some_costs()

    for name, view in figures.cost_views(costs).items():
        assert view(costs).layout.title.text, name


def test_a_volume_known_as_one_number_is_one_number_and_a_line() -> None:
    costs = some_costs(tokens_per_day=Percentiles(p10=3e8, p50=3e8, p90=3e8))

    figure = figures.lane_curves(costs)

    assert "at 300M tokens a day: " in caption(figures.lane_costs(costs))
    assert [one.type for one in figure.layout.shapes if one.x0 == 3e8] == ["line"]


def test_lanes_without_the_planned_fine_tuning_are_named() -> None:
    own = a_lane(Lane.SELF_HOSTED)
    tuned = a_tuning(option=own.option, in_monthly_cost=True)
    lanes = (a_lane(Lane.HOSTED_OPEN_WEIGHTS), own)

    figure = figures.lane_costs(some_costs(lanes=lanes, tuning=(tuned,)))
    said = caption(figure)

    assert title(figure).startswith("Without its planned fine-tuning, hosted open weights is")
    assert "is not in: hosted open weights; the lanes do not compare like for like" in said
    assert "fine-tuning" not in caption(figures.lane_costs(some_costs(lanes=lanes, tuning=())))
