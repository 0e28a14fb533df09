"""Rebuild the three demonstration models with one command.

Run it by hand, in an environment of its own; the product needs none of these packages:

    python3 -m venv /tmp/demo_model_env
    /tmp/demo_model_env/bin/pip install torch==2.13.0 numpy gguf tokenizers
    PYTHONPATH=lib /tmp/demo_model_env/bin/python -m playbook.demo_model.build --work /tmp/demo_work

Every stage leaves a checkpoint in the work directory and is skipped when its checkpoint is there,
so a broken run goes on where it stopped. One thread, fixed seeds and fixed steps: the same machine
type gives the same weights; another processor may round differently. `measure` writes the card.
"""

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

from playbook.demo_model.export import Label, write_adapter, write_model
from playbook.demo_model.files import DemoModelName, demo_model_path
from playbook.demo_model.network import Network, add_adapters
from playbook.demo_model.shape import BASE, SMALL, Shape
from playbook.demo_model.templates import TaskName
from playbook.demo_model.tokenizer import train_tokenizer
from playbook.demo_model.training import Outcome, Plan, train

LORA_RANK = 8
LORA_ALPHA = 16.0
SUMMARY = "training.json"

_COPYING: Mapping[TaskName, float] = {"recall": 0.30, "policy": 0.45, "extract": 0.25}
_SKILLS: Mapping[TaskName, float] = {
    "classify": 0.20,
    "refuse": 0.20,
    "extract": 0.22,
    "policy": 0.30,
    "recall": 0.08,
}
_FREIGHT: Mapping[TaskName, float] = {
    "freight": 0.60,
    "classify": 0.14,
    "refuse": 0.06,
    "extract": 0.10,
    "policy": 0.10,
}


@dataclass(frozen=True)
class Recipe:
    """A network, its seed and the plans it is trained with, in order."""

    shape: Shape
    seed: int
    plans: Sequence[Plan]
    about: str


RECIPES: Mapping[DemoModelName, Recipe] = {
    "demo-base": Recipe(
        BASE,
        11,
        (
            Plan(steps=500, seed=101, mix=_COPYING),
            Plan(steps=500, seed=102, mix=_COPYING),
            Plan(steps=700, seed=103, mix=_SKILLS, decay_share=0.7),
        ),
        "The larger of two.",
    ),
    "demo-small": Recipe(
        SMALL,
        12,
        (
            Plan(steps=400, seed=201, mix=_COPYING),
            Plan(steps=900, seed=202, mix=_SKILLS, decay_share=0.7),
        ),
        "The smaller of two.",
    ),
}
ADAPTER_SEED = 13
ADAPTER_PLAN = Plan(steps=180, seed=301, mix=_FREIGHT, muon_rate=None, decay_share=0.5)
ADAPTER_LABEL = Label(
    "demo-freight-lora", "A LoRA adapter on demo-base for tickets in sea-freight jargon."
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train what is missing in the work directory and write the GGUF files."""
    parser = argparse.ArgumentParser(description="Rebuild the demonstration models.")
    parser.add_argument("--work", type=Path, required=True, help="directory for checkpoints")
    parser.add_argument("--only", choices=[*RECIPES, ADAPTER_LABEL.name], help="one model")
    options = parser.parse_args(arguments)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(options.work)
    for name in RECIPES:
        if options.only in {None, name}:
            _build_model(name, tokenizer, options.work)
    if options.only in {None, ADAPTER_LABEL.name}:
        _build_adapter(tokenizer, options.work)


def _tokenizer(work: Path) -> Tokenizer:
    path = work / "tokenizer.json"
    return Tokenizer.from_file(str(path)) if path.exists() else train_tokenizer(path)


def _build_model(name: DemoModelName, tokenizer: Tokenizer, work: Path) -> Network:
    recipe = RECIPES[name]
    torch.manual_seed(recipe.seed)
    network = Network(recipe.shape)
    parameters = list(network.parameters())
    outcomes = []
    for number, plan in enumerate(recipe.plans, start=1):
        stage = _Stage(f"{name}-{number}", work)
        outcomes.append(stage.run(network, parameters, plan, tokenizer))
    path = demo_model_path(name)
    write_model(network, tokenizer, path, Label(name, recipe.about))
    _summarise(work, name, recipe.seed, parameters, outcomes)
    return network


def _build_adapter(tokenizer: Tokenizer, work: Path) -> None:
    network = _build_model("demo-base", tokenizer, work)
    torch.manual_seed(ADAPTER_SEED)
    parameters = add_adapters(network, LORA_RANK, LORA_ALPHA)
    outcome = _Stage(ADAPTER_LABEL.name, work).run(network, parameters, ADAPTER_PLAN, tokenizer)
    updates = {
        name: values.float().numpy()
        for name, values in network.state_dict().items()
        if name.endswith((".a", ".b"))
    }
    path = demo_model_path("demo-freight-lora")
    write_adapter(updates, BASE, alpha=LORA_ALPHA, path=path, label=ADAPTER_LABEL)
    _summarise(work, "demo-freight-lora", ADAPTER_SEED, parameters, [outcome])


@dataclass(frozen=True)
class _Stage:
    name: str
    work: Path

    def run(
        self, network: Network, parameters: Sequence[nn.Parameter], plan: Plan, tokenizer: Tokenizer
    ) -> Outcome:
        checkpoint = self.work / f"{self.name}.pt"
        record = self.work / f"{self.name}.json"
        if checkpoint.exists() and record.exists():
            network.load_state_dict(torch.load(checkpoint))
            return Outcome(**json.loads(record.read_text(encoding="utf-8")))
        outcome = train(network, parameters, plan=plan, tokenizer=tokenizer, report=self._say)
        torch.save(network.state_dict(), checkpoint)
        record.write_text(json.dumps(asdict(outcome)), encoding="utf-8")
        self._say(f"done in {outcome.wall_s:.0f} s, loss {outcome.loss:.3f} nats per answer token")
        return outcome

    def _say(self, line: str) -> None:
        print(f"{self.name}: {line}", flush=True)  # noqa: T201 (a command-line tool's output)


def _summarise(
    work: Path,
    name: DemoModelName,
    seed: int,
    parameters: Sequence[nn.Parameter],
    outcomes: Sequence[Outcome],
) -> None:
    path = work / SUMMARY
    summary = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    summary[name] = {
        "parameters": sum(parameter.numel() for parameter in parameters),
        "seed": seed,
        "training_steps": sum(outcome.steps for outcome in outcomes),
        "training_tokens": sum(outcome.tokens for outcome in outcomes),
        "training_wall_s": round(sum(outcome.wall_s for outcome in outcomes)),
        "loss_by_task": {task: round(x, 4) for task, x in outcomes[-1].loss_by_task.items()},
    }
    path.write_text(json.dumps(summary, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
