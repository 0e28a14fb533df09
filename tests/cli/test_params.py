"""Bad input gives one clear message, exit code 2, no traceback, and nothing is written."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from playbook.cli import main

ROOT = Path(__file__).parents[2]
HEAVY = ("litellm", "plotly", "pandas", "papermill", "scipy", "ipywidgets")


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    """Return the exit code and everything that was printed."""
    with pytest.raises(SystemExit) as stop:
        main(list(args))
    shown = capsys.readouterr()
    return int(stop.value.code or 0), shown.out + shown.err


def write(folder: Path, text: str, name: str = "acme.yaml") -> str:
    (folder / "prompts").mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


A_DECISION = """
trials:
  scan_overrides: [{prompt_set: a, rule: us_ssn, owner: x, reason: y, decided_on: 2026-11-02}]
"""
BAD = {
    "misspelt key": ("workload: {tokens_per_dya: 5}", ["tokens_per_dya", "tokens_per_day"]),
    "wrong unit": ("workload: {share_output: 25}", ["share_output", "25", "0.25"]),
    "crafted key": ("'x=1;import os;y': {a: 1}", ["x=1;import os;y"]),
    "crafted field": ("workload: {'a;b=1': 2}", ["a;b=1"]),
    "bomb": (
        "a: &a [x, x]\nb: &b [*a, *a]\nworkload: {modalities: [*b, *b]}",
        ["anchor"],
    ),
    "path as team": ("team: {name: ../../etc/passwd}", ["team.name"]),
    "missing prompts": ("trials: {prompt_sets: [nowhere]}", ["nowhere"]),
    "unknown control": ("data: {answers: {HIPPA-01: {answer: met}}}", ["HIPPA-01", "HIPAA-01"]),
    "unknown model": (
        "domain: {candidate_models: [llama-3.1-8b-instrukt]}",
        ["llama-3.1-8b-instrukt", "did you mean llama-3.1-8b-instruct"],
    ),
    "empty list of models": ("domain: {candidate_models: []}", ["candidate_models"]),
    "alias that moves": (
        "trials: {endpoints: [{id: api, litellm_model: mistral/mistral-small-latest}]}",
        ["trials.endpoints.api.litellm_model", "mistral/mistral-small-latest", "write mistral/"],
    ),
    "decision nobody answers for": (
        "trials: {scan_overrides: [{prompt_set: a, rule: us_ssn, decided_on: 2026-11-01}]}",
        ["trials.scan_overrides[0]", "without owner and reason"],
    ),
    "decision that never holds": (
        A_DECISION.replace("2026-11-02", "2026-11-02, valid_until: 2026-11-01"),
        ["trials.scan_overrides[0].valid_until", "before decided_on"],
    ),
    "unknown rule": (
        A_DECISION.replace("us_ssn", "us_snn"),
        ["us_snn", "did you mean us_ssn", "not under trials.prompt_sets"],
    ),
    "unknown place": ("infrastructure: {places: [moon]}", ["moon", "own_network"]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gives_one_clear_message(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, words = BAD[name]
    path = write(tmp_path, text)

    code, said = run(capsys, "check", path)

    assert code == 2
    assert "Traceback" not in said
    assert "acme.yaml" in said
    for word in words:
        assert word in said


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_not_run_and_nothing_is_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, BAD[name][0])
    out = tmp_path / "out"

    code, _ = run(capsys, "run", path, "--out", str(out))

    assert code == 2
    assert not out.exists()


def test_all_problems_of_all_files_come_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = write(tmp_path, "workload: {share_output: 25}\nteem: {}", "one.yaml")
    second = write(tmp_path, "team: {nam: x}", "two.yaml")

    code, said = run(capsys, "check", first, second)

    assert code == 2
    for word in ("one.yaml", "two.yaml", "share_output", "teem", "nam"):
        assert word in said


def test_an_empty_file_is_told_what_it_leaves_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(capsys, "check", write(tmp_path, "{}"))

    assert code == 0
    assert "unknown, which keeps answers open" in said
    assert "data.data_class" in said


def test_two_files_of_one_team_are_a_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = write(tmp_path, "team: {name: acme}", "one.yaml")
    second = write(tmp_path, "team: {name: acme}", "two.yaml")

    code, said = run(capsys, "check", first, second)

    assert code == 2
    assert "acme" in said


@pytest.mark.parametrize("args", [["check", "nowhere.yaml"], ["stage", "cost", "x"], ["rnu"]])
def test_a_wrong_command_line_ends_with_2_and_no_traceback(
    args: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(capsys, *args)

    assert code == 2
    assert "Traceback" not in said


def test_a_new_team_gets_a_file_that_passes_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prompts").mkdir()

    code, said = run(capsys, "new", "acme", "--into", str(tmp_path))

    assert code == 0
    assert "acme.yaml" in said
    assert run(capsys, "check", str(tmp_path / "acme.yaml"))[0] == 0


def test_a_new_team_never_overwrites_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(write(tmp_path, "team: {name: acme}"))

    code, _ = run(capsys, "new", "acme", "--into", str(tmp_path))

    assert code == 2
    assert path.read_text() == "team: {name: acme}"


def test_every_params_file_of_the_project_passes_the_check(
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = [ROOT / "params" / "demo.yaml", *sorted((ROOT / "params" / "teams").glob("*.yaml"))]

    code, said = run(capsys, "check", *map(str, files))

    assert code == 0, said
    assert said.count(": ok") == len(files) >= 7


@pytest.mark.parametrize("args", [["--help"], ["check", "params/demo.yaml"]])
def test_quick_commands_load_no_heavy_package(args: list[str]) -> None:
    script = (
        "import sys\nfrom playbook.cli import main\n"
        f"try:\n    main({args!r})\nexcept SystemExit as stop:\n    assert not stop.code\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert "LOADED []" in done.stdout


def test_prompts_that_will_be_kept_back_are_told_and_are_no_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "trials: {prompt_sets: [tickets]}")
    content = [{"role": "user", "content": "SSN 523-84-1967"}]
    rows = (
        {"prompt_set": {"id": "tickets", "data_class": "internal"}},
        {"id": "p1", "task": "t", "messages": content},
    )
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "prompts" / "tickets.jsonl").write_text(text, encoding="utf-8")

    code, said = run(capsys, "check", path)

    assert code == 0
    assert "prompts/tickets.jsonl: the scan will keep back 1 of 1 prompts" in said
    assert "p1: us_ssn" in said
    assert "1967" not in said


def test_no_prompt_of_the_demonstration_is_kept_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, said = run(capsys, "check", str(ROOT / "params" / "demo.yaml"))

    assert code == 0
    assert "the scan will" not in said


def test_a_prompt_set_is_checked_without_a_team_or_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    for path in (good, bad):
        head = {"prompt_set": {"id": path.stem, "data_class": "public"}}
        rows = [head, {"id": "p1", "task": "t", "messages": [{"role": "user", "content": "x"}]}]
        if path == bad:
            rows[1] |= {"repeats": 0, "scorers": ["exakt"]}
        path.write_text("".join(json.dumps(one) + "\n" for one in rows))

    assert run(capsys, "check", str(good)) == (
        0,
        f"{good}: ok (1 prompts, 0 scored, data class public)\n",
    )
    code, said = run(capsys, "check", str(good), str(bad))
    assert code == 2
    assert f"{bad}: line 2: scorer 'exakt' is unknown; did you mean exact?" in said
    assert f"{bad}: line 2: repeats" in said


def test_a_prompt_set_in_place_of_params_is_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, '{"prompt_set": {"id": "x"}}', "x.jsonl")

    code, said = run(capsys, "trials", "ping", path)

    assert code == 2
    assert f"{path}: is a prompt set; name it under trials.prompt_sets of a team" in said
