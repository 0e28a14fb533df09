"""How many prompts: for a share to a margin, for two endpoints to a verdict.

Sources:
    Paired shares by the score test: J. Nam, Biometrics 53 (1997) 1422-1430, section 3; by the plain
    one: J. Connor, Biometrics 43 (1987) 207-211. Equivalence without a difference:
    half of the miss on each side, as in S. Julious, Statistics in Medicine 23 (2004) 1921-1986,
    section 5. Design effect: L. Kish, Survey Sampling (1965), section 8.2.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from playbook.trials.statistics.equivalence import ONE_SIDED
from playbook.trials.statistics.intervals import effective_size, wilson
from playbook.trials.statistics.paired import Pairs, restrained_share

POWER = 0.8
MOST_PROMPTS = 1_000_000
_NORMAL = NormalDist()


def pairs_needed(  # noqa: PLR0913  the inputs of a sample size, by name
    discordant: float,
    margin: float,
    *,
    difference: float = 0.0,
    power: float = POWER,
    one_sided: float = ONE_SIDED,
    equivalence: bool = False,
    design_effect: float = 1.0,
    by_score: bool = True,
) -> int | None:
    """Return the prompts that two endpoints must share for a verdict by a margin.

    Args:
        discordant: Share of prompts that only one of them passes.
        margin: Difference in pass rate that still counts as equal.
        difference: True difference in pass rate, if any; towards the margin it costs prompts.
        power: Chance of a verdict.
        one_sided: Error of each one-sided test; 2.5% goes with 95% intervals.
        equivalence: Whether both sides are to be shown, not only that one is not inferior.
        design_effect: How many clustered prompts are worth an independent one.
        by_score: Whether Tango's interval gives the verdict, as it does here; else the plain one,
            for which textbooks give a tenth fewer prompts.

    Returns:
        The number; None where the difference is the margin, or a million would not do.

    Example:
        >>> pairs_needed(0.1, 0.05, one_sided=0.05, by_score=False)
        247
    """
    gap = abs(margin - abs(difference))
    if not gap:
        return None
    at_margin, true = _spreads(discordant, margin, abs(difference))
    both = equivalence and not difference
    reach = _NORMAL.inv_cdf((1 + power) / 2 if both else power) * math.sqrt(true)
    reach += _NORMAL.inv_cdf(1 - one_sided) * math.sqrt(at_margin if by_score else true)
    found = (reach / gap) ** 2 * design_effect
    return max(1, round(found)) if found <= MOST_PROMPTS else None


def _spreads(discordant: float, margin: float, worse_by: float) -> tuple[float, float]:
    """Return the variance of one pair's difference, as it would be at the margin and as it is."""
    discordant = max(discordant, worse_by)
    only_first, only_second = (discordant - worse_by) / 2, (discordant + worse_by) / 2
    share = restrained_share(only_first, only_second, 1.0, -margin)
    return max(0.0, 2 * share - margin * (1 + margin)), max(0.0, discordant - worse_by**2)


def power_of_pairs(
    n: int, discordant: float, margin: float, *, difference: float = 0.0, design_effect: float = 1.0
) -> float:
    """Return the chance that so many shared prompts show non-inferiority by a margin.

    Args:
        n: Prompts.
        discordant: Share of prompts that only one endpoint passes.
        margin: Difference in pass rate that still counts as equal.
        difference: True pass rate of the first less that of the second.
        design_effect: How many clustered prompts are worth an independent one.
    """
    at_margin, true = _spreads(discordant, margin, -difference)
    reach = (margin + difference) * math.sqrt(n / design_effect)
    reach -= _NORMAL.inv_cdf(1 - ONE_SIDED) * math.sqrt(at_margin)
    return _NORMAL.cdf(reach / math.sqrt(true)) if true else float(reach > 0)


def prompts_needed(share: float, half_width: float, *, design_effect: float = 1.0) -> int:
    """Return the prompts after which Wilson's interval of a share is within so much on each side.

    Args:
        share: Pass rate expected.
        half_width: Half of the interval's width.
        design_effect: How many clustered prompts are worth an independent one.

    Example:
        >>> prompts_needed(0.5, 0.05)
        381
    """
    low, high = 1, MOST_PROMPTS
    while low < high:
        middle = (low + high) // 2
        bottom, top = wilson(share * middle, middle)
        low, high = (low, middle) if (top - bottom) / 2 <= half_width else (middle + 1, high)
    return math.ceil(low * design_effect)


def pairs_to_settle(pairs: Pairs, *, margin: float) -> int | None:
    """Return after how many shared prompts a comparison would probably be settled by a margin.

    Difference, discordance and likeness within groups are taken as they were seen, with half an
    observation more in each cell. Where the difference seen is beyond the margin, it is the number
    that would show that. An answer below the number seen means that chance was unkind.

    Args:
        pairs: Outcomes so far; at least one.
        margin: Difference in pass rate that still counts as equal.

    Returns:
        The number; None where the difference seen is the margin, or a million would not do.
    """
    n = len(pairs.first)
    only_first, only_second = pairs.only_first + 0.5, pairs.only_second + 0.5
    discordant = (only_first + only_second) / (n + 2)
    difference = (only_first - only_second) / (n + 2)
    return pairs_needed(
        discordant,
        margin,
        difference=difference,
        equivalence=True,
        design_effect=max(1.0, n / effective_pairs(pairs)),
    )


def effective_pairs(pairs: Pairs) -> float:
    """Return how many independent pairs clustered ones are worth."""
    n = len(pairs.first)
    differences = [float(a) - float(b) for a, b in zip(pairs.first, pairs.second, strict=True)]
    difference = math.fsum(differences) / n
    spread = math.fsum(one * one for one in differences) / n - difference**2
    return effective_size(differences, pairs.clusters, spread=spread)
