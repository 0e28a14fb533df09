"""Speed with interval and badge; memory with what does not fit."""

from __future__ import annotations

import pytest

from playbook import figures
from playbook.costs.memory_records import MemoryWay
from playbook.costs.records import Costs, Deployment
from playbook.provenance import Provenance
from playbook.vocabulary import Lane
from tests.figures.cost_builders import a_span, an_option, some_costs


def a_way(gpus: int, weights: float = 66.0, calls: int = 0) -> MemoryWay:
    return MemoryWay(
        gpus=gpus,
        available_gib=68.0 * gpus,
        weights_gib=weights,
        overhead_gib=float(gpus),
        room_gib=67.0 * gpus - weights,
        calls=calls,
    )


def a_deployment(**changes: object) -> Deployment:
    return Deployment(
        gpu="h100",
        gpu_title="H100",
        gpus_per_replica=2,
        engine="vllm",
        precision="fp8",
        memory_needed_gib=100.0,
        memory_available_gib=136.0,
        batch=40,
        output_tokens_per_second_per_replica=a_span(1_200.0, 1.5),
        total_tokens_per_second_per_replica=a_span(4_800.0, 1.5),
        capacity_provenance=Provenance.CALIBRATED,
        seconds_per_output_token=0.03,
        first_token_s=0.4,
        share_of_draws_within_latency_limits=1.0,
        replicas_for_peak=1,
        replicas=2,
        gpus=4,
        usd_per_gpu_hour=2.5,
        utilisation=0.06,
        provider="someone",
        region="eu",
        ways=(a_way(1, calls=0), a_way(2, calls=40), a_way(4, calls=256)),
    ).changed(**changes)


def costs_of(*deployments: Deployment) -> Costs:
    options = [an_option(Lane.SELF_HOSTED, deployment=one, model=f"m{place}")
               for place, one in enumerate(deployments)]  # fmt: skip
    return some_costs(options=tuple(options))


def title(name: str, costs: Costs) -> str:
    return getattr(figures, name)(costs).layout.title.text.replace("<br>", " ")


@pytest.mark.parametrize("word", list(Provenance))
def test_a_speed_shows_its_interval_and_how_it_was_got(word: Provenance) -> None:
    costs = costs_of(a_deployment(capacity_provenance=word))

    (trace,) = figures.capacity(costs).data

    assert (trace.x, trace.error_x.array) == ((1_200.0,), (600.0,))
    assert trace.text[0].startswith("1.2k [800, 1.8k]")
    assert trace.text[0].endswith(word.value)


def test_badges_differ_in_shape_not_in_colour_alone() -> None:
    words = tuple(Provenance)
    costs = costs_of(*(a_deployment(capacity_provenance=one) for one in words))

    (trace,) = figures.capacity(costs).data

    assert len(set(trace.marker.symbol)) == len(words)


def test_the_title_says_what_share_of_the_paid_capacity_is_used() -> None:
    assert title("capacity", costs_of(a_deployment())).endswith("6% of what is paid for is used")


def test_what_does_not_fit_is_said_in_words_and_what_fits_in_calls() -> None:
    costs = costs_of(a_deployment())
    figure = figures.memory_cliff(costs)

    texts = figure.data[-1].text
    assert [*texts] == ["<b>does not fit</b>", "<b>40 calls</b>", "<b>256 calls</b>"]
    assert "does not fit 1 x H100, but holds 40 calls at once on 2" in title("memory_cliff", costs)


def test_room_below_nothing_is_drawn_as_none() -> None:
    figure = figures.memory_cliff(costs_of(a_deployment(ways=(a_way(1, weights=90.0),))))

    (room,) = [one for one in figure.data if one.name and one.name.startswith("room")]

    assert [*room.y] == [0.0]


def test_the_option_that_fills_one_gpu_most_shows_the_cliff() -> None:
    small = a_deployment(ways=(a_way(1, weights=15.0, calls=200),))
    costs = costs_of(small, a_deployment())

    assert "does not fit 1 x H100" in title("memory_cliff", costs)


def test_without_own_servers_it_is_said() -> None:
    for name in ("capacity", "memory_cliff"):
        assert title(name, some_costs()) == "No option on own servers has a cost"


def test_as_many_calls_on_more_gpus_are_said_once() -> None:
    ways = tuple(a_way(gpus, calls=256) for gpus in (1, 2, 4))

    said = title("memory_cliff", costs_of(a_deployment(ways=ways)))

    assert "holds 256 calls at once on 1, 2 or 4" in said
