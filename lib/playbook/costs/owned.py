"""What an hour of a bought GPU costs: write-off, capital, power, floor, spares and support."""

from __future__ import annotations

import numpy as np

from playbook.uncertainty import Samples
from playbook.units import HOURS_PER_MONTH

HOURS_PER_YEAR = HOURS_PER_MONTH * 12
NOTHING = np.zeros(1)


def owned_usd_per_gpu_hour(  # noqa: PLR0913  each is one line of the bill
    *,
    purchase_usd: Samples,
    life_years: Samples,
    residual_share: Samples,
    capital_share_per_year: Samples,
    power_kw: Samples,
    power_usage_effectiveness: Samples,
    usd_per_kwh: Samples,
    colocation_usd_per_kw_month: Samples,
    provisioned_kw: Samples | None = None,
    spare_share: Samples = NOTHING,
    support_share_per_year: Samples = NOTHING,
) -> Samples:
    """Return the cost of a bought GPU for each hour that it stands there, busy or not.

    Write-off to the residual value in equal parts, interest on what is still tied up, electricity
    with the data centre's share, floor space by the power that is provided, spare parts, support.

    Interest is due on the book value that remains. Written off in equal parts it falls from the
    price P to the residual value r x P, so on the mean P x (1 + r) / 2 is tied up. (Interest on P
    for the whole life, as rules of thumb have it, counts money that has been written off.) The
    exact annuity that pays P back with interest, less the residual value, is within 2% of it.

    Args:
        purchase_usd: Purchase of one GPU with its share of node and network.
        life_years: Years of use.
        residual_share: Share of the purchase price left at the end.
        capital_share_per_year: Cost of capital, share a year of what is tied up.
        power_kw: Mean draw of one GPU with its share of the host.
        power_usage_effectiveness: Power of the data centre over that of its servers.
        usd_per_kwh: Electricity.
        colocation_usd_per_kw_month: Floor space and cooling plant.
        provisioned_kw: Power at full load, which the floor must provide; the mean draw if left out.
        spare_share: Spare parts and hardware that stands broken, share of the purchase.
        support_share_per_year: Support and maintenance contract, share of the purchase a year.
    """
    bought = purchase_usd * (1 + spare_share)
    write_off = bought * (1 - residual_share) / life_years / HOURS_PER_YEAR
    tied_up = bought * (1 + residual_share) / 2
    capital = tied_up * capital_share_per_year / HOURS_PER_YEAR
    support = purchase_usd * support_share_per_year / HOURS_PER_YEAR
    power = power_kw * power_usage_effectiveness * usd_per_kwh
    floor_kw = power_kw if provisioned_kw is None else provisioned_kw
    floor = floor_kw * colocation_usd_per_kw_month / HOURS_PER_MONTH
    return write_off + capital + support + power + floor
