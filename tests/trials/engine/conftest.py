"""The shipped small demonstration model, named as the tests like."""

from __future__ import annotations

import pytest

from playbook.demo_model import demo_model_path
from playbook.trials.engine import EngineModel


@pytest.fixture
def model() -> EngineModel:
    return EngineModel("demo-small", demo_model_path("demo-small"))
