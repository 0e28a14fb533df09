"""litellm's own code for each dialect, against a server that speaks it, through the real gate."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from playbook.clearance import Clearance, EndpointClearance
from playbook.profile.endpoints import Endpoint
from playbook.trials.attempting import judge
from playbook.trials.audit import AuditLog, read_audit
from playbook.trials.client import CallError, Message, Reply, Request, Tool, ToolCall
from playbook.trials.clients import LeanClient, LitellmClient
from playbook.trials.gate import GatedClient
from playbook.vocabulary import DataClass
from tests.trials.clients.dialects.anthropic import ANTHROPIC
from tests.trials.clients.dialects.azure import AZURE
from tests.trials.clients.dialects.deepseek import DEEPSEEK
from tests.trials.clients.dialects.gemini import GEMINI
from tests.trials.clients.dialects.hosted_vllm import HOSTED_VLLM
from tests.trials.clients.dialects.mistral import MISTRAL
from tests.trials.clients.dialects.openai import OPENAI
from tests.trials.clients.dialects.speaking import (
    CALLS,
    JSON_ANSWER,
    REPEATED,
    Dialect,
    Server,
    serving,
)

DIALECTS = (OPENAI, ANTHROPIC, GEMINI, MISTRAL, DEEPSEEK, AZURE, HOSTED_VLLM)
KEY = "sk-test-4f9a8b7c6d5e4f3a2b1c"
PICTURE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
SCHEMA = {
    "type": "object",
    "properties": {"order_id": {"type": "string"}},
    "required": ["order_id"],
    "additionalProperties": False,
}
WEATHER = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TIME = {"type": "object", "properties": {"zone": {"type": "string"}}, "required": ["zone"]}
TOOLS = (Tool("get_weather", "Weather of a city.", WEATHER), Tool("get_time", "Time.", TIME))
HELLO = Message("user", "Hello")
Sender = type[LitellmClient] | type[LeanClient]


@pytest.fixture(params=DIALECTS, ids=str)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serving(request.param) as running:
        yield running


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACE_KEY", KEY)


def an_endpoint(server: Server, **changes: str) -> Endpoint:
    dialect = server.dialect
    values = {
        "id": "place",
        "litellm_model": f"{dialect.prefix}/{dialect.model}",
        "api_base": server.base,
        "api_key_variable": "PLACE_KEY",
        **dialect.fields,
    }
    return Endpoint.model_validate(values | changes)


def ask(
    server: Server,
    request: Request,
    folder: Path,
    client: Sender = LitellmClient,
) -> Reply | CallError:
    endpoint = an_endpoint(server)
    entry = EndpointClearance(
        endpoint=endpoint.id,
        highest_class=DataClass.PUBLIC,
        allowed_addresses=(server.host_port,),
    )
    clearance = Clearance(endpoints=(entry,), team_class=DataClass.PUBLIC)

    async def once() -> Reply | CallError:
        with AuditLog(folder / "audit.jsonl") as audit:
            gate = GatedClient(client({}, audit), clearance, audit)
            try:
                return await gate.ask(
                    endpoint, request, data_class=DataClass.PUBLIC, deadline_s=20.0
                )
            except CallError as error:
                return error
            finally:
                await gate.close()

    return asyncio.run(once())


def answered(
    server: Server,
    request: Request,
    folder: Path,
    client: Sender = LitellmClient,
) -> Reply:
    reply = ask(server, request, folder, client)
    assert isinstance(reply, Reply), reply
    return reply


def failed(server: Server, request: Request, folder: Path) -> CallError:
    error = ask(server, request, folder)
    assert isinstance(error, CallError), error
    return error


def saying(*messages: Message, **fields: object) -> Request:
    return Request(messages or (HELLO,), max_tokens=16, **fields)  # type: ignore[arg-type]


def test_text_is_streamed_with_its_counts_and_model(server: Server, tmp_path: Path) -> None:
    reply = answered(server, saying(), tmp_path)

    counts = server.dialect.counts
    assert (reply.text, reply.finish_reason) == ("Hello", "stop")
    assert (reply.input_tokens, reply.output_tokens) == (counts.input, counts.output)
    assert (reply.cached_input_tokens or None) == counts.cached
    assert (reply.cache_written_tokens or None) == counts.written
    assert (reply.reasoning_tokens or None) == counts.reasoning
    assert judge(an_endpoint(server), reply) == ("answered", "")
    assert (reply.client, reply.request_id) == ("litellm", "req-77")


def test_two_pieces_have_a_gap_between_them(server: Server, tmp_path: Path) -> None:
    reply = answered(server, saying(), tmp_path)

    assert reply.first_token_s is not None
    assert reply.token_gap_s is not None
    assert 0 <= reply.token_gap_s <= reply.total_s - reply.first_token_s


def test_one_request_arrives_at_its_path_with_the_key_in_one_place(
    server: Server, tmp_path: Path
) -> None:
    answered(server, saying(Message("system", "Be brief."), HELLO), tmp_path)

    dialect = server.dialect
    assert server.paths == [dialect.path]
    assert server.headers[0][dialect.key_header] == dialect.key_words.format(KEY)
    others = {name: text for name, text in server.headers[0].items() if name != dialect.key_header}
    assert KEY not in f"{others} {server.bodies} {server.paths}"
    assert "Be brief." in json.dumps(server.bodies)


def test_tools_arrive_with_their_schemas_and_calls_come_back_whole(
    server: Server, tmp_path: Path
) -> None:
    server.case = "tools"

    reply = answered(server, saying(tools=TOOLS), tmp_path)

    assert server.dialect.tools(server.bodies[0]) == {"get_weather": WEATHER, "get_time": TIME}
    assert [(one.name, json.loads(one.arguments)) for one in reply.tool_calls] == list(CALLS)
    assert len({one.id for one in reply.tool_calls}) == 2
    assert reply.text == ""
    assert reply.first_token_s is not None


@pytest.mark.parametrize(
    ("choice", "said"), [("required", ("required", "any")), ("none", ("none",))]
)
def test_choice_of_tools_arrives(
    server: Server, tmp_path: Path, choice: str, said: tuple[str, ...]
) -> None:
    answered(server, saying(tools=TOOLS, tool_choice=choice), tmp_path)

    body = server.bodies[0]
    asked = json.dumps(body.get("tool_choice") or body.get("toolConfig")).lower()
    assert any(f'"{one}"' in asked for one in said), asked


def test_answer_of_a_tool_arrives_with_the_call_that_it_answers(
    server: Server, tmp_path: Path
) -> None:
    called = ToolCall("get_weather", '{"city": "Bern"}', "call_9")
    talk = (
        HELLO,
        Message("assistant", "", tool_calls=[called]),
        Message("tool", "12 C", (), (), "call_9"),
    )

    answered(server, saying(*talk, tools=TOOLS), tmp_path)

    assert server.dialect.result(server.bodies[0]) == ("call_9", "12 C")
    assert "Bern" in json.dumps(server.bodies[0])
    assert "sanitised" not in json.dumps(server.bodies[0])


def test_picture_arrives_in_the_form_of_the_dialect(server: Server, tmp_path: Path) -> None:
    said = ask(server, saying(Message("user", "What is it?", images=[PICTURE])), tmp_path)

    if server.dialect.has_pictures:
        assert isinstance(said, Reply), said
        assert server.dialect.picture(server.bodies[0]) == PICTURE
        assert "What is it?" in json.dumps(server.bodies[0])
    else:
        assert isinstance(said, CallError)
        assert said.kind == "bad_request"
        assert f"no pictures to {server.dialect.prefix}/" in str(said)
        assert server.bodies == []


def test_picture_that_is_an_address_is_not_fetched(server: Server, tmp_path: Path) -> None:
    error = failed(server, saying(Message("user", "", images=["http://x.example/a"])), tmp_path)

    assert (error.kind, server.bodies) == ("bad_request", [])
    assert "data URL" in str(error)


def test_schema_arrives_and_the_answer_follows_it(server: Server, tmp_path: Path) -> None:
    server.case = "schema"

    reply = answered(server, saying(response_schema=SCHEMA), tmp_path)

    assert server.dialect.schema(server.bodies[0]) == SCHEMA
    assert reply.text == JSON_ANSWER


@pytest.mark.parametrize(
    ("status", "kind", "retry", "wait_s"),
    [
        (400, "bad_request", False, None),
        (401, "auth", False, None),
        (429, "rate_limit", True, 7.0),
        (500, "server", True, None),
    ],
)
def test_error_is_told_by_its_status_after_one_request(
    server: Server, tmp_path: Path, *, status: int, kind: str, retry: bool, wait_s: float | None
) -> None:
    server.status = status

    error = failed(server, saying(), tmp_path)

    assert (error.kind, error.retry, error.retry_after_s) == (kind, retry, wait_s)
    assert f"HTTP {status}" in str(error)
    assert KEY not in str(error)
    assert len(server.paths) == 1


def test_answer_that_repeats_itself_is_an_answer(server: Server, tmp_path: Path) -> None:
    """litellm would break it off as the server's fault, and it would be asked again."""
    server.case = "repeating"

    reply = answered(server, saying(), tmp_path)

    assert reply.text == "".join(REPEATED)
    assert judge(an_endpoint(server), reply) == ("answered", "")


def test_answer_that_a_filter_cut_is_filtered(server: Server, tmp_path: Path) -> None:
    server.case = "filtered"

    reply = answered(server, saying(), tmp_path)

    assert judge(an_endpoint(server), reply)[0] == "filtered"
    assert reply.text == "Hel"


def test_refusal_of_the_provider_is_filtered(server: Server, tmp_path: Path) -> None:
    server.case = "refusal"

    reply = answered(server, saying(), tmp_path)

    assert judge(an_endpoint(server), reply)[0] == "filtered"
    assert reply.text == ""
    if server.dialect not in (ANTHROPIC, GEMINI):  # they have no field for its words
        assert reply.refusal == 'I can\'t help with "that".'


@pytest.mark.parametrize("dialect", [OPENAI, AZURE], ids=str)
def test_prompt_that_a_filter_refused_is_filtered_too(dialect: Dialect, tmp_path: Path) -> None:
    with serving(dialect) as server:
        server.status, server.body = 400, dialect.prompt_filter

        reply = answered(server, saying(), tmp_path)

    assert judge(an_endpoint(server), reply)[0] == "filtered"
    assert "filter refused the prompt" in reply.refusal
    assert (reply.input_tokens, reply.model_answered) == (None, "")


def test_another_model_is_not_taken_for_the_one_that_was_asked(
    server: Server, tmp_path: Path
) -> None:
    reply = answered(server, saying(), tmp_path)

    judged, why = judge(an_endpoint(server, expected_model="another"), reply)
    assert judged == "wrong_model"
    assert "set expected_model of place" in why


def test_refused_prompt_is_no_error_without_litellm_either(tmp_path: Path) -> None:
    with serving(OPENAI) as server:
        server.status, server.body = 400, OPENAI.prompt_filter

        reply = answered(server, saying(), tmp_path, LeanClient)

    assert judge(an_endpoint(server), reply)[0] == "filtered"


def test_each_call_is_in_the_audit_log_without_its_words(server: Server, tmp_path: Path) -> None:
    ask(server, saying(Message("user", "UNHEARD")), tmp_path)

    lines = read_audit(tmp_path / "audit.jsonl")
    assert [one.entry.event for one in lines] == ["send"]
    assert "UNHEARD" not in (tmp_path / "audit.jsonl").read_text(encoding="utf-8")
