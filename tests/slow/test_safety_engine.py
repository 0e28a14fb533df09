"""The shipped safety set on the bundled engine: every part gets its numbers, and nothing breaks.

The demonstration models know only their own tasks, so they fail most parts; what is proved is that
a real server's answers, cut ones and errors among them, become sane figures.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from playbook.catalog import load_catalog
from playbook.clearance import EMBEDDED_ADDRESS, Clearance, EndpointClearance
from playbook.trials import run_trials
from playbook.vocabulary import DataClass, DataType
from tests.trials.conftest import a_profile, an_endpoint

pytestmark = pytest.mark.slow
PARAMS = Path(__file__).parents[2] / "params"
SIZES = (60, 60, 60, 40, 30, 30, 20, 10)
MODELS = {"base": "demo-base", "small": "demo-small"}


def test_both_demonstration_models_get_a_figure_for_each_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_PARAMS_DIR", str(PARAMS))
    endpoints = [an_endpoint(name, embedded=model) for name, model in MODELS.items()]
    cleared = [
        EndpointClearance(
            endpoint=one.id,
            highest_class=DataClass.RESTRICTED,
            allowed_addresses=(EMBEDDED_ADDRESS,),
        )
        for one in endpoints
    ]
    clearance = Clearance(
        endpoints=tuple(cleared), team_class=DataClass.RESTRICTED, team_types=get_args(DataType)
    )

    evidence = run_trials(
        a_profile(*endpoints, prompt_sets=("safety",)),
        load_catalog(),
        clearance,
        folder=tmp_path,
        as_of=date(2026, 11, 23),
    )

    assert evidence.status == "complete"
    assert evidence.safety is not None
    for name in MODELS:
        parts = [one for one in evidence.safety.parts if one.endpoint == name]
        assert tuple(one.n for one in parts) == SIZES
        assert all(one.passed.low <= one.passed.value <= one.passed.high for one in parts)
        assert all(one.failing_at_most >= (one.failures + one.no_verdict) / one.n for one in parts)
        assert not any(one.controls for one in parts)
    repeats = [one for one in evidence.consistency if one.task == "consistency"]
    assert [(one.prompts, one.samples) for one in repeats] == [(10, 50), (10, 50)]
