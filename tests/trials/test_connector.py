"""The guarded connector refuses ways around it even inside a permitted call."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from playbook.trials.connector import guarded_session
from tests.trials.clients.conftest import inside, outside
from tests.trials.permitting import a_log, a_permit

__all__ = ["inside", "outside"]


def refused(url: str, host_port: str, **more: Any) -> None:  # noqa: ANN401  aiohttp's arguments
    async def once() -> None:
        with a_log() as log, a_permit(host_port):
            session = guarded_session("place", log)
            try:
                await session._session.post(url, data=b"x", **more)  # noqa: SLF001  what a notebook could reach
            finally:
                await session.close()

    with pytest.raises(OSError, match="a proxy or other rules for certificates"):
        asyncio.run(once())


def test_proxy_is_refused_inside_a_permitted_call(
    inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    refused(inside.base, inside.host_port, proxy=outside.base)

    assert (outside.connections, outside.received) == (0, 0)
    assert inside.paths == []


def test_certificates_are_always_checked(inside: SimpleNamespace) -> None:
    refused(inside.base.replace("http:", "https:"), inside.host_port, ssl=False)

    assert inside.paths == []
