"""One question: what is asked beside each answer, and what is said of dates and links."""

from __future__ import annotations

from datetime import date

import pytest

from playbook.compliance.records import Finding, OpenQuestion
from playbook.profile.sections import Answer, Data
from playbook.vocabulary import AnswerWord
from playbook.widgets.finding_words import details, evidence, heading
from playbook.widgets.question import Asked, Question
from tests.widgets.builders import AS_OF, HOSTILE, a_finding


def a_question(given: Answer | None = None) -> Question:
    data = Data(answers={"BASE-01": given} if given else {})
    asked = Asked(a_finding("BASE-01", data), given)
    return Question(asked, as_of=AS_OF, on_change=lambda: None, effects=lambda _: [("Yes", "all")])


def shown(row: Question) -> list[str]:
    return [name for name, one in row.fields.items() if one.layout.display != "none"]


def asked_of(finding: Finding, **changes: object) -> str:
    question = OpenQuestion.model_validate(
        {
            "id": "BASE-01",
            "question": "Is it so?",
            "owner": "",
            "options_it_can_change": 2,
            **changes,
        }
    )
    return str(heading(finding, question))


@pytest.mark.parametrize(
    ("word", "fields"),
    [
        (None, []),
        ("Yes", []),
        ("Partly", ["owner", "due"]),
        ("No", ["owner", "due"]),
        ("Don't know", ["owner", "due"]),
        ("N.A.", ["reason", "owner"]),
    ],
)
def test_an_answer_asks_for_what_it_needs_and_details_for_the_rest(
    word: str | None, fields: list[str]
) -> None:
    row = a_question()

    row.buttons.value = word
    assert shown(row) == fields

    row.more.value = True
    assert shown(row) == ["reason", "owner", "due", "evidence", "valid_until"]


@pytest.mark.parametrize(
    ("word", "said"), [("Yes", "✓ Yes"), ("Partly", "◐ Partly"), ("No", "✕ No")]
)
def test_an_answer_is_said_in_words_and_not_by_colour_alone(word: str, said: str) -> None:
    row = a_question()

    row.buttons.value = word

    assert said in row.note.value


def test_dont_know_asks_who_will_find_out() -> None:
    row = a_question()

    row.buttons.value = "Don't know"

    assert row.fields["owner"].placeholder == "who will find out"


def test_everything_typed_is_part_of_the_answer() -> None:
    row = a_question()

    row.buttons.value = "Partly"
    for name, value in {
        "owner": " security ", "due": date(2027, 1, 29), "evidence": "https://a.example/x",
        "valid_until": date(2027, 6, 30), "reason": "half of it",
    }.items():  # fmt: skip
        row.fields[name].value = value

    assert row.answer() == Answer(
        answer=AnswerWord.PARTLY,
        owner="security",
        due=date(2027, 1, 29),
        evidence="https://a.example/x",
        valid_until=date(2027, 6, 30),
        reason="half of it",
    )


def test_an_owner_typed_before_any_answer_is_kept_as_dont_know() -> None:
    row = a_question()

    row.fields["owner"].value = "security"

    assert row.buttons.value == "Don't know"
    assert row.answer() == Answer(owner="security")


def test_an_answer_that_nobody_touched_stays_as_it_was_read() -> None:
    given = Answer(answer=AnswerWord.MET, owner=" padded ")

    assert a_question(given).answer() == given


def test_an_expired_answer_is_open_again_says_so_and_is_renewed_without_its_end() -> None:
    row = a_question(Answer(answer=AnswerWord.MET, owner="security", valid_until="2026-01-01"))

    assert row.buttons.value is None
    assert "expired on 2026-01-01; it counts as unknown" in row.box.children[0].value

    row.buttons.value = "Yes"
    assert row.answer() == Answer(answer=AnswerWord.MET, owner="security")


def test_dates_that_have_passed_are_told_in_words() -> None:
    row = a_question()

    row.buttons.value = "No"
    row.fields["due"].value = date(2026, 1, 1)
    row.fields["valid_until"].value = date(2026, 2, 1)

    assert "due 2026-01-01: overdue" in row.note.value
    assert "expired on 2026-02-01: counts as unknown" in row.note.value


def test_a_text_that_is_too_long_is_refused_in_words_and_counts_as_unknown() -> None:
    row = a_question()

    row.buttons.value = "Yes"
    row.fields["evidence"].value = "x" * 401

    assert "evidence: String should have at most 400 characters" in row.problem
    assert "not possible" in row.note.value
    assert row.answer() == Answer()


def test_a_web_address_can_be_clicked_and_nothing_else() -> None:
    assert "<a href='https://a.example/?a=1&amp;b=2'" in str(evidence("https://a.example/?a=1&b=2"))
    for text in ("javascript:alert(1)", "file:///etc/passwd", "https://", "https://a b", HOSTILE):
        assert "<" not in str(evidence(text))
    assert "onclick='" not in str(evidence("https://a.example/' onclick='alert(1)"))


def test_the_heading_says_what_it_rests_on_and_what_hangs_on_it() -> None:
    finding = a_finding("BASE-01", Data())

    told = asked_of(finding.changed(basis="memory"), usd_per_month_at_stake=1_200.0)

    assert "△ from memory, unverified" in told
    assert "can still change 2 options, $1.2k a month at stake" in told
    assert "stale" not in told


def test_a_control_past_its_review_is_marked_stale_in_words() -> None:
    finding = a_finding("BASE-01", Data()).changed(review_overdue=True, review_by=date(2026, 3, 1))

    assert "⚠ stale: to be read again by 2026-03-01" in asked_of(finding)


def test_details_say_why_sources_dates_remedy_and_what_each_answer_does() -> None:
    row = a_question()

    row.more.value = True

    for part in ("Why it applies", "House rule", "2026-11-23", "Sources", "If not met", "If Yes"):
        assert part in row.details.value


def test_hostile_text_stays_text() -> None:
    finding = a_finding("BASE-01", Data(), question=HOSTILE).changed(
        citation=HOSTILE, remedy=HOSTILE, why=HOSTILE, sources=(HOSTILE,), advice=(HOSTILE,)
    )

    pages = [asked_of(finding, question=HOSTILE), str(details(finding, [("Yes", HOSTILE)]))]

    assert "<img" not in " ".join(pages)
    assert "&lt;img" in pages[1]
