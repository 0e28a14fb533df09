"""The break-even in a sentence, with what the rule of thumb says of the same question."""

from __future__ import annotations

from dataclasses import dataclass

from playbook.uncertainty import Percentiles

SURE_BELOW, SURE_ABOVE = 0.1, 0.9
FACTOR_WORTH_SAYING = 1.5
TEN = 10


@dataclass(frozen=True)
class Rule:
    """The rule of thumb: below one volume an API, above another open weights."""

    api_below: float
    """Tokens/day."""
    open_weights_above: float
    """Tokens/day."""


@dataclass(frozen=True)
class Found:
    """What was solved."""

    likely: float | None
    """First crossing with likely inputs, tokens/day."""
    spread: Percentiles | None
    """First crossing over the draws that cross, tokens/day."""
    share_of_draws: float
    """Share of draws that cross."""
    lost_again: bool
    """Whether the saving is lost again at a higher volume."""
    lowest: float
    """Lower end of the range, tokens/day."""
    highest: float
    """Upper end of the range, tokens/day."""


def volume_words(tokens_per_day: float) -> str:
    """Return a volume with two significant digits and its unit word.

    Example:
        >>> volume_words(38_613_000)
        '39M tokens/day'
        >>> volume_words(1.04e9)
        '1.0B tokens/day'
    """
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if tokens_per_day >= size * 0.9995:
            return f"{_two_digits(tokens_per_day / size)}{letter} tokens/day"
    return f"{_two_digits(tokens_per_day)} tokens/day"


def finding_of(found: Found, rule: Rule, *, own: str, api: str) -> str:
    """Return one to three sentences: the crossing, how sure it is, and the rule's verdict."""
    return f"{_crossing(found, own, api)} {_verdict(found, rule)}"


def _crossing(found: Found, own: str, api: str) -> str:
    sure = f"{found.share_of_draws:.0%} of draws cross"
    if SURE_BELOW < found.share_of_draws < SURE_ABOVE:
        sure = f"too close to call: {sure}"
    if found.likely is None:
        highest = volume_words(found.highest)
        return f"Never up to {highest}: {own} stays dearer than {api} ({sure})."
    lost = ", and the saving is lost again at some larger volumes" if found.lost_again else ""
    if found.likely <= found.lowest:
        at = f"from the lowest volume considered, {volume_words(found.lowest)}"
    else:
        at = f"at {volume_words(found.likely)}"
    return f"{own} gets cheaper than {api} {at} ({_spread(found)}{sure}){lost}."


def _spread(found: Found) -> str:
    if found.spread is None:
        return ""
    low, high = volume_words(found.spread.p10), volume_words(found.spread.p90)
    return f"80% of crossings from {low} to {high}; "


def _verdict(found: Found, rule: Rule) -> str:
    said = f"The rule of thumb sees own weights ahead above {volume_words(rule.open_weights_above)}"
    if found.likely is None:
        return f"{said}: not against this price."
    if found.likely > rule.open_weights_above:
        factor = found.likely / rule.open_weights_above
        if factor < FACTOR_WORTH_SAYING:
            return f"{said}: about right here."
        return f"{said}: too early here by a factor of {_two_digits(factor)}."
    if found.likely < rule.api_below:
        return (
            f"The rule of thumb sees an API ahead below {volume_words(rule.api_below)}: "
            f"too late here by a factor of {_two_digits(rule.api_below / found.likely)}."
        )
    return f"{said} and an API below {volume_words(rule.api_below)}: this agrees."


def _two_digits(value: float) -> str:
    if value <= 0:
        return "0"
    rounded = float(f"{value:.1e}")
    return f"{rounded:,.{1 if rounded < TEN else 0}f}"
