"""A recording gives back exactly what was recorded, and nothing for what was not."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from playbook.errors import ArtefactError
from playbook.profile.endpoints import Endpoint
from playbook.trials.client import CallError, Message, Reply, Request, Tool, ToolCall
from playbook.trials.clients.replay import RecordingClient, ReplayClient, request_key

ENDPOINT = Endpoint(id="base", embedded="demo-base")


def a_request(text: str = "Hello", *, seed: int | None = None) -> Request:
    return Request([Message("user", text)], max_tokens=5, seed=seed)


def a_reply(text: str = "hi") -> Reply:
    return Reply(text, "demo-base", "stop", 7, 2, 0.01, 0.02, "r-1")


class Scripted:
    """A client that gives its outcomes in order."""

    def __init__(self, *outcomes: Reply | CallError) -> None:
        self.outcomes = list(outcomes)

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:  # noqa: ARG002  the seam's signature
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, CallError):
            raise outcome
        return outcome

    async def close(self) -> None:
        return


def record(path: Path, *outcomes: Reply | CallError) -> None:
    async def all_of_them() -> None:
        client = RecordingClient(Scripted(*outcomes), path)
        for outcome in outcomes:
            try:
                assert await client.ask(ENDPOINT, a_request(), deadline_s=1.0) == outcome
            except CallError as error:
                assert error is outcome  # noqa: PT017  both outcomes are allowed
        await client.close()

    asyncio.run(all_of_them())


def replay(client: ReplayClient, request: Request, *, deadline_s: float = 1.0) -> Reply:
    return asyncio.run(client.ask(ENDPOINT, request, deadline_s=deadline_s))


def test_replies_come_back_in_order_and_the_last_one_stays(tmp_path: Path) -> None:
    record(tmp_path / "calls.jsonl", a_reply("one"), a_reply("two"))
    client = ReplayClient(tmp_path / "calls.jsonl")

    replies = [replay(client, a_request()) for _ in range(3)]

    assert replies == [replace(a_reply(text), client="replay") for text in ("one", "two", "two")]
    assert client.recorded


def test_failures_come_back_too(tmp_path: Path) -> None:
    busy = CallError("rate_limit", "slow down", retry=True, retry_after_s=2.0)
    record(tmp_path / "calls.jsonl", busy)

    with pytest.raises(CallError) as caught:
        replay(ReplayClient(tmp_path / "calls.jsonl"), a_request())

    again = caught.value
    assert (str(again), again.kind, again.retry) == (str(busy), "rate_limit", True)
    assert again.retry_after_s == busy.retry_after_s


@pytest.mark.parametrize("request_", [a_request("Other"), a_request(seed=1)])
def test_request_that_was_not_recorded_fails(tmp_path: Path, request_: Request) -> None:
    record(tmp_path / "calls.jsonl", a_reply())

    with pytest.raises(CallError, match="no recorded reply of endpoint base") as caught:
        replay(ReplayClient(tmp_path / "calls.jsonl"), request_)

    assert not caught.value.retry


def test_reply_that_took_longer_than_the_deadline_is_a_timeout(tmp_path: Path) -> None:
    record(tmp_path / "calls.jsonl", a_reply())

    with pytest.raises(CallError, match="no full reply within"):
        replay(ReplayClient(tmp_path / "calls.jsonl"), a_request(), deadline_s=0.01)


def test_key_depends_on_model_dialect_and_settings() -> None:
    other = ENDPOINT.changed(dialect="anthropic")
    keys = {
        request_key(ENDPOINT, a_request()),
        request_key(other, a_request()),
        request_key(ENDPOINT.changed(embedded="demo-small"), a_request()),
        request_key(ENDPOINT, Request([Message("system", "Hello")], max_tokens=5)),
        request_key(ENDPOINT, Request([Message("user", "Hello")], max_tokens=6)),
        request_key(ENDPOINT, replace(a_request(), tools=[Tool("find", "", {})])),
        request_key(ENDPOINT, replace(a_request(), response_schema={"type": "object"})),
        request_key(ENDPOINT, Request([Message("user", "Hello", images=["data:"])], max_tokens=5)),
    }

    assert len(keys) == 8


def test_key_depends_on_the_endpoint_but_where_the_engine_answers() -> None:
    """A bundled model answers the same under every endpoint's name."""
    api = Endpoint(id="api", litellm_model="openai/m")

    assert request_key(api, a_request()) != request_key(api.changed(id="two"), a_request())
    assert request_key(ENDPOINT, a_request()) == request_key(
        ENDPOINT.changed(id="two"), a_request()
    )


def test_recording_of_before_is_still_found_under_its_endpoint(tmp_path: Path) -> None:
    """This line was written when every key held the endpoint's id, and a reply fewer fields."""
    path = tmp_path / "old.jsonl"
    key = hashlib.sha256(
        b'[["base", "demo-base", "openai"], [["user", "Hello"]], [5, 0.0, null]]'
    ).hexdigest()
    reply = {
        "text": "hi", "model_answered": "demo-base", "finish_reason": "stop",
        "input_tokens": 7, "output_tokens": 2, "first_token_s": 0.01, "total_s": 0.02,
    }  # fmt: skip
    path.write_text(json.dumps({"key": key, "reply": reply}) + "\n", encoding="utf-8")

    assert replay(ReplayClient(path), a_request()).text == "hi"
    with pytest.raises(CallError, match="no recorded reply"):
        asyncio.run(ReplayClient(path).ask(ENDPOINT.changed(id="two"), a_request(), deadline_s=1.0))


def test_reply_whose_tokens_nobody_counted_comes_back(tmp_path: Path) -> None:
    uncounted = replace(a_reply(), input_tokens=None, output_tokens=None, first_token_s=None)
    record(tmp_path / "calls.jsonl", uncounted)

    again = replay(ReplayClient(tmp_path / "calls.jsonl"), a_request())

    assert again == replace(uncounted, client="replay")


def test_tool_calls_and_a_refusal_come_back(tmp_path: Path) -> None:
    called = replace(a_reply(""), tool_calls=(ToolCall("find", "{}", "a"),), refusal="no")
    record(tmp_path / "calls.jsonl", called)

    assert replay(ReplayClient(tmp_path / "calls.jsonl"), a_request()) == replace(
        called, client="replay"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "line 1"),
        ('{"key": "x"}', "line 1: key"),
        ('{"key": "' + "0" * 64 + '"}', "line 1: needs either reply or error"),
    ],
)
def test_recording_that_is_wrong_names_its_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ArtefactError, match=problem):
        ReplayClient(path)


def test_missing_recording_is_an_artefact_error(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="cannot be read"):
        ReplayClient(tmp_path / "none.jsonl")
