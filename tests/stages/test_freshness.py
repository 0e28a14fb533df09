"""A stage is stale when something that it reads has changed, and for no other reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.profile import SECTIONS, Profile, load_profile
from playbook.records import Record
from playbook.runs import MANIFEST, Run
from playbook.stages import STAGES, Inputs, Session, Stage, stage
from playbook.stages.freshness import inputs_hash, is_up_to_date
from tests.stages.builders import DAY, a_profile, a_project, a_run

ROOT = Path(__file__).parents[2]
NAMES = [one.name for one in STAGES]
PURE = ("landscape", "compliance", "costs")
SECTIONS_READ = [(one.name, section) for one in STAGES for section in one.reads]
SECTIONS_UNREAD = [
    (one.name, section) for one in STAGES for section in SECTIONS if section not in one.reads
]


class Place:
    """A small project, a profile and a run; `hash_of` says what a stage's inputs hash to."""

    def __init__(self, folder: Path) -> None:
        self.project = a_project(folder, "acme")
        self.profile = a_profile()
        self.run = a_run(folder / "reports")

    def hash_of(
        self,
        name: str,
        profile: Profile | None = None,
        *,
        catalog_hash: str = "facts",
        as_of: str = DAY,
    ) -> str:
        return inputs_hash(
            stage(name),
            profile or self.profile,
            catalog_hash=catalog_hash,
            as_of=as_of,
            run=self.run,
        )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(tmp_path / "params"))
    return Place(tmp_path)


def other_section(name: str) -> Record:
    """Return a section that differs from every default: the demo team's."""
    section: Record = getattr(load_profile(ROOT / "params" / "demo.yaml"), name)
    return section


def stages_changed(place: Place, change: Callable[[], object]) -> set[str]:
    before = {name: place.hash_of(name) for name in NAMES}
    change()
    return {name for name in NAMES if place.hash_of(name) != before[name]}


@pytest.mark.parametrize(("name", "section"), SECTIONS_READ)
def test_a_section_that_is_read_makes_it_stale(place: Place, name: str, section: str) -> None:
    changed = place.profile.changed(**{section: other_section(section)})

    assert place.hash_of(name, changed) != place.hash_of(name)


@pytest.mark.parametrize(("name", "section"), SECTIONS_UNREAD)
def test_a_section_that_is_not_read_leaves_it_fresh(place: Place, name: str, section: str) -> None:
    changed = place.profile.changed(**{section: other_section(section)})

    assert place.hash_of(name, changed) == place.hash_of(name)


def test_the_seed_counts_where_random_numbers_are_drawn(place: Place) -> None:
    trials = place.profile.trials.changed(seed=place.profile.trials.seed + 1)
    changed = place.profile.changed(trials=trials)

    stale = {name for name in NAMES if place.hash_of(name, changed) != place.hash_of(name)}

    assert stale == set(NAMES) - {"landscape"}


def test_new_facts_make_every_stage_stale(place: Place) -> None:
    for name in NAMES:
        assert place.hash_of(name, catalog_hash="newer facts") != place.hash_of(name)


def test_another_day_makes_all_but_the_answers_of_trials_stale(place: Place) -> None:
    stale = {
        name for name in NAMES if place.hash_of(name, as_of="2026-11-24") != place.hash_of(name)
    }

    assert stale == set(NAMES) - {"trials"}


def test_a_changed_notebook_makes_its_own_stage_stale(place: Place) -> None:
    path = place.project / "notebooks" / "03_costs.ipynb"

    stale = stages_changed(
        place, lambda: path.write_text(path.read_text(encoding="utf-8").replace("compute", "count"))
    )

    assert stale == {"costs"}


def test_outputs_of_a_notebook_do_not_count(place: Place) -> None:
    path = place.project / "notebooks" / "03_costs.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for number, cell in enumerate(notebook["cells"]):
        cell["execution_count"] = number
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "42\n"}]

    stale = stages_changed(place, lambda: path.write_text(json.dumps(notebook), encoding="utf-8"))

    assert stale == set()


def test_a_changed_prompt_makes_trials_and_the_decision_stale(place: Place) -> None:
    path = place.project / "params" / "prompts" / "demo_support.jsonl"

    stale = stages_changed(place, lambda: path.write_bytes(path.read_bytes() + b"\n"))

    assert stale == {"trials", "decision"}


def test_new_labels_make_trials_and_the_decision_stale(place: Place) -> None:
    path = place.project / "params" / "prompts" / "demo_support.labels.jsonl"

    stale = stages_changed(place, lambda: path.write_bytes(b"{}"))

    assert stale == {"trials", "decision"}


def test_leave_to_run_code_makes_trials_stale(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLAYBOOK_ALLOW_CODE_EXECUTION", raising=False)
    before = place.hash_of("trials")

    monkeypatch.setenv("PLAYBOOK_ALLOW_CODE_EXECUTION", "1")

    assert place.hash_of("trials") != before


@pytest.mark.parametrize("name", NAMES)
def test_an_earlier_record_makes_stale_what_takes_it(place: Place, name: str) -> None:
    path = place.run.path(stage(name).writes)

    changed = '{"clearance": "another"}'
    stale = stages_changed(place, lambda: path.write_text(changed, encoding="utf-8"))

    assert stale == {one.name for one in STAGES if name in one.needs}


def test_of_compliance_trials_read_only_the_clearance(place: Place) -> None:
    """Its record holds the day: answers must not be bought again each morning."""
    path = place.run.path("compliance.json")
    path.write_text('{"as_of": "2026-11-23", "clearance": "same"}', encoding="utf-8")

    another_day = '{"as_of": "2026-11-24", "clearance": "same"}'
    stale = stages_changed(place, lambda: path.write_text(another_day, encoding="utf-8"))

    assert stale == {"decision"}


def test_a_stage_is_up_to_date_only_with_its_record_and_its_hash(place: Place) -> None:
    session = Session(stage("start"), place.profile, run=place.run, as_of=date.fromisoformat(DAY))
    session.save(session.compute())
    expected = session.hash_of(session.stage)

    assert is_up_to_date(session.stage, place.run, expected)
    assert not is_up_to_date(session.stage, place.run, "another hash")
    place.run.path("profile.json").unlink()
    assert not is_up_to_date(session.stage, place.run, expected)


@pytest.mark.parametrize("text", ["", "{", "{}"])
def test_a_damaged_record_is_made_anew(place: Place, text: str) -> None:
    session = Session(
        stage("decision"), place.profile, run=place.run, as_of=date.fromisoformat(DAY)
    )
    whole = session.earlier("landscape")

    place.run.path("landscape.json").write_text(text, encoding="utf-8")

    assert session.earlier("landscape") == whole
    assert place.run.read("landscape.json", stage("landscape").record) == whole


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema_version": 1}'])
def test_a_damaged_manifest_makes_a_stage_stale(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")

    assert not is_up_to_date(stage("start"), Run(tmp_path), "any")


@pytest.mark.parametrize("name", PURE)
@pytest.mark.parametrize("team", ["support_desk", "eu_bank"])
def test_a_record_does_not_depend_on_a_section_that_is_not_read(
    tmp_path: Path, name: str, team: str
) -> None:
    """The promise of `Stage.reads`; the seed counts apart, where random numbers are drawn."""
    one = stage(name)
    profile = load_profile(ROOT / "params" / "teams" / f"{team}.yaml")
    changes = {section: Profile() for section in SECTIONS if section not in one.reads}
    trials = Profile().trials.changed(seed=profile.trials.seed)
    changed = profile.changed(
        **{section: getattr(blank, section) for section, blank in changes.items()}
        | ({"trials": trials} if "trials" in changes else {})
    )

    before, after = (record_of(one, each, tmp_path) for each in (profile, changed))

    assert changed != profile
    assert after == before


def record_of(one: Stage, profile: Profile, folder: Path) -> Record:
    day = date.fromisoformat(DAY)
    return one.verb(Inputs(profile, load_catalog(), {}, day, folder))
