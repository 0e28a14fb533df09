"""The checklist: unanswered differs from unknown, N.A. needs reasons, saving keeps the rest."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import plotly.graph_objects as go
import pytest

from playbook.profile import load_profile
from playbook.profile.sections import Answer, Data
from playbook.vocabulary import AnswerWord
from playbook.widgets import answer
from playbook.widgets.answers import AnswerForm
from tests.widgets.builders import HOSTILE, assess, verdicts_figure

TEXT = """\
team:
  name: acme
data:
  data_class: internal  # counted
  answers:
    BASE-01: {answer: unknown, owner: security, due: 2026-12-18}  # ask
"""


@pytest.fixture
def params(tmp_path: Path) -> Path:
    path = tmp_path / "acme.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def a_form(data: Data | None = None, save_to: Path | None = None) -> AnswerForm:
    data = load_profile(save_to).data if save_to else data or Data()
    return AnswerForm(assess, data, assess(data), show=verdicts_figure, most=8, save_to=save_to)


def test_batch_gets_the_plain_figure() -> None:
    figure = answer(assess, Data(), show=verdicts_figure, interactive=False)

    assert type(figure) is go.Figure


def test_unanswered_differs_from_dont_know() -> None:
    form = a_form(Data(answers={"BASE-01": Answer()}))

    known, unanswered = form.questions["BASE-01"], form.questions["BASE-02"]

    assert known.buttons.value == "Don't know"
    assert unanswered.buttons.value is None
    assert unanswered.answer() is None


def test_answer_changes_counts_figure_and_names_the_option() -> None:
    form = a_form()

    form.questions["BASE-02"].buttons.value = "Yes"

    assert "UNDETERMINED OK" in form.figure.title
    assert "1 options changed: model@base-02: UNDETERMINED → OK" in form.strip.widget.value
    assert form.message.text.startswith("1 answered, 0 don&#x27;t know".replace("&#x27;", "'"))


def test_not_applicable_counts_as_unknown_until_it_has_reason_and_owner(params: Path) -> None:
    form = a_form(save_to=params)
    row = form.questions["BASE-02"]

    row.buttons.value = "N.A."
    form.save.click()

    assert "UNDETERMINED UNDETERMINED" in form.figure.title
    assert "Not saved: BASE-02: N.A. needs reason and owner" in form.message.text
    assert params.read_text(encoding="utf-8") == TEXT

    row.reason.value, row.owner.value = "no such data", "privacy"
    form.save.click()

    saved = load_profile(params).data.answers["BASE-02"]
    assert saved == Answer(answer=AnswerWord.NOT_APPLICABLE, reason="no such data", owner="privacy")


def test_reason_and_owner_are_shown_only_where_they_are_asked_for() -> None:
    row = a_form().questions["BASE-02"]
    shown = {}

    for word in ("Yes", "Don't know", "N.A."):
        row.buttons.value = word
        shown[word] = [one.layout.display != "none" for one in (row.reason, row.owner)]

    assert shown == {"Yes": [False, False], "Don't know": [False, True], "N.A.": [True, True]}


def test_save_changes_the_answer_and_leaves_everything_else(params: Path) -> None:
    form = a_form(save_to=params)

    form.questions["BASE-01"].buttons.value = "Yes"
    form.save.click()

    lines = zip(TEXT.splitlines(), params.read_text(encoding="utf-8").splitlines(), strict=True)
    assert [old for old, new in lines if old != new] == [TEXT.splitlines()[-1]]
    saved = load_profile(params).data.answers["BASE-01"]
    assert saved.answer is AnswerWord.MET
    assert saved.owner == "security"
    assert saved.due is not None
    assert form.message.text == "Saved 1 answer to acme.yaml"


def test_saved_answer_is_shown_when_the_form_is_opened_again(params: Path) -> None:
    form = a_form(save_to=params)
    form.questions["BASE-02"].buttons.value = "Partly"
    form.save.click()

    again = a_form(save_to=params)

    assert again.questions["BASE-02"].buttons.value == "Partly"


def test_expired_answer_is_open_again_and_renewed_without_its_end() -> None:
    old = Answer(answer=AnswerWord.MET, owner="security", valid_until="2026-01-01")
    row = a_form(Data(answers={"BASE-01": old})).questions["BASE-01"]

    assert row.buttons.value is None
    row.buttons.value = "Yes"

    assert row.answer() == Answer(answer=AnswerWord.MET, owner="security")


def test_failed_save_says_so_in_one_line_and_can_be_repeated(params: Path) -> None:
    form = a_form(save_to=params)
    form.questions["BASE-02"].buttons.value = "Yes"
    params.rename(params.with_suffix(".away"))

    form.save.click()
    assert form.message.text.startswith("Not saved: ")

    params.with_suffix(".away").rename(params)
    form.save.click()
    assert load_profile(params).data.answers["BASE-02"].answer is AnswerWord.MET


def test_hostile_question_stays_text() -> None:
    judge = partial(assess, question=HOSTILE)
    form = AnswerForm(judge, Data(), judge(Data()), show=verdicts_figure, most=8, save_to=None)

    texts = [one.value for one in form.questions["BASE-01"].box.children if hasattr(one, "value")]

    assert HOSTILE not in " ".join(texts)
    assert "&lt;img" in " ".join(texts)
