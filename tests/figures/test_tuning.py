"""Fine-tuning: parts, sum with interval, and what is not known said as such."""

from __future__ import annotations

from playbook import figures
from tests.figures.cost_builders import a_span, a_tuning, a_tuning_without_a_cost, some_costs


def title(**changes: object) -> str:
    figure = figures.tuning_costs(some_costs(tuning=(a_tuning(**changes),)))
    return figure.layout.title.text.replace("<br>", " ").replace("&#36;", "$")


def caption(*tuning: object) -> str:
    figure = figures.tuning_costs(some_costs(tuning=tuning))
    return figure.layout.title.subtitle.text.replace("<br>", " ")


def test_the_share_of_training_is_said_beside_the_sum_and_its_interval() -> None:
    """By hand: 40 of 4,000 USD."""
    assert title() == (
        "The cheapest first tuning costs $4k [$2.9k, $5.6k]; training is 1.0% of it, people's "
        "work the rest"
    )


def test_parts_are_stacked_and_the_sum_has_whiskers() -> None:
    *parts, total = figures.tuning_costs(some_costs()).data

    assert [one.x for one in parts] == [(40.0,), (960.0,), (3_000.0,)]
    assert total.x == (4_000.0,)
    assert total.error_x.array[0] > 0


def test_what_is_not_known_is_counted_with_its_reason() -> None:
    unlike = a_tuning_without_a_cost().changed(because="its licence forbids it")

    one = caption(a_tuning(), a_tuning_without_a_cost())
    three = caption(a_tuning(), unlike, a_tuning_without_a_cost(), a_tuning_without_a_cost())

    assert "1 option has no known cost: whether it tunes models is not" in one
    assert "3 options have no known cost, 2 of them for this reason: whether it tunes" in three


def test_it_says_whether_the_monthly_costs_hold_it() -> None:
    assert "Not part of the monthly costs above" in caption(a_tuning())
    assert "Part of the monthly costs above" in caption(a_tuning(in_monthly_cost=True))


def test_a_model_stands_once_a_lane_by_its_cheapest_option() -> None:
    dear = a_tuning(option="one@self:rented_us", first_usd=a_span(9_000.0))

    figure = figures.tuning_costs(some_costs(tuning=(dear, a_tuning())))

    assert figure.data[-1].x == (4_000.0,)


def test_where_nothing_can_be_tuned_the_reason_is_the_figure() -> None:
    said = caption(a_tuning(can_be_tuned="no", because="no right to train", first_usd=None))

    assert "no right to train" in said
