"""The checklist is compared with what the team's last complete run left."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from playbook.compliance import Compliance, assess_compliance
from playbook.profile import Profile
from playbook.runs import Run
from playbook.stages.before import before
from playbook.stages.catalogs import catalog_for
from tests.stages.builders import DAY, a_profile, a_run


def a_complete_run(reports: Path, profile: Profile) -> Run:
    run = a_run(reports)
    record = assess_compliance(profile, catalog_for(None), as_of=date.fromisoformat(DAY))
    run.write("profile.json", profile)
    run.write("compliance.json", record)
    run.update(status="complete")
    return run


def test_changes_are_those_since_the_last_complete_run(tmp_path: Path) -> None:
    old = a_profile(data={"data_class": "public"})
    run = a_complete_run(tmp_path, old)
    new = old.changed(data=old.data.changed(data_class="internal"))
    record = assess_compliance(new, catalog_for(None), as_of=date.fromisoformat(DAY))

    found = before(tmp_path, "acme", this=a_run(tmp_path))

    assert found.run == f"run {run.folder.name}, as of {DAY}"
    (fact,) = [one for one in found.changes_to(new, record) if one.kind == "fact"]
    assert (fact.what, fact.before, fact.after) == ("data.data_class", "public", "internal")


def test_without_an_earlier_run_nothing_has_changed(tmp_path: Path) -> None:
    only = a_complete_run(tmp_path, a_profile())

    found = before(tmp_path, "acme", this=only)

    assert (found.run, found.state) == ("", None)
    assert found.changes_to(a_profile(), only.read("compliance.json", Compliance)) == ()


def test_a_run_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    older = a_complete_run(tmp_path, a_profile())
    newer = a_complete_run(tmp_path, a_profile())
    newer.path("compliance.json").write_text("{}", encoding="utf-8")

    found = before(tmp_path, "acme", this=a_run(tmp_path))

    assert found.run.startswith(f"run {older.folder.name},")
