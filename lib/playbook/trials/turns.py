"""Whose turn it is at one endpoint: its places in flight, its breaker and its limits together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from playbook.profile.endpoints import Endpoint
from playbook.trials.adaptive import InFlight
from playbook.trials.breaker import Admission, Breaker
from playbook.trials.client import CallError, Reply
from playbook.trials.money import most_input_tokens
from playbook.trials.pace import Pacer, Place
from playbook.trials.phases import Phase
from playbook.trials.plan import Trial
from playbook.trials.records import Attempt, WaitCause
from playbook.trials.retries import is_transient
from playbook.trials.timing import Timing

TOO_MANY = 4
"""Times the ceiling of a call's tokens above which a count is not believed."""
SHORTEST_S = 0.001
"""Waits below it are not told."""


@dataclass
class Seat:
    """A place in flight."""

    number: int
    """Of the call."""
    latency_s: float | None = None
    """How late the answer began."""
    strained: bool = False
    """Whether the endpoint could not keep up."""
    left: bool = False
    """Whether it is free again."""


@dataclass(frozen=True)
class Turn:
    """A call's turn has come."""

    place: Place
    """In the queue of the limits."""
    probes: bool
    """Whether it tries an endpoint again that did not answer."""
    waits_s: dict[WaitCause, float]
    """What it waited for, seconds by cause."""


class Turns:
    """Gives the trials at one endpoint their turns.

    Args:
        endpoint: States its limits.
        timing: Clock and sleep.
        earlier: Attempts of earlier runs at it.
        tell: Is told what the endpoint waits for, in words.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        timing: Timing,
        *,
        earlier: Iterable[Attempt],
        tell: Callable[[str], None],
    ) -> None:
        self._pacer = Pacer(endpoint, timing, earlier=earlier)
        self._breaker = Breaker(timing)
        self._in_flight = InFlight(1, adapts=False)
        self._breaks = True
        self._tell = tell

    @property
    def gave_up(self) -> str:
        """Return why nothing is asked any more; empty while something is."""
        return self._breaker.gave_up

    def begin(self, phase: Phase) -> None:
        """Begin a phase, with its places in flight.

        Where a load is measured, the breaker stays out of it: what fails under load is a result.
        """
        self._breaks = not any(one.purpose == "load" for one in phase.trials)
        self._in_flight = InFlight(phase.in_flight, adapts=phase.adapts)

    async def sit(self) -> Seat:
        """Wait for a place in flight; whoever takes one leaves it."""
        return Seat(await self._in_flight.enter())

    def leave(self, seat: Seat) -> None:
        """Free a place in flight, unless it is free already."""
        if seat.left:
            return
        seat.left = True
        self._in_flight.leave(seat.number, latency_s=seat.latency_s, strained=seat.strained)

    async def take(self, trial: Trial, *, retry_s: float) -> Turn | None:
        """Wait until the endpoint may be asked; None when it is given up.

        Args:
            trial: What is asked.
            retry_s: Seconds that it waited already since the attempt before.
        """
        while True:
            if self._breaks and not self._breaker.closed:
                self._tell(self._breaker.words)
            unheld = Admission(0.0, probes=False)
            admission = await self._breaker.admit() if self._breaks else unheld
            if admission is None:
                return None
            try:
                place = await self._pacer.turn(trial.request, trial.prompt.task)
            except BaseException:
                self._breaker.released(probes=admission.probes)
                raise
            if self._breaker.closed or admission.probes or not self._breaks:
                return Turn(place, admission.probes, _waits(place, admission, retry_s))
            self._pacer.settle(place, trial.request, trial.prompt.task, refused=True)

    def end(
        self,
        turn: Turn,
        trial: Trial,
        said: Reply | CallError | None,
        *,
        seat: Seat,
        told: str = "",
        wait_s: float = 0.0,
    ) -> None:
        """Free a call's place in flight and learn from how it went.

        Args:
            turn: Its turn.
            trial: What was asked.
            said: What came back; None when nothing was sent or nothing can be told of it.
            seat: Its place in flight.
            told: Why it failed, as it may be told.
            wait_s: Seconds that are waited before it is tried again.
        """
        limited, used = isinstance(said, CallError) and said.kind == "rate_limit", None
        if isinstance(said, Reply):
            seat.latency_s, used = _latency_s(said), _used(said, trial)
        request, task = trial.request, trial.prompt.task
        self._pacer.settle(turn.place, request, task, used=used, refused=limited or said is None)
        if isinstance(said, CallError) and limited:
            asked_s = said.retry_after_s
            self._pacer.refused(turn.place, wait_s if asked_s is None else asked_s)
        if isinstance(said, CallError) and is_transient(said):
            seat.strained = True
            if self._breaks:
                self._breaker.failed(told, probes=turn.probes, wait_s=said.retry_after_s or 0.0)
        elif isinstance(said, Reply) or (said is not None and said.kind in {"bad_request", "auth"}):
            self._breaker.answered()
        else:
            self._breaker.released(probes=turn.probes)
        self.leave(seat)


def _latency_s(reply: Reply) -> float | None:
    """Return how late an answer began, or what a token of it took where that is not known."""
    if reply.first_token_s is not None:
        return reply.first_token_s
    return reply.total_s / reply.output_tokens if reply.output_tokens else None


def _used(reply: Reply, trial: Trial) -> tuple[int, int] | None:
    """Return the tokens that an endpoint counted, as far as they can be true.

    A server that counts too much must not make a run wait for days.
    """
    read, written = reply.input_tokens, reply.output_tokens
    if read is None or written is None:
        return None
    most_read = TOO_MANY * most_input_tokens(trial.request)
    most_written = TOO_MANY * trial.request.max_tokens
    return min(max(0, read), most_read), min(max(0, written), most_written)


def _waits(place: Place, admission: Admission, retry_s: float) -> dict[WaitCause, float]:
    waits: dict[WaitCause, float] = {
        "limits": place.paced_s,
        "pause": place.paused_s,
        "retry": retry_s,
        "probe" if admission.probes else "breaker": admission.waited_s,
    }
    return {cause: round(seconds, 3) for cause, seconds in waits.items() if seconds >= SHORTEST_S}
