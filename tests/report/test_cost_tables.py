"""Tables of costs tell the same as their figures, in words, and escape what comes from outside."""

from __future__ import annotations

from playbook.decision.records import Decision
from playbook.report import cost_tables, lane_tables
from playbook.report.costs import cost_figures, cost_section_tables
from playbook.runs import Run
from playbook.vocabulary import Lane
from tests.figures.cost_builders import (
    a_gate_price,
    a_lane,
    a_lane_without_a_cost,
    a_pair,
    a_pair_that_never_crosses,
    an_option,
    some_costs,
)
from tests.figures.test_capacity import a_deployment
from tests.report.builders import HOSTILE


def test_a_lane_without_a_cost_says_none_and_why() -> None:
    table = lane_tables.lanes(some_costs(lanes=(a_lane(), a_lane_without_a_cost())))

    assert table.rows[0][2] == "$2k [$1.4k, $2.8k]"
    assert table.rows[1][1:3] == ("none", "not known")
    assert "no place to run models is named" in table.rows[1][5]


def test_break_evens_say_crossing_loss_and_verdict_of_each_pair() -> None:
    pairs = (a_pair(never_above_tokens_per_day=2e9), a_pair_that_never_crosses())

    crosses, never = lane_tables.break_evens(some_costs(break_evens=pairs)).rows

    assert crosses[2:4] == (
        "76M [53M, 110M], in 100% of draws",
        "once, at larger volumes, for good above 2B",
    )
    assert crosses[4].startswith("Too close to call")
    assert "Measure: measure the speed of one replica" in crosses[4]
    assert getattr(crosses[4], "tone", "") == "amber"
    assert never[3] == "-"
    assert never[2] == "never up to 100B (0% of draws cross)"
    assert "(the same weights)" in never[1]


def test_the_rule_of_thumb_stands_beneath_the_break_evens_once() -> None:
    table = lane_tables.break_evens(some_costs())

    assert "an API below 1M tokens a day, own weights above 10M" in table.note
    unknown = some_costs(break_evens=(a_pair(rule_api_below=0.0, rule_open_weights_above=0.0),))
    assert "rule of thumb" not in lane_tables.break_evens(unknown).note


def test_trends_name_their_pace_by_lane_and_its_source() -> None:
    rows = lane_tables.trends(some_costs()).rows

    assert rows[1][1] == (
        "commercial API x 0.5, hosted open weights x 0.5, self-hosted open weights x 1"
    )
    assert rows[1][-1] == "assumed: a study (2026-01-01)"


def test_drivers_name_what_turns_the_verdict() -> None:
    turning, calm = lane_tables.drivers(some_costs()).rows

    assert turning[3:5] == ("-$1k to $6k", "own servers get cheaper at its low end")
    assert calm[4] == "no"


def test_a_gate_that_closes_everything_has_no_price_but_a_reason(demo_run: Run) -> None:
    prices = (a_gate_price(), a_gate_price("Own network", usd=None))
    decision = demo_run.read("decision.json", Decision).changed(gate_prices=prices)

    priced, closed = lane_tables.gate_prices(decision).rows

    assert priced[1] == "$700 [$500, $980]"
    assert closed[1:] == ("none can be named", "2 of 4", "every option is closed")


def test_a_speed_in_the_table_has_interval_and_provenance() -> None:
    costs = some_costs(options=(an_option(Lane.SELF_HOSTED, deployment=a_deployment()),))

    (row,) = cost_tables.deployments(costs).rows

    assert row[4] == "1.2k [800, 1.8k], calibrated"


def test_the_section_holds_each_figure_and_no_empty_table(demo_run: Run) -> None:
    decision = demo_run.read("decision.json", Decision).changed(gate_prices=())
    costs = some_costs()

    titles = [one.title for one in cost_section_tables(costs, decision)]

    assert "The price of each gate" not in titles
    assert titles[:2] == ["Three lanes side by side", "Where own servers get cheaper"]
    assert len(cost_figures(costs, decision)) > len(
        cost_figures(costs.changed(trends=()), decision)
    )


def test_hostile_names_stay_text_in_figures_and_tables(demo_run: Run) -> None:
    decision = demo_run.read("decision.json", Decision).changed(
        gate_prices=(a_gate_price(HOSTILE),)
    )
    pair = a_pair(api_title=HOSTILE, self_hosted_title=HOSTILE, finding=HOSTILE, settle_by=HOSTILE)
    costs = some_costs(break_evens=(pair,), lanes=(a_lane(title=HOSTILE, because=HOSTILE),))

    for figure in cost_figures(costs, decision):
        assert "<script" not in figure.to_json()
        assert "<img" not in figure.to_json()
    for table in cost_section_tables(costs, decision):
        assert "<script" not in table._repr_html_()
        assert "<img" not in table._repr_html_()
