"""OpenAI's dialect: what is asked, and what an answer is made of."""

from __future__ import annotations

import json

import pytest

from playbook.trials.client import Message, Request, Tool, ToolCall
from playbook.trials.clients.openai_chat import (
    MOST_CALL_PIECES,
    Answer,
    BadReplyError,
    request_body,
)
from tests.trials.clients.scripted import chunk

HELLO = Request([Message("user", "Hello")], max_tokens=5)


def answer_of(*chunks: object) -> Answer:
    answer = Answer()
    for number, one in enumerate(chunks):
        answer.take(json.dumps(one).encode(), float(number))
    return answer.ended()


def a_call(index: int | None = 0, *, name: str = "", said: object = "", id: str = "") -> object:  # noqa: A002  the dialect's word
    row = {"function": {"name": name, "arguments": said}} | ({"id": id} if id else {})
    return chunk(tool_calls=[row if index is None else {**row, "index": index}])


def test_plain_request_holds_what_is_asked_and_nothing_else() -> None:
    assert request_body("m", HELLO) == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hello"}],
        "max_tokens": 5,
        "temperature": 0.0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_images_tools_schema_and_seed_are_asked_for_in_the_dialect() -> None:
    schema = {"type": "object"}
    request = Request(
        [
            Message("user", "What is it?", images=["data:image/png;base64,AA=="]),
            Message("assistant", "", tool_calls=[ToolCall("look", "{}", "call-1")]),
            Message("tool", "a cat", tool_call_id="call-1"),
        ],
        max_tokens=5,
        seed=3,
        tools=[Tool("look", "Looks.", schema)],
        tool_choice="required",
        response_schema=schema,
    )

    body = request_body("m", request)

    called = {"name": "look", "arguments": "{}"}
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    assert body["messages"] == [
        {"role": "user", "content": [{"type": "text", "text": "What is it?"}, image]},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"id": "call-1", "type": "function", "function": called}],
        },
        {"role": "tool", "content": "a cat", "tool_call_id": "call-1"},
    ]
    tool = {"name": "look", "description": "Looks.", "parameters": schema}
    assert body["tools"] == [{"type": "function", "function": tool}]
    assert (body["tool_choice"], body["seed"]) == ("required", 3)
    wanted = {"name": "answer", "schema": schema}  # open, so not strict
    assert body["response_format"] == {"type": "json_schema", "json_schema": wanted}


def test_mistral_names_seed_and_choice_otherwise() -> None:
    request = Request(HELLO.messages, 5, seed=3, tools=[Tool("f", "", {})], tool_choice="required")

    body = request_body("m", request, prefix="mistral")

    assert (body["random_seed"], body["tool_choice"]) == (3, "any")
    assert not {"seed", "stream_options"} & set(body)


def test_reasoning_is_no_part_of_the_text_and_starts_no_clock() -> None:
    answer = answer_of(chunk(reasoning_content="hm"), chunk(content="yes"), chunk(finish="stop"))

    assert (answer.text, answer.arrivals_s) == ("yes", [1.0])


def test_gap_is_the_median_between_pieces_of_the_answer() -> None:
    answer = answer_of(*[chunk(content="x")] * 3)

    assert answer.token_gap_s == 1.0
    assert answer_of(chunk(content="x")).token_gap_s is None


def test_refusal_is_kept_apart_from_the_text() -> None:
    answer = answer_of(chunk(refusal="I can"), chunk(refusal="not"), chunk(finish="stop"))

    assert (answer.text, answer.refusal) == ("", "I cannot")


def test_parts_of_tool_calls_come_together_by_their_index() -> None:
    answer = answer_of(
        a_call(0, name="add", id="a"),
        a_call(1, name="sub", id="b"),
        a_call(0, said='{"x"'),
        a_call(1, said="{}"),
        a_call(0, said=": 1}"),
    )

    assert answer.tool_calls == (ToolCall("add", '{"x": 1}', "a"), ToolCall("sub", "{}", "b"))


def test_calls_that_a_server_numbers_all_0_stay_apart() -> None:
    answer = answer_of(
        a_call(0, name="add", id="a", said='{"x"'),
        a_call(0, said=": 1}"),
        a_call(0, name="add", id="b", said="{}"),
        a_call(0, name="sub", said="{}"),
    )

    assert [(one.name, one.arguments) for one in answer.tool_calls] == [
        ("add", '{"x": 1}'),
        ("add", "{}"),
        ("sub", "{}"),
    ]


def test_tool_calls_without_index_are_told_apart_by_id_and_may_bring_objects() -> None:
    answer = answer_of(
        a_call(None, name="add", id="a", said={"x": 1}), a_call(None, name="sub", id="b", said="{}")
    )

    assert answer.tool_calls == (ToolCall("add", '{"x": 1}', "a"), ToolCall("sub", "{}", "b"))


def test_content_in_parts_gives_its_texts() -> None:
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": "yes"}]

    assert answer_of(chunk(content=parts)).text == "yes"


def test_whole_reply_counts_as_one_chunk() -> None:
    message = {"role": "assistant", "content": "hi", "tool_calls": None}
    whole = {"model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}

    answer = answer_of(whole)

    assert (answer.text, answer.model, answer.finish_reason) == ("hi", "m", "stop")


def test_usage_said_twice_counts_once() -> None:
    usage = {"usage": {"prompt_tokens": 7, "completion_tokens": 2}, "choices": []}

    answer = answer_of(chunk(content="hi"), usage, usage)

    assert (answer.counts["input_tokens"], answer.counts["output_tokens"]) == (7, 2)


@pytest.mark.parametrize("count", [True, "7", 7.0, None, [7]])
def test_count_that_is_no_whole_number_is_unknown(count: object) -> None:
    assert answer_of({**chunk(), "usage": {"prompt_tokens": count}}).counts["input_tokens"] is None


def test_cached_tokens_are_read_in_both_spellings() -> None:
    one = {"usage": {"prompt_tokens_details": {"cached_tokens": 4}}}
    other = {"usage": {"prompt_cache_hit_tokens": 4, "prompt_tokens_details": None}}

    counts = [answer_of({**chunk(), **usage}).counts for usage in (one, other)]

    assert [count["cached_input_tokens"] for count in counts] == [4, 4]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"message": "out of memory"}, None),
        ({"message": "busy", "code": 429}, 429),
        ({"message": "long", "status": 400, "code": "too_long"}, 400),
        ("out of memory", None),
    ],
)
def test_error_inside_a_stream_is_told_with_its_status(error: object, status: int | None) -> None:
    with pytest.raises(BadReplyError, match="the server failed while it answered") as caught:
        answer_of(chunk(content="h"), {"error": error})

    assert caught.value.status == status


@pytest.mark.parametrize("data", [b"{", b"[1]", b'"x"', b"[" * 100_000, b"\xff\xfe"])
def test_piece_that_is_no_chunk_is_a_bad_reply(data: bytes) -> None:
    with pytest.raises(BadReplyError, match="no JSON"):
        Answer().take(data, 0.0)


@pytest.mark.parametrize(
    "strange",
    [
        {"choices": None},
        {"choices": [3]},
        {"choices": [{"index": 0, "delta": "x"}]},
        {"choices": [{"index": 0, "delta": {"content": 3, "tool_calls": {"a": 1}}}]},
        {"choices": [{"index": 1, "delta": {"content": "another choice"}}]},
        {"model": 3, "id": None, "usage": []},
    ],
)
def test_strange_fields_are_passed_over(strange: object) -> None:
    answer = answer_of(chunk(content="hi"), strange)

    assert (answer.text, answer.model, answer.tool_calls) == ("hi", "some-model", ())


def test_reply_without_any_choice_is_no_answer() -> None:
    with pytest.raises(BadReplyError, match="holds no answer"):
        answer_of({"usage": {}})


def test_number_of_pieces_of_tool_calls_is_bounded() -> None:
    rows = [{"index": number} for number in range(MOST_CALL_PIECES + 1)]

    with pytest.raises(BadReplyError, match="pieces of tool calls"):
        answer_of(chunk(tool_calls=rows))
