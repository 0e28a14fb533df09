"""Keep within an endpoint's requests and tokens a minute by waiting, not by being refused."""

from __future__ import annotations

from playbook.profile.endpoints import Endpoint
from playbook.trials.timing import Timing


class Pacer:
    """Spaces the calls to one endpoint evenly; a pause holds all of them back."""

    def __init__(self, endpoint: Endpoint, timing: Timing) -> None:
        self._seconds_per_request = 60 / endpoint.rpm if endpoint.rpm else 0.0
        self._seconds_per_token = 60 / endpoint.tpm if endpoint.tpm else 0.0
        self._timing = timing
        self._free_at = 0.0
        self._paused_until = 0.0

    async def turn(self, tokens: int) -> None:
        """Wait for the next free place.

        Args:
            tokens: Tokens that the call may use.
        """
        now = self._timing.clock()
        start = max(now, self._free_at)
        spacing = max(self._seconds_per_request, tokens * self._seconds_per_token)
        self._free_at = start + spacing
        while (wait := max(start, self._paused_until) - self._timing.clock()) > 0:
            await self._timing.sleep(wait)

    def pause(self, seconds: float) -> None:
        """Let no further call begin before so many seconds from now."""
        self._paused_until = max(self._paused_until, self._timing.clock() + seconds)
