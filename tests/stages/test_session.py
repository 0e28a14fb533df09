"""A notebook opens one stage: wrong values are refused, trials are never run by another stage."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

import playbook.trials
from playbook.errors import ParamsError
from playbook.profile import SECTIONS, Profile, dump_sections, load_profile
from playbook.report import write_report
from playbook.runs import Run
from playbook.stages import (
    STAGES,
    Session,
    open_stage,
    params_file,
    reports_dir,
    stage,
    today,
    untested,
)
from playbook.stages.progress import progress_into, read_progress
from playbook.trials import TrialProgress
from playbook.trials.audit import AUDIT_LOG, AuditEntry, AuditLog
from playbook.trials.evidence_records import Evidence
from tests.stages.builders import DAY, a_profile, a_project, a_run

NOTHING = [{}] * len(SECTIONS)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(tmp_path / "params"))
    monkeypatch.setenv("PLAYBOOK_REPORTS", str(tmp_path / "reports"))
    monkeypatch.delenv("PLAYBOOK_PARAMS", raising=False)
    return a_project(tmp_path, "acme")


@pytest.fixture
def no_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        pytest.fail("trials were run by another stage")

    monkeypatch.setattr(playbook.trials, "run_trials", fail)


def sections_of(profile: Profile) -> list[dict[str, object]]:
    return list(dump_sections(profile).values())


def evidence_with(attempts: int) -> Evidence:
    return untested(date.fromisoformat(DAY)).changed(attempts=attempts)


def keep_evidence(run: Run, profile: Profile, evidence: Evidence) -> None:
    one = Session(stage("trials"), profile, run=run, as_of=date.fromisoformat(DAY))
    one.save(evidence)


def test_the_day_is_the_one_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYBOOK_AS_OF", "2027-03-01")

    assert today() == date(2027, 3, 1)


@pytest.mark.parametrize("text", ["23.11.2026", "2026-13-01", "tomorrow", "2026-11-23T10:00"])
def test_a_wrong_day_is_refused_with_how_to_write_it(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("PLAYBOOK_AS_OF", text)

    with pytest.raises(ParamsError, match=r"(?s)PLAYBOOK_AS_OF.*write it as 2026-11-23") as caught:
        today()

    assert text in str(caught.value)


def test_reports_lie_beside_the_params(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reports_dir() == project / "reports"

    monkeypatch.delenv("PLAYBOOK_REPORTS")

    assert reports_dir() == project / "reports"


def test_notebooks_open_with_the_named_params_file(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "params" / "teams" / "acme.yaml"
    assert params_file() == project / "params" / "demo.yaml"
    monkeypatch.setenv("PLAYBOOK_PARAMS", str(path))

    session = open_stage("start", "", NOTHING)

    assert params_file() == path
    assert session.profile.team.name == "acme"
    assert session.profile.origins["team.title"] == "params/teams/acme.yaml:1"


def test_all_problems_of_the_sections_are_told_at_once(project: Path) -> None:
    sections = [dict(one) for one in NOTHING]
    sections[0] = {"name": "acme", "sectorz": []}
    sections[1] = {"share_output": 3}

    with pytest.raises(ParamsError) as caught:
        open_stage("costs", str(project / "reports"), sections)

    assert "team.sectorz" in str(caught.value)
    assert "workload.share_output" in str(caught.value)


def test_too_few_sections_are_refused(project: Path) -> None:
    with pytest.raises(ValueError, match="shorter"):
        open_stage("costs", str(project), NOTHING[:-1])


def test_a_run_folder_keeps_its_own_day(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = a_run(project / "reports")
    monkeypatch.setenv("PLAYBOOK_AS_OF", "2027-03-01")

    session = open_stage("start", str(run.folder), sections_of(a_profile()))

    assert session.as_of == date.fromisoformat(DAY)


def test_notebooks_run_by_hand_share_one_folder(project: Path) -> None:
    first = open_stage("start", "", sections_of(a_profile()))
    first.save(first.compute())

    second = open_stage("costs", "", sections_of(a_profile()))

    assert first.run.folder == second.run.folder == project / "reports" / "acme" / "bench"
    assert second.run.manifest().stages["start"].state == "done"


def test_the_head_of_the_audit_log_is_kept_as_soon_as_trials_end_and_stays(project: Path) -> None:
    trials = open_stage("trials", "", sections_of(a_profile()))
    with AuditLog(trials.run.path(AUDIT_LOG)) as log:
        log.append(AuditEntry(event="send", endpoint="own"))
    trials.save(evidence_with(1))

    again = open_stage("costs", "", sections_of(a_profile()))

    assert project in again.run.folder.parents
    assert again.run.manifest().audit_head == log.head


def test_untested_evidence_claims_nothing() -> None:
    evidence = untested(date.fromisoformat(DAY))

    assert evidence.status == "untested"
    assert "04_trials" in evidence.because
    assert (evidence.endpoints, evidence.samples, evidence.attempts) == ((), (), 0)


@pytest.mark.usefixtures("no_trials", "project")
def test_evidence_is_untested_where_no_trial_was_run() -> None:
    session = open_stage("decision", "", sections_of(a_profile()))

    assert session.earlier("trials") == untested(date.fromisoformat(DAY))


@pytest.mark.usefixtures("no_trials")
def test_evidence_of_the_latest_complete_run_is_taken(project: Path) -> None:
    profile = a_profile()
    run = a_run(project / "reports")
    decision = Session(stage("decision"), profile, run=run, as_of=date.fromisoformat(DAY))
    decision.earlier("compliance")
    keep_evidence(run, profile, evidence_with(7))
    run.update(status="complete")

    session = open_stage("decision", "", sections_of(profile))
    session.earlier("compliance")

    assert session.earlier("trials") == evidence_with(7)


@pytest.mark.usefixtures("no_trials")
@pytest.mark.parametrize("changes", [{"repeats": 2}, {"temperature": 1.0}, {"endpoints": ()}])
def test_evidence_of_other_trials_is_not_taken(project: Path, changes: dict[str, object]) -> None:
    profile = a_profile()
    run = a_run(project / "reports")
    Session(stage("decision"), profile, run=run, as_of=date.fromisoformat(DAY)).earlier(
        "compliance"
    )
    keep_evidence(run, profile, evidence_with(7))
    run.update(status="complete")
    other = profile.changed(trials=profile.trials.changed(**changes))

    session = open_stage("decision", "", sections_of(other))
    session.earlier("compliance")

    assert session.earlier("trials").model_dump()["status"] == "untested"


@pytest.mark.usefixtures("no_trials", "project")
def test_an_earlier_record_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_stage("decision", "", sections_of(a_profile()))
    first = session.earlier("landscape")

    def fail(*_: object, **__: object) -> None:
        pytest.fail("it was computed again")

    monkeypatch.setattr("playbook.landscape.screen_models", fail)

    assert session.earlier("landscape") == first


def test_varying_a_section_leaves_the_run_folder_as_it_is(demo_run: Run, tmp_path: Path) -> None:
    """A slider moved before the report is written must not slip into its profile."""
    run = Run(tmp_path / "bench")
    shutil.copytree(demo_run.folder, run.folder)
    profile = load_profile(params_file())
    session = Session(stage("decision"), profile, run=run, as_of=date.fromisoformat(DAY))
    before = {path.name: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()}

    varied = session.vary("weights")(profile.weights.changed(cost=99, quality=1))

    assert varied != session.compute()
    assert before == {
        path.name: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()
    }


def test_the_decision_alone_leaves_all_that_a_report_needs(demo_run: Run) -> None:
    manifest = demo_run.manifest()

    assert all(demo_run.has(one.writes) for one in STAGES)
    assert set(manifest.stages) == {one.name for one in STAGES} - {"trials"}
    assert demo_run.read("evidence.json", Evidence).status == "untested"
    assert write_report(demo_run).is_file()
    assert not demo_run.has("trials.jsonl")


def test_progress_of_trials_is_one_line_for_the_batch(tmp_path: Path) -> None:
    show = progress_into(tmp_path)

    show(TrialProgress(3, 3, 0.25, "answers of own"))

    assert read_progress(tmp_path) == "3/3 answers, $0.25 so far, waiting for answers of own"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"words": 1}'])
def test_progress_that_cannot_be_read_is_left_out(tmp_path: Path, text: str) -> None:
    (tmp_path / ".progress.json").write_text(text, encoding="utf-8")

    assert read_progress(tmp_path) in ("", "1")


def test_demo_is_what_a_notebook_opens_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PLAYBOOK_PARAMS", raising=False)
    monkeypatch.setenv("PLAYBOOK_REPORTS", str(tmp_path))

    session = open_stage("start", "", NOTHING)

    assert session.profile == load_profile(params_file())
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
