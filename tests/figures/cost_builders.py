"""Costs with lanes, trends, drivers, a gate's price and break-evens; the figures are invented."""

from __future__ import annotations

import numpy as np

from playbook.costs.lane_records import LaneCost, LanePoint, Tornado, TornadoRow, TrendScenario
from playbook.costs.records import BreakEven, Costs, Crossing, CurvePoint, OptionCost
from playbook.costs.tuning_records import TuningCost
from playbook.decision.records import GatePrice
from playbook.provenance import Provenance
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Lane
from tests.figures.builders import AS_OF

MONTHS = 24
SCALE = {Lane.FRONTIER_API: 2_000.0, Lane.HOSTED_OPEN_WEIGHTS: 600.0, Lane.SELF_HOSTED: 9_000.0}


def a_span(middle: float, factor: float = 1.4) -> Percentiles:
    return Percentiles(p10=middle / factor, p50=middle, p90=middle * factor)


def an_option(lane: Lane = Lane.FRONTIER_API, **changes: object) -> OptionCost:
    middle = SCALE[lane]
    draws = np.linspace(middle / 1.5, middle * 1.5, 21)
    return OptionCost(
        option=f"one@{lane.value}",
        title=f"One, {lane.words}",
        lane=lane,
        model="one",
        priced=True,
        because="a list price",
        usd_per_month=a_span(middle),
        usd_per_million_tokens=a_span(3.0),
        components={"staff": a_span(middle / 2), "tokens": a_span(middle / 2)},
        draws_usd_per_month=tuple(draws.tolist()),
        provenance=Provenance.COMPUTED,
        deployment=None,
        price_source="a price list (2026-11-01)",
    ).changed(**changes)


def a_pair(**changes: object) -> BreakEven:
    """Return a pair that crosses at 76M tokens a day, loses the saving and wins it again."""
    volumes = np.logspace(4, 11, 43)
    curve = tuple(
        CurvePoint(
            tokens_per_day=float(volume),
            api_usd_per_month=a_span(200 + volume * 1.2e-4, 1.1),
            self_hosted_usd_per_month=a_span(9_000 * (1 + volume // 5e8), 1.2),
            replicas=1 + int(volume // 5e8),
            gpu_title="H100",
        )
        for volume in volumes
    )
    return BreakEven(
        self_hosted_option="one@self:rented_eu",
        api_option="big@api",
        self_hosted_title="One 8B, own servers: rented in the EU",
        api_title="Big, Some cloud, US",
        api_lane=Lane.FRONTIER_API,
        same_weights=False,
        curve=curve,
        crossings=(
            Crossing(tokens_per_day=7.6e7, own_servers_cheaper_above=True),
            Crossing(tokens_per_day=5e8, own_servers_cheaper_above=False),
            Crossing(tokens_per_day=9e8, own_servers_cheaper_above=True),
        ),
        crossings_left_out=0,
        first_crossing=Percentiles(p10=5.3e7, p50=7.6e7, p90=1.1e8),
        share_of_draws_that_cross=1.0,
        highest_volume_considered=1e11,
        finding='"One 8B" gets cheaper than "Big" at 76M tokens/day. The rule says 10M.',
        tokens_per_day=3e7,
        verdict="too_close",
        share_of_draws_own_cheaper=0.4,
        settle_by="measure the speed of one replica",
        rule_api_below=1e6,
        rule_open_weights_above=1e7,
    ).changed(**changes)


def a_pair_that_never_crosses(**changes: object) -> BreakEven:
    return a_pair(
        api_option="one@host",
        api_title="One 8B, A host",
        api_lane=Lane.HOSTED_OPEN_WEIGHTS,
        same_weights=True,
        crossings=(),
        first_crossing=None,
        share_of_draws_that_cross=0.0,
        verdict="never",
        share_of_draws_own_cheaper=0.0,
        finding="Never up to 100B tokens/day: own servers stay dearer.",
    ).changed(**changes)


def a_lane(lane: Lane = Lane.FRONTIER_API, **changes: object) -> LaneCost:
    middle, option = SCALE[lane], an_option(lane)
    slope = {Lane.FRONTIER_API: 6e-5, Lane.HOSTED_OPEN_WEIGHTS: 1e-5, Lane.SELF_HOSTED: 8e-6}[lane]
    return LaneCost(
        lane=lane,
        option=option.option,
        title=option.title,
        because=option.because,
        usd_per_month=a_span(middle),
        usd_per_million_tokens=a_span(3.0),
        usd_per_successful_answer=None,
        success="no success rate was measured",
        curve=tuple(
            LanePoint(
                tokens_per_day=float(volume),
                option=option.option,
                usd_per_month=a_span(middle / 3 + slope * volume, 1.2),
            )
            for volume in np.logspace(4, 11, 43)
        ),
    ).changed(**changes)


def a_lane_without_a_cost(lane: Lane = Lane.SELF_HOSTED) -> LaneCost:
    return a_lane(
        lane,
        option=None,
        title="",
        because="no place to run models is named",
        usd_per_month=None,
        usd_per_million_tokens=None,
        curve=(),
    )


def a_trend(name: str = "steady", fall: float = 1.0, **changes: object) -> TrendScenario:
    factors = {lane: 1.0 if lane is Lane.SELF_HOSTED else 1 / fall for lane in Lane}
    months = {
        lane: tuple(
            a_span(SCALE[lane] * factors[lane] ** (month / 12), 1.3) for month in range(MONTHS)
        )
        for lane in Lane
    }
    return TrendScenario(
        id=name,
        title=f"Prices {name}",
        meaning="All prices of tokens go one way.",
        source="a study (2026-01-01)",
        provenance=Provenance.ASSUMED,
        price_factor_per_year=factors,
        months=MONTHS,
        options={lane: f"one@{lane.value}" for lane in Lane},
        usd_per_month=months,
        usd_total={lane: a_span(sum(one.p50 for one in spans)) for lane, spans in months.items()},
        cheapest_lane=Lane.HOSTED_OPEN_WEIGHTS,
        share_of_draws={Lane.HOSTED_OPEN_WEIGHTS: 0.97},
        first_month_own_servers_cheaper=None,
    ).changed(**changes)


def a_row(name: str = "infrastructure.fte_needed_self_hosted", **changes: object) -> TornadoRow:
    return TornadoRow(
        input=name,
        unit="full-time people",
        provenance=Provenance.ASSUMED,
        low_value=0.3,
        high_value=0.8,
        usd_at_low=-1_000.0,
        usd_at_high=6_000.0,
        flips="own servers get cheaper at its low end",
    ).changed(**changes)


def a_tornado(**changes: object) -> Tornado:
    return Tornado(
        of="difference",
        title="One 8B on own servers less Big by API",
        self_hosted_option="one@self:rented_eu",
        api_option="big@api",
        usd_per_month_likely=3_000.0,
        rows=(a_row(), a_row("gpu_price", unit="USD/GPU-hour", usd_at_low=2_000.0,
                             usd_at_high=5_000.0, low_value=2.1, high_value=3.4, flips="")),
    ).changed(**changes)  # fmt: skip


def a_tuning(**changes: object) -> TuningCost:
    return TuningCost(
        option="one@self:rented_eu",
        title="One 8B, own servers",
        lane=Lane.SELF_HOSTED,
        model="one",
        can_be_tuned="yes",
        because="the team trains further on what it chooses",
        method="lora",
        training_tokens_per_run=a_span(1e6),
        runs_per_tuning=a_span(2.0),
        gpu_hours_per_run=a_span(1.5),
        gpu_title="H100",
        gpus=1,
        fits=(),
        usd_per_million_training_tokens=None,
        training_usd=a_span(40.0),
        labelling_usd=a_span(960.0),
        evaluation_usd=a_span(3_000.0),
        first_usd=a_span(4_000.0),
        repeat_usd=a_span(3_100.0),
        repeats_per_year=a_span(1.0),
        serving="the same machines",
        serving_usd_per_month=a_span(1.0),
        usd_per_month=a_span(400.0),
        in_monthly_cost=False,
        provenance=Provenance.ASSUMED,
        price_source="a price list (2026-11-01)",
    ).changed(**changes)


def a_tuning_without_a_cost() -> TuningCost:
    missing = dict.fromkeys(
        ("gpu_hours_per_run", "training_usd", "labelling_usd", "evaluation_usd", "first_usd",
         "repeat_usd", "serving_usd_per_month", "usd_per_month")
    )  # fmt: skip
    return a_tuning(
        option="big@api", title="Big, Some cloud", lane=Lane.FRONTIER_API, model="big",
        can_be_tuned="unknown", because="whether it tunes models is not known; no price",
        gpus=0, gpu_title="", **missing,
    )  # fmt: skip


def a_gate_price(title: str = "Data stay in the EU", usd: float | None = 700.0) -> GatePrice:
    return GatePrice(
        gate=title.lower(),
        title=title,
        options_out=4,
        options_out_alone=2,
        cheapest_without="a",
        cheapest_without_title="A",
        cheapest_with="b" if usd is not None else None,
        cheapest_with_title="B",
        usd_per_month=None if usd is None else a_span(usd),
        because="B in place of A" if usd is not None else "every option is closed",
    )


def some_costs(**changes: object) -> Costs:
    return Costs(
        as_of=AS_OF,
        draws=21,
        tokens_per_day=Percentiles(p10=2e7, p50=3e7, p90=4.5e7),
        options=tuple(an_option(lane) for lane in Lane),
        break_evens=(a_pair(), a_pair_that_never_crosses()),
        inputs=(),
        not_considered=(),
        lanes=tuple(a_lane(lane) for lane in Lane),
        trends=(a_trend(), a_trend("halving", 2.0), a_trend("falling", 3.0)),
        tornados=(a_tornado(),),
        tuning=(a_tuning(), a_tuning_without_a_cost()),
    ).changed(**changes)
