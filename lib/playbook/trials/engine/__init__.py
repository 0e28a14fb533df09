"""The embedded engine: llama.cpp in a child process, for demonstration models."""

from playbook.trials.engine.address import Address
from playbook.trials.engine.child import EngineModel, EngineProcess
from playbook.trials.engine.launcher import embedded_engine, engine_available, serve_models

__all__ = [
    "Address",
    "EngineModel",
    "EngineProcess",
    "embedded_engine",
    "engine_available",
    "serve_models",
]
