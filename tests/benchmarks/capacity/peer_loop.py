"""What runs in each peer's own environment: standard library only, JSON in and lines of JSON out.

The peer says first which points it supports at all; of those a seeded sample is estimated, taken
in turns from the groups of points so that no group fills it. Each answer is written at once, so
that running out of time loses no other.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

LONGEST_S = 40
Case = dict[str, Any]


class UnsupportedError(Exception):
    """The peer has no answer to this point, for this reason."""


def answer(supports: Callable[[Case], object], estimate: Callable[[Case], float]) -> None:
    """Answer the points on standard input.

    Args:
        supports: Raises `UnsupportedError` where the peer does not know the model, GPU or engine.
        estimate: Returns output tokens a second; raises `UnsupportedError` where nothing fits.
    """
    lines, sys.stdout = sys.stdout, sys.stderr  # peers print
    asked = json.load(sys.stdin)
    kept = []
    for case in asked["cases"]:
        try:
            supports(case)
            kept.append(case)
        except UnsupportedError as reason:
            _say(lines, case, unsupported=str(reason))
    begun = time.process_time()
    for place, case in enumerate(in_turns(kept, asked["seed"])):
        if place >= asked["most"] or time.process_time() - begun > asked["seconds"]:
            _say(lines, case, skipped=True)
        else:
            _say(lines, case, **_estimated(case, estimate))


def _estimated(case: Case, estimate: Callable[[Case], float]) -> dict[str, object]:
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(LONGEST_S)
    begun = time.process_time()
    try:
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123
            value = estimate(case)
    except UnsupportedError as reason:
        return {"unsupported": str(reason)}
    except Exception as error:  # noqa: BLE001  whatever a peer raises is its answer
        return {"unsupported": f"{type(error).__name__}: {_first_words(error)}"}
    finally:
        signal.alarm(0)
    return {"estimate": value, "cpu_s": time.process_time() - begun}


def in_turns(cases: list[Case], seed: int) -> Iterator[Case]:
    """Yield cases one group after another, in a seeded order."""
    shuffled = random.Random(seed)  # noqa: S311  a sample, no secret
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case["group"], []).append(case)
    for name in sorted(groups):
        shuffled.shuffle(groups[name])
    while groups:
        for name in sorted(groups):
            yield groups[name].pop()
            if not groups[name]:
                del groups[name]


def _first_words(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    return lines[0][:80]


def _too_long(*_: object) -> None:
    raise UnsupportedError(f"no answer in {LONGEST_S} s")


def _say(out: Any, case: Case, **what: object) -> None:  # noqa: ANN401  a text stream
    out.write(json.dumps({"number": case["number"], **what}) + "\n")
    out.flush()


def known(table: dict[str, Any], name: str, what: str) -> Any:  # noqa: ANN401  the table's values
    """Return the entry of the longest key with which a name begins.

    Raises:
        UnsupportedError: when no key does.
    """
    for key in sorted(table, key=len, reverse=True):
        if name.startswith(key):
            return table[key]
    raise UnsupportedError(f"no {what} {name}")
