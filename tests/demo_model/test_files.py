import subprocess
import sys
from typing import cast

import pytest

from playbook.demo_model import DEMO_MODEL_NAMES, DemoModelName, demo_model_path


@pytest.mark.parametrize("name", DEMO_MODEL_NAMES)
def test_shipped_model_exists(name: DemoModelName) -> None:
    assert demo_model_path(name).is_file()


def test_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="there are demo-base, demo-base-q5_1, demo-small"):
        demo_model_path(cast("DemoModelName", "demo-large"))


def test_import_needs_the_standard_library_only() -> None:
    code = (
        "import sys, playbook.demo_model;"
        "print({'torch', 'gguf', 'tokenizers', 'numpy', 'yaml', 'xllamacpp'} & set(sys.modules))"
    )

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "set()"
