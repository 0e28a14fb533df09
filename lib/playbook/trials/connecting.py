"""The clients of a run: live ones with their engines started, or recorded answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playbook.profile.endpoints import Endpoint
from playbook.trials.audit import AuditLog
from playbook.trials.client import CallError, Client, Reply, Request

RECORDING = Path(__file__).parent / "recordings" / "demonstration.jsonl"
"""Answers of the demonstration models to the demonstration prompts, made by `record_demo`."""


@dataclass(frozen=True)
class Connection:
    """The clients of a run, and which of its endpoints only replay a recording."""

    client: Client
    """What asks every endpoint."""
    recorded: frozenset[str] = frozenset()
    """Endpoints that are replayed."""
    lean: Client | None = None
    """What asks OpenAI-shaped endpoints with little work of its own."""

    def reached_by_lean(self, endpoint: Endpoint) -> bool:
        """Return whether the lean client can ask an endpoint."""
        return (
            self.lean is not None and endpoint.id not in self.recorded and speaks_openai(endpoint)
        )

    async def close(self) -> None:
        """Free the connections of all clients."""
        await self.client.close()
        if self.lean is not None:
            await self.lean.close()


class SilentClient:
    """Stands where nothing is left to ask."""

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:
        """Send nothing.

        Raises:
            CallError: always.
        """
        del request, deadline_s
        raise CallError("other", f"no client was opened for {endpoint.id}", retry=False)

    async def close(self) -> None:
        """Do nothing."""


class SplitClient:
    """Replays a recording for some endpoints and asks the others.

    Args:
        live: What asks.
        replay: What replays.
        recorded: Endpoints that are replayed.
    """

    def __init__(self, live: Client, replay: Client, recorded: frozenset[str]) -> None:
        self._live = live
        self._replay = replay
        self._recorded = recorded

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:
        """Return the reply.

        Raises:
            CallError: for every failure, with its kind.
        """
        client = self._replay if endpoint.id in self._recorded else self._live
        return await client.ask(endpoint, request, deadline_s=deadline_s)

    async def check_model(self, endpoint: Endpoint) -> None:
        """Get ready for an endpoint that is asked, where its client can.

        Raises:
            TrialError: when it does not serve the expected model.
            CallError: when its list of models cannot be had.
        """
        check = getattr(self._live, "check_model", None)
        if check is not None and endpoint.id not in self._recorded:
            await check(endpoint)

    async def close(self) -> None:
        """Free connections."""
        await self._live.close()


def given(client: Client, endpoints: Sequence[Endpoint]) -> Connection:
    """Return the connection of a client that the caller made."""
    recorded = frozenset(one.id for one in endpoints) if _is_recorded(client) else frozenset()
    return Connection(client, recorded)


@contextmanager
def opened(endpoints: Sequence[Endpoint], audit: AuditLog) -> Iterator[Connection]:
    """Start the embedded engines that some endpoints need, and yield a client for all of them.

    Where the engine can't run on this platform, the answers that were recorded with the project
    take its place, marked as recorded.

    Args:
        endpoints: Endpoints that still have prompts to answer.
        audit: Where attempts that are stopped at the wire are written.

    Raises:
        EngineError: when an engine can't be started.
        ArtefactError: when the recording can't be read.
    """
    if not endpoints:
        yield Connection(SilentClient())
        return
    from playbook.trials.clients import LeanClient, LitellmClient, ReplayClient  # noqa: PLC0415  imports an HTTP library
    from playbook.trials.engine import embedded_engine, engine_available  # noqa: PLC0415  as above

    embedded = [one for one in endpoints if one.embedded is not None]
    replayed = bool(embedded) and engine_available() is not None
    with ExitStack() as stack:
        names = [one.embedded for one in embedded if one.embedded is not None and not replayed]
        addresses = stack.enter_context(embedded_engine(names)) if names else {}
        live, lean = LitellmClient(addresses, audit), LeanClient(addresses, audit)
        if not replayed:
            yield Connection(live, lean=lean)
            return
        recorded = frozenset(one.id for one in embedded)
        yield Connection(SplitClient(live, ReplayClient(RECORDING), recorded), recorded, lean)


def speaks_openai(endpoint: Endpoint) -> bool:
    """Return whether an endpoint is OpenAI-shaped, so that the lean client can ask it."""
    from playbook.trials.clients import targets  # noqa: PLC0415  imports an HTTP library

    return targets.speaks_openai(endpoint)


def _is_recorded(client: Client) -> bool:
    return bool(getattr(client, "recorded", False))
