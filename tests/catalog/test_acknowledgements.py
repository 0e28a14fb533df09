"""A known finding may stand for a time; the word for it ends, and never outlives the finding."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from playbook.catalog.acknowledgements import Acknowledgement, Finding, Sorted, sort_findings
from tests.catalog.builders import AS_OF

OLD = Finding(id="stale:a page", kind="stale", text="100 days old: a page")
REASON = "no newer page was found"


def a_word(
    finding: str = "stale:a page", *, reviewed: date = AS_OF, until: date = date(2027, 2, 1)
) -> Acknowledgement:
    return Acknowledgement(finding=finding, reason=REASON, reviewed=reviewed, until=until)


def sorted_by(*words: Acknowledgement, known: tuple[str, ...] = (), day: date = AS_OF) -> Sorted:
    return sort_findings([OLD], words, known=known, as_of=day)


def test_a_finding_that_nobody_vouches_for_is_open() -> None:
    assert sorted_by() == Sorted(open=(OLD,), acknowledged=())


def test_a_finding_that_somebody_vouches_for_is_shown_apart_with_the_reason() -> None:
    found = sorted_by(a_word())

    assert found.open == ()
    assert [(one.finding, one.acknowledgement.reason) for one in found.acknowledged] == [
        (OLD, REASON)
    ]


def test_the_word_counts_on_its_last_day_and_not_on_the_next() -> None:
    on_the_day = sorted_by(a_word(), day=date(2027, 2, 1))
    after = sorted_by(a_word(), day=date(2027, 2, 2))

    assert on_the_day.open == ()
    assert [one.kind for one in after.open] == ["stale", "acknowledgement"]
    assert "ended on 2027-02-01" in after.open[1].text


def test_a_word_for_what_is_no_finding_is_one_itself() -> None:
    found = sorted_by(a_word(), a_word("stale:another page"))

    (left,) = found.open
    assert left.id == "acknowledgement:stale:another page"
    assert "matches no finding any more; delete it" in left.text


def test_a_word_may_name_what_is_only_information_elsewhere() -> None:
    """An end that touches these params files touches none of another folder."""
    found = sorted_by(a_word(), a_word("retirement:a@b"), known=("retirement:a@b",))

    assert found.open == ()


def test_of_two_words_the_later_one_counts() -> None:
    early = a_word(reviewed=date(2026, 1, 1), until=date(2026, 2, 1))

    assert sorted_by(early, a_word()).open == ()


@pytest.mark.parametrize("until", [date(2026, 11, 22), date(2027, 11, 25)])
def test_a_word_holds_for_a_year_at_most(until: date) -> None:
    with pytest.raises(ValidationError, match="until must lie after reviewed"):
        a_word(until=until)
