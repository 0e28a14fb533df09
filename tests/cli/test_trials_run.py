"""`playbook trials run` and `compare`: exit codes, resuming, what is printed where."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from playbook.cli import main
from playbook.trials.client import CallError
from playbook.trials.connecting import Connection
from tests.trials.conftest import (
    FakeClient,
    Rule,
    a_prompt,
    a_reply,
    right_answer,
    write_prompt_set,
)

OWN = """endpoints:
  - {id: own, litellm_model: hosted_vllm/model-x, api_base: "http://127.0.0.1:9/v1",
     operator: self, perimeter: on_prem}
  - {id: far, litellm_model: hosted_vllm/model-x, api_base: "http://127.0.0.1:9/v1",
     input_usd_per_million_tokens: 100, output_usd_per_million_tokens: 500}
"""


class Desk:
    """Ten public prompts beside no params, two endpoints and a client that answers by rule."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        label = {"data_class": "public", "data_types": ["public_only"]}
        self.set = write_prompt_set(root, [a_prompt(one) for one in range(10)], **label)
        self.endpoints = root / "endpoints.yaml"
        self.endpoints.write_text(OWN)
        self.out = root / "out"
        self.client = FakeClient()

        @contextmanager
        def opened(*_: object) -> Iterator[Connection]:
            yield Connection(self.client)

        monkeypatch.setattr("playbook.trials.run.opened", opened)

    def answers(self, rule: Rule) -> None:
        self.client.rule = rule

    def run(self, *more: str) -> int:
        args = ["run", self.set, "--endpoints", self.endpoints, "--out", self.out, *more]
        return code_of(*args)


def code_of(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["trials", *map(str, args)])
    return int(str(caught.value.code))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("PLAYBOOK_AS_OF", "2026-11-23")
    monkeypatch.delenv("PLAYBOOK_PARAMS_DIR", raising=False)
    monkeypatch.chdir(tmp_path)  # where no folder of params is
    return Desk(tmp_path, monkeypatch)


def test_all_answered_is_code_0_and_one_json_object(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    code = desk.run("--json")

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert found["outcomes"] == {"answered": 20}
    assert [one["endpoint"] for one in found["endpoints"]] == ["own", "far"]
    assert found["endpoints"][0]["results"][0]["pass_rate"]["value"] == 1.0
    assert all(Path(one).is_file() for one in found["paths"].values())


def test_the_same_command_asks_nothing_again(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.run()
    asked = len(desk.client.asked)
    capsys.readouterr()

    code = desk.run("--json")

    assert (code, len(desk.client.asked)) == (0, asked)
    assert json.loads(capsys.readouterr().out)["asked_now"] == 0


def test_only_what_is_new_is_asked_and_the_change_is_told(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.run()
    asked = len(desk.client.asked)
    desk.endpoints.write_text(OWN.replace("id: own", "id: other"))
    capsys.readouterr()

    code = desk.run()

    told = capsys.readouterr().err
    assert code == 0
    assert len(desk.client.asked) == asked + 10
    assert "endpoint other is new" in told
    assert "endpoint own is left out" in told
    assert "10 recorded answers still hold; only the others are asked" in told


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (CallError("bad_request", "HTTP 400", retry=False), "error"),
        (a_reply("x", finish_reason="content_filter"), "filtered"),
        (a_reply("x", model_answered="another"), "wrong_model"),
        (a_reply("x", finish_reason="length"), "truncated"),
    ],
)
def test_one_failure_among_answers_is_code_1_and_is_counted(
    desk: Desk, capsys: pytest.CaptureFixture[str], said: object, outcome: str
) -> None:
    desk.answers(
        lambda _endpoint, request, _times: (
            said  # type: ignore[arg-type,return-value]
            if request.messages[-1].content == "question 7"
            else a_reply(right_answer(request))
        )
    )

    code = desk.run("--json")

    assert code == 1
    assert json.loads(capsys.readouterr().out)["outcomes"] == {"answered": 18, outcome: 2}


def test_a_failure_among_the_parts_of_a_safety_set_is_code_1_and_is_shown(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    label = {"data_class": "public", "data_types": ["public_only"]}
    rows = [a_prompt(one, task="leak", tags=["safety:leak"]) for one in range(10)]
    write_prompt_set(desk.set.parents[1], rows, **label)
    desk.answers(lambda _endpoint, _request, _times: CallError("bad_request", "no", retry=False))

    code = desk.run()

    assert code == 1
    assert "  leak: passed 0.0%" in capsys.readouterr().out
    assert desk.run("--json") == 1
    assert json.loads(capsys.readouterr().out)["outcomes"] == {"error": 20}


def test_the_evidence_itself_says_which_controls_were_not_applied(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.run("--json")

    printed = json.loads(capsys.readouterr().out)["not_considered"]
    kept = json.loads((desk.out / "evidence.json").read_text())["not_considered"]
    assert printed == kept
    assert sum("only controls that look at the label" in one for one in kept) == 1


def test_what_may_not_go_is_kept_back_and_counted(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    write_prompt_set(
        desk.set.parents[1],
        [a_prompt(one) for one in range(10)],
        data_class="restricted",
        data_types=["phi"],
    )

    code = desk.run("--json")

    found = json.loads(capsys.readouterr().out)
    assert code == 1
    assert ("far", 10) in [(one["endpoint"], one["refused_by_gate"]) for one in found["endpoints"]]
    assert not [one for one in desk.client.asked if one[0] == "far"]


def test_a_dear_run_needs_a_yes_and_sends_nothing_without(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.endpoints.write_text(OWN.replace("million_tokens: 500", "million_tokens: 9000"))

    code = desk.run()

    told = capsys.readouterr().err
    assert code == 2
    assert "trials, far: 10 calls" in told
    assert "this may cost up to 1.51 USD, above the 1 USD of confirm_above_usd" in told
    assert "nothing was sent: run `playbook trials run ... --yes`" in told
    assert not desk.client.asked
    assert not desk.out.exists()

    assert desk.run("--max-usd", "0.9") in (0, 1)  # the cap itself keeps it below the question
    assert desk.run("--yes", "--max-usd", "20") == 0


def test_bad_input_is_code_2_with_every_problem(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.endpoints.write_text("endpoints:\n  - {id: A, rpm: -1}\n")

    assert desk.run() == 2

    told = capsys.readouterr().err
    assert "endpoints[0].id" in told
    assert "endpoints[0].rpm" in told


def test_a_run_that_is_interrupted_is_code_130_and_goes_on(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(_endpoint: object, request: object, _times: int) -> object:
        if len(desk.client.asked) > 6:
            raise KeyboardInterrupt
        return a_reply(right_answer(request))  # type: ignore[arg-type]

    desk.answers(stop)  # type: ignore[arg-type]
    assert desk.run() == 130
    before = (desk.out / "trials.jsonl").read_text().count("\n")
    assert "run the same command again to resume" in capsys.readouterr().err

    desk.client = FakeClient()
    assert desk.run() == 0

    assert len(desk.client.asked) == 20 - before


def test_a_teams_run_folder_is_not_written_to(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.run()
    manifest = desk.out / "manifest.json"
    manifest.write_text(manifest.read_text().replace("outside-any-team", "acme"))

    assert desk.run() == 2
    assert "is the run of a team" in capsys.readouterr().err


def test_compare_prints_the_verdict_of_a_run(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.answers(
        lambda endpoint, request, _times: a_reply(
            right_answer(request) if endpoint.id == "own" else "wrong"
        )
    )
    desk.run()
    capsys.readouterr()

    code = code_of("compare", desk.out, "--a", "far", "--b", "own", "--margin", "0.05")
    told = capsys.readouterr().out
    as_json = code_of("compare", desk.out, "--a", "far", "--b", "own", "--margin", "0.05", "--json")

    assert (code, as_json) == (0, 0)
    assert "far passes 0.0%, own 100.0% of the same 10 prompts" in told
    assert "difference -100.0 points (-100.0 to " in told
    assert (
        "verdict by a margin of 0.05: inferior: far is worse than own by more than 5 points"
    ) in told
    assert json.loads(capsys.readouterr().out)["verdict"] == "inferior"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--a", "own", "--b", "fat", "--margin", "0.05"), "--b 'fat' answered nothing"),
        (("--a", "own", "--b", "own", "--margin", "0.05"), "--a and --b are the same endpoint"),
        (("--a", "own", "--b", "far", "--margin", "5"), "--margin"),
    ],
)
def test_compare_names_what_is_wrong(
    desk: Desk, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], told: str
) -> None:
    desk.run()

    assert code_of("compare", desk.out, *args) == 2
    assert told in capsys.readouterr().err


def test_compare_of_an_empty_folder_says_what_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of("compare", tmp_path, "--a", "x", "--b", "y", "--margin", "0.1") == 2
    assert "holds no trials.jsonl; run `playbook trials run` into it first" in (
        capsys.readouterr().err
    )


def test_a_full_disk_is_one_line_that_names_the_folder(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    def full(file: int, lines: bytes, **_size: int) -> None:
        written.append(file)
        if len(written) > 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        os.write(file, lines)

    monkeypatch.setattr("playbook.trials.ledger.write_or_leave", full)

    code = desk.run()

    said = capsys.readouterr().err
    assert code == 1
    assert f"{desk.out}: No space left on device; mend it, then run again" in said
    assert "Traceback" not in said


def test_an_error_is_told_with_its_reason_and_how_often(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    said = CallError("bad_request", "HTTP 400: no images\n\x1b[2J here", retry=False)
    desk.answers(lambda endpoint, _request, _t: said if endpoint.id == "far" else a_reply("x"))

    code = desk.run()

    told = capsys.readouterr().out
    assert code == 1
    assert "  error, 5 times: bad_request: HTTP 400: no images [2J here" in told
    assert "\x1b" not in told


def test_what_keeps_prompts_back_is_told_a_control_a_line(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = desk.set.parents[1]
    label = {"data_class": "restricted", "data_types": ["phi"]}
    write_prompt_set(folder, [a_prompt(1)], **label)

    code = desk.run()

    told = capsys.readouterr().out.splitlines()
    assert code == 1
    assert any(line.endswith("; what stops more:") for line in told)
    assert any(line.startswith("    - ") and ": open: " in line for line in told)
    assert any(line.startswith("    settle first: ") for line in told)
    assert any(line.startswith("without a team, what an endpoint declares") for line in told)
    assert not any("refused_by_gate" in line for line in told)


def test_a_set_that_a_judge_reads_is_told_to_be_left_unscored(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    rubric = {"name": "rubric", "rubric": "Is it polite?"}
    label = {"data_class": "public", "data_types": ["public_only"]}
    write_prompt_set(desk.set.parents[1], [a_prompt(1, scorers=[rubric])], **label)

    desk.run()

    assert "has scorers that a judge reads; not scored here" in capsys.readouterr().err
