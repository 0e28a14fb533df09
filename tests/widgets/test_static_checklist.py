"""Without widgets the checklist is a page: same questions, same order, nothing to click wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import ipywidgets
import pytest

from playbook.profile import Profile
from playbook.profile.sections import Answer, Data
from playbook.stages import Session, open_stage
from playbook.widgets import answer
from playbook.widgets.static_checklist import StaticChecklist
from tests.widgets.builders import HOSTILE, assess, verdicts_figure


def a_profile(**answers: Answer) -> Profile:
    named = {name.replace("_", "-"): one for name, one in answers.items()}
    return Profile(data=Data(answers=named))


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("PLAYBOOK_REPORTS", str(tmp_path))
    return open_stage("compliance", "", [{}] * 7)


def test_the_page_asks_in_the_same_order_and_shows_the_stop_signal() -> None:
    page = StaticChecklist(assess(a_profile()))

    html = page._repr_html_()
    assert "2 questions left that can change a verdict." in html
    assert html.index("BASE-01") < html.index("BASE-02")
    assert "may apply: team.sectors not known" in html
    assert repr(page).splitlines()[1] == "BASE-01: Is it so?"


def test_the_page_says_of_each_question_how_it_stands_and_with_whom() -> None:
    given = Answer(owner="security", due="2026-12-18", evidence="https://a.example/x")

    html = StaticChecklist(assess(a_profile(BASE_01=given)))._repr_html_()

    assert "due 2026-12-18" in html
    assert "don&#39;t know" in html
    assert "not answered" in html
    assert "href='https://a.example/x'" in html
    assert "<details><summary>Details</summary>" in html


def test_hostile_text_stays_text_on_the_page() -> None:
    record = assess(a_profile(), question=HOSTILE)

    assert "<img" not in StaticChecklist(record)._repr_html_()


def test_batch_gets_the_page_and_a_workshop_the_form(session: Session) -> None:
    page = answer(session, show=verdicts_figure, interactive=False)
    form = answer(session, show=verdicts_figure, interactive=True)

    assert isinstance(page, StaticChecklist)
    assert isinstance(form, ipywidgets.VBox)


def test_where_ipywidgets_is_missing_the_page_remains(tmp_path: Path) -> None:
    """In a process of its own, where importing ipywidgets fails."""
    script = (
        "import sys; sys.modules['ipywidgets'] = None\n"
        "from playbook import figures\n"
        "from playbook.stages import open_stage\n"
        "from playbook.widgets import answer, explore, in_workshop\n"
        "session = open_stage('compliance', '', [{}] * 7)\n"
        "page = answer(session, show=figures.verdict_matrix, interactive=True)\n"
        "print(type(page).__name__, in_workshop(True))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PLAYBOOK_REPORTS": str(tmp_path)},
    )

    assert done.stdout.split() == ["StaticChecklist", "False"], done.stderr[-800:]
