"""Where answers come from: engines started for the run, or the recording where none can run."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from playbook.catalog import Catalog
from playbook.errors import ArtefactError
from playbook.profile import Profile, load_profile
from playbook.trials import connecting, run_trials
from playbook.trials.client import CallError, Request
from playbook.trials.connecting import RECORDING, SilentClient
from playbook.trials.engine import engine_available
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
