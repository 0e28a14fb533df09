"""CPU of a price on a day and of loading all facts, against genai-prices on the same questions.

The look-up asks each side for the price of the same dated OpenAI models on the same days, with what
is cached already in its cache. genai-prices also multiplies by the tokens: its public call does no
less. The load is timed in a fresh process after pydantic: ours reads, validates and cross-checks
every YAML file; the peer's data are Python code, so that importing them is loading them.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

from playbook.catalog import load_catalog
from playbook.vocabulary import Lane
from tests.benchmarks.measuring import ROOT

CALLS, ROUNDS = 500, 7
DAYS = (date(2025, 6, 1), date(2026, 11, 23))
OURS = """
import time
import pydantic, yaml
from playbook.catalog import load_catalog
begun = time.process_time()
load_catalog()
print(time.process_time() - begun)
"""
PEER = """
import time
import pydantic
begun = time.process_time()
import genai_prices
from genai_prices.data_snapshot import get_snapshot
get_snapshot()
print(time.process_time() - begun)
"""
Rounds = tuple[list[float], list[float]]


def measure_lookup() -> Rounds:
    """Return CPU seconds per price on a day, ours and genai-prices', one pair a round."""
    from genai_prices import Usage, calc_price  # noqa: PLC0415  the peer

    catalog = load_catalog()
    options = [
        one
        for one in catalog.options(())
        if one.provider == "openai" and one.lane is Lane.FRONTIER_API
    ]
    asked = [(one, day) for one in options for day in DAYS]
    usage = Usage(input_tokens=1_000, output_tokens=100)

    def ours() -> None:
        for option, day in asked:
            catalog.price(catalog.api_offer(option), day)

    def peer() -> None:
        for option, day in asked:
            calc_price(
                usage,
                option.litellm_id,
                provider_id="openai",
                genai_request_timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
            )

    return _taking_turns(ours, peer, per_call=len(asked))


def measure_load() -> Rounds:
    """Return CPU seconds of loading all facts, ours and genai-prices', one pair a round."""
    ours, peer = [], []
    for _ in range(ROUNDS):
        ours.append(_printed(OURS))
        peer.append(_printed(PEER))
    return ours, peer


def _taking_turns(ours: Callable[[], None], peer: Callable[[], None], *, per_call: int) -> Rounds:
    found: Rounds = ([], [])
    repeats = max(1, CALLS // per_call)
    for number in range(ROUNDS + 1):
        for work, times in zip((ours, peer), found, strict=True):
            begun = time.process_time()
            for _ in range(repeats):
                work()
            if number:  # the first round fills caches
                times.append((time.process_time() - begun) / (repeats * per_call))
    return found


def _printed(code: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout)
