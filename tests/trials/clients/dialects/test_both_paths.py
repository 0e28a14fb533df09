"""litellm and the lean client ask the same endpoint the same and are told the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from playbook.catalog import PriceList, request_cost_usd
from playbook.clearance import EMBEDDED_ADDRESS, Clearance, EndpointClearance
from playbook.profile.endpoints import Endpoint
from playbook.trials.attempting import usage_of
from playbook.trials.audit import AuditLog
from playbook.trials.client import CallError, Message, Reply, Request, ToolCall
from playbook.trials.clients import LeanClient, LitellmClient
from playbook.trials.engine import Address, embedded_engine, engine_available
from playbook.trials.gate import GatedClient
from playbook.vocabulary import DataClass
from tests.trials.clients.dialects.deepseek import DEEPSEEK
from tests.trials.clients.dialects.hosted_vllm import HOSTED_VLLM
from tests.trials.clients.dialects.mistral import MISTRAL
from tests.trials.clients.dialects.openai import OPENAI
from tests.trials.clients.dialects.speaking import Case, Server, serving
from tests.trials.clients.dialects.test_dialects import (
    HELLO,
    KEY,
    PICTURE,
    SCHEMA,
    TOOLS,
    ask,
)

PRICE = PriceList(
    input_usd_per_million_tokens=3.0,
    output_usd_per_million_tokens=15.0,
    cached_input_usd_per_million_tokens=0.3,
)
PLAIN = Request([Message("system", "Be brief."), HELLO], max_tokens=9, seed=3)
REQUESTS = {
    "plain": PLAIN,
    "no seed": Request([HELLO], max_tokens=9, temperature=0.7),
    "tools": replace(PLAIN, tools=TOOLS, tool_choice="required"),
    "tool results": replace(
        PLAIN,
        messages=[
            HELLO,
            Message("assistant", "", tool_calls=[ToolCall("get_time", '{"zone": "UTC"}', "c-1")]),
            Message("tool", "12:00", tool_call_id="c-1"),
        ],
        tools=TOOLS,
    ),
    "schema": replace(PLAIN, response_schema=SCHEMA),
    "picture": replace(PLAIN, messages=[Message("user", "What is it?", images=[PICTURE])]),
}
TIMES = ("first_token_s", "total_s", "token_gap_s", "client_lag_s", "client_busy", "client")


@pytest.fixture(params=[OPENAI, MISTRAL, DEEPSEEK, HOSTED_VLLM], ids=str)
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("PLACE_KEY", KEY)
    with serving(request.param) as running:
        yield running


def told(reply: Reply | CallError) -> dict[str, Any]:
    """Return what a reply says of the answer, and what it costs; or how the call failed."""
    if isinstance(reply, CallError):
        return {"kind": reply.kind, "retry": reply.retry, "wait_s": reply.retry_after_s}
    said = {name: value for name, value in asdict(reply).items() if name not in TIMES}
    said["reasoning_tokens"] = reply.reasoning_tokens or None  # litellm writes 0 for unknown
    usage = usage_of(reply)
    return said | {"cost_usd": request_cost_usd(PRICE, usage) if usage else None}


def both(server: Server, request: Request, folder: Path) -> list[dict[str, Any]]:
    return [told(ask(server, request, folder, kind)) for kind in (LitellmClient, LeanClient)]


@pytest.mark.parametrize("case", ["text", "tools", "schema", "filtered", "refusal"])
def test_the_same_answer_is_told_the_same_on_both(
    case: Case, server: Server, tmp_path: Path
) -> None:
    server.case = case
    request = REQUESTS.get(case, PLAIN)

    litellm, lean = both(server, request, tmp_path)

    assert lean == litellm
    assert case != "text" or lean["cost_usd"]


@pytest.mark.parametrize("name", REQUESTS)
def test_the_same_request_leaves_as_the_same_body(
    name: str, server: Server, tmp_path: Path
) -> None:
    if name == "picture" and not server.dialect.has_pictures:
        pytest.skip("its API takes no pictures: litellm sends none, and the gate stops it")

    both(server, REQUESTS[name], tmp_path)

    litellm, lean = server.bodies
    assert lean == litellm
    assert server.paths[0] == server.paths[1]
    assert server.headers[0]["authorization"] == server.headers[1]["authorization"]


@pytest.mark.parametrize("status", [400, 401, 429, 503])
def test_the_same_status_fails_the_same_on_both(
    status: int, server: Server, tmp_path: Path
) -> None:
    server.status = status

    litellm, lean = both(server, PLAIN, tmp_path)

    assert lean == litellm
    assert "kind" in lean


@pytest.mark.skipif(engine_available() is not None, reason="the engine can't run here")
def test_the_embedded_engine_answers_the_same_on_both(tmp_path: Path) -> None:
    """At temperature 0 and with one seed: text, counts, model and what it would cost."""
    endpoint = Endpoint(id="engine", embedded="demo-small")
    entry = EndpointClearance(
        endpoint="engine",
        highest_class=DataClass.PUBLIC,
        allowed_addresses=(EMBEDDED_ADDRESS,),
    )
    clearance = Clearance(endpoints=(entry,), team_class=DataClass.PUBLIC)
    request = Request([Message("user", "Where is order 4711?")], max_tokens=12, seed=1)

    async def once(kind: type[LeanClient | LitellmClient], addresses: dict[str, Address]) -> Reply:
        with AuditLog(tmp_path / "audit.jsonl") as audit:
            gate = GatedClient(kind(addresses, audit), clearance, audit)
            await gate.check_model(endpoint)
            reply = await gate.ask(endpoint, request, data_class=DataClass.PUBLIC, deadline_s=30)
            await gate.close()
            return reply

    with embedded_engine(["demo-small"]) as engines:
        replies = [asyncio.run(once(kind, dict(engines))) for kind in (LitellmClient, LeanClient)]

    litellm, lean = (told(one) for one in replies)
    differing = {name for name in lean if lean[name] != litellm[name]}
    assert differing <= {"request_id"}
    assert lean["text"]
    assert lean["cost_usd"]
