"""Saving changes the lines concerned and no other, or nothing at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbook.errors import ParamsError
from playbook.profile import ChangedElsewhereError, load_profile, save_profile, value_at

if TYPE_CHECKING:
    from tests.profile.conftest import Params

TEXT = """\
# our params
team:
  name: acme   # the folder
workload:
  tokens_per_day:   # volume
    low: 1
    likely: 2
    high: 3
  share_output: 0.3  # share

data:
  data_class: internal
  answers:
    HIPAA-02: {answer: unknown, owner: privacy}
    HIPAA-03:
      answer: met   # seen

# what is tried
trials:
  prompt_sets:
  - demo_support
weights:
"""
SEEN = "met   # seen\n"
THREE_POINTS = "   # volume\n    low: 1\n    likely: 2\n    high: 3\n"
LAST = "weights:\n"


@pytest.fixture
def team(params: Params) -> Path:
    params.load(TEXT)
    return params.team


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        ("workload.share_output", 0.4, "0.3  # share", "0.4  # share"),
        ("data.answers.HIPAA-03.answer", "partly", "met   # seen", "partly   # seen"),
        ("data.answers.HIPAA-02.answer", "met", "{answer: unknown, ", "{answer: met, "),
        ("data.answers.HIPAA-02.due", "2027-01-29", "y}", "y, due: 2027-01-29}"),
        ("data.answers.HIPAA-01.answer", "met", SEEN, f"{SEEN}    HIPAA-01:\n      answer: met\n"),
        ("workload.tokens_per_day", 2e6, THREE_POINTS, " 2_000_000\n"),
        ("trials.prompt_sets", (), "\n  - demo_support", " []"),
        ("weights.cost", 5, "weights:\n", "weights:\n  cost: 5\n"),
        ("domain.will_fine_tune", True, LAST, f"{LAST}domain:\n  will_fine_tune: true\n"),
        ("team.title", "no", "# the folder\n", '# the folder\n  title: "no"\n'),
    ],
)  # fmt: skip
def test_only_the_lines_of_the_change_are_touched(
    team: Path, path: str, value: object, old: str, new: str
) -> None:
    saved = save_profile({path: value}, team)

    assert team.read_text() == TEXT.replace(old, new)
    assert saved == load_profile(team)
    assert path in saved.origins


@pytest.mark.parametrize(
    ("updates", "part"),
    [
        ({"workload.share_output": 40}, "did you mean 0.4?"),
        ({"workload.share_outptu": 0.4}, "share_outptu is no field; did you mean share_output?"),
        ({"nope.x": 1}, "nope.x is no field"),
        ({"data.stance_on_chinese_origin_weights": "allow"}, "locks it"),
        ({"team.title": "ok", "team.name": "../x"}, "team.name"),
        ({"data.answers.HIPAA-01.answer": "not_applicable"}, "without reason and owner"),
    ],
)  # fmt: skip
def test_a_change_that_breaks_the_file_is_refused_and_nothing_is_written(
    team: Path, updates: dict[str, object], part: str
) -> None:
    with pytest.raises(ParamsError) as caught:
        save_profile(updates, team)

    assert part in str(caught.value)
    assert team.read_text() == TEXT
    assert [one.name for one in team.parent.iterdir()] == ["acme.yaml"]


def test_what_others_changed_meanwhile_stays(team: Path) -> None:
    read = load_profile(team)
    other = TEXT.replace("share_output: 0.3", "share_output: 0.4").replace("acme   #", "acme #")
    team.write_text(other)

    path = "data.answers.HIPAA-03.answer"
    saved = save_profile({path: "partly"}, team, expected={path: value_at(read, path)})

    assert team.read_text() == other.replace("answer: met", "answer: partly")
    assert saved.workload.share_output == 0.4


@pytest.mark.parametrize("expected", ["data.answers.HIPAA-03", "data.answers.HIPAA-03.answer"])
def test_a_value_that_was_changed_meanwhile_is_not_overwritten(team: Path, expected: str) -> None:
    read = load_profile(team)
    other = TEXT.replace("answer: met", "answer: not_met")
    team.write_text(other)

    with pytest.raises(ChangedElsewhereError) as caught:
        save_profile(
            {"data.answers.HIPAA-03.answer": "partly"},
            team,
            expected={expected: value_at(read, expected)},
        )

    assert f"{expected} was changed meanwhile" in str(caught.value)
    assert caught.value.profile is not None
    assert caught.value.profile.data.answers["HIPAA-03"].answer == "not_met"
    assert team.read_text() == other


def test_an_answer_that_somebody_else_gave_first_is_not_overwritten(team: Path) -> None:
    save_profile({"data.answers.BASE-01.answer": "met"}, team)

    with pytest.raises(ChangedElsewhereError):
        save_profile(
            {"data.answers.BASE-01.answer": "partly"}, team, expected={"data.answers.BASE-01": None}
        )

    assert load_profile(team).data.answers["BASE-01"].answer == "met"


def test_of_many_that_save_at_once_no_change_is_lost(team: Path) -> None:
    names = [f"BASE-{number:02}" for number in range(1, 13)]

    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(lambda name: save_profile({f"data.answers.{name}.answer": "met"}, team), names)
        )

    answers = load_profile(team).data.answers
    assert {name: answers[name].answer.value for name in names} == dict.fromkeys(names, "met")


def test_a_read_only_file_is_left_alone(team: Path) -> None:
    """Renaming another file over it would need the folder's permission only."""
    team.chmod(0o444)

    with pytest.raises(ParamsError, match="read-only"):
        save_profile({"weights.cost": 5}, team)

    assert team.read_text() == TEXT


def test_saving_into_a_folder_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match="no such file"):
        save_profile({"weights.cost": 5}, tmp_path / "gone" / "acme.yaml")


@given(text=st.text(max_size=60), number=st.floats(0, 1e10))
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_whatever_is_saved_is_read_back(team: Path, text: str, number: float) -> None:
    printable = "".join(one for one in text if one.isprintable() or one in "\n\t\u2028\x85")
    team.write_text(TEXT)

    saved = save_profile({"team.title": printable, "team.budget_usd_per_month": number}, team)

    assert saved.team.title == printable
    assert saved.team.budget_usd_per_month == number


def test_line_ends_of_other_systems_and_the_file_mode_are_kept(team: Path) -> None:
    team.write_bytes(TEXT.replace("\n", "\r\n").encode())
    team.chmod(0o640)

    save_profile({"weights.cost": 5}, team)

    assert (
        team.read_bytes()
        == TEXT.replace("weights:\n", "weights:\n  cost: 5\n").replace("\n", "\r\n").encode()
    )
    assert team.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "text", ["", "{}", "{team: {name: acme}}", "team: {name: acme}", "# only this"]
)
def test_a_file_of_any_shape_takes_a_change(params: Params, text: str) -> None:
    params.load(text)

    assert save_profile({"weights.cost": 5}, params.team).weights.cost == 5
