"""Tiny demonstration models, and the synthetic tasks they were trained on."""

from playbook.demo_model.data import (
    TASKS,
    Example,
    Message,
    freight_set_text,
    held_out_examples,
    prompt_set_text,
    training_example,
)
from playbook.demo_model.files import DEMO_MODEL_NAMES, DemoModelName, demo_model_path
from playbook.demo_model.templates import TaskName

__all__ = [
    "DEMO_MODEL_NAMES",
    "TASKS",
    "DemoModelName",
    "Example",
    "Message",
    "TaskName",
    "demo_model_path",
    "freight_set_text",
    "held_out_examples",
    "prompt_set_text",
    "training_example",
]
