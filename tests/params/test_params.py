"""The params that are shipped load, and say what they are meant to say."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from playbook.catalog import load_catalog
from playbook.profile import example_text, load_profile, profile_from_sections

PARAMS = Path(__file__).parents[2] / "params"
TEAMS = {"hospital", "law_firm", "startup", "support_desk", "eu_bank", "public_agency"}


def test_the_example_is_the_one_made_from_the_schema() -> None:
    """To renew it, write `playbook.profile.example_text()` to the file."""
    assert (PARAMS / "example.yaml").read_text(encoding="utf-8") == example_text()


def test_the_six_shipped_teams_are_there_and_each_team_is_named_as_its_file() -> None:
    files = sorted((PARAMS / "teams").glob("*.yaml"))

    stems = {file.stem for file in files}
    assert {load_profile(file).team.name for file in files} == stems
    assert stems >= TEAMS


@pytest.mark.parametrize("name", ["demo", *sorted(f"teams/{team}" for team in TEAMS)])
def test_shipped_trials_run_on_the_bundled_engine_and_name_their_stand_in(name: str) -> None:
    endpoints = load_profile(PARAMS / f"{name}.yaml").trials.endpoints

    assert [one.id for one in endpoints] == ["self_base", "self_small", "api_stand_in"]
    assert all(one.embedded and not one.option for one in endpoints)
    assert [one.stand_in for one in endpoints] == [False, False, True]
    assert endpoints[2].operator == "third_party"


def test_answers_places_and_contracts_name_what_the_catalog_has() -> None:
    catalog = load_catalog()
    controls = {one.id for one in catalog.controls}
    places = {one.id for one in catalog.places}
    parties = places | {"others"} | {one.id for one in catalog.providers}

    for file in (PARAMS / "demo.yaml", *(PARAMS / "teams").glob("*.yaml")):
        profile = load_profile(file)
        assert set(profile.data.answers) <= controls, file.name
        assert set(profile.infrastructure.places) <= places, file.name
        assert set(profile.data.contracts) <= parties, file.name


@pytest.mark.parametrize("name", ["demo", *sorted(f"teams/{team}" for team in TEAMS)])
def test_bare_papermill_gets_the_profile_that_the_playbook_loads(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Papermill reads the file with PyYAML's rules and without the organisation's defaults."""
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(PARAMS))
    file = PARAMS / f"{name}.yaml"
    injected = yaml.safe_load(file.read_text(encoding="utf-8"))

    profile = profile_from_sections(**injected)

    assert profile.changed(origins={}) == load_profile(file).changed(origins={})


def test_teams_differ_in_what_decides() -> None:
    teams = {name: load_profile(PARAMS / "teams" / f"{name}.yaml") for name in TEAMS}

    assert teams["hospital"].data.must_stay_in_own_network
    assert teams["law_firm"].domain.will_fine_tune
    assert teams["startup"].workload.tokens_per_day.likely == 300_000
    assert teams["startup"].infrastructure.deadline_weeks < 6
    assert teams["support_desk"].workload.tokens_per_day.likely > 1e9
    assert "eu_financial_entity" in (teams["eu_bank"].data.org_roles or ())
    assert "us_state_agency" in (teams["public_agency"].data.org_roles or ())
    for field in ("staff_free_fte", "on_call_people", "deadline_weeks"):
        assert len({getattr(one.infrastructure, field) for one in teams.values()}) >= 4


@pytest.mark.parametrize("name", ["demo", *sorted(f"teams/{team}" for team in TEAMS)])
def test_every_shortlist_spans_both_sides_and_open_models_of_two_sizes(name: str) -> None:
    catalog = load_catalog()
    named = load_profile(PARAMS / f"{name}.yaml").domain.candidate_models or ()

    models = [catalog.model(one) for one in named]

    assert 4 <= len(models) <= 10
    assert len(set(named)) == len(named)
    assert sum(not one.open_weights for one in models) >= 2
    sizes = [one.parameters_billion or 0 for one in models if one.open_weights]
    assert max(sizes) > 4 * min(sizes)


def test_no_team_changes_what_the_organisation_locked() -> None:
    stances = {
        load_profile(PARAMS / "teams" / f"{name}.yaml").data.stance_on_chinese_origin_weights
        for name in TEAMS
    }

    assert stances == {"condition"}
