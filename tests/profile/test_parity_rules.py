"""Pairs for a parity trial name two endpoints that exist, or the file is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.profile.conftest import Params

ENDPOINTS = """trials:
  endpoints:
    - {id: base, embedded: demo-base}
    - {id: tuned, embedded: demo-freight}
  parity:
    - {PAIR}
"""


def problems(params: Params, pair: str) -> list[str]:
    return params.problems(ENDPOINTS.replace("PAIR", pair))


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (
            "first: bas, second: tuned",
            ["trials.parity[0].first", "is 'bas', no id of trials.endpoints (base, tuned)"],
        ),
        ("first: base, second: other", ["trials.parity[0].second", "is 'other', no id"]),
        ("first: base, second: base", ["trials.parity[0].second", "as first; name another"]),
        (
            "first: base, second: tuned, specialist_tasks: [freight]",
            ["trials.parity[0].specialist_tasks", "set kind: base_and_tuned"],
        ),
        (
            "first: base, second: tuned, kind: base_and_tuned",
            ["trials.parity[0].specialist_tasks", "name the tasks that the tuning was for"],
        ),
        ("first: base, second: tuned, margin: 0", ["trials.parity[0].margin"]),
    ],
)
def test_a_pair_that_can_not_be_compared_is_refused(
    params: Params, pair: str, said: list[str]
) -> None:
    (problem,) = problems(params, pair)

    assert all(words in problem for words in said)


def test_all_faults_of_a_pair_are_told_at_once(params: Params) -> None:
    assert len(problems(params, "first: nobody, second: none, specialist_tasks: [x]")) == 3


def test_pairs_of_both_kinds_load(params: Params) -> None:
    pair = "first: base, second: tuned, kind: base_and_tuned, specialist_tasks: [freight]"

    profile = params.load(ENDPOINTS.replace("PAIR", pair))

    assert profile.trials.parity[0].specialist_tasks == ("freight",)


def test_a_judge_that_is_no_endpoint_is_told_beside_a_wrong_pair(params: Params) -> None:
    text = ENDPOINTS.replace("PAIR", "first: bas, second: tuned") + "  judge: tunned\n"

    found = " ".join(params.problems(text))

    assert "is 'bas', no id of trials.endpoints (base, tuned)" in found
    assert "trials.judge" in found
    assert "is 'tunned', no id of trials.endpoints (base, tuned); did you mean tuned?" in found
