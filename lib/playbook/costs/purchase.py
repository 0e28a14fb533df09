"""How rented GPUs are paid: on demand, on a commitment, on spot, and for which hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from playbook.catalog import GpuOffer
from playbook.costs.load import WEEK_HOURS, Load
from playbook.costs.scenarios import Scenarios
from playbook.uncertainty import Estimate, Samples
from playbook.units import HOURS_PER_MONTH

SPOT_PRICE_OF = "spot price of "
"""How the draws of a spot price are named, before GPU and place."""
MINUTES_PER_HOUR = 60
SECONDS_PER_MINUTE = 60


@dataclass(frozen=True)
class Mix:
    """Shares of rented GPUs by the way they are bought, in every scenario; they add up to 1."""

    reserved: Samples
    """On a commitment: paid at all hours."""
    spot: Samples
    """May be taken away."""
    on_demand: Samples
    """The rest."""
    discount: Samples
    """Of the commitment, share of the on-demand price."""
    overhead: Samples
    """Extra machine time of spot for restarts."""
    words: str
    """The mix in words."""


@dataclass(frozen=True)
class PaidHours:
    """For which hours GPUs without a commitment are paid."""

    share: Samples
    """Share of all hours, cold starts included."""
    levels: tuple[tuple[float, float], ...]
    """Load levels and their shares of those hours where machines follow the load; else empty."""
    words: str
    """The hours in words."""
    cold_start: str = ""
    """What the first call after a stop meets; empty where nothing stops."""


def purchase_mix(scenarios: Scenarios) -> Mix:
    """Return the team's mix; a discount without any share is that of all rented GPUs."""
    asked = scenarios.profile.infrastructure
    none = scenarios.zeros()
    if asked.gpu_discount > 0 and asked.share_reserved.high <= 0 and asked.share_spot.high <= 0:
        reserved, spot = none + 1, none
    else:
        reserved = _share(scenarios, "share_reserved", asked.share_reserved)
        spot = _share(scenarios, "share_spot", asked.share_spot)
    too_much = np.maximum(reserved + spot, 1.0)
    reserved, spot = reserved / too_much, spot / too_much
    interruption = "servers.spot_interruption_share"
    return Mix(
        reserved=reserved,
        spot=spot,
        on_demand=np.maximum(1.0 - reserved - spot, 0.0),
        discount=_discount(scenarios) if float(reserved.max()) > 0 else none,
        overhead=scenarios.assumption(interruption) if float(spot.max()) > 0 else none,
        words=_words(float(reserved[0]), float(spot[0])),
    )


def all_hours(scenarios: Scenarios) -> PaidHours:
    """Return that every hour is paid, as for bought machines."""
    said = f"all {HOURS_PER_MONTH:g} hours of a month are paid, busy or not"
    return PaidHours(share=scenarios.zeros() + 1, levels=(), words=said)


def paid_hours(scenarios: Scenarios, load: Load) -> PaidHours:
    """Return for which hours on-demand and spot GPUs are paid.

    All hours, unless the team lets them stop without traffic (`min_replicas: 0`, and then the
    hours with traffic and a cold start before each) or follow the load of each hour.
    """
    asked = scenarios.profile.infrastructure
    share, said, cold_start = scenarios.zeros() + 1, all_hours(scenarios).words, ""
    stops = asked.min_replicas == 0 and load.share_of_hours < 1
    if stops:
        minutes = scenarios.assumption("servers.cold_start_minutes")
        starting = load.starts_per_week * minutes / MINUTES_PER_HOUR / WEEK_HOURS
        share = np.minimum(load.share_of_hours + starting, 1.0)
        said = (
            f"{share[0] * HOURS_PER_MONTH:.0f} of {HOURS_PER_MONTH:g} hours of a month are paid: "
            f"those with traffic and {load.starts_per_week} cold starts a week"
        )
        cold_start = _cold_start(float(minutes[0]), scenarios.profile.workload.first_token_p95_s)
    levels = load.levels(idle_hours=not stops) if asked.scales_by_hour else ()
    if levels:
        said += "; in each only the replicas that its load needs"
    return PaidHours(share=share, levels=levels, words=said, cold_start=cold_start)


def spot_usd_per_gpu_hour(scenarios: Scenarios, offers: Sequence[GpuOffer]) -> Samples | None:
    """Return the spot price of a GPU in a place, drawn evenly between the lowest and highest seen.

    Args:
        scenarios: Profile, facts and draws.
        offers: All offers of one GPU in one place.

    Returns:
        USD per GPU-hour, or None where no spot price was seen.
    """
    seen = [one for one in offers if one.spot_usd_per_gpu_hour is not None]
    prices = [one.spot_usd_per_gpu_hour for one in seen if one.spot_usd_per_gpu_hour is not None]
    if not seen:
        return None
    return scenarios.between(
        f"{SPOT_PRICE_OF}{seen[0].gpu} in {seen[0].place}",
        Estimate(low=min(prices), likely=median(prices), high=max(prices)),
        unit="USD per GPU-hour",
        sources=list(dict.fromkeys(one.source for one in seen)),
    )


def _cold_start(minutes: float, allowed_s: float) -> str:
    """Return what the first call after a stop meets, and whether that is within the limit."""
    misses = minutes * SECONDS_PER_MINUTE > allowed_s
    verb = "misses" if misses else "meets"
    return (
        f"the first call after a stop {verb} the first-token limit: it waits {minutes:g} minutes "
        f"for a cold start, {allowed_s:g} s are allowed"
    )


def _discount(scenarios: Scenarios) -> Samples:
    agreed = scenarios.profile.infrastructure.gpu_discount
    if agreed > 0:
        return scenarios.answer("infrastructure.gpu_discount", agreed, unit="share")
    return scenarios.assumption("servers.reserved_discount_share")


def _share(scenarios: Scenarios, name: str, value: Estimate) -> Samples:
    if value.high <= 0:
        return scenarios.zeros()
    return scenarios.answer(f"infrastructure.{name}", value, unit="share of GPUs")


def _words(reserved: float, spot: float) -> str:
    shares = {"reserved": reserved, "spot": spot, "on demand": 1 - reserved - spot}
    return ", ".join(f"{share:.0%} {how}" for how, share in shares.items() if share > 1e-9)  # noqa: PLR2004  float dust
