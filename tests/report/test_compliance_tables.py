"""The tables of compliance: each control with what it rests on, and what is still open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from playbook.compliance import Change, Compliance, Finding
from playbook.compliance.records import OptionVerdict
from playbook.report import compliance_tables
from playbook.report.sections import sections
from playbook.runs import Run
from playbook.vocabulary import AnswerWord, Verdict
from tests.report.builders import records_of


@pytest.fixture
def compliance(demo_run: Run) -> Compliance:
    return records_of(demo_run).compliance


def a_finding(compliance: Compliance, **changes: object) -> Finding:
    given = {
        "applies": "yes", "owner": "our DPO", "due": date(2026, 12, 15), "options_concerned": 3,
        "evidence": "contracts/dpa.pdf", "given": AnswerWord.MET, "answer": AnswerWord.MET,
    }  # fmt: skip
    return compliance.findings[0].changed(**{**given, **changes})


def row_of(compliance: Compliance, finding: Finding) -> dict[str, str]:
    table = compliance_tables.checklist(compliance.changed(findings=(finding,)))
    return dict(zip(table.columns, table.rows[0], strict=True))


def test_the_checklist_shows_what_each_control_rests_on_and_who_settles_it(
    compliance: Compliance,
) -> None:
    finding = a_finding(
        compliance, citation="Art 28", basis="secondary", sources=("A note (2026-11-22)",),
        stated_as_of=date(2026, 11, 22), review_by=date(2027, 2, 28), valid_until=date(2027, 6, 30),
    )  # fmt: skip

    row = row_of(compliance, finding)

    assert row["Answer"] == "✓ met\nuntil 2027-06-30"
    assert row["Rests on"] == "Art 28\ncommentary"
    assert row["Rests on"].more == "A note (2026-11-22)"
    assert row["Stated, read again by"] == "2026-11-22\nagain by 2027-02-28"
    assert row["Owner, due"] == "our DPO\ndue 2026-12-15"
    assert row["Evidence"] == "contracts/dpa.pdf"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"given": AnswerWord.UNKNOWN, "answer": AnswerWord.UNKNOWN}, "? don't know"),
        ({"given": None, "answer": AnswerWord.UNKNOWN}, "○ not answered"),
        (
            {"expired": True, "answer": AnswerWord.UNKNOWN, "valid_until": date(2026, 1, 1)},
            "? expired on 2026-01-01, was: met",
        ),
    ],
)
def test_not_answered_dont_know_and_expired_are_told_apart(
    compliance: Compliance, changes: dict[str, object], words: str
) -> None:
    assert compliance_tables.answered(a_finding(compliance, **changes)) == words


def test_a_control_past_its_review_is_marked_stale_and_counted(compliance: Compliance) -> None:
    stale = a_finding(compliance, review_overdue=True, review_by=date(2026, 3, 1))

    table = compliance_tables.checklist(compliance.changed(findings=(stale,)))

    assert "⚠ stale: to be read again by 2026-03-01" in table.rows[0][4]
    assert "1 of those that do are stale" in table.note


def test_the_section_of_a_report_says_at_its_head_that_controls_are_stale(demo_run: Run) -> None:
    records = records_of(demo_run)
    stale = a_finding(records.compliance, review_overdue=True)

    fresh, told = (
        next(one for one in sections(each) if one.id == "compliance").also[0]
        for each in (
            records,
            replace(records, compliance=records.compliance.changed(findings=(stale,))),
        )
    )

    assert "past the day" not in fresh
    assert "⚠ 1 of the controls are past the day for reading them again." in told


def test_an_open_point_past_its_day_is_overdue(compliance: Compliance) -> None:
    late = a_finding(
        compliance, due=date(2026, 1, 1), given=AnswerWord.PARTLY, answer=AnswerWord.PARTLY
    )

    assert row_of(compliance, late)["Owner, due"] == "our DPO\ndue 2026-01-01, overdue"
    assert "overdue" not in row_of(compliance, a_finding(compliance))["Owner, due"]


def test_controls_that_touch_no_option_considered_stand_apart_and_folded(
    compliance: Compliance,
) -> None:
    near, far = a_finding(compliance), a_finding(compliance, control="FAR-01", options_concerned=0)
    advice = a_finding(compliance, control="ADV-01", options_concerned=None)
    record = compliance.changed(findings=(near, far, advice))

    main, beside = compliance_tables.checklist(record), compliance_tables.beside(record)

    assert [row[0].split()[0] for row in main.rows] == [near.control, "ADV-01"]
    assert [row[0].split()[0] for row in beside.rows] == ["FAR-01"]
    assert (beside.folded, beside.on_paper) == (True, False)


def test_options_judged_alike_share_a_row_with_the_deciding_controls(
    compliance: Compliance,
) -> None:
    one = compliance.verdicts[0].changed(
        verdict=Verdict.OUT, controls=("HIPAA-01",), because=("HIPAA-01 is not met",)
    )
    verdicts = (
        one.changed(option="model@azure"),
        one.changed(option="model@self:own_network"),
        one.changed(option="other@azure", verdict=Verdict.OK, controls=(), because=()),
    )

    table = compliance_tables.verdicts(compliance.changed(verdicts=verdicts))

    assert [row[:3] for row in table.rows] == [
        ("✕ OUT", "2 options\nmodel: azure, own_network", "HIPAA-01"),
        ("✓ OK", "1 option\nother: azure", ""),
    ]
    assert all(word.value in table.note for word in Verdict)


def test_options_that_differ_only_in_whose_contract_is_asked_for_share_a_row(
    compliance: Compliance,
) -> None:
    def lacking(option: str, place: str) -> OptionVerdict:
        asked = f"data.contracts.{place}"
        return compliance.verdicts[0].changed(
            option=option, verdict=Verdict.UNDETERMINED, questions=(asked,),
            because=(f"GDPR-01: open: {asked} (Art 28)", "b", "c", "d"),
        )  # fmt: skip

    verdicts = (lacking("model@azure", "azure"), lacking("model@self:rented_eu", "rented_eu"))

    (row,) = compliance_tables.verdicts(compliance.changed(verdicts=verdicts)).rows

    assert row[1] == "2 options\nmodel: azure, rented_eu"
    assert "open: data.contracts of its provider (Art 28)" in row[3]
    assert row[3].endswith("and 1 more, see the checklist")
    assert row[4] == "data.contracts of its provider"


def test_open_questions_show_the_cost_at_stake_only_where_costs_are_known(
    compliance: Compliance,
) -> None:
    first = compliance.open_questions[0].changed(
        options_it_can_change=2, usd_per_month_at_stake=None
    )
    priced = first.changed(usd_per_month_at_stake=1_234.0)

    plain, told = (
        compliance_tables.questions(compliance.changed(open_questions=(one,)))
        for one in (first, priced)
    )

    assert "At stake, USD a month" not in plain.columns
    assert told.rows[0][-1] == "$1.2k"
    assert told.note.startswith("1 question left that can change a verdict.")
    assert "if it is answered badly" in told.note


def test_where_every_priced_option_hangs_on_a_question_no_sum_is_claimed(
    compliance: Compliance,
) -> None:
    first, other = (
        compliance.open_questions[0].changed(options_it_can_change=2, usd_per_month_at_stake=usd)
        for usd in (None, 0.0)
    )

    table = compliance_tables.questions(compliance.changed(open_questions=(first, other)))

    assert [row[-1] for row in table.rows] == ["no priced option is left", "$0"]


def test_no_question_left_says_that_the_room_can_stop(compliance: Compliance) -> None:
    assert compliance_tables.left(compliance.changed(open_questions=())) == (
        "0 questions left that can change a verdict: you can stop."
    )


def test_open_points_per_owner_hold_questions_and_what_is_to_be_mended(
    compliance: Compliance,
) -> None:
    question = compliance.open_questions[0].changed(id="SEC-01", owner="security", due=None)
    unmet = a_finding(
        compliance, owner="DPO", remedy="Sign it.", given=AnswerWord.NOT_MET,
        answer=AnswerWord.NOT_MET,
    )  # fmt: skip

    table = compliance_tables.by_owner(
        compliance.changed(open_questions=(question,), findings=(unmet,))
    )

    assert [(row[0], row[3]) for row in table.rows] == [
        ("DPO", "Mend: Sign it."),
        ("security", f"Answer: {question.question}"),
    ]


def test_what_changed_says_since_when_or_that_there_is_nothing_to_compare_with() -> None:
    change = Change(kind="answer", what="BASE-01", before="not answered", after="met")

    some = compliance_tables.changed([change], "run 1")
    nothing = compliance_tables.changed([], "run 1")
    first = compliance_tables.changed([], "")

    assert some.rows == [("answer", "BASE-01", "not answered", "met")]
    assert some.title == "What changed since run 1"
    assert nothing.note == "Nothing has changed."
    assert first.note == "There is no earlier complete run of this team to compare with."
