"""The checklist on paper: all that is judged, asked and answered, and hostile text stays text."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from playbook.catalog import load_catalog
from playbook.compliance import Compliance, assess_compliance
from playbook.exports.oscal_results import CATALOG_FILE
from playbook.profile import Profile, load_profile
from playbook.report import write_report
from playbook.report.checklist_page import checklist_page, css_string
from playbook.runs import Run
from tests.compliance.builders import AS_OF, a_profile
from tests.exports.answering import outcome
from tests.report.builders import HOSTILE

WAIVED = {"answer": "not_applicable", "reason": "no such data", "owner": "counsel"}


def text_of(page: str) -> str:
    """Return what a reader sees, on one line."""
    seen = re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(seen).split())


def section(page: str, title: str) -> str:
    return text_of(page.split(f"<h2>{title}</h2>")[1].split("<h2>", maxsplit=1)[0])


def a_page(answers: dict[str, Any] | None = None, **changes: object) -> str:
    """Return the page of a small team; `changes` are those of its first finding."""
    profile, compliance = outcome(answers or {})
    first = compliance.findings[0].changed(**changes)
    findings = (first, *compliance.findings[1:])
    return checklist_page(profile, compliance.changed(findings=findings))


@pytest.fixture(scope="module")
def bank() -> tuple[Profile, Compliance]:
    profile = load_profile(Path("params/teams/eu_bank.yaml"))
    return profile, assess_compliance(profile, load_catalog(), as_of=AS_OF)


def test_every_option_is_told_with_its_verdict_and_deciding_controls(
    bank: tuple[Profile, Compliance],
) -> None:
    _, compliance = bank
    page = checklist_page(*bank)

    told = section(page, "What the controls say of the options")
    lines = re.findall(r"<p><b>([^<]+)</b>: ([^<]+)</p>", page)
    shown = [f"{model}@{where}" for model, places in lines for where in places.split(", ")]
    assert sorted(shown) == sorted(one.option for one in compliance.verdicts)
    for one in (each.in_general() for each in compliance.verdicts):
        assert one.verdict.value in told
        assert all(line in told for line in one.because)
        assert ", ".join(one.questions) in told


def test_many_deciding_controls_are_named_and_not_explained_in_each_row() -> None:
    compliance = outcome({})[1]
    names = tuple(f"TEST-{number:02}" for number in range(1, 8))
    verdict = compliance.verdicts[0].changed(
        controls=names,
        because=tuple(f"{name} because" for name in names),
        conditions=tuple(f"{name}: do it" for name in names),
    )

    page = checklist_page(a_profile(), compliance.changed(verdicts=(verdict,)))

    told = section(page, "What the controls say of the options")
    assert told.count(f"7: {', '.join(names)}") == 2
    assert "because" not in told


def test_open_questions_are_grouped_by_who_is_asked_with_fields_for_a_pen(
    bank: tuple[Profile, Compliance],
) -> None:
    _, compliance = bank
    page = checklist_page(*bank)

    groups = page.split('<tr class="who">')[1:]
    assert len(groups) == len({one.owner for one in compliance.open_questions})
    for one in compliance.open_questions:
        (group,) = (part for part in groups if html.escape(one.owner) + " (" in part[:200])
        assert one.id in group
        assert "valid until" in group


def test_five_answers_are_offered_and_none_is_ticked() -> None:
    page = a_page()

    choices = re.findall(r'<p class="box"><i></i>(.*?)</p>', page)
    assert [html.unescape(one) for one in choices[:5]] == [
        "Yes", "Partly", "No", "Don't know", "N.A.",
    ]  # fmt: skip
    assert len(choices) == 3 * 5


def test_what_is_answered_shows_owner_reason_evidence_and_both_days() -> None:
    said = {"answer": "partly", "owner": "our DPO", "reason": "half done", "evidence": "dpa.pdf",
            "due": "2027-01-01", "valid_until": "2027-06-01"}  # fmt: skip

    told = section(a_page({"TEST-01": said, "TEST-02": WAIVED}), "Answered")

    for word in ("TEST-01", "◐ Partly", "our DPO", "half done", "Evidence: dpa.pdf",
                 "due 2027-01-01", "until 2027-06-01", "N.A.", "no such data"):  # fmt: skip
        assert word in told


def test_an_expired_answer_is_open_again_and_says_so() -> None:
    page = a_page({"TEST-01": {"answer": "met", "valid_until": "2026-01-01"}})

    assert "answer expired on 2026-01-01" in section(page, "Open questions, by who is asked")
    assert "TEST-01" not in section(page, "Answered")


def test_a_control_past_its_review_is_marked_where_it_stands_and_at_the_top() -> None:
    fresh = text_of(a_page())
    stale = text_of(a_page(review_overdue=True, review_by=date(2026, 10, 1)))

    assert "STALE" not in fresh
    assert "STALE: 1 of the controls here" in stale
    assert "TEST-01 STALE: to be read again by 2026-10-01" in stale


def test_every_control_shown_has_citation_basis_day_and_source() -> None:
    page = a_page(citation="Art. 1", basis="memory", sources=("The text, a.example (2026-01-01)",))

    assert "Art. 1 (from memory, citation not checked, stated as of 2026-11-23)" in text_of(page)
    assert "The text, a.example (2026-01-01) TEST-01" in section(page, "What the controls rest on")


def test_the_disclaimer_is_said_once() -> None:
    assert text_of(a_page()).count("not legal advice") == 1


def test_hostile_text_stays_text_in_the_page_and_in_its_style() -> None:
    said = {"answer": "met", "reason": HOSTILE, "evidence": HOSTILE, "owner": HOSTILE}
    profile, compliance = outcome({"TEST-01": said})
    title = f'{HOSTILE}"; }} body {{ display: none }} </style>'
    profile = profile.changed(team=profile.team.changed(title=title, owner=HOSTILE))

    page = checklist_page(profile, compliance)

    assert "<script" not in page
    assert "<img" not in page
    assert page.count("</style>") == page.count("<style>") == 1
    assert "body { display: none }" not in page.split("<style>")[1].split("</style>")[0]
    assert "default-src 'none'; script-src 'none'" in html.unescape(page)


def test_the_page_asks_for_nothing_outside_itself(bank: tuple[Profile, Compliance]) -> None:
    page = checklist_page(*bank)

    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!#|data:)""", page)
    assert "url(" not in page
    assert "@import" not in page


def test_the_page_header_names_team_and_day_on_every_sheet() -> None:
    profile, compliance = outcome({})
    profile = profile.changed(team=profile.team.changed(title='Rat & "Tat"'))

    style = checklist_page(profile, compliance).split("<style>")[1].split("</style>")[0]

    header = css_string('Rat & "Tat": compliance checklist')
    assert f"@top-left {{ content: {header}; }}" in style
    assert f"@top-right {{ content: {css_string(f'as of {AS_OF}')}; }}" in style
    assert "counter(page)" in style


def test_a_team_without_options_or_answers_has_a_page_too() -> None:
    compliance = outcome({})[1].changed(verdicts=(), open_questions=())

    told = text_of(checklist_page(a_profile(), compliance))

    for word in ("No option was judged.", "No question is open.", "Nothing is answered yet."):
        assert word in told


def test_a_run_holds_the_checklist_to_print_and_both_oscal_documents(demo_run: Run) -> None:
    write_report(demo_run)

    folder = demo_run.path("exports")
    results = json.loads((folder / "compliance_results.oscal.json").read_text(encoding="utf-8"))
    catalog = json.loads((folder / CATALOG_FILE).read_text(encoding="utf-8"))
    compliance = demo_run.read("compliance.json", Compliance)
    page = (folder / "compliance_checklist.html").read_text(encoding="utf-8")
    controls = [one["id"] for group in catalog["catalog"]["groups"] for one in group["controls"]]
    assert sorted(controls) == sorted(one.control for one in compliance.findings)
    assert results["assessment-results"]["metadata"]["version"].endswith(demo_run.folder.name)
    assert f"run {demo_run.folder.name}" in page
    assert (folder / "open_questions.csv").is_file()
