"""How many tokens a call will use, learned from the calls before it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from playbook.trials.client import Request
from playbook.trials.money import most_input_tokens

FIRST_INPUT_SHARE = 0.4
"""Of the ceiling, one token a byte: prose has a token in 3 to 5 bytes, few scripts one in 2.5."""
FIRST_OUTPUT_SHARE = 1.0
"""Of the tokens that the answer may have."""
REMEMBERED = 50
"""Calls after which an older one counts for little."""
FEW_CALLS_SPREAD = 0.5
"""Relative spread to assume after one call, halved after two, and so on."""


@dataclass(frozen=True)
class Guess:
    """What a call will use."""

    input_tokens: float
    """Mean expectation."""
    output_tokens: float
    """Mean expectation."""
    variance: float
    """Of the sum, tokens squared."""

    @property
    def tokens(self) -> float:
        """Return the mean expectation of both."""
        return self.input_tokens + self.output_tokens


class TokenGuess:
    """Learns for each task which part of its ceiling a call uses.

    Prompts of one task are alike; of a task without any settled call the most is expected that
    any prompt of few bytes a token, and any answer, could use.
    """

    def __init__(self) -> None:
        self._of_task: dict[str, tuple[_Share, _Share]] = {}

    def of(self, request: Request, task: str = "") -> Guess:
        """Return what a request will use.

        Args:
            request: What is asked.
            task: What it is alike to.
        """
        read, written = self._of_task.get(task, (_Share(), _Share()))
        most_read, most_written = most_input_tokens(request), request.max_tokens
        read_mean, read_spread = read.of(most_read, FIRST_INPUT_SHARE)
        mean, spread = written.of(most_written, FIRST_OUTPUT_SHARE)
        return Guess(read_mean, mean, read_spread**2 + spread**2)

    def learn(self, request: Request, task: str, input_tokens: int, output_tokens: int) -> None:
        """Take what the endpoint counted for a request."""
        read, written = self._of_task.setdefault(task, (_Share(), _Share()))
        read.learn(input_tokens / most_input_tokens(request))
        written.learn(output_tokens / request.max_tokens)


class _Share:
    """Mean and variance of a share of a ceiling, with little weight for what is long ago."""

    def __init__(self) -> None:
        self._count = 0
        self._mean = 0.0
        self._variance = 0.0

    def learn(self, share: float) -> None:
        self._count += 1
        weight = 1 / min(self._count, REMEMBERED)
        off = share - self._mean
        self._mean += weight * off
        self._variance = (1 - weight) * (self._variance + weight * off**2)

    def of(self, most: float, first: float) -> tuple[float, float]:
        """Return the mean expectation and its spread, in tokens."""
        if not self._count:
            return first * most, 0.0
        spread = max(math.sqrt(self._variance), FEW_CALLS_SPREAD * self._mean / self._count)
        return self._mean * most, spread * most
