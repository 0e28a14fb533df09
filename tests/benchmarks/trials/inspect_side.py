"""Inspect's evaluation, run by the Python of its own environment."""

from __future__ import annotations

import sys

from inspect_ai import Task, eval  # type: ignore[import-not-found]  # noqa: A004  its name
from inspect_ai.dataset import Sample  # type: ignore[import-not-found]
from inspect_ai.solver import generate  # type: ignore[import-not-found]

if __name__ == "__main__":
    model, calls, at_once, tokens, logs = sys.argv[1:]
    samples = [Sample(input=f"question {number}") for number in range(int(calls))]
    (done,) = eval(
        Task(dataset=samples, solver=generate()),
        model=f"openai-api/local/{model}",
        max_connections=int(at_once),
        max_samples=int(at_once),
        max_tokens=int(tokens),
        log_dir=logs,
        display="none",
    )
    if done.status != "success":
        sys.exit(f"{done.status}: {done.error.message if done.error else ''}")
