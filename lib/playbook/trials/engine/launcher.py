"""Start the embedded engine for some demonstration models, and say where it cannot run."""

from __future__ import annotations

import importlib.util
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from playbook.demo_model import DemoModelName, demo_model_path
from playbook.errors import EngineError
from playbook.profile.endpoints import EmbeddedModel
from playbook.trials.engine.address import Address
from playbook.trials.engine.child import EngineModel, EngineProcess

_FILES: Mapping[EmbeddedModel, tuple[DemoModelName, DemoModelName | None]] = {
    "demo-base": ("demo-base", None),
    "demo-base-q5_1": ("demo-base-q5_1", None),
    "demo-small": ("demo-small", None),
    "demo-freight": ("demo-base", "demo-freight-lora"),
}


def engine_available() -> str | None:
    """Return None when the embedded engine can run here, else the reason in words."""
    if importlib.util.find_spec("xllamacpp") is not None:
        return None
    here = f"{platform.system()} {platform.machine()}"
    return f"no xllamacpp wheel is installed ({here}); recorded trials are used instead"


def embedded_model(name: EmbeddedModel) -> EngineModel:
    """Return the files of a demonstration model.

    Raises:
        EngineError: when the name is unknown.
    """
    if name not in _FILES:
        raise EngineError(f"embedded model {name} is unknown; known: {', '.join(_FILES)}")
    weights, adapter = _FILES[name]
    return EngineModel(
        model_id=name,
        model_path=demo_model_path(weights),
        adapter_path=demo_model_path(adapter) if adapter else None,
    )


@contextmanager
def embedded_engine(model_names: Sequence[EmbeddedModel]) -> Iterator[Mapping[str, Address]]:
    """Serve demonstration models, one child process each, until the block ends.

    Args:
        model_names: Models to serve; a name given twice is served once.

    Yields:
        The address of each model by its name.

    Raises:
        EngineError: when one cannot be served; the others are stopped.
    """
    reason = engine_available()
    if reason is not None:
        raise EngineError(reason)
    with serve_models([embedded_model(name) for name in dict.fromkeys(model_names)]) as addresses:
        yield addresses


@contextmanager
def serve_models(models: Sequence[EngineModel]) -> Iterator[Mapping[str, Address]]:
    """Serve some GGUF files; they load side by side.

    Raises:
        EngineError: when one cannot be served; the others are stopped.
    """
    with ExitStack() as stack:
        engines = [stack.enter_context(EngineProcess(model)) for model in models]
        yield {engine.model.model_id: engine.address() for engine in engines}
