from __future__ import annotations

import pytest
from pydantic import ValidationError

from playbook.catalog import PriceList, PriceTier


def a_tier(above: int) -> PriceTier:
    return PriceTier(
        above_input_tokens=above,
        input_usd_per_million_tokens=4,
        output_usd_per_million_tokens=16,
    )


@pytest.mark.parametrize("thresholds", [(272_000, 200_000), (200_000, 200_000)])
def test_tiers_out_of_order_are_refused(thresholds: tuple[int, ...]) -> None:
    tiers = tuple(a_tier(above) for above in thresholds)

    with pytest.raises(ValidationError, match="ascending thresholds above_input_tokens"):
        PriceList(input_usd_per_million_tokens=2, output_usd_per_million_tokens=8, tiers=tiers)


@pytest.mark.parametrize("above", [0, -1])
def test_a_tier_begins_above_some_token(above: int) -> None:
    with pytest.raises(ValidationError):
        a_tier(above)
