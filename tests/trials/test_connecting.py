"""Where answers come from: engines started for the run, or the recording where none can run."""

from __future__ import annotations

import asyncio
import json
import operator
from collections import defaultdict
from pathlib import Path
from typing import get_args

import pytest

from playbook.catalog import Catalog
from playbook.errors import ArtefactError
from playbook.profile import Endpoint, Profile, load_profile
from playbook.profile.endpoints import EmbeddedModel
from playbook.trials import connecting, run_trials
from playbook.trials.client import CallError, Request
from playbook.trials.connecting import RECORDING, SilentClient
from playbook.trials.engine import engine_available
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.vocabulary import DataClass
from tests.trials.conftest import AS_OF, a_clearance, an_endpoint

PARAMS = Path(__file__).parents[2] / "params"


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Profile:
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(PARAMS))
    return load_profile(PARAMS / "demo.yaml")


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playbook.trials.engine.engine_available", lambda: "no wheel fits")


@pytest.mark.usefixtures("no_engine")
def test_without_an_engine_the_recording_answers_every_prompt_of_the_demo(
    demo: Profile, tmp_path: Path
) -> None:
    """It fails when models or prompts have changed: make it again with `record_demo`."""
    every_prompt = demo.changed(trials=demo.trials.changed(prompts_per_task=None))

    evidence = run_trials(
        every_prompt,
        Catalog(),
        a_clearance(demo, DataClass.RESTRICTED),
        folder=tmp_path,
        as_of=AS_OF,
    )

    assert evidence.because == "all 360 trials of demo_support have a result"
    assert all(one.recorded and one.demonstration for one in evidence.endpoints)


@pytest.mark.usefixtures("no_engine")
def test_the_recording_answers_for_every_bundled_model_under_any_name(
    demo: Profile, tmp_path: Path
) -> None:
    """What platforms without the engine show of one model at two places, and of tuning."""
    endpoints = tuple(
        Endpoint(id=f"own_{number}", embedded=model, operator="self")
        for number, model in enumerate(get_args(EmbeddedModel))
    )
    sets = ("demo_support", "demo_freight")
    section = demo.trials.changed(endpoints=endpoints, prompt_sets=sets, prompts_per_task=None)
    everything = demo.changed(trials=section.changed(latency_calls=0))

    evidence = run_trials(
        everything,
        Catalog(),
        a_clearance(everything, DataClass.RESTRICTED),
        folder=tmp_path,
        as_of=AS_OF,
    )

    assert evidence.because == "all 840 trials of demo_support, demo_freight have a result"
    outcomes = {one.outcome for one in read_ledger(tmp_path / LEDGER)}
    assert outcomes == {"answered", "truncated"}


def test_second_file_of_demo_base_gives_the_same_answers_and_the_small_model_does_not() -> None:
    """Of the 120 answers to `demo_support`, 118 and 55 were the same when they were recorded."""
    answers: dict[str, list[str]] = defaultdict(list)
    for line in RECORDING.read_text(encoding="utf-8").splitlines():
        reply = json.loads(line)["reply"]
        answers[reply["model_answered"]].append(reply["text"])
    base, fewer, small = (
        answers[name][:120] for name in ("demo-base", "demo-base-q5_1", "demo-small")
    )

    assert sum(map(operator.eq, base, fewer)) >= 110
    assert sum(map(operator.eq, base, small)) <= 70


@pytest.mark.usefixtures("no_engine")
def test_a_replayed_endpoint_is_refused_what_it_may_not_receive(
    demo: Profile, tmp_path: Path
) -> None:
    clearance = a_clearance(demo, DataClass.RESTRICTED, api_stand_in=DataClass.INTERNAL)

    evidence = run_trials(demo, Catalog(), clearance, folder=tmp_path, as_of=AS_OF)

    assert [one.refused_by_gate for one in evidence.endpoints] == [0, 0, 4]


@pytest.mark.usefixtures("no_engine")
def test_a_missing_recording_is_named(
    demo: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "RECORDING", tmp_path / "none.jsonl")

    with pytest.raises(ArtefactError, match=r"none\.jsonl"):
        run_trials(demo, Catalog(), a_clearance(demo), folder=tmp_path, as_of=AS_OF)


def test_the_recording_holds_no_key_and_no_prompt() -> None:
    text = RECORDING.read_text(encoding="utf-8")

    assert "Ticket:" not in text
    assert "Bearer" not in text


def test_where_nothing_is_left_to_ask_nothing_can_be_sent() -> None:
    ask = SilentClient().ask(an_endpoint(), Request((), max_tokens=1), deadline_s=1)

    with pytest.raises(CallError, match="no client was opened for own"):
        asyncio.run(ask)


@pytest.mark.skipif(engine_available() is not None, reason=f"not run: {engine_available()}")
def test_the_demo_models_answer_through_litellm_and_the_engine(
    demo: Profile, tmp_path: Path
) -> None:
    few = demo.changed(trials=demo.trials.changed(prompts_per_task=1))

    evidence = run_trials(
        few, Catalog(), a_clearance(demo, DataClass.RESTRICTED), folder=tmp_path, as_of=AS_OF
    )

    assert evidence.because == "all 12 trials of demo_support have a result"
    assert [one.model_answered for one in evidence.endpoints] == [
        ("demo-base",), ("demo-small",), ("demo-base",),
    ]  # fmt: skip
    assert not any(one.recorded for one in evidence.endpoints)
    assert evidence.endpoints[2].stand_in
    assert evidence.cost_usd > 0
