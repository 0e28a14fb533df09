"""A ping says which model answers, or what is wrong; it sends nothing where nothing may go."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from playbook.clearance import Clearance, EndpointClearance
from playbook.profile import Endpoint
from playbook.trials.audit import read_audit
from playbook.trials.connecting import Connection
from playbook.trials.ping import ping_endpoints
from playbook.vocabulary import DataClass
from tests.trials.clients.dialects.hosted_vllm import HOSTED_VLLM
from tests.trials.clients.dialects.speaking import Server, serving
from tests.trials.conftest import FakeClient, a_reply


def cleared(endpoint: str, address: str) -> Clearance:
    entry = EndpointClearance(
        endpoint=endpoint, highest_class=DataClass.PUBLIC, allowed_addresses=(address,)
    )
    return Clearance(endpoints=(entry,), team_class=DataClass.PUBLIC)


def test_the_embedded_engine_answers_with_its_model(tmp_path: Path) -> None:
    endpoint = Endpoint(id="own", embedded="demo-small", operator="self", perimeter="on_prem")

    (found,) = ping_endpoints(
        (endpoint,), cleared("own", "embedded"), folder=tmp_path, deadline_s=60
    )

    assert found.answers, found.words
    assert "demo-small" in found.words
    lines = [line.entry for line in read_audit(tmp_path / "audit.jsonl")]
    assert [(one.event, one.data_class) for one in lines] == [
        ("list_models", "public"), ("send", "public"),
    ]  # fmt: skip


def test_a_dead_address_and_a_missing_clearance_are_said_in_words(tmp_path: Path) -> None:
    dead = Endpoint(id="dead", litellm_model="openai/m", api_base="http://127.0.0.1:9/v1")
    barred = Endpoint(id="barred", litellm_model="openai/m", api_base="http://127.0.0.1:9/v1")

    found = ping_endpoints(
        (dead, barred), cleared("dead", "127.0.0.1:9"), folder=tmp_path, deadline_s=20
    )

    assert [one.answers for one in found] == [False, False]
    assert "connection" in found[0].words.lower()
    assert "no clearance" in found[1].words
    assert [one.asked for one in found] == [True, False]


@pytest.mark.parametrize(("answered", "answers"), [("maker/m", True), ("m", True), ("", False)])
def test_a_ping_takes_the_models_that_a_trial_takes(
    answered: str,
    answers: bool,  # noqa: FBT001  a table of cases
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endpoint = Endpoint(id="router", litellm_model="openrouter/maker/m")
    client = FakeClient(lambda *_: a_reply("ok", model_answered=answered))
    opened = nullcontext(Connection(client))
    monkeypatch.setattr("playbook.trials.ping.opened", lambda *_: opened)

    (found,) = ping_endpoints(
        (endpoint,), cleared("router", "router:443"), folder=tmp_path, deadline_s=1
    )

    assert found.answers is answers
    assert answers or "answered as no model; if that is meant" in found.words


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("PLACE_KEY", "sk-of-nobody")
    with serving(HOSTED_VLLM) as running:
        yield running


def words_of(endpoint: Endpoint, address: str, folder: Path) -> str:
    (found,) = ping_endpoints((endpoint,), cleared("own", address), folder=folder, deadline_s=20)
    assert not found.answers
    assert "sk-of-nobody" not in found.words
    return found.words


def at(base: str, **changes: str) -> Endpoint:
    values = {"id": "own", "litellm_model": "hosted_vllm/m", "api_base": base}
    return Endpoint.model_validate(values | {"api_key_variable": "PLACE_KEY"} | changes)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "the key in PLACE_KEY is not accepted; set a valid one of this place"),
        (403, "the key in PLACE_KEY may not use this model"),
        (404, "m is no model there (litellm_model), or"),
        (429, "ask for a higher quota; rpm and tpm of own keep runs below it"),
        (500, "look at its log or status page"),
    ],
)
def test_each_error_status_says_what_to_do(
    server: Server, tmp_path: Path, status: int, words: str
) -> None:
    server.status = status

    assert words in words_of(at(server.base), server.host_port, tmp_path)


def test_server_without_a_list_of_models_still_answers(server: Server, tmp_path: Path) -> None:
    endpoint = at(server.base, expected_model=HOSTED_VLLM.model)

    (found,) = ping_endpoints(
        (endpoint,), cleared("own", server.host_port), folder=tmp_path, deadline_s=20
    )

    assert found.answers, found.words


def test_path_that_was_forgotten_is_named(server: Server, tmp_path: Path) -> None:
    server.status, base = 404, server.base.removesuffix("/v1")

    assert f"try {base}/v1" in words_of(at(base), server.host_port, tmp_path)


@pytest.mark.parametrize("prefix", ["hosted_vllm", "openai", "anthropic"])
def test_web_page_is_no_answer(server: Server, tmp_path: Path, prefix: str) -> None:
    server.page = "<!doctype html><title>Sign in</title>"
    endpoint = at(server.base, litellm_model=f"{prefix}/m")

    assert "answers with a web page" in words_of(endpoint, server.host_port, tmp_path)


def test_missing_key_is_named_by_its_variable(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLACE_KEY")

    said = words_of(at(server.base), server.host_port, tmp_path)

    assert "set the environment variable PLACE_KEY to its key" in said
    assert server.paths == []


@pytest.mark.parametrize(
    ("base", "address", "words"),
    [
        ("http://127.0.0.1:9/v1", "127.0.0.1:9", "nothing listens at http://127.0.0.1:9/v1"),
        ("http://none.invalid/v1", "none.invalid:80", "the name none.invalid is not known here"),
        ("https://none.invalid/v1", "none.invalid:443", "the name none.invalid is not known here"),
        ("http://8.8.8.8:8000/v1", "8.8.8.8:8000", "write https://8.8.8.8:8000/v1 in api_base"),
    ],
)
def test_address_that_leads_nowhere_says_what_to_correct(
    base: str, address: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACE_KEY", "sk-of-nobody")

    assert words in words_of(at(base), address, tmp_path)


def test_https_at_a_port_of_http_is_named(server: Server, tmp_path: Path) -> None:
    base = server.base.replace("http://", "https://")

    assert "speaks no https at this port" in words_of(at(base), server.host_port, tmp_path)
