"""The scorer `code`."""

from __future__ import annotations

import os
from typing import Annotated

from annotated_types import Unit
from pydantic import Field

from playbook.records import Record
from playbook.trials.scorers.answer import Answer
from playbook.trials.scorers.registry import Expected, answer_scorer, choices

ALLOWED_BY = "PLAYBOOK_ALLOW_CODE_EXECUTION"
LONGEST_CODE = 100_000
MOST_TESTS = 200
_PYTHON = ("", "py", "python", "python3")


class CodeOptions(Record):
    """What the code may use, and what stands before it."""

    before: Annotated[str, Field(max_length=20_000)] = ""
    """Python code put before the answer's, such as the imports that the prompt gives."""
    seconds_per_test: Annotated[float, Field(gt=0, le=30), Unit("s")] = 3.0
    """Time for one test."""
    memory_mib: Annotated[int, Field(ge=64, le=8_192), Unit("MiB")] = 512
    """Memory that the code may use."""


@answer_scorer("code", expects=(list, str), options=CodeOptions, costly=True)
def score_code(answer: Answer, expected: Expected, options: CodeOptions) -> float | None:
    r"""Return the share of unit tests that the answer's Python code passes.

    Each text of `expected` is one test: code that is run after the answer's and passes if it raises
    nothing, such as `assert total([1, 2]) == 3`. The longest fenced block of Python counts, else
    the whole answer. It runs the code on this machine, so somebody must allow it:
    `PLAYBOOK_ALLOW_CODE_EXECUTION=1` in the environment. Without that there is no score. Time,
    memory and files are bounded, and there is no key and no network in the child process; yet it is
    the same user on the same machine, so hostile code that breaks out of Python could read files or
    forge a pass.

    Example:
        >>> fenced = Answer("```python\ndef double(n):\n    return 2 * n\n```")
        >>> score_code(fenced, ["assert double(2) == 4"], CodeOptions()) in (None, 1.0)
        True
    """
    if not may_run_code():
        return None
    from playbook.trials.code_runs.running import Bounds, count_passed  # noqa: PLC0415  seldom used

    tests = choices(expected)[:MOST_TESTS]
    code = options.before + "\n" + fenced_code(answer.text[:LONGEST_CODE])
    passed = count_passed(code, tests, Bounds(options.seconds_per_test, options.memory_mib))
    return None if passed is None else passed / len(tests)


def may_run_code() -> bool:
    """Return whether somebody allowed to run the code that models write."""
    return os.environ.get(ALLOWED_BY, "").strip() == "1"


def fenced_code(text: str) -> str:
    r"""Return the longest block of Python in an answer, or the whole answer if it has none.

    Example:
        >>> fenced_code("So:\n```python\nx = 1\n```\nDone.")
        'x = 1\n'
    """
    blocks = (block.partition("\n") for block in text.split("```")[1::2])
    python = [code for kind, _line, code in blocks if kind.strip().lower() in _PYTHON]
    return max(python, key=len, default=text)
