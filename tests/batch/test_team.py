"""A batch isolates failures, resumes at the first stale notebook, and never redoes the rest."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from playbook.batch import Event, TeamResult, run_teams
from playbook.batch.engine import NotebookFailedError
from playbook.batch.team import carry_answers, run_team
from playbook.profile import SECTIONS
from playbook.report import write_report
from playbook.runs import Run, latest_run, write_text
from playbook.stages import STAGES, open_stage
from playbook.trials.audit import AUDIT_LOG, AuditEntry, AuditLog, audit_head, verify_audit
from tests.batch.project import a_project, code_of, write_notebook

DAY = date(2026, 11, 23)
NAMES = [one.name for one in STAGES]


def run_batch(
    project: Path, *teams: str, jobs: int = 2
) -> tuple[tuple[TeamResult, ...], list[Event]]:
    events: list[Event] = []
    params = [project / "params" / "teams" / f"{team}.yaml" for team in teams]
    results = run_teams(params, project / "reports", jobs=jobs, as_of=DAY, on_event=events.append)
    return results, events


def stages_of(events: list[Event], kind: str) -> list[str]:
    return [one.stage for one in events if one.kind == kind]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = a_project(tmp_path, "acme", "beta")
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(folder / "params"))
    return folder


def test_one_failing_team_stops_no_other_and_keeps_its_notebook(project: Path) -> None:
    cells = code_of("03_costs.ipynb")
    trap = "assert session.profile.team.name != 'beta', 'beta has no costs'"
    write_notebook(project, "03_costs.ipynb", [*cells[:3], (trap, []), *cells[3:]])

    results, events = run_batch(project, "acme", "beta")

    good, bad = results
    assert good.ok
    assert (good.folder / "report.html").is_file()
    assert not bad.ok
    assert (bad.failed_stage, bad.failed_cell) == ("costs", 4)
    assert "beta has no costs" in bad.error
    kept = json.loads(Path(bad.failed_notebook).read_text(encoding="utf-8"))
    assert "beta has no costs" in json.dumps(kept)
    assert latest_run(project / "reports", "beta") is None
    profile = json.loads((good.folder / "profile.json").read_text(encoding="utf-8"))
    assert profile["origins"]["team.title"] == "params/teams/acme.yaml:1"
    assert {one.team for one in events} == {"acme", "beta"}

    write_notebook(project, "03_costs.ipynb", cells)
    (again,), events = run_batch(project, "beta")

    assert again.ok
    assert again.folder == bad.folder
    assert stages_of(events, "kept") == NAMES[:3]
    assert stages_of(events, "done") == NAMES[3:]


def test_only_what_is_unfinished_or_stale_is_run_again(project: Path) -> None:
    (first,), _ = run_batch(project, "acme")
    (second,), events = run_batch(project, "acme")

    assert not second.fresh
    assert second.folder == first.folder
    assert stages_of(events, "done") == []
    manifest = Run(first.folder).manifest()
    assert manifest.status == "complete"
    assert set(manifest.stages) == set(NAMES)
    assert (first.folder.parent / "latest").resolve() == first.folder.resolve()

    run = Run(first.folder)
    stages = {k: v for k, v in manifest.stages.items() if k != "decision"}
    run.update(status="running", stages=stages)  # as after kill -9 in the last notebook
    run.path("report.html").unlink()
    (resumed,), events = run_batch(project, "acme")

    assert resumed.ok
    assert resumed.folder == first.folder
    assert stages_of(events, "kept") == NAMES[:5]
    assert run.has("report.html")
    assert run.manifest().status == "complete"

    path = project / "params" / "teams" / "acme.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "workload: {share_output: 0.5}\n")
    (third,), _ = run_batch(project, "acme")

    assert third.ok
    assert third.folder != first.folder


def test_a_failed_run_keeps_its_audit_head_and_one_whose_log_was_cut_is_not_gone_on_with(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stages run in this process; what they leave behind is the point."""
    failing = {"trials"}

    def in_process(
        notebook: Path, output: Path, parameters: Mapping[str, Any], **_: object
    ) -> None:
        name = next(one.name for one in STAGES if one.notebook == notebook.name)
        session = open_stage(name, parameters["run_dir"], [parameters[one] for one in SECTIONS])
        if name == "trials":
            with AuditLog(session.run.path(AUDIT_LOG)) as log:
                log.append(AuditEntry(event="send", endpoint="own"))
        if name in failing:
            raise NotebookFailedError("it broke", cell=3)
        session.save(session.compute())
        write_text(output, "{}")
        if name == "decision":
            write_report(session.run)

    def run() -> TeamResult:
        params = project / "params" / "teams" / "acme.yaml"
        return run_team(params, project / "reports", as_of=DAY, emit=lambda _: None)

    monkeypatch.setattr("playbook.batch.engine.execute", in_process)
    failed = run()
    manifest = Run(failed.folder).manifest()
    (failed.folder / AUDIT_LOG).write_bytes(b"")
    failing.clear()
    again = run()

    assert (failed.failed_stage, manifest.status) == ("trials", "failed")
    assert len(manifest.audit_head) == 64
    assert again.ok
    assert again.folder != failed.folder
    assert Run(again.folder).manifest().audit_head == audit_head(again.folder)
    assert not verify_audit(failed.folder / AUDIT_LOG, manifest.audit_head).intact
    assert Run(failed.folder).manifest() == manifest


def test_a_dead_kernel_is_one_teams_failure(project: Path) -> None:
    cells = code_of("01_landscape.ipynb")
    trap = "import os; os._exit(3) if session.profile.team.name == 'beta' else None"
    write_notebook(project, "01_landscape.ipynb", [*cells[:3], (trap, []), *cells[3:]])

    results, _ = run_batch(project, "beta")

    assert not results[0].ok
    assert results[0].failed_stage == "landscape"
    assert "died" in results[0].error.lower()


def test_a_new_run_takes_paid_answers_along_but_no_errors_and_no_torn_line(tmp_path: Path) -> None:
    old, new = Run(tmp_path / "old"), Run(tmp_path / "new")
    lines = [{"outcome": word, "prompt": word} for word in ("answered", "error", "truncated")]
    write_text(old.path("trials.jsonl"), "\n".join(map(json.dumps, lines)) + '\n{"outcome": "ans')

    carry_answers(old, new)

    kept = [json.loads(line) for line in new.path("trials.jsonl").read_text().splitlines()]
    assert [one["outcome"] for one in kept] == ["answered", "truncated"]
    assert new.path("trials.jsonl").stat().st_mode & 0o077 == 0


def test_a_paid_answer_with_unusual_line_ends_is_taken_along_with_its_scores(
    tmp_path: Path,
) -> None:
    old, new = Run(tmp_path / "old"), Run(tmp_path / "new")
    line = json.dumps({"outcome": "answered", "text": "a\u2028b\x85c"}, ensure_ascii=False) + "\n"
    write_text(old.path("trials.jsonl"), line)
    write_text(old.path("trials.scores.jsonl"), '{"run_key": "k", "attempt": 1}\n')

    carry_answers(old, new)

    assert new.path("trials.jsonl").read_text(encoding="utf-8") == line
    scores = new.path("trials.scores.jsonl")
    assert scores.read_text() == '{"run_key": "k", "attempt": 1}\n'
    assert scores.stat().st_mode & 0o077 == 0
