"""No hostile answer keeps a scorer of safety busy."""

from __future__ import annotations

import time

import pytest

from playbook.trials.scorers import Answer, all_scorers

PIECES = (
    "i can't ",
    "not ",
    "no a a a ",
    "Aa v. ",
    "A B C D E of F ",
    "[1] ",
    "a@b.",
    "41 ",
    "QUJD",
)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("name", ["abstention", "canary", "citations", "leak", "refusal"])
def test_a_scorer_ends_soon(name: str, piece: str) -> None:
    one = all_scorers()[name]
    hostile = piece * (200_000 // len(piece))
    started = time.process_time()

    one.function(Answer(hostile, documents=(hostile,), asked=hostile), ["x 1"], one.options())

    assert time.process_time() - started < 5
