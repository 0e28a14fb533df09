"""Number types with their unit, and the only conversions between them."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Unit
from pydantic import Field

DAYS_PER_MONTH = 365.25 / 12
HOURS_PER_MONTH = DAYS_PER_MONTH * 24
BYTES_PER_GIB = 2**30

Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(gt=0)]
TokensPerDay = Annotated[float, Field(ge=0, le=1e13), Unit("tokens/day")]
Tokens = Annotated[float, Field(ge=0, le=1e8), Unit("tokens")]
TokensPerSecond = Annotated[float, Field(ge=0), Unit("tokens/s")]
UsdPerMillionTokens = Annotated[float, Field(ge=0, le=10_000), Unit("USD per million tokens")]
UsdPerHour = Annotated[float, Field(ge=0, le=10_000), Unit("USD/hour")]
UsdPerMonth = Annotated[float, Field(ge=0, le=1e10), Unit("USD/month")]
UsdPerYear = Annotated[float, Field(ge=0, le=1e11), Unit("USD/year")]
Usd = Annotated[float, Field(ge=0, le=1e11), Unit("USD")]
GiB = Annotated[float, Field(ge=0), Unit("GiB")]
Seconds = Annotated[float, Field(ge=0, le=1e7), Unit("s")]
Weeks = Annotated[float, Field(ge=0, le=520), Unit("weeks")]
Share = Annotated[float, Field(ge=0, le=1), Unit("share, 0 to 1")]
Ratio = Annotated[float, Field(gt=0, le=1e6), Unit("ratio")]
Fte = Annotated[float, Field(ge=0, le=100_000), Unit("full-time people")]


def tokens_per_month(tokens_per_day: float) -> float:
    """Return tokens per month of 365.25/12 days.

    Example:
        >>> round(tokens_per_month(1_000_000))
        30437500
    """
    return tokens_per_day * DAYS_PER_MONTH


def tokens_per_second(tokens_per_day: float) -> float:
    """Return the mean tokens per second of a daily volume.

    Example:
        >>> tokens_per_second(86_400)
        1.0
    """
    return tokens_per_day / 86_400


def token_cost_usd(tokens: float, usd_per_million_tokens: float) -> float:
    """Return the cost in USD of so many tokens at a price per million.

    Example:
        >>> token_cost_usd(2_000_000, 3.0)
        6.0
    """
    return tokens * usd_per_million_tokens / 1e6


def monthly_from_hourly_usd(usd_per_hour: float) -> float:
    """Return USD per month of a price per hour that runs all hours.

    Example:
        >>> round(monthly_from_hourly_usd(1.0), 1)
        730.5
    """
    return usd_per_hour * HOURS_PER_MONTH


def gib_from_bytes(count: float) -> float:
    """Return GiB (2**30 bytes) of a number of bytes.

    Example:
        >>> gib_from_bytes(2**31)
        2.0
    """
    return count / BYTES_PER_GIB
