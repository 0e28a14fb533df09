"""One row of the result for each kind of option: components, draws, percentiles, provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from playbook.catalog import Option, Price, PriceDisagreement
from playbook.costs.answers import TokenLoad
from playbook.costs.api import ApiBill
from playbook.costs.records import Deployment, OptionCost
from playbook.costs.self_hosted import Plan, deployment_of
from playbook.costs.tokens import TokenFlow
from playbook.provenance import WARN_AFTER_DAYS, Provenance, days_old, weakest
from playbook.uncertainty import Percentiles, Samples, percentiles, percentiles_of_rows
from playbook.units import DAYS_PER_MONTH

SIGNIFICANT_DIGITS = 4


@dataclass(frozen=True)
class Work:
    """The work of which options are the cost."""

    volume: Samples
    """Tokens/day in the team's own count, in every scenario."""
    own_tokens_per_answer: float
    """Tokens of one answer in that count, all calls of its task together."""

    @property
    def answers_per_month(self) -> Samples:
        """Return answers asked for a month, in every scenario."""
        return self.volume * DAYS_PER_MONTH / self.own_tokens_per_answer


def api_cost(  # noqa: PLR0913  what an API's bill rests on, each named
    option: Option,
    price: Price,
    bill: ApiBill,
    *,
    work: Work,
    load: TokenLoad,
    notes: str = "",
    contradicted: PriceDisagreement | None = None,
) -> OptionCost:
    """Return the cost of an API option for the work drawn."""
    said = contradicted.words() if contradicted else ""
    because = (
        f"list price per million tokens: {price.input_usd_per_million_tokens:g} USD in, "
        f"{price.output_usd_per_million_tokens:g} USD out, seen {price.since.isoformat()}{notes}"
        + (f"; sources differ, and the cost is drawn between them: {said}" if said else "")
    )
    return _priced(
        option,
        bill.parts(work.volume),
        work,
        load=load,
        because=because,
        provenance=weakest([Provenance.COMPUTED, price.source.provenance]),
        price_source=price.source.cite(),
    ).changed(price_contradicted=said)


def notes(price: Price, ends: date | None, as_of: date, *, to_come: Sequence[str] = ()) -> str:
    """Return what a reader must know of a price on a day: old, first seen later, offer ended.

    Args:
        price: The price in force.
        ends: End of the offer, if announced.
        as_of: The day.
        to_come: Prices announced for later days, in words.
    """
    age = days_old(price.source, as_of=as_of)
    found = [f"the price is {age} days old"] if age > WARN_AFTER_DAYS else []
    if price.since > as_of:
        found.append("first seen after the day of this estimate")
    if ends is not None:
        found.append(f"the offer {'ended' if ends <= as_of else 'ends'} {ends.isoformat()}")
    found += to_come
    return "".join(f"; {note}" for note in found)


def own_cost(
    option: Option, plan: Plan, *, flow: TokenFlow, work: Work, load: TokenLoad
) -> OptionCost:
    """Return the cost of an own-server option for the work drawn.

    Args:
        option: The option.
        plan: Its servers in all scenarios; their stairs count volume in the team's own tokens.
        flow: The mean call.
        work: The work.
        load: Tokens that reach the servers for each of the team's own.
    """
    found = deployment_of(plan, flow, float(work.volume[0]))
    deployment = found.changed(utilisation=found.utilisation * float(load.factor[0]))
    engine = plan.sized.replica.engine
    because = (
        f"{deployment.replicas} replicas of {deployment.gpus_per_replica} x "
        f"{deployment.gpu_title} under {engine.title}, {deployment.replicas_for_peak} for the "
        f"peak; {deployment.hours_paid} ({deployment.purchase}); {deployment.staffing}"
    )
    if deployment.cold_start:
        because += f"; {deployment.cold_start}"
    words = [deployment.capacity_provenance, engine.source.provenance, plan.servers.provenance]
    return _priced(
        option,
        plan.parts(work.volume),
        work,
        load=load,
        because=because,
        provenance=weakest(words),
        price_source=plan.servers.citation,
        deployment=deployment,
    )


def unpriced(option: Option, because: str) -> OptionCost:
    """Return an option without a cost, with the reason."""
    return OptionCost(
        option=option.id,
        title=option.title,
        lane=option.lane,
        model=option.model,
        priced=False,
        because=because,
        usd_per_month=None,
        usd_per_million_tokens=None,
        components={},
        draws_usd_per_month=(),
        provenance=Provenance.COMPUTED,
        deployment=None,
        price_source="",
    )


def round_significant(values: Samples) -> Samples:
    """Return values with four significant digits.

    Example:
        >>> round_significant(np.array([123456.0, 0.0, 0.012344])).tolist()
        [123500.0, 0.0, 0.01234]
    """
    with np.errstate(divide="ignore"):
        size = np.where(values > 0, np.floor(np.log10(np.abs(values))), 0.0)
    scale = 10.0 ** (SIGNIFICANT_DIGITS - 1 - size)
    return np.round(values * scale) / scale


def _priced(  # noqa: PLR0913  the fields that differ between lanes
    option: Option,
    components: Mapping[str, Samples],
    work: Work,
    *,
    load: TokenLoad,
    because: str,
    provenance: Provenance,
    price_source: str,
    deployment: Deployment | None = None,
) -> OptionCost:
    volume, over_own = work.volume, load.tokens.over_own
    total = sum(components.values(), np.zeros_like(volume))
    return OptionCost(
        option=option.id,
        title=option.title,
        lane=option.lane,
        model=option.model,
        priced=True,
        because=because,
        usd_per_month=percentiles(total[1:]),
        usd_per_million_tokens=_per_million(total, volume),
        usd_per_successful_answer=_per_answer(total, work) if load.success.answers else None,
        success=load.success.words,
        tokens_over_own=percentiles(over_own[1:]),
        tokens_provenance=load.tokens.provenance,
        components=_by_component(components, volume),
        draws_usd_per_month=tuple(round_significant(total[1:]).tolist()),
        provenance=provenance,
        deployment=deployment,
        price_source=price_source,
    )


def _by_component(components: Mapping[str, Samples], volume: Samples) -> dict[str, Percentiles]:
    rows = np.stack([np.broadcast_to(part, volume.shape)[1:] for part in components.values()])
    return dict(zip(components, percentiles_of_rows(rows), strict=True))


def _per_answer(total: Samples, work: Work) -> Percentiles | None:
    if float(work.volume.min()) <= 0:
        return None
    return percentiles(total[1:] / work.answers_per_month[1:])


def _per_million(total: Samples, volume: Samples) -> Percentiles | None:
    if float(volume.min()) < 1:
        return None
    return percentiles(total[1:] / (volume[1:] * DAYS_PER_MONTH) * 1e6)
