"""140 prompts, half of which fail first in every way that a server can, through both clients."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

import pytest

from playbook.catalog import Catalog
from playbook.clearance import Clearance, EndpointClearance
from playbook.profile import Endpoint, Profile
from playbook.trials import Evidence, run_trials
from playbook.trials.attempting import Asker
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.money import charged_usd
from playbook.trials.plan import ClientChoice, Trial
from playbook.trials.records import Attempt
from playbook.vocabulary import DataClass
from tests.trials.conftest import (
    AS_OF,
    Workplace,
    a_profile,
    a_prompt,
    an_endpoint,
    write_prompt_set,
)
from tests.trials.faults.server import (
    FAULTS,
    MODEL,
    READ_TOKENS,
    SLOW,
    WRITTEN_TOKENS,
    Fault,
    FaultServer,
    an_unused_port,
    serving,
)

PROMPTS = 140
CALLS_OF_A_SLOW_FAULT = 2
USD_PER_MILLION = 1_000.0
ANSWER_USD = (READ_TOKENS + WRITTEN_TOKENS) * USD_PER_MILLION / 1e6
OUTCOMES: dict[str, str] = {"wrong_model": "wrong_model", "content_filter": "filtered"}
BILLED = {"drop_before_body", "drop_in_body", "broken_json", "reset", "no_usage", *SLOW}
"""Faults after which the work may have been done: each counts its worst case in the money cap."""


def faults_of_half() -> dict[str, Fault]:
    """Return a fault for every second question; those that only a deadline ends are few."""
    rest = cycle(one for one in FAULTS if one not in SLOW)
    kinds = [one for one in SLOW for _ in range(CALLS_OF_A_SLOW_FAULT)]
    kinds += [next(rest) for _ in range(PROMPTS // 2 - len(kinds))]
    return {f"question {2 * number}": one for number, one in enumerate(kinds)}


def an_address(server: FaultServer, name: str = "own") -> Endpoint:
    return an_endpoint(
        name,
        litellm_model=f"hosted_vllm/{MODEL}",
        api_base=server.base,
        input_usd_per_million_tokens=USD_PER_MILLION,
        output_usd_per_million_tokens=USD_PER_MILLION,
    )


def run(place: Workplace, profile: Profile) -> Evidence:
    entries = [
        EndpointClearance(
            endpoint=one.id,
            highest_class=DataClass.INTERNAL,
            allowed_addresses=(one.api_base.removeprefix("http://").removesuffix("/v1"),),
        )
        for one in profile.trials.endpoints
    ]
    clearance = Clearance(endpoints=tuple(entries), team_class=DataClass.INTERNAL)
    return run_trials(profile, Catalog(), clearance, folder=place.folder, as_of=AS_OF)


@pytest.fixture
def durations_s(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return how long each attempt took, from the gate to the last byte."""
    taken: list[float] = []
    ask = Asker.ask

    async def timed(self: Asker, trial: Trial) -> object:
        begun = time.perf_counter()
        try:
            return await ask(self, trial)
        finally:
            taken.append(time.perf_counter() - begun)

    monkeypatch.setattr(Asker, "ask", timed)
    return taken


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    place = Workplace(tmp_path)
    write_prompt_set(place.params, [a_prompt(number) for number in range(PROMPTS)])
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(place.params))
    return place


def firsts(lines: Sequence[Attempt]) -> dict[str, Attempt]:
    return {f"question {int(one.prompt[1:])}": one for one in lines if one.attempt == 1}


@pytest.mark.parametrize(
    ("client", "deadline_s", "streams"),
    [("lean", 0.6, True), ("lean", 0.6, False), ("litellm", 1.0, True)],
)
def test_every_prompt_is_answered_once_or_accounted_for(
    place: Workplace,
    durations_s: list[float],
    client: ClientChoice,
    deadline_s: float,
    *,
    streams: bool,
) -> None:
    faults = faults_of_half()
    settings = {"client": client, "deadline_s": deadline_s, "attempts": 6, "latency_calls": 0}
    with serving(FaultServer(faults, streams=streams)) as server:
        profile = a_profile(an_address(server), concurrency=16, money_cap_usd=100, **settings)
        evidence = run(place, profile)
        lines = read_ledger(place.folder / LEDGER)
        asked = Counter(server.asked)
        run(place, profile)

    finals = {f"question {int(one.prompt[1:])}": one.outcome for one in lines if one.final}
    assert evidence.status == "complete"
    assert len(finals) == sum(one.final for one in lines) == PROMPTS
    assert finals == {
        f"question {number}": OUTCOMES.get(faults.get(f"question {number}", ""), "answered")
        for number in range(PROMPTS)
    }
    assert {one.client for one in lines if one.outcome == "answered"} <= {client, None}
    assert all(one.passed for one in lines if one.outcome == "answered"), "an answer is not whole"
    assert max(durations_s) <= deadline_s + 1
    assert asked == Counter(f"question {int(one.prompt[1:])}" for one in lines)
    assert server.asked == asked, "the second run asked for what was recorded"
    assert all(server.answered[question] == 1 for question in finals)
    money(lines, faults, evidence)


def money(lines: Sequence[Attempt], faults: dict[str, Fault], evidence: Evidence) -> None:
    """Check what each attempt cost, and the sum."""
    priced = [one for one in lines if one.cost_usd is not None]
    assert all(one.cost_usd == pytest.approx(ANSWER_USD) for one in priced)
    for question, first in firsts(lines).items():
        fault = faults.get(question)
        if fault is not None:
            assert (first.at_most_usd is not None) is (fault in BILLED), (fault, first.error)
    assert evidence.cost_usd == pytest.approx(len(priced) * ANSWER_USD)
    assert charged_usd(lines) > evidence.cost_usd


@pytest.mark.parametrize("client", ["lean", pytest.param("litellm", marks=pytest.mark.slow)])
def test_a_broken_endpoint_is_given_up_and_does_not_stop_the_others(
    place: Workplace, client: ClientChoice
) -> None:
    write_prompt_set(place.params, [a_prompt(number) for number in range(20)])
    with serving(FaultServer(delay_s=0.01)) as server:
        good = an_address(server, "good")
        closed = an_endpoint("closed", api_base=f"http://127.0.0.1:{an_unused_port()}/v1")
        profile = a_profile(closed, good, client=client, latency_calls=0, attempts=2)
        evidence = run(place, profile)

    outcomes = {one.endpoint: one.results[0].outcomes for one in evidence.endpoints}
    assert outcomes["good"] == {"answered": 20}
    assert "closed: 8 calls in a row failed, and so did one after each wait of" in evidence.because
    assert evidence.status == "partial"
