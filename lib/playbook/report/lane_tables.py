"""Tables of lanes, break-evens, price trends, drivers and the price of gates."""

from __future__ import annotations

from playbook.costs.finding import crosses
from playbook.costs.lane_records import TrendScenario
from playbook.costs.records import BreakEven, Costs
from playbook.decision.records import Decision
from playbook.figures.break_even import verdict_words
from playbook.figures.cost_drivers import money as signed
from playbook.figures.cost_drivers import words
from playbook.figures.theme import short
from playbook.report.table import Cell, Table, money
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Lane


def lanes(costs: Costs) -> Table:
    """Return the three lanes side by side: the cheapest option of each, or why there is none."""
    rows = [
        (
            one.lane.words,
            one.title or "none",
            money(one.usd_per_month),
            money(one.usd_per_million_tokens),
            money(one.usd_per_successful_answer),
            "; ".join(said for said in (one.because, one.success) if said),
        )
        for one in costs.lanes
    ]
    columns = ("Lane", "Cheapest option", "USD a month [p10, p90]", "USD per million tokens",
               "USD per successful answer", "Rests on")  # fmt: skip
    note = "Median [p10, p90] over joint draws; computed. Cost alone never decides."
    widths = ("13%", "20%", "16%", "14%", "13%", "24%")
    return Table("Three lanes side by side", columns, rows, note, widths=widths)


def break_evens(costs: Costs) -> Table:
    """Return every pair's break-even: first crossing, what is lost again, and what holds today."""
    rows = [
        (
            one.self_hosted_title,
            one.api_title + (" (the same weights)" if one.same_weights else ""),
            _crossing(one),
            _above(one),
            _verdict(one),
        )
        for one in costs.break_evens
    ]
    columns = ("Own servers", "Instead of", "First cheaper at, tokens/day [p10, p90]",
               "Lost again", "At your volume")  # fmt: skip
    rule = next((one for one in costs.break_evens if one.rule_open_weights_above), None)
    said = (
        f"The rule of thumb says for every row: an API below {short(rule.rule_api_below)} tokens a "
        f"day, own weights above {short(rule.rule_open_weights_above)}."
        if rule
        else ""
    )
    note = f"Solved on the staircase of replicas; every paid hour counts. {said}".strip()
    widths = ("23%", "22%", "21%", "13%", "21%")
    return Table("Where own servers get cheaper", columns, rows, note, widths=widths)


def trends(costs: Costs) -> Table:
    """Return what each way of prices would make of the lanes' costs."""
    rows = [
        (
            one.title,
            _pace(one),
            *(_sum(one, lane) for lane in Lane),
            _leader(one),
            f"{one.provenance.value}: {one.source}",
        )
        for one in costs.trends
    ]
    months = costs.trends[0].months if costs.trends else 0
    columns = ("If prices", "Price a year later", *(lane.words for lane in Lane),
               "Costs least", "Source of the pace")  # fmt: skip
    note = "USD over all months, median [p10, p90]; not discounted. No row is a forecast."
    widths = ("14%", "18%", "13%", "13%", "13%", "13%", "16%")
    title = f"Price trends over {months} months"
    return Table(title, columns, rows, note, folded=True, widths=widths)


def drivers(costs: Costs) -> Table:
    """Return what moves the differences and the own cost, each input alone."""
    rows = [
        (
            one.title,
            words(row.input),
            f"{short(row.low_value)} to {short(row.high_value)} {row.unit}",
            f"{signed(row.usd_at_low)} to {signed(row.usd_at_high)}",
            row.flips or "no",
            row.provenance.value,
        )
        for one in costs.tornados
        for row in one.rows
    ]
    columns = ("Result", "Input", "From its p10 to its p90", "USD a month",
               "Turns the verdict", "Provenance of the input")  # fmt: skip
    widths = ("24%", "19%", "16%", "14%", "14%", "13%")
    title = "What it depends on, each input moved alone"
    return Table(title, columns, rows, folded=True, widths=widths)


def gate_prices(decision: Decision) -> Table:
    """Return what each gate costs a month."""
    rows = [
        (
            one.title,
            money(one.usd_per_month) if one.usd_per_month else "none can be named",
            f"{one.options_out_alone} of {one.options_out}",
            one.because,
        )
        for one in decision.gate_prices
    ]
    columns = ("Gate", "USD a month [p10, p90]", "Options closed by it alone, of all it closes",
               "How it comes about")  # fmt: skip
    note = "Cheapest open option with the gate less the cheapest if it alone fell; computed."
    widths = ("24%", "18%", "14%", "44%")
    return Table("The price of each gate", columns, rows, note, widths=widths)


def _crossing(one: BreakEven) -> str:
    first, share = one.first_crossing, one.share_of_draws_that_cross
    if not one.curve:
        return f"not known: {one.finding}"
    if first is None or not crosses(share):
        return f"never up to {short(one.highest_volume_considered)} ({share:.0%} of draws cross)"
    return f"{_volume(first)}, in {share:.0%} of draws"


def _volume(span: Percentiles) -> str:
    return f"{short(span.p50)} [{short(span.p10)}, {short(span.p90)}]"


def _above(one: BreakEven) -> str:
    if one.first_crossing is None or not crosses(one.share_of_draws_that_cross):
        return "-"
    lost = sum(not crossing.own_servers_cheaper_above for crossing in one.crossings)
    never = one.never_above_tokens_per_day
    times = "once" if lost == 1 else f"{lost} times"
    parts = [f"{times}, at larger volumes"] if lost else []
    parts += [f"for good above {short(never)}"] if never else []
    return ", ".join(parts) or "no"


def _verdict(one: BreakEven) -> str:
    said = verdict_words(one) or "not known"
    if one.verdict != "too_close":
        return said
    return Cell(f"{said}. Measure: {one.settle_by}" if one.settle_by else said, "amber")


def _pace(one: TrendScenario) -> str:
    return ", ".join(
        f"{lane.words} x {factor:.2g}" for lane, factor in one.price_factor_per_year.items()
    )


def _sum(one: TrendScenario, lane: Lane) -> str:
    return money(one.usd_total.get(lane))


def _leader(one: TrendScenario) -> str:
    if one.cheapest_lane is None:
        return "no lane has a cost"
    share = one.share_of_draws.get(one.cheapest_lane, 0.0)
    month = one.first_month_own_servers_cheaper
    from_month = f"; own servers cheaper from month {month}" if month else ""
    return f"{one.cheapest_lane.words} in {share:.0%} of draws{from_month}"
