"""A ping says which model answers, or what is wrong; it sends nothing where nothing may go."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from playbook.clearance import Clearance, EndpointClearance
from playbook.profile import Endpoint
from playbook.trials.audit import read_audit
from playbook.trials.connecting import Connection
from playbook.trials.ping import ping_endpoints
from playbook.vocabulary import DataClass
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
