"""Say where the shipped demonstration models are."""

from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeAlias, get_args

DemoModelName: TypeAlias = Literal["demo-base", "demo-base-q5_1", "demo-small", "demo-freight-lora"]

DEMO_MODEL_NAMES: tuple[DemoModelName, ...] = get_args(DemoModelName)


def demo_model_path(name: DemoModelName) -> Path:
    """Return the path of one shipped GGUF file.

    Args:
        name: `demo-base`, `demo-base-q5_1` (the same with fewer bits a weight), `demo-small` or
            `demo-freight-lora` (an adapter for `demo-base`).

    Returns:
        The file inside the installed package.

    Raises:
        ValueError: The name is none of these.

    >>> demo_model_path("demo-base").name
    'demo-base.gguf'
    """
    if name not in DEMO_MODEL_NAMES:
        known = ", ".join(DEMO_MODEL_NAMES)
        message = f"demo_model_path: no demonstration model is called {name!r}; there are {known}"
        raise ValueError(message)
    return Path(str(files("playbook.demo_model").joinpath("weights", f"{name}.gguf")))
