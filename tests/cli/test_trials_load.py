"""`playbook trials load`: what is asked, what is printed where, exit codes, going on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from playbook.cli import main
from playbook.profile import Endpoint
from playbook.trials.audit import AUDIT_LOG, read_audit
from playbook.trials.client import CallError, Reply, Request
from playbook.trials.connecting import Connection
from playbook.trials.ledger import LEDGER, read_ledger
from tests.trials.conftest import FakeClient, Rule, a_reply

FILE = """endpoints:
  - {id: own, litellm_model: hosted_vllm/model-x, api_base: "http://127.0.0.1:9/v1",
     operator: self, perimeter: on_prem, expected_model: model-x,
     option: "llama-3.1-8b-instruct@self:rented_eu",
     engine: vllm, gpu: h100, gpus: 1, precision: bf16}
  - {id: dear, litellm_model: hosted_vllm/model-x, api_base: "http://127.0.0.1:9/v1",
     input_usd_per_million_tokens: 1000, output_usd_per_million_tokens: 5000}
"""
SMALL = ("--in-flight", "2", "--calls", "60", "--input-tokens", "200", "--output-tokens", "32")


def serves(_: Endpoint, request: Request, __: int) -> Reply:
    asked = len(request.messages[-1].content) // 5
    return a_reply(
        "so on", input_tokens=asked, output_tokens=32, finish_reason="length", total_s=0.5
    )


class Desk:
    """A file of endpoints and a client that answers by rule."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file, self.out = root / "endpoints.yaml", root / "out"
        self.file.write_text(FILE)
        self.client = FakeClient(serves)

        @contextmanager
        def opened(*_: object) -> Iterator[Connection]:
            yield Connection(self.client)

        monkeypatch.setattr("playbook.trials.run.opened", opened)

    def answers(self, rule: Rule) -> None:
        self.client.rule = rule

    def load(self, *more: object, endpoint: str = "own") -> int:
        args = [endpoint, "--endpoints", self.file, "--out", self.out, *more]
        with pytest.raises(SystemExit) as caught:
            main(["trials", "load", *map(str, args)])
        return int(str(caught.value.code))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("PLAYBOOK_AS_OF", "2026-11-23")
    return Desk(tmp_path, monkeypatch)


def test_a_sweep_is_one_json_object_and_code_0(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    code = desk.load(*SMALL, "--json")

    said = capsys.readouterr()
    found = json.loads(said.out)
    assert code == 0
    assert found["measured"]
    (curve,) = found["curves"]
    assert [(one["in_flight"], one["calls"]) for one in curve["points"]] == [(2, 62)]
    assert "63 calls to make" in said.err
    assert all(Path(one).is_file() for one in found["paths"].values())


def test_only_public_filler_is_sent(desk: Desk) -> None:
    desk.load(*SMALL)

    sent = [one.entry for one in read_audit(desk.out / AUDIT_LOG) if one.entry.event == "send"]
    assert {one.data_class.value for one in sent if one.data_class} == {"public"}
    assert {one.prompt_set for one in read_ledger(desk.out / LEDGER)} == {"filler"}
    assert len({text for _, text in desk.client.asked}) == len(desk.client.asked)


def test_the_table_has_units_and_the_knee_is_a_sentence(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.load(*SMALL)

    text = capsys.readouterr().out
    assert "output tokens/s" in text
    assert "TTFT p95 s" in text
    assert "The knee is at 2 calls in flight: no higher load was tried." in text
    assert "Highest load that met the service level" in text


def test_the_snippet_for_a_folder_of_facts_can_be_read(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playbook.trials.load.measuring.MOST_CALLS_PER_SECOND", 1e9)
    desk.load(*SMALL)

    text = capsys.readouterr().out
    snippet = text.partition("for a folder of facts (`playbook facts`):\n")[2]
    facts = yaml.safe_load(snippet.partition("evidence:")[0])
    (one,) = facts["measurements"]
    assert (one["model"], one["engine"], one["gpu"]) == ("llama-3.1-8b-instruct", "vllm", "h100")
    assert one["filler"]
    assert facts["sources"][one["source"]]["kind"] == "measured"


def test_the_same_command_again_asks_nothing(desk: Desk) -> None:
    desk.load(*SMALL)
    asked = len(desk.client.asked)

    assert desk.load(*SMALL) == 0

    assert len(desk.client.asked) == asked


def test_the_service_level_is_what_was_asked_for(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """First tokens come after 0.1 s; then 31 tokens in 0.4 s."""
    desk.load(*SMALL, "--slo-ttft-s", "0.05", "--slo-tokens-per-second", "10", "--json")

    (curve,) = json.loads(capsys.readouterr().out)["curves"]
    assert (curve["slo_first_token_s"], curve["slo_tokens_per_second"]) == (0.05, 10)
    assert curve["points"][0]["slo_share"]["value"] == 0
    assert curve["best"] is None


def test_an_endpoint_that_never_answers_is_code_1(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.answers(lambda *_: CallError("auth", "wrong key", retry=False))

    assert desk.load(*SMALL, "--json") == 1

    assert not json.loads(capsys.readouterr().out)["measured"]


def test_a_dear_sweep_is_not_begun_without_a_yes(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.load(*SMALL, endpoint="dear") == 2

    assert "nothing was sent" in capsys.readouterr().err
    assert desk.client.asked == []


def test_a_sweep_never_costs_more_than_its_cap(desk: Desk) -> None:
    desk.load(*SMALL, "--max-usd", "2", "--yes", endpoint="dear")

    lines = read_ledger(desk.out / LEDGER)
    assert 0 < sum(one.cost_usd or 0 for one in lines) <= 2


def test_lengths_are_those_of_the_teams_workload_where_none_are_given(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    team = {
        "workload": {"input_tokens_per_call": 300, "share_output": 0.25},
        "trials": yaml.safe_load(FILE),
    }
    desk.file.write_text(yaml.safe_dump(team))

    desk.load("--in-flight", "2", "--calls", "20", "--json")

    (curve,) = json.loads(capsys.readouterr().out)["curves"]
    assert curve["points"][0]["mean_input_tokens"] == pytest.approx(300, rel=0.02)
    assert desk.client.asked
    assert {one.load for one in read_ledger(desk.out / LEDGER)} == {2}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--in-flight", "1,many"), "is no list of numbers such as 1,4,16"),
        (("--in-flight", "0"), "numbers above 0"),
        (("--in-flight", "9999"), "up to 256"),
        (("--in-flight", ""), "name a load"),
        (("--rates", "nan"), "numbers above 0"),
    ],
)
def test_a_load_that_makes_no_sense_is_code_2_and_told(
    args: tuple[str, str], words: str, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.load(*args) == 2

    assert words in capsys.readouterr().err
    assert desk.client.asked == []


def test_an_endpoint_that_is_not_in_the_file_is_told_with_those_that_are(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.load(*SMALL, endpoint="owm") == 2

    assert "holds no endpoint 'owm'; it has own, dear" in capsys.readouterr().err


def test_an_embedded_model_that_does_not_exist_is_told(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.load(*SMALL, endpoint="embedded:demo-huge") == 2

    assert "no such model; try embedded:demo-base" in capsys.readouterr().err


def test_an_embedded_model_shows_the_method_and_measures_no_market_model(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    def embedded(endpoint: Endpoint, _: Request, times: int) -> Reply:
        return a_reply("x", model_answered=endpoint.embedded, total_s=0.5, output_tokens=9 + times)

    desk.answers(embedded)

    code = desk.load("--in-flight", "2", "--calls", "60", endpoint="embedded:demo-base")

    text = capsys.readouterr().out
    assert code == 0
    assert "not how fast any model on the market is" in text
    assert "measurements:" not in text
