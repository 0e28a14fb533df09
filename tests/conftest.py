"""Every test holds for one fixed day, writes to temporary folders and finds no keys."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from playbook.runs import Run

ROOT = Path(__file__).parents[1]

os.environ["PLAYBOOK_AS_OF"] = "2026-11-23"
os.environ["PLAYBOOK_REPORTS"] = tempfile.mkdtemp(prefix="playbook-tests-")
settings.register_profile("ci", max_examples=40, deadline=None, derandomize=True)
settings.register_profile("quick", max_examples=25, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out live and slow tests unless they are asked for by `-m`; browser tests go last."""
    chosen = config.getoption("markexpr")
    if not chosen:
        dropped = [
            item for item in items if {"live", "slow"} & {m.name for m in item.iter_markers()}
        ]
        if dropped:
            config.hook.pytest_deselected(items=dropped)
            items[:] = [item for item in items if item not in set(dropped)]
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(autouse=True)
def project_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every test from the project's root, and forget the params folder it pointed to."""
    monkeypatch.chdir(ROOT)
    for name in ("PLAYBOOK_PARAMS_DIR", "PLAYBOOK_PARAMS"):
        monkeypatch.setenv(name, "")  # noted as absent, so that what a test sets is taken back
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run folder of the demo team with every record but trials' evidence (untested)."""
    from playbook.stages import STAGES, open_stage  # noqa: PLC0415  slow import

    folder = tmp_path_factory.mktemp("reports")
    before = os.environ["PLAYBOOK_REPORTS"]
    os.environ["PLAYBOOK_REPORTS"] = str(folder)
    try:
        session = open_stage(STAGES[-1].name, "", [{}] * 7)
        session.save(session.compute())
    finally:
        os.environ["PLAYBOOK_REPORTS"] = before
    return session.run
