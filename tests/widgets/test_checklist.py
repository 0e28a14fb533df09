"""The workshop form: facts first, answers saved at once, and when the room may stop."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from playbook.profile import Profile, load_profile
from playbook.profile.sections import Answer
from playbook.stages.before import Before
from playbook.vocabulary import AnswerWord
from playbook.widgets.autosave import Autosave
from playbook.widgets.checklist import ANSWERED, CHANGED, FACTS, QUESTIONS, Checklist
from tests.widgets.builders import HOSTILE, assess, verdicts_figure

TEXT = """\
team:
  name: acme
  sectors: [retail]
data:
  data_class: internal  # counted
  answers:
    BASE-01: {answer: unknown, owner: security, due: 2026-12-18}  # ask
"""
FACT_NAMES = (
    "team.sectors",
    "team.monthly_active_users",
    "data.data_class",
    "data.human_review",
    "workload.tokens_per_day",
)


@pytest.fixture
def params(tmp_path: Path) -> Path:
    path = tmp_path / "acme.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def a_form(params: Path, before: Before | None = None) -> Checklist:
    profile = load_profile(params)
    clock = lambda: datetime(2026, 11, 23, 14, 3)  # noqa: DTZ001, E731  a wall clock
    save = Autosave(profile, params, now=clock)
    return Checklist(
        assess, profile, facts=FACT_NAMES, show=verdicts_figure, save=save, before=before
    )


def saved(params: Path, control: str = "BASE-02") -> Answer | None:
    return load_profile(params).data.answers.get(control)


def message(form: Checklist) -> str:
    return form.saving.message.text


def test_unanswered_differs_from_dont_know(params: Path) -> None:
    form = a_form(params)

    known, unanswered = form.question("BASE-01"), form.question("BASE-02")

    assert known.buttons.value == "Don't know"
    assert unanswered.buttons.value is None
    assert unanswered.answer() is None


def test_an_answer_is_in_the_file_at_once_and_the_form_says_so(params: Path) -> None:
    form = a_form(params)

    form.question("BASE-02").buttons.value = "Yes"

    assert saved(params) == Answer(answer=AnswerWord.MET)
    assert message(form) == "saved 14:03 to acme.yaml"


def test_an_answer_changes_counts_figure_and_names_the_option(params: Path) -> None:
    form = a_form(params)

    form.question("BASE-02").buttons.value = "Yes"

    assert "UNDETERMINED OK" in form.figure.title
    assert "1 option changed: model@base-02: UNDETERMINED → OK" in form.strip.widget.value
    assert "1 answered, 1 unknown, 0 not applicable" in form.strip.widget.value


def test_only_the_answer_itself_is_changed_in_the_file(params: Path) -> None:
    form = a_form(params)

    form.question("BASE-01").buttons.value = "Yes"

    lines = zip(TEXT.splitlines(), params.read_text(encoding="utf-8").splitlines(), strict=True)
    assert [old for old, new in lines if old != new] == [TEXT.splitlines()[-1]]
    assert saved(params, "BASE-01").owner == "security"


def test_an_answer_is_there_when_the_form_is_opened_again(params: Path) -> None:
    form = a_form(params)
    form.question("BASE-02").buttons.value = "Partly"
    form.question("BASE-02").fields["owner"].value = "procurement"

    again = a_form(params).question("BASE-02")

    assert again.buttons.value == "Partly"
    assert again.fields["owner"].value == "procurement"


def test_not_applicable_is_saved_only_with_reason_and_owner(params: Path) -> None:
    form = a_form(params)
    row = form.question("BASE-02")

    row.buttons.value = "N.A."

    assert "UNDETERMINED UNDETERMINED" in form.figure.title
    assert message(form) == "NOT saved: BASE-02: N.A. needs reason and owner"
    assert params.read_text(encoding="utf-8") == TEXT

    row.fields["reason"].value, row.fields["owner"].value = "no such data", "privacy"

    assert saved(params) == Answer(
        answer=AnswerWord.NOT_APPLICABLE, reason="no such data", owner="privacy"
    )


def test_an_incomplete_answer_holds_up_no_other(params: Path) -> None:
    form = a_form(params)

    form.question("BASE-02").buttons.value = "N.A."
    form.question("BASE-01").buttons.value = "Yes"

    assert saved(params, "BASE-01").answer is AnswerWord.MET
    assert message(form).startswith("saved 14:03 to acme.yaml; NOT saved: BASE-02: N.A. needs")


def test_a_save_that_fails_keeps_what_was_typed_and_is_tried_again(params: Path) -> None:
    form = a_form(params)
    params.rename(params.with_suffix(".away"))

    form.question("BASE-02").buttons.value = "Yes"

    assert message(form).startswith("NOT saved: BASE-02: there is no such file")
    assert form.saving.again.layout.display == ""
    assert "UNDETERMINED OK" in form.figure.title

    params.with_suffix(".away").rename(params)
    form.saving.again.click()

    assert saved(params) == Answer(answer=AnswerWord.MET)
    assert form.saving.again.layout.display == "none"


def test_an_answer_changed_elsewhere_is_overwritten_only_after_it_was_told(params: Path) -> None:
    form = a_form(params)
    params.write_text(TEXT.replace("unknown", "not_met"), encoding="utf-8")

    form.question("BASE-01").buttons.value = "Yes"

    assert "BASE-01 was changed elsewhere: there it is not met" in message(form)
    assert form.saving.again.description == "Keep mine, overwrite"
    assert saved(params, "BASE-01").answer is AnswerWord.NOT_MET

    form.saving.again.click()
    assert saved(params, "BASE-01").answer is AnswerWord.MET


def test_reading_the_file_again_takes_its_answers(params: Path) -> None:
    form = a_form(params)
    params.write_text(TEXT.replace("unknown", "not_met"), encoding="utf-8")
    form.question("BASE-01").buttons.value = "Yes"

    form.saving.read.click()

    assert form.question("BASE-01").buttons.value == "No"
    assert "OUT UNDETERMINED" in form.figure.title
    assert message(form) == "shows what acme.yaml says now"


def test_what_others_changed_is_told_beside_the_save(params: Path) -> None:
    form = a_form(params)
    params.write_text(TEXT.replace("internal", "restricted"), encoding="utf-8")

    form.question("BASE-02").buttons.value = "Yes"

    assert load_profile(params).data.data_class == "restricted"
    assert "others changed data.data_class in the file" in message(form)


def test_a_form_without_a_file_says_that_nothing_is_saved() -> None:
    profile = Profile()
    form = Checklist(
        assess, profile, facts=FACT_NAMES, show=verdicts_figure, save=Autosave(profile, None)
    )

    form.question("BASE-01").buttons.value = "Yes"

    assert message(form) == "not saved: this form has no params file"


def test_a_fact_decides_which_controls_apply_and_is_saved(params: Path) -> None:
    form = a_form(params)
    form.views.value = FACTS

    form.facts.controls["team.sectors"].input.boxes["retail"].value = False

    assert load_profile(params).team.sectors == ()
    assert "1 of 2 controls apply, 1 may apply: state the facts first" in form.strip.widget.value


def test_a_fact_that_brings_a_control_in_brings_its_question(params: Path) -> None:
    params.write_text(TEXT.replace("retail", "legal"), encoding="utf-8")
    form = a_form(params)
    before = rows(form)

    form.facts.controls["team.sectors"].input.boxes["retail"].value = True
    form.views.value = FACTS
    form.views.value = QUESTIONS

    assert (before, rows(form)) == (["BASE-01"], ["BASE-01", "BASE-02"])


def test_a_fact_that_can_not_be_is_refused_in_words_and_mended(params: Path) -> None:
    form = a_form(params)
    users = form.facts.controls["team.monthly_active_users"].input

    users.value = "many"
    assert "monthly_active_users: Input should be a valid integer" in message(form)
    assert params.read_text(encoding="utf-8") == TEXT

    users.value = "4000"
    assert load_profile(params).team.monthly_active_users == 4_000


def test_volume_is_a_fact_too(params: Path) -> None:
    form = a_form(params)

    form.facts.controls["workload.tokens_per_day"].input.value = 5e7

    assert load_profile(params).workload.tokens_per_day.likely == 5e7


def rows(form: Checklist) -> list[str]:
    """Return the controls whose rows are on the screen, in their order."""
    shown = form._list.children  # noqa: SLF001  what the browser shows
    return [name for box in shown for name, row in form.rows.items() if row.box is box]


def test_questions_keep_their_place_until_they_are_sorted_again(params: Path) -> None:
    form = a_form(params)

    form.question("BASE-01").buttons.value = "Yes"
    assert rows(form) == ["BASE-01", "BASE-02"]

    form.again.click()
    assert rows(form) == ["BASE-02"]

    form.views.value = ANSWERED
    assert rows(form) == ["BASE-01"]


def test_the_stop_signal_counts_down_to_you_can_stop(params: Path) -> None:
    form = a_form(params)
    assert "2 questions left that can change a verdict. Ask next: BASE-01" in (
        form.strip.widget.value
    )

    for control in ("BASE-01", "BASE-02"):
        form.question(control).buttons.value = "Yes"

    assert "✓ 0 questions left that can change a verdict: you can stop." in form.strip.widget.value


def test_details_say_before_a_click_what_each_answer_would_do(params: Path) -> None:
    form = a_form(params)
    row = form.question("BASE-02")

    row.more.value = True

    assert "1 option change: model@base-02: UNDETERMINED → OK; questions left: 1" in (
        row.details.value
    )
    assert "UNDETERMINED → OUT" in row.details.value
    assert "no option changes by this alone; questions left: 2" in row.details.value
    assert saved(params) is None


def test_what_changed_is_told_against_the_opening_and_the_last_run(params: Path) -> None:
    old = load_profile(params)
    old = old.changed(team=old.team.changed(sectors=("legal",)))
    form = a_form(params, Before("run 20261101", (old, assess(old))))

    form.question("BASE-02").buttons.value = "Yes"
    form.views.value = CHANGED

    _, since_opened, since_run = (one.value for one in form._list.children)  # noqa: SLF001  as above
    assert "since this form was opened" in since_opened
    assert "BASE-02" in since_opened
    assert "team.sectors" not in since_opened
    assert "since run 20261101" in since_run
    assert "team.sectors" in since_run


def test_facts_are_the_first_view_while_one_of_them_is_open(params: Path) -> None:
    def with_open_fact(profile: Profile) -> object:
        record = assess(profile)
        fact = record.open_questions[0].changed(id="data.data_class")
        return record.changed(open_questions=(fact, *record.open_questions))

    profile = load_profile(params)
    form = Checklist(
        with_open_fact,
        profile,
        facts=FACT_NAMES,
        show=verdicts_figure,
        save=Autosave(profile, None),
    )

    assert form.views.value == FACTS
    assert a_form(params).views.value == QUESTIONS


def test_an_open_contract_leads_to_the_screen_of_facts(params: Path) -> None:
    def with_open_contract(profile: Profile) -> object:
        record = assess(profile)
        fact = record.open_questions[0].changed(id="data.contracts.azure")
        signed = profile.data.contracts
        return record.changed(open_questions=() if "azure" in signed else (fact,))

    profile = load_profile(params)
    form = Checklist(
        with_open_contract, profile, facts=FACT_NAMES, show=verdicts_figure,
        save=Autosave(profile, params),
    )  # fmt: skip

    form._open_facts["data.contracts.azure"].go.click()  # noqa: SLF001  what the browser shows
    form.facts.controls["data.contracts.azure"].input.boxes["baa"].value = True

    assert form.views.value == FACTS
    assert load_profile(params).data.contracts == {"azure": ("baa",)}
    assert "you can stop" in form.strip.widget.value


def test_hostile_questions_stay_text(params: Path) -> None:
    profile = load_profile(params)
    form = Checklist(
        partial(assess, question=HOSTILE),
        profile,
        facts=FACT_NAMES,
        show=verdicts_figure,
        save=Autosave(profile, None),
    )

    texts = [one.value for one in form.question("BASE-01").box.children if hasattr(one, "value")]

    assert HOSTILE not in " ".join(texts)
    assert "&lt;img" in " ".join(texts)
