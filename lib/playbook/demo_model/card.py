"""Write what is known about the shipped models: sizes, hashes, training and measured accuracy.

`card.yaml` is the record; the tables in `MODEL_CARD.md` repeat it, and a test compares the two.
"""

import hashlib
import json
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import cast

import yaml

from playbook.demo_model.data import PROMPT_SEED, TASKS, training_example
from playbook.demo_model.files import DEMO_MODEL_NAMES, DemoModelName, demo_model_path
from playbook.demo_model.templates import TaskName

MEASURE_SEED = 990_001
MEASURED_TASKS: tuple[TaskName, ...] = (*TASKS, "freight")
STATEMENT = (
    "Demonstration only, these tasks only. An accuracy below says nothing about any other model."
)

_Z_95 = 1.959964
_WRITTEN = ("file", "bytes", "sha256", "weights_format", "accuracy")
_FORMATS: Mapping[DemoModelName, str] = {
    "demo-base": "q8_0",
    "demo-base-q5_1": "q5_1",
    "demo-small": "q8_0",
    "demo-freight-lora": "f32 LoRA, rank 8",
}
_SAMPLE_SEED = 0
_SAMPLE_SIZE = 200
_WARM_UP: TaskName = "recall"


@dataclass(frozen=True)
class Accuracy:
    """How many whole answers to held-out examples were right."""

    correct: int
    n: int
    by_label: Mapping[str, float]

    def to_card(self) -> dict[str, object]:
        """Return the counts, the share and its 95% Wilson interval as plain values."""
        low, high = wilson_interval(self.correct, self.n)
        return {
            "correct": self.correct,
            "n": self.n,
            "accuracy": round(self.correct / self.n, 3),
            "interval_95": [round(low, 3), round(high, 3)],
            "by_label": dict(self.by_label),
        }


def wilson_interval(correct: int, n: int) -> tuple[float, float]:
    """Return the 95% Wilson score interval of a share.

    Args:
        correct: Number of right answers.
        n: Number of answers.

    Returns:
        Lower and upper bound, between 0 and 1.

    Source: Wilson, E. B., Probable inference, the law of succession, and statistical inference,
        Journal of the American Statistical Association 22 (1927), 209-212.

    >>> [round(bound, 3) for bound in wilson_interval(8, 10)]
    [0.49, 0.943]
    """
    share, z2 = correct / n, _Z_95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z_95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def read_card() -> Mapping[str, object]:
    """Return the shipped `card.yaml` as plain values."""
    text = _beside("card.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, object]", yaml.safe_load(text))


def training_facts(card: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Return what a card says of each model's training, and of the one that was only rounded anew.

    Args:
        card: The content of `card.yaml`.
    """
    models = cast("Mapping[str, Mapping[str, object]]", card["models"])
    trained = {
        name: {key: facts[key] for key in facts if key not in _WRITTEN}
        for name, facts in models.items()
    }
    parameters = trained["demo-base"]["parameters"]
    return trained | {
        "demo-base-q5_1": {
            "parameters": parameters,
            "made_by": "playbook.demo_model.requantise, from demo-base.gguf; not trained",
        }
    }


def write_card(
    training: Mapping[str, Mapping[str, object]],
    measured: Mapping[DemoModelName, Mapping[TaskName, Accuracy]],
    date: str,
) -> None:
    """Write `card.yaml` beside this module from the files in place.

    Args:
        training: Per model what the build recorded: parameters, seed, steps, wall seconds, losses.
        measured: Accuracy per model and task.
        date: Day of the measurement, as YYYY-MM-DD.
    """
    card = {
        "statement": STATEMENT,
        "date": date,
        "licence": {"weights": "CC0-1.0", "code": "MIT"},
        "data": {
            "generator": "playbook.demo_model.data",
            "training_sample_sha256": training_sample_sha256(),
            "prompt_seed": PROMPT_SEED,
            "measure_seed": MEASURE_SEED,
        },
        "how_measured": (
            "xllamacpp 2026.10.11549 serving the file over HTTP on 127.0.0.1 from a child process; "
            "temperature 0; the whole answer must equal the expected one; templates never trained "
            "on; interval: 95% Wilson, which counts examples of one template as independent, so it "
            "covers other fillings of these templates, not other templates. demo-freight-lora is "
            "measured on top of demo-base."
        ),
        "models": {
            name: _file_facts(name)
            | dict(training[name])
            | {"accuracy": {task: a.to_card() for task, a in measured[name].items()}}
            for name in DEMO_MODEL_NAMES
        },
    }
    text = yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=100)
    _beside("card.yaml").write_text(text, encoding="utf-8")


def accuracy_table(card: Mapping[str, object]) -> str:
    """Return the measured accuracies as a Markdown table, one row per model.

    Args:
        card: The content of `card.yaml`.

    Returns:
        The table; each cell reads accuracy, interval, n.
    """
    models = cast("Mapping[str, Mapping[str, Mapping[str, Mapping[str, object]]]]", card["models"])
    lines = ["| model | " + " | ".join(MEASURED_TASKS) + " |", "| --- |" + " --- |" * 5]
    for name, facts in models.items():
        cells = [_cell(facts["accuracy"][task]) for task in MEASURED_TASKS]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def training_sample_sha256() -> str:
    """Return the SHA-256 of 200 training examples of each task, which tells the data's version."""
    rng = random.Random(_SAMPLE_SEED)  # noqa: S311 (synthetic data, no secret)
    digest = hashlib.sha256()
    for task in (*MEASURED_TASKS, _WARM_UP):
        for _ in range(_SAMPLE_SIZE):
            example = training_example(task, rng)
            turns = [[turn.role, turn.content] for turn in example.messages]
            digest.update(json.dumps([turns, example.expected]).encode())
    return digest.hexdigest()


def _cell(measured: Mapping[str, object]) -> str:
    low, high = cast("tuple[float, float]", measured["interval_95"])
    return f"{measured['accuracy']:.3f} ({low:.3f} to {high:.3f}), n={measured['n']}"


def _file_facts(name: DemoModelName) -> dict[str, object]:
    path = demo_model_path(name)
    return {
        "file": f"weights/{path.name}",
        "bytes": path.stat().st_size,
        "sha256": sha256(path),
        "weights_format": _FORMATS[name],
    }


def _beside(name: str) -> Path:
    return Path(str(files("playbook.demo_model").joinpath(name)))
