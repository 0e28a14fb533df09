"""Statistics load without scipy, which takes more than a second and only some figures need."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import playbook.trials.statistics


def test_no_module_of_statistics_imports_scipy_before_it_is_needed() -> None:
    path, prefix = playbook.trials.statistics.__path__, "playbook.trials.statistics."
    modules = [one.name for one in pkgutil.iter_modules(path, prefix)]
    code = f"import sys, {', '.join(modules)}; print(any(one == 'scipy' for one in sys.modules))"

    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert len(modules) >= 11
    assert said.stdout.strip() == "False"
