"""Which own-server options are worth comparing with which APIs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from playbook.catalog import Catalog, Option
from playbook.catalog.ageing import retirement
from playbook.costs.records import OptionCost
from playbook.vocabulary import Lane

SMALL_BELOW_BILLION = 20.0
"""Weights below this size run on one small GPU; the two sizes have different break-evens."""
NEARLY_SAME_COST = 1.01
DAYS_OF_A_NEW_MODEL = 365


def instructive_pairs(
    catalog: Catalog, costs: Sequence[OptionCost], options: Mapping[str, Option], *, as_of: date
) -> tuple[tuple[Option, Option], ...]:
    """Return pairs of an own-server option and an API: what a team asks about first.

    A small and a large open model, each at its cheapest and the most capable of equally dear
    ones, against three commercial APIs (the dearest of a model released within a year, the median,
    the cheapest) and the cheapest host of the same weights, else of any open weights. Where
    neither model has a host and another one has, the cheapest of those is compared with it.
    """
    priced = [cost for cost in costs if cost.priced]
    current = [cost for cost in priced if is_offered(catalog, options[cost.option], as_of)]
    apis = [cost for cost in current if cost.lane is not Lane.SELF_HOSTED]
    pairs: dict[tuple[str, str], None] = {}
    for own in _own_sides(catalog, current):
        for api in _api_sides(catalog, apis, own.model, as_of):
            pairs[own.option, api.option] = None
    same = [pair for pair in _same_weights(current) if pair not in pairs]
    shared = any(options[own].model == options[api].model for own, api in pairs)
    chosen = [*pairs, *([] if shared else same[:1])]
    return tuple((options[own], options[api]) for own, api in chosen)


def _same_weights(costs: Sequence[OptionCost]) -> list[tuple[str, str]]:
    """Return own-server options with the cheapest host of their weights, cheapest first."""
    hosts: dict[str, OptionCost] = {}
    for one in sorted(costs, key=_usd, reverse=True):
        if one.lane is not Lane.SELF_HOSTED:
            hosts[one.model] = one
    own = sorted((one for one in costs if one.lane is Lane.SELF_HOSTED), key=_usd)
    return [(one.option, hosts[one.model].option) for one in own if one.model in hosts]


def _own_sides(catalog: Catalog, costs: Sequence[OptionCost]) -> list[OptionCost]:
    own = [cost for cost in costs if cost.lane is Lane.SELF_HOSTED]
    small = [cost for cost in own if _size(catalog, cost) < SMALL_BELOW_BILLION]
    large = [cost for cost in own if _size(catalog, cost) >= SMALL_BELOW_BILLION]
    return [_best_of_cheapest(catalog, side) for side in (small, large) if side]


def _api_sides(
    catalog: Catalog, apis: Sequence[OptionCost], model: str, as_of: date
) -> list[OptionCost]:
    commercial = sorted((cost for cost in apis if cost.lane is Lane.FRONTIER_API), key=_usd)
    hosts = [cost for cost in apis if cost.model == model]
    sides = []
    if commercial:
        recent = [cost for cost in commercial if _is_recent(catalog, cost, as_of)] or commercial
        sides = [recent[-1], commercial[len(commercial) // 2], commercial[0]]
    hosts = hosts or [cost for cost in apis if cost.lane is Lane.HOSTED_OPEN_WEIGHTS]
    return [*sides, min(hosts, key=_usd)] if hosts else sides


def _is_recent(catalog: Catalog, cost: OptionCost, as_of: date) -> bool:
    released = catalog.model(cost.model).released
    return released is not None and (as_of - released).days <= DAYS_OF_A_NEW_MODEL


def _best_of_cheapest(catalog: Catalog, costs: Sequence[OptionCost]) -> OptionCost:
    limit = min(map(_usd, costs)) * NEARLY_SAME_COST
    nearly = [cost for cost in costs if _usd(cost) <= limit]
    return max(nearly, key=lambda cost: (_capability(catalog, cost), -_usd(cost)))


def _capability(catalog: Catalog, cost: OptionCost) -> tuple[float, float]:
    capability = catalog.capability_of(catalog.model(cost.model))
    return (capability.index if capability else float("-inf"), _usd(cost))


def _size(catalog: Catalog, cost: OptionCost) -> float:
    return catalog.model(cost.model).parameters_billion or 0.0


def _usd(cost: OptionCost) -> float:
    return cost.usd_per_month.p50 if cost.usd_per_month else float("inf")


def is_offered(catalog: Catalog, option: Option, as_of: date) -> bool:
    """Return whether an option can still be had on a day: its offer has not ended."""
    ends = retirement(catalog, option)
    return ends is None or ends > as_of
