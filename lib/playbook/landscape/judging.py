"""What the checks of claims share: the facts at hand, the verdict and its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from playbook.catalog import Catalog
from playbook.catalog.claims import Claim
from playbook.landscape.claim_records import ClaimFinding, ClaimVerdict, Figure
from playbook.landscape.gap_records import Gap
from playbook.landscape.market_records import ParityPair, TierPrice


@dataclass(frozen=True)
class Known:
    """What a claim about the world is checked against."""

    catalog: Catalog
    """The facts."""
    gap: Gap | None
    """How far open weights are behind."""
    pairs: tuple[ParityPair, ...]
    """The same weights by API and on own servers."""
    tiers: tuple[TierPrice, ...]
    """Prices of the ranks of providers' price lists over time."""
    as_of: date
    """Day of the landscape."""


@dataclass(frozen=True)
class Judged:
    """A verdict with its reason and figures."""

    verdict: ClaimVerdict
    """How it came out."""
    because: str
    """The reason, with the figures."""
    figures: tuple[Figure, ...] = ()
    """The numbers behind it."""


Check = Callable[[Claim, Known], Judged]


def finding(claim: Claim, judged: Judged) -> ClaimFinding:
    """Return a claim with its verdict."""
    return ClaimFinding(
        claim=claim.id,
        title=claim.title,
        about=claim.about,
        verdict=judged.verdict,
        because=judged.because,
        method=claim.method,
        figures=judged.figures,
        source=claim.source,
    )


def unsettled(because: str, *figures: Figure) -> Judged:
    """Return that the facts at hand do not settle a claim, and why."""
    return Judged("cannot_be_settled", because, figures)


def by_share(passed: int, total: int) -> ClaimVerdict:
    """Return holds when all of some parts pass, holds in part when some do, else does not hold.

    Example:
        >>> by_share(2, 2), by_share(1, 2), by_share(0, 2), by_share(0, 0)
        ('holds', 'holds_in_part', 'does_not_hold', 'cannot_be_settled')
    """
    if total == 0:
        return "cannot_be_settled"
    if passed == total:
        return "holds"
    return "holds_in_part" if passed else "does_not_hold"


def listed(names: Sequence[str], most: int = 6) -> str:
    """Return names as a phrase, those beyond the most as a count.

    Example:
        >>> listed(["a", "b"]), listed([], 2), listed(["a", "b", "c"], 2)
        ('a; b', 'none', 'a; b and 1 more')
    """
    if not names:
        return "none"
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return "; ".join(names[:most]) + more
