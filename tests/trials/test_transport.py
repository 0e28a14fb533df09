"""The guarded transport and the socket lock refuse before a connection opens."""

from __future__ import annotations

import asyncio
import http.server
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from playbook.trials.guarding import MAX_COMPRESSED_REPLY_BYTES, ReplyTooLongError
from playbook.trials.socket_lock import AddressRefusedError, only_guarded
from playbook.trials.transport import GuardedTransport, address_of
from tests.trials.permitting import a_log, a_permit


class _Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        body = b"x" * (MAX_COMPRESSED_REPLY_BYTES + 1)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Accepts", self.headers["Accept-Encoding"])
        if self.path == "/gzip":
            self.send_header("Content-Encoding", "br-like")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def server() -> Iterator[str]:
    listening = http.server.HTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"127.0.0.1:{listening.server_port}"
    listening.shutdown()
    listening.server_close()
    thread.join(5)


async def fetch(allowed: str, url: str) -> httpx.Response:
    with a_log() as log, a_permit(allowed):
        transport = GuardedTransport("place", log)
        async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
            return await client.get(url)


def ignore(address: str, because: str) -> None:
    del address, because


def test_allowed_address_answers(server: str) -> None:
    reply = asyncio.run(fetch(server, f"http://{server}/"))

    assert reply.status_code == 200
    assert reply.headers["x-accepts"] == "identity"


@pytest.mark.parametrize(
    "allowed", ["127.0.0.1:1", "localhost:80", "127.0.0.1", "*", "", "evil.127.0.0.1:80"]
)
def test_any_other_address_is_refused(server: str, allowed: str) -> None:
    with pytest.raises(AddressRefusedError, match=server):
        asyncio.run(fetch(allowed, f"http://{server}/"))


def test_user_information_does_not_disguise_the_host(server: str) -> None:
    with pytest.raises(AddressRefusedError, match=server):
        asyncio.run(fetch("api.example.org:443", f"http://api.example.org:443@{server}/"))


def test_reply_that_is_compressed_though_unasked_has_a_small_limit(server: str) -> None:
    with pytest.raises(ReplyTooLongError):
        asyncio.run(fetch(server, f"http://{server}/gzip"))


def test_socket_of_other_code_is_refused_inside_the_lock(server: str) -> None:
    host, port = server.split(":")

    with only_guarded(ignore) as trace, pytest.raises(AddressRefusedError, match="other code"):
        socket.create_connection((host, int(port)))

    assert server in trace.refused


def test_lock_holds_in_tasks_and_threads_that_the_call_starts(server: str) -> None:
    host, port = server.split(":")

    def connect() -> None:
        socket.create_connection((host, int(port))).close()

    async def inside() -> list[BaseException | None]:
        with only_guarded(ignore):
            task = asyncio.create_task(asyncio.open_connection(host, int(port)))
            return await asyncio.gather(task, asyncio.to_thread(connect), return_exceptions=True)

    assert [type(one) for one in asyncio.run(inside())] == [AddressRefusedError] * 2


def test_lock_ends_with_its_block_and_touches_no_other_task(server: str) -> None:
    host, port = server.split(":")

    async def bystander(inside: asyncio.Event) -> None:
        await inside.wait()
        _, writer = await asyncio.open_connection(host, int(port))
        writer.close()
        await writer.wait_closed()

    async def both() -> None:
        inside = asyncio.Event()
        task = asyncio.create_task(bystander(inside))
        with only_guarded(ignore):
            inside.set()
            await task
        socket.create_connection((host, int(port))).close()

    asyncio.run(both())


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://API.Example.org/v1", "api.example.org:443"),
        ("http://127.0.0.1:8080/v1", "127.0.0.1:8080"),
        ("http://[::1]/", "[::1]:80"),
        ("https://a@b.example:8443", "b.example:8443"),
    ],
)
def test_address_of_a_url_has_its_port(url: str, address: str) -> None:
    assert address_of(url) == address
