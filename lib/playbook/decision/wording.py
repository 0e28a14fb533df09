"""Figures in words, the same everywhere in the decision."""

from __future__ import annotations

from playbook.uncertainty import Percentiles

MILLION, THOUSAND = 1e6, 1e3


def usd(amount: float) -> str:
    """Return an amount of money, without cents from ten dollars up.

    Example:
        >>> usd(12345.6), usd(1.5), usd(-20)
        ('$12,346', '$1.50', '-$20')
    """
    sign = "-" if amount < 0 else ""
    size = abs(amount)
    return f"{sign}${size:,.0f}" if size >= 10 else f"{sign}${size:,.2f}"  # noqa: PLR2004  display


def usd_band(amounts: Percentiles) -> str:
    """Return the median with its 10th and 90th percentile.

    Example:
        >>> usd_band(Percentiles(p10=100, p50=200, p90=300))
        '$200 (P10 $100, P90 $300) a month'
    """
    return f"{usd(amounts.p50)} (P10 {usd(amounts.p10)}, P90 {usd(amounts.p90)}) a month"


def tokens_a_day(count: float) -> str:
    """Return a volume in thousands or millions of tokens a day.

    Example:
        >>> tokens_a_day(2_500_000), tokens_a_day(300_000)
        ('2.5M tokens/day', '300k tokens/day')
    """
    if count >= MILLION:
        return f"{count / MILLION:,.4g}M tokens/day"
    return f"{count / THOUSAND:,.4g}k tokens/day"


def percent(share: float) -> str:
    """Return a share as a percentage.

    Example:
        >>> percent(0.953), percent(0.8)
        ('95.3%', '80%')
    """
    return f"{100 * share:.3g}%"


def listed(names: list[str], *, most: int = 3) -> str:
    """Return some names in a row, the rest counted.

    Example:
        >>> listed(["a", "b", "c", "d"], most=2)
        'a, b and 2 more'
    """
    shown = ", ".join(names[:most])
    rest = len(names) - most
    return f"{shown} and {rest} more" if rest > 0 else shown
