"""A profile survives the way through papermill, and notebooks start without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from playbook.errors import ParamsError
from playbook.profile import (
    Profile,
    dump_sections,
    load_profile,
    params_dir,
    params_hash,
    profile_from_sections,
)
from playbook.uncertainty import Estimate

if TYPE_CHECKING:
    from tests.profile.conftest import Params

FULL = """\
team: {name: acme, decide_by: 2027-01-29, sectors: [legal]}
workload: {tokens_per_day: {low: 1e6, likely: 2e6, high: 3e6}}
data:
  answers: {LEGAL-01: {answer: met, due: 2027-01-01}}
  contracts: {own_network: [client_nda]}
trials: {endpoints: [{id: a, embedded: demo-base}], prompt_sets: [demo_support]}
"""


def test_sections_dumped_for_papermill_give_the_same_profile(params: Params) -> None:
    profile = params.load(FULL)

    through_json = json.loads(json.dumps(dump_sections(profile)))
    again = profile_from_sections(**through_json, origins=profile.origins)

    assert again == profile


def test_the_hash_tells_values_apart_but_not_their_origins(params: Params) -> None:
    profile = params.load(FULL)
    moved = params.load("# a comment moves every line\n" + FULL)
    changed = profile.changed(team=profile.team.changed(title="other"))

    assert params_hash(moved) == params_hash(profile)
    assert params_hash(changed) != params_hash(profile)
    assert params_hash(changed, "workload", "data") == params_hash(profile, "workload", "data")


def test_part_of_a_section_lies_over_the_organisations_defaults(
    params: Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(params.folder))

    profile = profile_from_sections(workload={"tokens_per_day": "1e7"})

    assert profile.workload.tokens_per_day == Estimate(low=1e7, likely=1e7, high=1e7)
    assert profile.infrastructure.staff_usd_per_year == 150_000
    assert profile.origins["workload.tokens_per_day"] == "notebook parameters"


def test_a_section_in_full_stands_for_itself(
    params: Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(params.folder))

    profile = profile_from_sections(**dump_sections(Profile()))

    assert profile.infrastructure.staff_usd_per_year == 180_000


def test_without_sections_a_notebook_shows_the_demonstration(
    params: Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    (params.folder / "demo.yaml").write_text("team: {name: demo}\n")
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(params.folder))

    assert profile_from_sections(team={}, data={}) == load_profile(params.folder / "demo.yaml")


@pytest.mark.parametrize(
    ("sections", "parts"),
    [
        ({"teem": {"name": "a"}}, ["teem is unknown", "did you mean team?"]),
        ({"team": ["a"]}, ["team is a list", "a mapping"]),
        ({"team": {1: "a"}}, ["team has the key 1", "not plain text"]),
        ({"team": {"a\x1b": 1}}, ["team has the key", "not plain text"]),
        ({"team": {"title": "\ud800"}}, ["team.title holds half a character"]),
        ({"weights": {"cost": float("nan")}}, ["weights.cost", "finite"]),
        ({"weights": {"cost": object()}}, ["weights.cost is a object", "plain values"]),
        ({"workload": {"share_output": 25}}, ["workload.share_output is 25", "0.25"]),
    ],
)
def test_wrong_notebook_parameters_are_named(sections: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(ParamsError, match="notebook parameters: 1 problem") as caught:
        profile_from_sections(**sections)

    assert all(part in caught.value.problems[0] for part in parts)


def test_the_params_folder_is_the_one_named_or_the_nearest_above(
    params: Params, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PLAYBOOK_PARAMS_DIR", raising=False)
    monkeypatch.chdir(params.folder / "teams")
    assert params_dir() == params.folder

    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(tmp_path / "none"))
    with pytest.raises(ParamsError, match="folder that does not exist"):
        params_dir()
