"""Values are inherited leaf by leaf, remember their file and line, and can be locked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from playbook.errors import ParamsError
from playbook.profile import catalog_dirs, load_profile

if TYPE_CHECKING:
    from tests.profile.conftest import Params


def test_each_leaf_remembers_the_file_and_line_it_came_from(params: Params) -> None:
    profile = params.load("team:\n  name: acme\ninfrastructure:\n  staff_free_fte: 2\n")

    assert profile.origins == {
        "data.stance_on_chinese_origin_weights": "params/org.yaml:3",
        "infrastructure.staff_usd_per_year": "params/org.yaml:5",
        "infrastructure.lead_times.frontier_api": "params/org.yaml:7",
        "team.name": "params/teams/acme.yaml:2",
        "infrastructure.staff_free_fte": "params/teams/acme.yaml:4",
    }
    assert profile.infrastructure.staff_usd_per_year == 150_000


def test_a_teams_leaf_replaces_the_organisations_and_only_that_one(params: Params) -> None:
    profile = params.load(
        "infrastructure:\n  staff_usd_per_year: 90000\n  lead_times: {self_hosted: 4}\n"
    )

    assert profile.infrastructure.staff_usd_per_year == 90_000
    assert profile.infrastructure.lead_times.self_hosted.high == 4
    assert profile.infrastructure.lead_times.frontier_api.high == 3
    assert profile.origins["infrastructure.staff_usd_per_year"] == "params/teams/acme.yaml:2"


def test_a_number_replaces_the_organisations_three_points_as_a_whole(params: Params) -> None:
    profile = params.load("infrastructure: {lead_times: {frontier_api: 9}}")

    assert profile.infrastructure.lead_times.frontier_api.low == 9


def test_a_locked_leaf_may_be_repeated_but_not_changed(params: Params) -> None:
    same = "data:\n  stance_on_chinese_origin_weights: condition\n"
    assert params.load(same).data.stance_on_chinese_origin_weights == "condition"

    (problem,) = params.problems("data:\n  stance_on_chinese_origin_weights: allow\n")

    assert 'data.stance_on_chinese_origin_weights (line 2) is "allow"' in problem
    assert 'params/org.yaml:9 locks it at "condition"' in problem


def test_a_lock_on_a_section_holds_its_defaults_too(params: Params) -> None:
    params.write_org("locked: [weights]\n")

    (problem,) = params.problems("weights: {cost: 99}")

    assert "weights.cost" in problem
    assert "locks it at 30" in problem


def test_a_unit_between_organisation_and_team_inherits_and_gives(params: Params) -> None:
    unit = (
        "defaults: {infrastructure: {on_call_people: 7}}\nlocked: [infrastructure.on_call_people]\n"
    )
    (params.team.parent / "unit.yaml").write_text(unit)

    profile = params.load("team: {name: acme}\n")
    (problem,) = params.problems("infrastructure: {on_call_people: 1}\n")

    assert profile.infrastructure.staff_usd_per_year == 150_000
    assert profile.origins["infrastructure.on_call_people"] == "params/teams/unit.yaml:1"
    assert "params/teams/unit.yaml:2 locks it at 7" in problem


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("defaults: {weights: {cost: -1}}", "weights.cost"),
        ("default: {}", "did you mean defaults?"),
        ("locked: [data.stance]", "data.stance is no field"),
        ("locked: data", "must be a list"),
        ("defaults: [1]", "must hold sections"),
        ("defaults: {nope: {}}", "nope"),
        ("catalog_dir: []", "did you mean catalog_dirs?"),
        ("catalog_dirs: ../facts", "catalog_dirs must be a list of folders"),
        (
            "defaults: {}\ncatalog_dirs: [../facts]",
            'catalog_dirs[0] (line 2) is "../facts", no folder',
        ),
        ("catalog_dirs: [3]", "catalog_dirs[0] (line 1) is 3, no folder"),
    ],
)
def test_a_wrong_organisation_file_is_named_itself(params: Params, text: str, part: str) -> None:
    params.write_org(text)

    with pytest.raises(ParamsError, match=r"params/org.yaml: 1 problem") as caught:
        params.load("team: {name: acme}")

    assert part in caught.value.problems[0]


def test_folders_of_facts_are_relative_to_the_file_that_names_them(params: Params) -> None:
    (params.folder.parent / "facts").mkdir()
    (params.folder / "teams" / "facts").mkdir()
    params.write_org("catalog_dirs: [../facts]\n")
    (params.team.parent / "unit.yaml").write_text("catalog_dirs: [facts]\n")

    found = catalog_dirs(params.team)

    assert found == (params.folder.parent / "facts", params.folder / "teams" / "facts")
    assert params.load("team: {name: acme}").team.name == "acme"


def test_a_team_can_not_bring_its_own_facts(params: Params) -> None:
    (problem,) = params.problems("catalog_dirs: [../facts]\n")

    assert "catalog_dirs" in problem


def test_the_organisation_is_found_at_most_three_levels_up(params: Params) -> None:
    found = {}
    for depth in (3, 4):
        team = params.folder.joinpath(*["down"] * depth) / "a.yaml"
        team.parent.mkdir(parents=True)
        team.write_text("team: {name: a}\n")
        found[depth] = load_profile(team).infrastructure.staff_usd_per_year

    assert found == {3: 150_000, 4: 180_000}


def test_origins_never_hold_a_machines_path(params: Params, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text("team: {name: a}\n")

    profile = load_profile(elsewhere, org=params.folder / "org.yaml")

    assert profile.infrastructure.staff_usd_per_year == 150_000
    assert all(str(tmp_path) not in one for one in profile.origins.values())
