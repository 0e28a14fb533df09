"""`playbook trials labels`: answers of a run for people to label, to calibrate a judge with."""

from __future__ import annotations

import os
import random
from pathlib import Path

import click

from playbook.errors import ArtefactError

COUNT, SEED = 60, 20_261_128


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=True,
    help="Folder for <set>.labels.jsonl; the folder of the prompt sets is where it is read.",
)
@click.option("--count", default=COUNT, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--seed", default=SEED, show_default=True, type=int)
def labels(folder: Path, out: Path, count: int, seed: int) -> int:
    """Draw answers of the run in FOLDER that a judge reads, and write them to be labelled.

    Set `passed` to true or false in each line; lines left at null do not count. The answers are in
    the file and are as sensitive as their prompts. At least 30 labels calibrate a judge, 5 of them
    passed and 5 failed. A file that exists is not overwritten (exit code 2).
    """
    from playbook.trials.judging.labels import ENDING, labels_to_fill  # noqa: PLC0415  slow import
    from playbook.trials.ledger import LEDGER, read_ledger  # noqa: PLC0415  likewise

    drawn = labels_to_fill(read_ledger(folder / LEDGER), count, random.Random(seed))  # noqa: S311  a sample
    paths = {name: out / f"{name}{ENDING}" for name in drawn}
    if taken := [str(path) for path in paths.values() if path.exists()]:
        raise ArtefactError(f"{', '.join(taken)} exists; move it away or choose another --out")
    for name, path in paths.items():
        lines = "".join(one.model_dump_json() + "\n" for one in drawn[name])
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(lines)
        click.echo(f"{path}: {len(drawn[name])} answers to label")
    if not drawn:
        click.echo(f"{folder}: no answer of a prompt with the scorer rubric")
    return 0
