"""Figures in words, the same everywhere in the decision."""

from __future__ import annotations

from playbook.uncertainty import Percentiles

SCALES = ((1e9, "B"), (1e6, "M"), (1e3, "k"))
NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
OWN_SERVERS = "own servers: "


def usd(amount: float) -> str:
    """Return an amount of money with three significant digits, without cents from ten dollars up.

    Example:
        >>> usd(12345.6), usd(1.5), usd(-20), usd(-0.001)
        ('$12.3k', '$1.50', '-$20', '$0.00')
    """
    size = float(f"{abs(amount):.3g}")
    if size < 10:  # noqa: PLR2004  display
        shown = f"{size:.2f}"
        return f"-${shown}" if amount < 0 and float(shown) else f"${shown}"
    shown = _scaled(size) if size >= SCALES[-1][0] else f"{size:.0f}"
    return f"-${shown}" if amount < 0 else f"${shown}"


def usd_band(amounts: Percentiles) -> str:
    """Return the median with its 10th and 90th percentile.

    Example:
        >>> usd_band(Percentiles(p10=100, p50=200, p90=300))
        '$200 (P10 $100, P90 $300) a month'
    """
    return f"{usd(amounts.p50)} (P10 {usd(amounts.p10)}, P90 {usd(amounts.p90)}) a month"


def tokens_a_day(count: float) -> str:
    """Return a volume in thousands, millions or billions of tokens a day, three digits.

    Example:
        >>> tokens_a_day(2_500_000), tokens_a_day(300_000), tokens_a_day(2.6391e10)
        ('2.5M tokens/day', '300k tokens/day', '26.4B tokens/day')
    """
    return f"{_scaled(float(f'{count:.3g}'))} tokens/day"


def _scaled(rounded: float) -> str:
    scale, letter = next((one for one in SCALES if rounded >= one[0]), (1.0, ""))
    return f"{rounded / scale:.4f}".rstrip("0").rstrip(".") + letter


def percent(share: float) -> str:
    """Return a share as a percentage, one that rounds to nothing as 0%.

    Example:
        >>> percent(0.953), percent(0.8), percent(-1e-18)
        ('95.3%', '80%', '0%')
    """
    shown = round(100 * share, 4)
    return f"{shown + 0.0:.3g}%"


def count_of(number: int, noun: str) -> str:
    """Return a number in words with its noun, in figures from thirteen.

    Example:
        >>> count_of(1, "condition"), count_of(3, "condition")
        ('one condition', 'three conditions')
    """
    said = NUMBERS[number] if number < len(NUMBERS) else str(number)
    return f"{said} {noun}" if number == 1 else f"{said} {noun}s"


def spoken(title: str) -> str:
    """Return an option's title as it reads within a sentence.

    Example:
        >>> spoken("Claude Haiku 4.5, Amazon Bedrock, EU")
        'Claude Haiku 4.5 over Amazon Bedrock (EU)'
        >>> spoken("gpt-oss-120b, own servers: own network, bought machines")
        'gpt-oss-120b on own servers (own network, bought machines)'
    """
    model, _, where = title.partition(", ")
    if where.startswith(OWN_SERVERS):
        return f"{model} on own servers ({where.removeprefix(OWN_SERVERS)})"
    host, _, part = where.partition(", ")
    over = f"{model} over {host}" if host else model
    return f"{over} ({part})" if part else over


def clipped(text: str, words: int) -> str:
    """Return a text cut to so many words, with a mark where it was cut.

    Example:
        >>> clipped("one two three four", 3)
        'one two three …'
    """
    parts = text.split()
    return text if len(parts) <= words else " ".join([*parts[:words], "…"])


def listed(names: list[str], *, most: int = 3) -> str:
    """Return some names in a row, the rest counted.

    Example:
        >>> listed(["a", "b", "c", "d"], most=2)
        'a, b and 2 more'
    """
    shown = ", ".join(names[:most])
    rest = len(names) - most
    return f"{shown} and {rest} more" if rest > 0 else shown
