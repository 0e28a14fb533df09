"""Pairs of endpoints, prices of success and load sweeps, drawn with what they do and don't say."""

from __future__ import annotations

from playbook import figures
from tests.figures.trial_builders import a_comparison, a_curve, a_point, a_tried_pair, an_interval
from tests.widgets.builders import HOSTILE


def title_of(figure: object) -> str:
    return figure.layout.title.text.replace("<br>", " ")  # type: ignore[attr-defined]


def test_the_better_endpoint_is_in_the_title() -> None:
    figure = figures.paired_differences(a_tried_pair(a_comparison(verdict="second better")))

    assert title_of(figure) == "Own server passes 20 points more than Server"


def test_an_open_pair_is_told_as_open_with_what_would_settle_it() -> None:
    one = a_comparison(verdict="inconclusive", difference=an_interval(0.02, 0.1), needed=640)

    figure = figures.paired_differences(a_tried_pair(one))

    assert title_of(figure).startswith("1 of 1 pairs are inconclusive")
    assert "about 640 shared prompts would settle it" in figure.data[0].hovertext[0]


def test_the_margin_is_drawn_as_a_band() -> None:
    figure = figures.paired_differences(a_tried_pair(a_comparison(margin=0.04)))

    (band,) = [one for one in figure.layout.shapes if one.type == "rect"]
    assert (band.x0, band.x1) == (-0.04, 0.04)


def test_only_pass_rates_are_drawn_as_pairs() -> None:
    slower = a_comparison(metric="latency", margin=None, difference=an_interval(0.4))

    figure = figures.paired_differences(a_tried_pair(a_comparison(), slower))

    assert sum(len(trace.x) for trace in figure.data) == 1


def test_the_cost_of_success_leaves_out_endpoints_without_a_price() -> None:
    figure = figures.success_costs(a_tried_pair())

    assert list(figure.data[0].y) == ["Server (stand-in)"]
    assert list(figure.data[0].x) == [1.0]
    assert "cost $1 at Server (stand-in)" in title_of(figure).replace("&#36;", "$")


def test_no_price_at_all_is_said_in_words() -> None:
    base = a_tried_pair()
    none = base.changed(
        endpoints=tuple(one.changed(usd_per_success=None) for one in base.endpoints)
    )

    assert not figures.success_costs(none).data


def test_the_load_that_meets_the_service_level_is_in_the_title() -> None:
    figure = figures.load_curves(a_tried_pair())

    assert title_of(figure) == (
        "Server meets the service level up to 4 in flight, with 200 output tokens/s"
    )


def test_a_load_that_measures_nothing_is_hollow() -> None:
    (trace,) = figures.load_curves(a_tried_pair()).data

    assert list(trace.marker.symbol) == ["circle", "circle", "circle-open"]


def test_a_load_without_an_answer_is_not_drawn() -> None:
    silent = a_point(8, output_tokens_per_second=None)

    (trace,) = figures.load_curves(a_tried_pair(load_curves=(a_curve(a_point(1), silent),))).data

    assert list(trace.text) == ["1 in flight"]


def test_no_load_within_the_service_level_is_said() -> None:
    none = a_curve(best=None)

    assert "at no load" in title_of(figures.load_curves(a_tried_pair(load_curves=(none,))))


def test_hostile_names_are_escaped() -> None:
    evidence = a_tried_pair(text=HOSTILE)

    for name in ("paired_differences", "success_costs", "load_curves"):
        assert "<img" not in getattr(figures, name)(evidence).to_json()


def test_the_slowest_endpoint_is_named_among_those_that_one_client_timed() -> None:
    base = a_tried_pair()
    slow, fast = base.endpoints
    slow = slow.changed(timed_by="litellm", first_token_p95_s=an_interval(9.0))
    fast = fast.changed(timed_by="lean", first_token_p95_s=an_interval(0.5))

    mixed = figures.latency(base.changed(endpoints=(slow, fast)))
    alone = figures.latency(base.changed(endpoints=(slow,)))

    assert title_of(mixed).startswith("Own server")
    assert "slowest of those timed alike: 95% of first tokens within 0.5 s" in title_of(mixed)
    assert "is slowest: 95% of first tokens within 9 s" in title_of(alone)
