"""Parity on the embedded engine: fewer bits are the same model, a small sibling is not.

And base against tuned: the adapter knows the freight desk's jargon, at what price elsewhere. The
prompts are those of the demonstration; a team writes the same under `trials.parity` of its file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import Catalog
from playbook.profile import Endpoint, Profile
from playbook.profile.trial_settings import Trials
from playbook.trials import run_trials
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.parity_records import ParityResult
from playbook.vocabulary import DataClass
from tests.trials.conftest import a_clearance

pytestmark = pytest.mark.slow
MODELS = {
    "base": "demo-base", "fewer_bits": "demo-base-q5_1", "small": "demo-small",
    "tuned": "demo-freight",
}  # fmt: skip
PAIRS = (
    {"first": "base", "second": "fewer_bits"},
    {
        "first": "base",
        "second": "tuned",
        "kind": "base_and_tuned",
        "specialist_tasks": ["freight"],
    },
)


def a_team(*sets: str, models: Sequence[str], pairs: Sequence[dict[str, object]]) -> Profile:
    endpoints = [
        Endpoint.model_validate({"id": name, "embedded": MODELS[name], "operator": "self"})
        for name in models
    ]
    section = {"prompt_sets": sets, "endpoints": endpoints, "parity": pairs, "client": "lean"}
    return Profile(trials=Trials.model_validate(section))


def parity_of(profile: Profile, folder: Path) -> tuple[ParityResult, ...]:
    clearance = a_clearance(profile, DataClass.INTERNAL)
    evidence = run_trials(profile, Catalog(), clearance, folder=folder, as_of=date(2026, 11, 28))
    assert evidence.status == "complete"
    return evidence.parity


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[ParityResult, ...]]:
    folder = tmp_path_factory.mktemp("parity")
    team = a_team(
        "demo_support", "demo_freight", models=("base", "fewer_bits", "tuned"), pairs=PAIRS
    )
    return folder, parity_of(team, folder)


def test_a_model_with_fewer_bits_is_equivalent_and_no_copy(
    results: tuple[Path, tuple[ParityResult, ...]],
) -> None:
    """Within 5 points on the 204 prompts that may leave; a few answers differ, and not by noise."""
    found = results[1][0]

    assert (found.verdict, found.margin, found.n) == ("equivalent", 0.05, 204)
    assert found.agreement is not None
    assert found.agreement.alike_of_itself.value > 0.99 > found.agreement.alike.value > 0.9
    assert found.agreement.differs_beyond_noise


def test_its_small_sibling_is_not_equivalent(tmp_path: Path) -> None:
    """On the support desk's prompts it is worse by far more than 5 points, interval and all."""
    pairs = [{"first": "base", "second": "small"}]

    (found,) = parity_of(a_team("demo_support", models=("base", "small"), pairs=pairs), tmp_path)

    assert found.verdict == "not equivalent"
    assert found.difference is not None
    assert found.difference.high < -found.margin


def test_the_adapter_gains_its_jargon_and_says_what_is_open_of_the_rest(
    results: tuple[Path, tuple[ParityResult, ...]],
) -> None:
    """120 old prompts can't show a loss below 5 points; how many would is told."""
    found = results[1][1]
    gained, kept = found.shifts[0], found.shifts[1]

    assert (found.verdict, found.gain) == (None, "gained")
    assert gained.difference.low > 0.2
    assert kept.task == "all old tasks"
    assert found.forgetting == "inconclusive"
    assert kept.needed is not None
    assert kept.needed > 120


def test_the_noise_floor_cost_one_call_a_prompt_of_the_base_alone(
    results: tuple[Path, tuple[ParityResult, ...]],
) -> None:
    lines = read_ledger(results[0] / LEDGER)
    again = [one for one in lines if one.purpose == "again" and one.final]

    assert {one.endpoint for one in again} == {"base"}
    assert len({one.prompt for one in again}) == len(again) > 190
