"""litellm's own code for Anthropic and vLLM against a real engine, through the real gate."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from playbook.clearance import EMBEDDED_ADDRESS, Clearance, EndpointClearance
from playbook.profile.endpoints import Endpoint
from playbook.trials.attempting import judge
from playbook.trials.audit import AuditLog
from playbook.trials.client import CallError, Message, Reply, Request, Tool
from playbook.trials.clients import LitellmClient
from playbook.trials.engine import Address, embedded_engine, engine_available
from playbook.trials.gate import GatedClient
from playbook.vocabulary import DataClass

Dialect = Literal["openai", "anthropic"]
BOTH = pytest.mark.parametrize("dialect", ["openai", "anthropic"])
HELLO = Message("user", "Which label fits: my parcel is late?")
SCHEMA = {
    "type": "object",
    "properties": {"label": {"type": "string", "enum": ["late", "lost"]}},
    "required": ["label"],
    "additionalProperties": False,
}
pytestmark = pytest.mark.skipif(engine_available() is not None, reason=str(engine_available()))


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    with embedded_engine(["demo-small"]) as addresses:
        yield addresses["demo-small"]


def ask(address: Address, dialect: Dialect, request: Request, folder: Path) -> Reply | CallError:
    endpoint = an_endpoint(dialect)
    entry = EndpointClearance(
        endpoint="own", highest_class=DataClass.PUBLIC, allowed_addresses=(EMBEDDED_ADDRESS,)
    )
    clearance = Clearance(endpoints=(entry,), team_class=DataClass.PUBLIC)

    async def once() -> Reply | CallError:
        with AuditLog(folder / "audit.jsonl") as audit:
            gate = GatedClient(LitellmClient({"demo-small": address}, audit), clearance, audit)
            try:
                return await gate.ask(
                    endpoint, request, data_class=DataClass.PUBLIC, deadline_s=60.0
                )
            except CallError as error:
                return error
            finally:
                await gate.close()

    return asyncio.run(once())


def an_endpoint(dialect: Dialect) -> Endpoint:
    return Endpoint(id="own", embedded="demo-small", dialect=dialect, operator="self")


@BOTH
def test_text_is_streamed_with_counts_of_the_engine(
    dialect: Dialect, address: Address, tmp_path: Path
) -> None:
    reply = ask(address, dialect, Request([HELLO], max_tokens=12), tmp_path)

    assert isinstance(reply, Reply), reply
    assert judge(an_endpoint(dialect), reply)[0] in ("answered", "truncated")
    assert reply.text
    assert reply.input_tokens
    assert reply.output_tokens
    assert reply.model_answered == "demo-small"
    assert 0 < (reply.first_token_s or 0) <= reply.total_s


@BOTH
def test_prompt_with_a_tool_is_taken(dialect: Dialect, address: Address, tmp_path: Path) -> None:
    tool = Tool("find", "Finds.", {"type": "object", "properties": {"x": {"type": "string"}}})

    reply = ask(address, dialect, Request([HELLO], max_tokens=4, tools=[tool]), tmp_path)

    assert isinstance(reply, Reply), reply
    assert judge(an_endpoint(dialect), reply)[0] in ("answered", "truncated")


def test_schema_forces_the_answer(address: Address, tmp_path: Path) -> None:
    request = Request([HELLO], max_tokens=40, response_schema=SCHEMA)

    reply = ask(address, "openai", request, tmp_path)

    assert isinstance(reply, Reply), reply
    assert json.loads(reply.text)["label"] in ("late", "lost")


@BOTH
def test_wrong_key_is_told_as_such(dialect: Dialect, address: Address, tmp_path: Path) -> None:
    wrong = replace(address, api_key="wrong-key")

    error = ask(wrong, dialect, Request([HELLO], max_tokens=4), tmp_path)

    assert isinstance(error, CallError)
    assert (error.kind, error.retry) == ("auth", False)
    assert "HTTP 401" in str(error)


@BOTH
def test_prompt_longer_than_the_context_is_told_with_its_length(
    dialect: Dialect, address: Address, tmp_path: Path
) -> None:
    long = Message("user", "word " * 1_000)

    error = ask(address, dialect, Request([long], max_tokens=4), tmp_path)

    assert isinstance(error, CallError)
    assert error.kind == "bad_request"
    assert "exceeds the available context size" in str(error)


@BOTH
def test_picture_for_a_text_model_is_refused_by_the_engine(
    dialect: Dialect, address: Address, tmp_path: Path
) -> None:
    picture = Message("user", "What is it?", images=["data:image/png;base64,iVBORw0KGgo="])

    error = ask(address, dialect, Request([picture], max_tokens=4), tmp_path)

    assert isinstance(error, CallError)
    assert "image input is not supported" in str(error)
