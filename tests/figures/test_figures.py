"""Every figure draws its record: intervals, units, and words where there is nothing to draw."""

import plotly.graph_objects as go
import pytest

from playbook import figures
from playbook.compliance.records import Compliance
from playbook.costs.records import Costs
from playbook.decision.records import Decision
from playbook.landscape.records import Landscape
from playbook.profile import Profile
from playbook.records import Record
from playbook.report.templating import TRACE_TYPES
from playbook.runs import Run
from playbook.vocabulary import Verdict
from tests.figures.builders import a_landscape
from tests.figures.cost_builders import some_costs
from tests.figures.trial_builders import a_tried_pair
from tests.report.builders import an_evidence

DRAWN = {
    "workload": ("profile.json", Profile),
    "capability_over_time": ("landscape.json", Landscape),
    "model_prices": ("landscape.json", Landscape),
    "verdict_matrix": ("compliance.json", Compliance),
    "open_questions": ("compliance.json", Compliance),
    "capacity": ("costs.json", Costs),
    "memory_cliff": ("costs.json", Costs),
    "monthly_costs": ("costs.json", Costs),
    "break_evens": ("costs.json", Costs),
    "cost_components": ("costs.json", Costs),
    "option_values": ("decision.json", Decision),
    "criteria_stack": ("decision.json", Decision),
    "best_shares": ("decision.json", Decision),
    "gate_matrix": ("decision.json", Decision),
}
OF_TRIALS = ("pass_rates", "latency", "outcomes")
OF_PAIRS = ("load_curves", "paired_differences", "success_costs")
OF_COSTS = (
    "break_even_overview",
    "lane_costs",
    "lane_curves",
    "price_trend",
    "price_trends",
    "tornado",
    "tuning_costs",
)
OF_THE_MARKET = ("calendar", "capability_prices", "hosted_changes", "lags")


def drawn(name: str, run: Run) -> go.Figure:
    if name in OF_TRIALS:
        return getattr(figures, name)(an_evidence("x"))
    if name in OF_PAIRS:
        return getattr(figures, name)(a_tried_pair())
    if name in OF_COSTS:
        return getattr(figures, name)(some_costs())
    if name in OF_THE_MARKET:
        return getattr(figures, name)(a_landscape())
    file, kind = DRAWN[name]
    record: Record = run.read(file, kind)
    return getattr(figures, name)(record)


def test_every_public_figure_is_tested_here() -> None:
    apart = {"break_even_curve", "cost_views", "gate_prices"}  # in test_break_even, test_lanes
    drawing = {name for name in figures.__all__ if callable(getattr(figures, name))}
    assert drawing == {*DRAWN, *OF_TRIALS, *OF_PAIRS, *OF_COSTS, *OF_THE_MARKET, *apart}


def test_open_questions_show_the_money_at_stake_where_costs_are_known(demo_run: Run) -> None:
    record = demo_run.read("compliance.json", Compliance)
    first = record.open_questions[0].changed(options_it_can_change=3, usd_per_month_at_stake=None)
    priced = first.changed(usd_per_month_at_stake=1_200.0)

    plain, told = (
        figures.open_questions(record.changed(open_questions=(one,))).data[0].text
        for one in (first, priced)
    )

    assert (plain, told) == (("3",), ("3, &#36;1.2k a month at stake",))


@pytest.mark.parametrize("name", [*DRAWN, *OF_TRIALS, *OF_PAIRS, *OF_COSTS, *OF_THE_MARKET])
def test_a_figure_says_something_in_traces_that_the_report_can_draw(
    name: str, demo_run: Run
) -> None:
    figure = drawn(name, demo_run)

    assert figure.data
    assert {trace.type for trace in figure.data} <= TRACE_TYPES
    assert len(figure.layout.title.text) > 10
    assert len(figure.layout.title.subtitle.text) > 10


@pytest.mark.parametrize(
    "name", ["monthly_costs", "option_values", "workload", "latency", "lags", *OF_PAIRS]
)
def test_a_point_is_drawn_with_its_interval(name: str, demo_run: Run) -> None:
    for trace in drawn(name, demo_run).data:
        bars = trace.error_x
        assert len(bars.array) == len(trace.x)
        assert all(value >= 0 for value in (*bars.array, *bars.arrayminus))


def test_the_matrix_shows_the_verdict_of_each_option_by_symbol_not_by_colour_alone(
    demo_run: Run,
) -> None:
    compliance = demo_run.read("compliance.json", Compliance)

    (trace,) = figures.verdict_matrix(compliance).data

    shown = sum(bool(cell) for row in trace.text for cell in row)
    assert shown == len(compliance.verdicts)
    assert len({cell for row in trace.text for cell in row if cell}) == len(
        {one.verdict for one in compliance.verdicts}
    )


def test_the_matrix_can_be_cut_to_some_models(demo_run: Run) -> None:
    compliance = demo_run.read("compliance.json", Compliance)
    model = compliance.verdicts[0].option.partition("@")[0]

    (trace,) = figures.verdict_matrix(compliance, [model]).data

    assert list(trace.y) == [model]


def test_each_row_of_the_matrix_has_room_for_its_models_name(demo_run: Run) -> None:
    compliance = demo_run.read("compliance.json", Compliance)

    figure = figures.verdict_matrix(compliance)

    margin = figure.layout.margin
    rows = len(figure.data[0].y)
    assert (figure.layout.height - margin.t - margin.b) / rows >= 20
    assert figure.layout.yaxis.dtick == figure.layout.xaxis.dtick == 1


def test_a_restricted_title_counts_only_what_is_drawn(demo_run: Run) -> None:
    compliance = demo_run.read("compliance.json", Compliance)
    counts = {word: sum(one.verdict is word for one in compliance.verdicts) for word in Verdict}

    title = figures.verdict_matrix(compliance).layout.title.text

    for word, count in counts.items():
        assert f"{count} {word.value}" in title


def test_what_was_not_tried_is_said_in_words() -> None:
    evidence = an_evidence("nobody was asked").changed(endpoints=())

    for name in OF_TRIALS:
        figure = getattr(figures, name)(evidence)
        assert not figure.data
        assert "nobody was asked" in figure.layout.title.subtitle.text


def test_prices_have_three_ticks_to_a_decade_so_that_labels_do_not_collide(demo_run: Run) -> None:
    assert drawn("model_prices", demo_run).layout.xaxis.dtick == "D2"


def test_calls_left_out_of_the_latencies_are_told_with_their_own_reason() -> None:
    evidence = a_tried_pair()
    first, *others = evidence.endpoints
    through = first.changed(latencies_left_out={"sent by litellm": 1_200})
    slow = through.changed(endpoint="b", latencies_left_out={"this machine was busy": 3})

    figure = figures.latency(evidence.changed(endpoints=(through, slow, *others)))

    said = " ".join(figure.layout.title.subtitle.text.replace("<br>", " ").split())
    assert "1,200 sent by litellm; 3 this machine was busy." in said
