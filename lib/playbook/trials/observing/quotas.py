"""How much of its quota an endpoint saw used: calls, tokens and money, and the busiest minute."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from playbook.profile.endpoints import Endpoint
from playbook.trials.records import Attempt

MINUTE = timedelta(minutes=1)


@dataclass
class Usage:
    """What one endpoint was asked in a run, kept up attempt by attempt."""

    endpoint: Endpoint
    calls: int = 0
    failed: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    most_calls_a_minute: int = 0
    most_tokens_a_minute: int = 0
    _minute: deque[tuple[datetime, int]] = field(default_factory=deque, repr=False)
    _minute_tokens: int = field(default=0, repr=False)

    def add(self, attempt: Attempt) -> None:
        """Count an attempt that was sent."""
        if attempt.outcome == "refused_by_gate" or attempt.recorded or attempt.stored_on:
            return
        self.calls += 1
        self.failed += attempt.outcome not in ("answered", "truncated")
        self.input_tokens += attempt.input_tokens or 0
        self.output_tokens += attempt.output_tokens or 0
        self.cost_usd += attempt.cost_usd or 0.0
        tokens = (attempt.input_tokens or 0) + (attempt.output_tokens or 0)
        self._minute.append((attempt.at, tokens))
        self._minute_tokens += tokens
        while attempt.at - self._minute[0][0] >= MINUTE:
            self._minute_tokens -= self._minute.popleft()[1]
        self.most_calls_a_minute = max(self.most_calls_a_minute, len(self._minute))
        self.most_tokens_a_minute = max(self.most_tokens_a_minute, self._minute_tokens)

    @property
    def fields(self) -> dict[str, str | int | float | None]:
        """Return it as plain values, with the endpoint's own limits beside it."""
        return {
            "endpoint": self.endpoint.id,
            "calls": self.calls,
            "failed": self.failed,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "cost_usd": round(self.cost_usd, 6),
            "most_calls_a_minute": self.most_calls_a_minute,
            "rpm": self.endpoint.rpm,
            "most_tokens_a_minute": self.most_tokens_a_minute,
            "tpm": self.endpoint.tpm,
        }
