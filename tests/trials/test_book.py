"""The book of a run holds results of trials, and nothing that was sent for another purpose."""

from __future__ import annotations

import pytest

from playbook.trials.book import open_book
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.prompts import load_prompt_set
from playbook.trials.records import Attempt, Purpose
from tests.trials.conftest import FakeClient, Workplace, a_profile


def lines_of(place: Workplace) -> list[Attempt]:
    place.run(a_profile(), FakeClient())
    return list(read_ledger(place.folder / LEDGER))


@pytest.mark.parametrize("purpose", ["latency", "load", "judge", "again"])
def test_a_line_of_another_purpose_is_no_result(workplace: Workplace, purpose: Purpose) -> None:
    first, *others = lines_of(workplace)
    sets = [load_prompt_set(workplace.params / "prompts" / "demo.jsonl")]

    book = open_book(a_profile(), sets, [first.changed(purpose=purpose), *others])

    assert len(book.all_results) == len(book.all_attempts) == 9
    assert [one.run_key for one in book.missing] == [first.run_key]
    assert (book.planned, len(book.missing_at("own"))) == (10, 1)


def test_latency_calls_are_kept_by_endpoint_if_they_were_answered(workplace: Workplace) -> None:
    lines = lines_of(workplace)
    probes = [lines[0].changed(purpose="latency", run_key="a"),
              lines[1].changed(purpose="latency", run_key="b", outcome="timeout"),
              lines[2].changed(purpose="latency", run_key="c", prompt="gone")]  # fmt: skip
    sets = [load_prompt_set(workplace.params / "prompts" / "demo.jsonl")]

    book = open_book(a_profile(), sets, [*lines, *probes])

    assert [one.run_key for one in book.probes["own"]] == ["a"]
