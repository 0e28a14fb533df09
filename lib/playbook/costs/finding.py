"""The break-even in a sentence, with what the rule of thumb says of the same question."""

from __future__ import annotations

from dataclasses import dataclass

from playbook.uncertainty import Percentiles

SURE_BELOW, SURE_ABOVE = 0.1, 0.9
FACTOR_WORTH_SAYING = 1.5
TEN, HUNDRED = 10, 100


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

    spread: Percentiles | None
    """First crossing over the draws that cross, tokens/day."""
    share_of_draws: float
    """Share of draws that cross."""
    lost_again: bool
    """Whether the saving is lost again at a higher volume, likely inputs."""
    lowest: float
    """Lower end of the range, tokens/day."""
    highest: float
    """Upper end of the range, tokens/day."""
    never_above: float | None = None
    """Highest volume at which own servers are cheaper, likely inputs; None where they stay so."""


def crosses(share_of_draws: float) -> bool:
    """Return whether enough draws cross to speak of a break-even at all."""
    return share_of_draws > SURE_BELOW


def volume_words(tokens_per_day: float) -> str:
    """Return a volume with two significant digits, three from 100 on, and its unit word.

    Example:
        >>> volume_words(38_613_000)
        '39M tokens/day'
        >>> volume_words(1.04e9)
        '1.0B tokens/day'
        >>> volume_words(106e6)
        '106M tokens/day'
    """
    return f"{_volume(tokens_per_day)} tokens/day"


def _volume(tokens_per_day: float) -> str:
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if tokens_per_day >= size * 0.9995:
            return f"{_digits(tokens_per_day / size)}{letter}"
    return _two_digits(tokens_per_day)


def _digits(value: float) -> str:
    return f"{value:.0f}" if value >= HUNDRED else _two_digits(value)


def finding_of(found: Found, rule: Rule, *, own: str, api: str) -> str:
    """Return two or three sentences: the crossing, how sure it is, and the rule's verdict.

    The volume, its interval and the rule's verdict all come from one statistic, the first crossing
    over the draws that cross.
    """
    said = f"The rule of thumb sees own weights ahead above {volume_words(rule.open_weights_above)}"
    if found.spread is None or not crosses(found.share_of_draws):
        return (
            f"Never up to {volume_words(found.highest)}: {own} stays dearer than {api} "
            f"({found.share_of_draws:.0%} of draws cross). {said}: not against this price."
        )
    lost = ""
    if found.lost_again:
        lost = " With likely inputs the saving is lost again at some larger volumes."
    if found.never_above is not None:
        lost = f" With likely inputs never above {volume_words(found.never_above)}."
    here = "here" if found.share_of_draws >= SURE_ABOVE else "in the draws that cross"
    verdict = _verdict(found.spread.p50, rule, said=said, here=here)
    return f"{_crossing(found, found.spread, own=own, api=api)}{lost} {verdict}"


def _crossing(found: Found, spread: Percentiles, *, own: str, api: str) -> str:
    always = spread.p50 <= found.lowest
    at = "from the lowest volume considered," if always else "at"
    interval = f"[{_volume(spread.p10)}, {_volume(spread.p90)}]"
    volume = f"{at} {volume_words(spread.p50)} {interval}"
    if found.share_of_draws >= SURE_ABOVE:
        return (
            f"{own} gets cheaper than {api} {volume} "
            f"(median [p10, p90] of the draws that cross: {found.share_of_draws:.0%})."
        )
    return (
        f"In {found.share_of_draws:.0%} of the draws {own} gets cheaper than {api}, first {volume} "
        f"(median [p10, p90] of these draws); in the others never up to "
        f"{volume_words(found.highest)}."
    )


def _verdict(crossing: float, rule: Rule, *, said: str, here: str) -> str:
    if crossing > rule.open_weights_above:
        factor = crossing / rule.open_weights_above
        if factor < FACTOR_WORTH_SAYING:
            return f"{said}: about right {here}."
        return f"{said}: too early {here} by a factor of {_two_digits(factor)}."
    if crossing < rule.api_below:
        return (
            f"The rule of thumb sees an API ahead below {volume_words(rule.api_below)}: "
            f"too late {here} by a factor of {_two_digits(rule.api_below / crossing)}."
        )
    return f"{said} and an API below {volume_words(rule.api_below)}: this agrees."


def _two_digits(value: float) -> str:
    if value <= 0:
        return "0"
    rounded = float(f"{value:.1e}")
    return f"{rounded:,.{1 if rounded < TEN else 0}f}"
