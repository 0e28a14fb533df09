"""An organisation's own facts reach every command, notebook session and run by one rule."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.errors import CatalogError, ParamsError
from playbook.profile import load_profile
from playbook.runs import MANIFEST
from playbook.stages import STAGES, Session, open_stage
from playbook.stages.catalogs import catalog_for, catalogs_of, fact_folders, session_catalog
from playbook.stages.checks import problems
from playbook.stages.freshness import inputs_hash
from tests.facts.own_facts import MODEL, PROVIDER, a_folder, an_organisation
from tests.stages.builders import DAY, a_run

TEAM = "team: {name: acme}\ndomain: {candidate_models: [acme-one-9b]}\n"
SHIPPED = load_catalog()


def team_of(params: Path) -> Path:
    return params / "teams" / "acme.yaml"


def test_the_organisations_folder_is_found_from_the_teams_file(tmp_path: Path) -> None:
    params = an_organisation(tmp_path, MODEL, acme=TEAM)

    catalog = catalog_for(team_of(params))

    assert fact_folders(team_of(params)) == (tmp_path / "our_facts",)
    assert catalog.model("acme-one-9b").title == "Acme One 9B"
    assert problems(load_profile(team_of(params)), catalog) == []


def test_without_the_key_the_packages_facts_stand_alone(tmp_path: Path) -> None:
    params = an_organisation(tmp_path, acme=TEAM)

    assert catalog_for(team_of(params)).content_hash == SHIPPED.content_hash
    assert catalog_for(None).content_hash == SHIPPED.content_hash


def test_a_units_folder_comes_on_top_of_the_organisations(tmp_path: Path) -> None:
    params = an_organisation(tmp_path, MODEL, acme=TEAM)
    a_folder(params / "teams" / "more", acme=PROVIDER)
    (params / "teams" / "unit.yaml").write_text("catalog_dirs: [more]\n")

    catalog = catalog_for(team_of(params))

    assert catalog.model("acme-one-9b")
    assert catalog.provider("acme")


def test_a_variable_names_further_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = a_folder(tmp_path / "one", a=MODEL), a_folder(tmp_path / "two", b=PROVIDER)
    monkeypatch.setenv("PLAYBOOK_CATALOG_DIRS", os.pathsep.join([str(one), str(two)]))

    assert catalog_for(None).provider("acme")
    monkeypatch.setenv("PLAYBOOK_CATALOG_DIRS", str(tmp_path / "nowhere"))
    with pytest.raises(ParamsError, match="nowhere is no folder; correct it or unset it"):
        catalog_for(None)


def test_files_of_one_organisation_share_one_catalog(tmp_path: Path) -> None:
    params = an_organisation(tmp_path, MODEL, acme=TEAM, beta="team: {name: beta}\n")

    first, second = catalogs_of([team_of(params), params / "teams" / "beta.yaml"])

    assert first is second


def test_a_session_reads_the_same_facts_and_its_manifest_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = an_organisation(tmp_path, MODEL, acme=TEAM)
    monkeypatch.setenv("PLAYBOOK_PARAMS", str(team_of(params)))
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(params))
    monkeypatch.setenv("PLAYBOOK_REPORTS", str(tmp_path / "reports"))

    session = open_stage("landscape", "", [{}] * 7)

    assert session.catalog.model("acme-one-9b")
    assert session.run.has(MANIFEST)
    assert session.run.manifest().catalog_hash == session.catalog.content_hash
    assert session.catalog.content_hash != SHIPPED.content_hash


def test_a_notebook_on_its_own_reads_the_facts_of_the_params_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = an_organisation(tmp_path, MODEL)
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(params))
    inside = session_catalog()
    monkeypatch.delenv("PLAYBOOK_PARAMS_DIR")
    monkeypatch.chdir(tmp_path.parent)

    assert inside.model("acme-one-9b")
    assert session_catalog().content_hash == SHIPPED.content_hash


def test_other_facts_make_a_stage_stale_and_an_acknowledgement_does_not(tmp_path: Path) -> None:
    word = """
acknowledgements:
  - {finding: "stale:a page", reason: no newer page, reviewed: 2026-11-01, until: 2027-01-01}
"""
    params = an_organisation(tmp_path, MODEL, acme=TEAM)
    plain = catalog_for(team_of(params))
    worded = catalog_for(team_of(params), a_folder(tmp_path / "words", word=word))
    run = a_run(tmp_path / "reports")
    profile = load_profile(team_of(params))

    def hash_with(catalog_hash: str) -> str:
        landscape = next(one for one in STAGES if one.name == "landscape")
        return inputs_hash(landscape, profile, catalog_hash=catalog_hash, as_of=DAY, run=run)

    assert worded.acknowledgements != plain.acknowledgements
    assert hash_with(plain.content_hash) == hash_with(worded.content_hash)
    assert hash_with(plain.content_hash) != hash_with(SHIPPED.content_hash)


def test_a_session_given_a_catalog_keeps_it(tmp_path: Path) -> None:
    params = an_organisation(tmp_path, MODEL, acme=TEAM)
    given = catalog_for(team_of(params))
    profile = load_profile(team_of(params))

    session = Session(
        STAGES[1], profile, run=a_run(tmp_path), as_of=date(2026, 11, 23), catalog=given
    )

    assert session.catalog is given


def test_broken_facts_of_an_organisation_name_the_file(tmp_path: Path) -> None:
    params = an_organisation(tmp_path, MODEL.replace("family: acme", "famly: acme"), acme=TEAM)

    with pytest.raises(CatalogError, match=r"our_facts/acme.yaml: models\[0\] acme-one-9b: famly"):
        catalogs_of([team_of(params)])
