"""Which side is cheaper at the team's own volume, how surely, and what would settle it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from playbook.costs.finding import SURE_ABOVE, SURE_BELOW, crosses, volume_words
from playbook.costs.lane_records import Side
from playbook.uncertainty import Samples

HOW = (
    ("workload.tokens_per_day", "count the team's own traffic"),
    ("workload.", "log the team's own calls"),
    ("tokens of ", "count its tokens on the team's own prompts, in a trial"),
    ("infrastructure.fte", "settle how many people it takes"),
    ("infrastructure.", "settle it within the organisation"),
    ("price of ", "ask the provider for its price in force"),
    ("purchase_", "ask a supplier for a quote"),
    ("api_retry", "count failed calls in a trial"),
)
"""What to do about an input, by how its name begins; anything else is about speed or machines."""


@dataclass(frozen=True)
class AtVolume:
    """Both sides at the team's own volume."""

    tokens_per_day: float
    """Likely volume."""
    side: Side
    """Which side is cheaper."""
    share_own_cheaper: float
    """Share of draws in which own servers are."""
    settle_by: str
    """What to measure where it is too close to call; else empty."""

    def words(self) -> str:
        """Return the verdict in a sentence."""
        at = f"At the team's {volume_words(self.tokens_per_day)}"
        share = f"{self.share_own_cheaper:.0%} of draws"
        if self.side == "too_close":
            return (
                f"{at} it is too close to call (own servers cheaper in {share}): {self.settle_by}."
            )
        cheaper = "own servers are" if self.side == "own_servers" else "the API is"
        return f"{at} {cheaper} cheaper (own servers in {share})."


def at_volume(
    volume: Samples,
    own_usd: Samples,
    api_usd: Samples,
    *,
    share_that_cross: float,
    inputs: Mapping[str, Samples],
) -> AtVolume:
    """Return which side is cheaper at a volume, over joint scenarios of which the first is likely.

    Args:
        volume: Tokens/day.
        own_usd: Own servers' cost at it, USD a month.
        api_usd: The API's.
        share_that_cross: Share of draws in which own servers are cheaper at any volume.
        inputs: Samples of what both rest on, to name the one that would settle it.
    """
    difference = (own_usd - api_usd)[1:]
    share = float(np.mean(difference < 0))
    side: Side = "too_close"
    if share >= SURE_ABOVE:
        side = "own_servers"
    elif share <= SURE_BELOW:
        side = "api" if crosses(share_that_cross) else "never"
    settle = settled_by(difference, inputs) if side == "too_close" else ""
    return AtVolume(float(volume[0]), side, share, settle)


def settled_by(difference: Samples, inputs: Mapping[str, Samples]) -> str:
    """Return the input that moves a difference most, with what to do about it, in words.

    It is the one of the closest linear relation to the difference over the draws.
    """
    names = [name for name, values in inputs.items() if np.ptp(values[1:]) > 0]
    if not names or np.ptp(difference) <= 0:
        return "measure what it rests on"
    values = np.stack([inputs[name][1:] for name in names])
    centred = values - values.mean(axis=1, keepdims=True)
    related = np.abs(centred @ (difference - difference.mean())) / centred.std(axis=1)
    name = names[int(np.argmax(related))]
    how = (words for begins, words in HOW if name.startswith(begins))
    return f"measure first {name}: {next(how, 'run a load test on the servers')}"
