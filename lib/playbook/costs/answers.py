"""What an option is billed over the team's own tokens, and how many answers it gives for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playbook.catalog import Measurement, Option
from playbook.costs.scenarios import Scenarios
from playbook.costs.token_counts import TokenCount
from playbook.uncertainty import Samples
from playbook.vocabulary import Lane


@dataclass(frozen=True)
class Success:
    """How often calls of an option end with an answer."""

    attempts_per_answer: Samples
    """Calls billed for each answer, in every scenario."""
    answers: bool
    """Whether it answers at all."""
    words: str
    """What it rests on."""


@dataclass(frozen=True)
class TokenLoad:
    """What reaches an option's endpoint for each token of the team's own count."""

    tokens: TokenCount
    """Tokens of its model over the team's."""
    success: Success
    """Calls sent again because they failed."""

    @property
    def factor(self) -> Samples:
        """Return tokens served and billed for each of the team's own, in every scenario."""
        return self.tokens.over_own * self.success.attempts_per_answer


def success_of(option: Option, scenarios: Scenarios) -> Success:
    """Return how often an option's calls are answered: measured there, else assumed.

    A call that fails is sent again until it is answered, and each attempt is billed in full. At
    an API where nothing was measured the assumption `api_retry_share` stands for that; own servers
    are then taken to answer all calls.
    """
    found = [
        one for one in scenarios.catalog.measurements
        if one.success_rate is not None and _is_of(one, option)
    ]  # fmt: skip
    if found:
        return _measured(found, 1 + scenarios.draws)
    if option.lane is Lane.SELF_HOSTED:
        words = "no success rate was measured: all calls are taken to be answered"
        return Success(np.ones(1 + scenarios.draws), answers=True, words=words)
    share = scenarios.assumption("api_retry_share")
    words = f"no success rate was measured: {share[0]:.0%} of tokens are assumed to be billed again"
    return Success(1 + share, answers=True, words=words)


def _is_of(measured: Measurement, option: Option) -> bool:
    provider = "" if option.lane is Lane.SELF_HOSTED else option.provider
    return measured.model == option.model and measured.provider == provider


def _measured(found: Sequence[Measurement], size: int) -> Success:
    newest = max(one.measured_on for one in found)
    last = [one for one in found if one.measured_on == newest]
    calls = sum(one.requests for one in last)
    rate = sum((one.success_rate or 0.0) * one.requests for one in last) / calls
    words = f"{rate:.1%} of {calls} calls were answered (measured {newest}); others are sent again"
    if rate <= 0:
        words = f"none of {calls} calls was answered (measured {newest})"
        return Success(np.ones(size), answers=False, words=words)
    return Success(np.full(size, 1 / rate), answers=True, words=words)
