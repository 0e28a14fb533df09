"""The price of compliance: what each gate and control costs a month, by joint draws."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from playbook.compliance.records import Compliance
from playbook.costs.records import BarredCost, Costs, OptionCost
from playbook.decision.assessment import Assessment
from playbook.decision.gates import closed_by
from playbook.decision.records import GatePrice
from playbook.decision.wording import spoken, usd, usd_band
from playbook.uncertainty import Percentiles, Samples, percentiles
from playbook.vocabulary import Verdict

ALL_CONTROLS = "compliance"
TITLES = {
    ALL_CONTROLS: "All controls of the checklist together",
    "landscape": "What the landscape rules out: licence, end of life, task",
    "time": "The deadline",
    "staff": "People free to run and repair the service",
    "capacity": "Servers that hold the model and meet the latency limits",
    "quality": "The minimum pass rate in trials",
}
CONTROL_OF = {
    "data.must_stay_in_own_network": "HOUSE-01",
    "data.allowed_regions": "HOUSE-02",
}
"""Control of the checklist that a rule on regions is, by the field that states it."""
UNPRICED_GATES = ("budget",)
"""A ceiling on cost: lifting it opens dearer options alone."""


@dataclass(frozen=True)
class Priced:
    """Options with a cost, or with one but for rules on regions, and what closes each."""

    costs: Sequence[OptionCost | BarredCost]
    closers: Sequence[frozenset[str]]

    @cached_property
    def draws(self) -> Samples:
        """Return USD a month, a row for each option."""
        return np.array([one.draws_usd_per_month for one in self.costs], dtype=np.float64)

    def open_without(self, lifted: Collection[str]) -> list[int]:
        """Return the options that nothing closes once some gates are lifted, cheapest first."""
        gone = frozenset(lifted)
        found = [row for row, closers in enumerate(self.closers) if closers <= gone]
        return sorted(found, key=lambda row: (_median(self.costs[row]), self.costs[row].option))

    def open_under(self, gates: frozenset[str]) -> list[int]:
        """Return the options that none of some gates closes, as if there were no others."""
        return [row for row, closers in enumerate(self.closers) if not closers & gates]

    def difference(self, dear: Sequence[int], cheap: Sequence[int]) -> Percentiles | None:
        """Return the lowest cost of some options less that of others, draw by draw."""
        if not dear or not cheap:
            return None
        lowest = [self.draws[list(rows)].min(axis=0) for rows in (dear, cheap)]
        return percentiles(lowest[0] - lowest[1])


def gate_prices(
    compliance: Compliance,
    costs: Costs,
    *,
    other_gates: Mapping[str, Collection[str]] | None = None,
) -> tuple[GatePrice, ...]:
    """Return what each gate and control costs a month, the dearest first.

    It is the cost of the cheapest open option, in each draw, as things are, less that with this one
    gate lifted and all others as they are. Where several gates close the same options none of them
    has a price so; beside it stands the price of each as the only one in force. An undetermined
    option counts as open: it may be had if its questions go well. The row of the checklist lifts
    all its controls at once.

    Own servers in a place without an allowed region have no cost and are no option; what they would
    cost counts here alone, closed by the rule that leaves them out.

    Args:
        compliance: Verdicts on options, with the controls that put one out.
        costs: Options with their joint draws.
        other_gates: Names of further gates that close an option, by option id.
    """
    priced = _priced(compliance, costs, other_gates or {})
    titles = {**TITLES, **{one.control: one.title for one in compliance.findings}}
    controls = {name for found in _put_out(compliance).values() for name in found}
    controls |= {CONTROL_OF[rule] for one in costs.barred for rule in one.rules}
    names = sorted({name for closers in priced.closers for name in closers} - {*UNPRICED_GATES})
    whole = [(ALL_CONTROLS, frozenset(controls))] if controls & set(names) else []
    found = [
        _price(priced, name, lifted, titles.get(name, name))
        for name, lifted in (*whole, *((name, frozenset([name])) for name in names))
    ]
    return tuple(sorted(found, key=_order))


def prices_of(assessment: Assessment) -> tuple[GatePrice, ...]:
    """Return the price of each gate of an assessment, the checklist's control by control."""
    situation = assessment.situation
    others = {
        option: [name for name in closed_by(gates) if name != ALL_CONTROLS]
        for option, gates in assessment.gates.items()
    }
    return gate_prices(situation.compliance, situation.costs, other_gates=others)


def _put_out(compliance: Compliance) -> dict[str, tuple[str, ...]]:
    """Return the controls that put an option out, by option id."""
    return {
        one.option: one.controls or ("a hard control",)
        for one in compliance.verdicts
        if one.verdict is Verdict.OUT
    }


def _priced(
    compliance: Compliance, costs: Costs, other_gates: Mapping[str, Collection[str]]
) -> Priced:
    out = _put_out(compliance)
    rows = [one for one in costs.options if one.draws_usd_per_month]
    closers = [
        frozenset((*out.get(one.option, ()), *other_gates.get(one.option, ()))) for one in rows
    ]
    for one in costs.barred:
        others = {*other_gates.get(one.option, ())} - {"capacity"}  # closed for want of a server
        rules = (CONTROL_OF[rule] for rule in one.rules)
        closers.append(frozenset((*out.get(one.option, ()), *rules, *others)))
    return Priced((*rows, *costs.barred), closers)


def _price(priced: Priced, name: str, lifted: frozenset[str], title: str) -> GatePrice:
    before, after = priced.open_without(()), priced.open_without(lifted)
    usd_per_month = priced.difference(before, after)
    if_alone = priced.difference(priced.open_under(lifted), priced.open_under(frozenset()))
    cheapest = [priced.costs[rows[0]] if rows else None for rows in (after, before)]
    without, with_it = cheapest
    return GatePrice(
        gate=name,
        title=title,
        options_out=sum(bool(closers & lifted) for closers in priced.closers),
        options_out_alone=len(after) - len(before),
        cheapest_without=without.option if without else None,
        cheapest_without_title=without.title if without else "",
        cheapest_with=with_it.option if with_it else None,
        cheapest_with_title=with_it.title if with_it else "",
        usd_per_month=usd_per_month,
        usd_per_month_if_alone=if_alone,
        because=_because(without, with_it, usd_per_month, if_alone),
    )


def _because(
    without: OptionCost | BarredCost | None,
    with_it: OptionCost | BarredCost | None,
    price: Percentiles | None,
    if_alone: Percentiles | None,
) -> str:
    if without is None:
        return "no option with a cost is open even without it"
    if with_it is None or price is None:
        return (
            f"with it no option with a cost is open; without it {spoken(without.title)} at "
            f"{usd(_median(without))} a month would be"
        )
    if without.option != with_it.option:
        return (
            f"{spoken(with_it.title)} in place of {spoken(without.title)}: {usd_band(price)} more"
        )
    same = f"{spoken(with_it.title)} is the cheapest with it and without it"
    if if_alone is not None and if_alone.p50 > 0:
        return f"{same}, as other gates ask no less; as the only one it takes {usd_band(if_alone)}"
    return same


def _order(price: GatePrice) -> tuple[bool, float, int, str]:
    """Order by price, the dearest first; one that closes everything is dearer than any amount."""
    middle = price.usd_per_month.p50 if price.usd_per_month else 0.0
    priceless = price.cheapest_without is not None and price.cheapest_with is None
    return (not priceless, -middle, -price.options_out_alone, price.gate)


def _median(cost: OptionCost | BarredCost) -> float:
    return cost.usd_per_month.p50 if cost.usd_per_month else float("inf")
