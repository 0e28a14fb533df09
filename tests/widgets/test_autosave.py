"""Each answer and fact is saved for itself; what others changed is told, not overwritten."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from playbook.profile import Profile, load_profile
from playbook.profile.sections import Answer
from playbook.vocabulary import AnswerWord
from playbook.widgets.autosave import Autosave

NOON = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001  a wall clock, as people read it
TEXT = """\
team:
  name: acme
  sectors: [retail]
data:
  data_class: internal  # counted
  answers:
    BASE-01: {answer: unknown, owner: security, due: 2026-12-18}  # ask
"""
ORG = """\
locked:
  - team.sectors
"""


@pytest.fixture
def params(tmp_path: Path) -> Path:
    path = tmp_path / "params" / "teams" / "acme.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT, encoding="utf-8")
    return path


def a_save(params: Path) -> tuple[Autosave, Profile]:
    read = load_profile(params)
    return Autosave(read, params, now=lambda: NOON), read


def with_answer(profile: Profile, control: str = "BASE-01", **answer: object) -> Profile:
    before = profile.data.answers.get(control, Answer())
    answers = {**profile.data.answers, control: before.changed(**answer)}
    return profile.changed(data=profile.data.changed(answers=answers))


def with_fact(profile: Profile, section: str, **facts: object) -> Profile:
    return profile.changed(**{section: getattr(profile, section).changed(**facts)})


def test_nothing_is_written_while_nothing_has_changed(params: Path) -> None:
    save, profile = a_save(params)

    assert save.save(profile).at is None
    assert params.read_text(encoding="utf-8") == TEXT


def test_an_answer_changes_its_own_leaf_only(params: Path) -> None:
    save, profile = a_save(params)

    saved = save.save(with_answer(profile, answer="met"))

    assert (saved.at, saved.written) == (NOON, ("data.answers.BASE-01",))
    assert params.read_text(encoding="utf-8") == TEXT.replace("answer: unknown", "answer: met")


def test_not_known_and_an_empty_list_are_saved_as_different_things(params: Path) -> None:
    save, profile = a_save(params)

    save.save(with_fact(profile, "team", sectors=()))
    assert load_profile(params).team.sectors == ()

    save.save(with_fact(profile, "team", sectors=None))
    assert load_profile(params).team.sectors is None


def test_what_others_changed_is_kept_and_told(params: Path) -> None:
    save, profile = a_save(params)
    other = TEXT.replace("internal", "restricted") + "    SEC-01: {answer: met}\n"
    params.write_text(other, encoding="utf-8")

    first = save.save(with_answer(profile, answer="met"))
    second = save.save(with_answer(profile, answer="partly"))

    assert first.elsewhere == second.elsewhere == ("data.data_class", "data.answers.SEC-01")
    assert params.read_text(encoding="utf-8") == other.replace("unknown", "partly")


def test_the_same_answer_changed_elsewhere_is_told_and_overwritten_only_on_purpose(
    params: Path,
) -> None:
    save, profile = a_save(params)
    params.write_text(TEXT.replace("unknown", "not_met"), encoding="utf-8")
    mine = with_answer(profile, answer="met")

    refused = save.save(mine)

    assert refused.failed == {
        "data.answers.BASE-01": "BASE-01 was changed elsewhere: there it is not met, "
        "owner security, due 2026-12-18"
    }
    assert load_profile(params).data.answers["BASE-01"].answer is AnswerWord.NOT_MET

    save.keep_mine()

    assert save.save(mine).failed == {}
    assert load_profile(params).data.answers["BASE-01"].answer is AnswerWord.MET


def test_the_same_answer_given_elsewhere_too_is_no_conflict(params: Path) -> None:
    save, profile = a_save(params)
    params.write_text(TEXT.replace("unknown", "met"), encoding="utf-8")
    mine = with_answer(profile, answer="met")

    assert save.save(mine).failed == {}
    assert save.pending(mine) == ()


def test_a_locked_fact_is_refused_and_holds_up_no_answer(params: Path) -> None:
    (params.parents[1] / "org.yaml").write_text(
        ORG + "defaults:\n  team:\n    sectors: [retail]\n", encoding="utf-8"
    )
    save, profile = a_save(params)

    changed = with_fact(with_answer(profile, answer="met"), "team", sectors=("legal",))
    saved = save.save(changed)

    assert saved.written == ("data.answers.BASE-01",)
    assert "locks it" in saved.failed["team.sectors"]
    assert save.pending(changed) == ("team.sectors",)


def test_a_broken_file_is_left_as_it_is_and_tried_again(params: Path) -> None:
    save, profile = a_save(params)
    mine = with_answer(profile, answer="met")
    params.write_text(TEXT + "nope: [", encoding="utf-8")

    refused = save.save(mine)

    assert "not valid YAML" in refused.failed["data.answers.BASE-01"]
    assert params.read_text(encoding="utf-8") == TEXT + "nope: ["

    params.write_text(TEXT, encoding="utf-8")
    assert save.save(mine).written == ("data.answers.BASE-01",)


def test_a_read_only_file_is_told_and_left_alone(params: Path) -> None:
    save, profile = a_save(params)
    params.chmod(0o444)

    refused = save.save(with_answer(profile, answer="met"))

    assert "read-only" in refused.failed["data.answers.BASE-01"]
    assert params.read_text(encoding="utf-8") == TEXT


def test_the_file_of_another_team_is_not_written_to(params: Path) -> None:
    save, profile = a_save(params)
    other = TEXT.replace("acme", "bolt")
    params.write_text(other, encoding="utf-8")

    refused = save.save(with_answer(profile, answer="met"))

    assert refused.failed["data.answers.BASE-01"] == (
        "the file is that of bolt, this form is that of acme"
    )
    assert params.read_text(encoding="utf-8") == other


def test_an_incomplete_answer_is_passed_over(params: Path) -> None:
    save, profile = a_save(params)

    saved = save.save(
        with_answer(profile, "SEC-01", answer="not_applicable"), skip={"data.answers.SEC-01"}
    )

    assert saved.written == ()
    assert params.read_text(encoding="utf-8") == TEXT


def test_a_new_answer_holds_what_was_given_and_a_taken_back_date_is_gone(params: Path) -> None:
    save, profile = a_save(params)
    given = with_answer(
        profile,
        "SEC-01",
        answer="met",
        evidence="https://a.example/x",
        valid_until=date(2027, 1, 1),
    )

    save.save(with_answer(given, due=None))

    answers = load_profile(params).data.answers
    assert answers["SEC-01"] == Answer(
        answer=AnswerWord.MET, evidence="https://a.example/x", valid_until=date(2027, 1, 1)
    )
    assert answers["BASE-01"].due is None


def test_signed_contracts_are_facts_by_provider(params: Path) -> None:
    save, profile = a_save(params)
    signed = with_fact(profile, "data", contracts={"azure": ("baa", "dpa_art28")})

    save.save(signed)
    assert load_profile(params).data.contracts == {"azure": ("baa", "dpa_art28")}

    refused = save.save(with_fact(profile, "data", contracts={}))
    assert "delete data.contracts.azure in acme.yaml" in refused.failed["data.contracts.azure"]


def test_reading_again_takes_what_the_file_says(params: Path) -> None:
    save, _ = a_save(params)
    params.write_text(TEXT.replace("unknown", "met"), encoding="utf-8")

    profile = save.read_again()

    assert profile.data.answers["BASE-01"].answer is AnswerWord.MET
    assert save.pending(profile) == ()
