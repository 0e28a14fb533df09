"""What an organisation locks holds on every path: the team's file, a form's save, a notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from playbook.errors import ParamsError
from playbook.profile import dump_sections, load_profile, profile_from_sections, save_profile
from playbook.profile.sections import Data
from playbook.vocabulary import AnswerWord

if TYPE_CHECKING:
    from tests.profile.conftest import Params

ANSWER = "data.answers.HIPAA-01"
WITHOUT_DEFAULT = f"locked: [{ANSWER}]\n"
WITH_DEFAULT = f"""\
defaults: {{data: {{answers: {{HIPAA-01: {{answer: not_met, reason: none signed}}}}}}}}
locked: [{ANSWER}]
"""
ALL_ANSWERS = "locked: [data.answers]\n"
LOCKS = pytest.mark.parametrize(
    ("org", "held"),
    [(WITHOUT_DEFAULT, "unknown"), (WITH_DEFAULT, "not_met"), (ALL_ANSWERS, "unknown")],
)
OTHER_WORDS = pytest.mark.parametrize("word", ["met", "partly", "not_applicable"])


@pytest.fixture(autouse=True)
def folder(params: Params, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(params.folder))
    monkeypatch.delenv("PLAYBOOK_PARAMS", raising=False)
    return params.folder


def an_answer(word: str) -> dict[str, Any]:
    founded = {"reason": "so", "owner": "us"} if word == "not_applicable" else {}
    return {"answer": word, **founded}


def problems_in_a_notebook(**sections: Any) -> tuple[str, ...]:  # noqa: ANN401  raw parameters
    with pytest.raises(ParamsError, match="notebook parameters") as caught:
        profile_from_sections(**sections)
    return caught.value.problems


@LOCKS
@OTHER_WORDS
def test_a_teams_file_cannot_answer_what_is_locked(
    params: Params, org: str, held: str, word: str
) -> None:
    params.write_org(org)

    problems = params.problems(f"data:\n  answers:\n    HIPAA-01: {json.dumps(an_answer(word))}\n")

    assert f"{ANSWER}.answer (line 3) is " in problems[0]
    assert "params/org.yaml:" in problems[0]
    assert f'locks it at "{held}"' in problems[0]


@LOCKS
@pytest.mark.parametrize("path", [f"{ANSWER}.answer", ANSWER, "data.answers"])
def test_a_form_cannot_save_what_is_locked(params: Params, org: str, held: str, path: str) -> None:
    params.write_org(org)
    params.load("team: {name: acme}\n")
    values = {
        f"{ANSWER}.answer": "met",
        ANSWER: an_answer("met"),
        "data.answers": {"HIPAA-01": an_answer("met")},
    }

    with pytest.raises(ParamsError, match=f'params/org.yaml:. locks it at "{held}"'):
        save_profile({path: values[path]}, params.team)

    assert params.team.read_text() == "team: {name: acme}\n"


@LOCKS
def test_bare_papermill_cannot_answer_what_is_locked(params: Params, org: str, held: str) -> None:
    params.write_org(org)

    (problem,) = problems_in_a_notebook(data={"answers": {"HIPAA-01": an_answer("met")}})

    assert f'locks it at "{held}"' in problem


@LOCKS
def test_a_section_injected_in_full_cannot_answer_what_is_locked(
    params: Params, org: str, held: str
) -> None:
    params.write_org(org)
    full = Data().changed(answers={"HIPAA-01": an_answer("met")})

    problem, *_ = problems_in_a_notebook(data=full.model_dump(mode="json"))

    assert f'locks it at "{held}"' in problem


def test_a_section_injected_in_full_cannot_leave_out_what_is_locked(params: Params) -> None:
    params.write_org(WITH_DEFAULT)

    profile = profile_from_sections(data=Data().model_dump(mode="json"))

    assert profile.data.answers["HIPAA-01"].answer is AnswerWord.NOT_MET
    assert profile.origins[f"{ANSWER}.answer"] == "params/org.yaml:1"


def test_a_stricter_answer_is_refused_as_well_with_the_word_of_who_locks_it(
    params: Params,
) -> None:
    org = WITH_DEFAULT.replace("not_met", "met")
    params.write_org(org)

    (problem,) = params.problems("data: {answers: {HIPAA-01: {answer: not_met}}}")

    assert 'params/org.yaml:2 locks it at "met"; delete the line, or ask the file' in problem


def test_other_answers_stay_the_teams_own(params: Params) -> None:
    params.write_org(WITH_DEFAULT)
    text = "data: {answers: {GDPR-01: {answer: met}, HIPAA-01: {answer: not_met}}}"

    profile = params.load(text)

    assert profile.data.answers["GDPR-01"].answer is AnswerWord.MET
    assert profile.data.answers["HIPAA-01"].reason == "none signed"


@pytest.mark.parametrize(
    "org",
    [
        WITH_DEFAULT,
        ALL_ANSWERS,
        "defaults: {workload: {tokens_per_day: 5}}\nlocked: [workload.tokens_per_day]\n",
        "defaults: {trials: {endpoints: [{id: a, embedded: demo-base}]}}\nlocked: [trials]\n",
        "locked: [data.contracts, infrastructure.lead_times, team.decide_by]\n",
    ],
)
def test_what_the_playbook_injects_itself_never_breaks_a_lock(params: Params, org: str) -> None:
    params.write_org(org)
    profile = params.load("team: {name: acme}\nworkload: {share_output: 0.4}\n")

    again = profile_from_sections(**dump_sections(profile), origins=profile.origins)

    assert again == profile


def test_a_units_lock_holds_in_the_notebooks_of_its_teams(
    params: Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    (params.team.parent / "unit.yaml").write_text(WITHOUT_DEFAULT)
    params.load("team: {name: acme}\n")
    monkeypatch.setenv("PLAYBOOK_PARAMS", str(params.team))

    (problem,) = problems_in_a_notebook(data={"answers": {"HIPAA-01": an_answer("met")}})

    assert "params/teams/unit.yaml:1 locks it" in problem


def test_a_locked_figure_may_be_repeated_in_another_form(params: Params) -> None:
    params.write_org(
        "defaults: {workload: {tokens_per_day: 5}}\nlocked: [workload.tokens_per_day]\n"
    )

    same = params.load("workload: {tokens_per_day: {low: 5, likely: 5, high: 5}}")
    (problem,) = params.problems("workload: {tokens_per_day: 6}")

    assert same.workload.tokens_per_day.likely == 5
    assert "workload.tokens_per_day (line 1)" in problem


def test_a_team_cannot_shed_its_organisation_by_a_file_beside_its_own(params: Params) -> None:
    params.write_org(WITH_DEFAULT)
    nearer = params.team.parent / "org.yaml"
    nearer.write_text("defaults: {infrastructure: {on_call_people: 7}}\n")

    profile = params.load("team: {name: acme}\n")
    (problem,) = params.problems("data: {answers: {HIPAA-01: {answer: met}}}")

    assert profile.data.answers["HIPAA-01"].answer is AnswerWord.NOT_MET
    assert profile.infrastructure.on_call_people == 7
    assert "params/org.yaml:2 locks it" in problem


def test_an_inner_organisation_cannot_change_what_the_outer_locks(params: Params) -> None:
    params.write_org(WITH_DEFAULT)
    nearer = params.team.parent / "org.yaml"
    nearer.write_text("defaults: {data: {answers: {HIPAA-01: {answer: met}}}}\n")

    with pytest.raises(ParamsError, match=r"params/org\.yaml:2 locks it") as caught:
        params.load("team: {name: acme}\n")

    assert caught.value.what == "params/teams/org.yaml"


def test_a_team_cannot_shed_its_organisation_by_the_name_of_its_own_file(params: Params) -> None:
    params.write_org(WITH_DEFAULT)
    team = params.team.parent / "org.yaml"
    team.write_text("data: {answers: {HIPAA-01: {answer: met}}}\n")

    with pytest.raises(ParamsError, match=r"params/org\.yaml:2 locks it"):
        load_profile(team)
