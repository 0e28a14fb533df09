"""Import a foreign file as a prompt set: whole, loadable, or not written at all."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook.clearance import Label
from playbook.errors import PromptSetError
from playbook.runs import canonical_json, write_text
from playbook.trials.importing.drafts import Draft, Imported, Names, Tally, slug
from playbook.trials.importing.promptfoo import promptfoo_drafts
from playbook.trials.importing.samples import csv_drafts, jsonl_drafts
from playbook.trials.prompt_checks import part_faults
from playbook.trials.prompt_images import Images
from playbook.trials.prompt_lines import prompt_of
from playbook.trials.prompt_records import Prompt
from playbook.trials.prompts import load_prompt_set
from playbook.vocabulary import DataClass, DataType

FORMATS: Mapping[str, Callable[[Path, Tally], list[Draft]]] = {
    "promptfoo": promptfoo_drafts,
    "inspect": jsonl_drafts,
    "csv": csv_drafts,
}
"""What reads each kind of file."""
_BY_SUFFIX = {
    ".yaml": "promptfoo", ".yml": "promptfoo", ".jsonl": "inspect", ".ndjson": "inspect",
    ".csv": "csv", ".tsv": "csv", ".json": "promptfoo",
}  # fmt: skip


@dataclass(frozen=True)
class Labelling:
    """How the imported set is labelled, and what its prompts belong to."""

    data_class: DataClass = DataClass.RESTRICTED
    """Class of the data; no label counts as restricted."""
    data_types: tuple[DataType, ...] = ()
    """Types of data; empty means unknown."""
    task: str = ""
    """Task of every prompt; empty to take it from the file, else from the set's name."""
    title: str = ""
    """Title of the set."""


def import_prompts(
    source: Path, out: Path, labelling: Labelling, *, file_format: str = "auto", force: bool = False
) -> Imported:
    """Write the prompt set that a foreign file becomes, and return what came over.

    Args:
        source: The foreign file.
        out: File named `<id>.jsonl`, best in `<params>/prompts`.
        labelling: The set's label.
        file_format: `promptfoo`, `inspect` (JSONL, also that of OpenAI's evals), `csv`, or `auto`
            to go by the file's ending.
        force: Whether a file that is there is replaced.

    Raises:
        PromptSetError: when the file can't be read, nothing in it can be imported, or the set
            would not load; then nothing is written.
    """
    kind = _BY_SUFFIX.get(source.suffix.lower(), "") if file_format == "auto" else file_format
    if kind not in FORMATS:
        known = ", ".join(FORMATS)
        raise PromptSetError(
            str(source), [f"its format is not known; add --format, one of {known}"]
        )
    _check_target(out, force=force)
    tally = Tally()
    drafts = FORMATS[kind](source, tally)
    rows = _rows(drafts, labelling, fallback=slug(out.stem, "prompts"), tally=tally)
    if not rows:
        raise PromptSetError(str(source), ["no prompt could be imported", *tally.lines()[:20]])
    header = {
        "id": out.stem,
        "title": labelling.title or out.stem,
        "data_class": labelling.data_class,
        "data_types": list(labelling.data_types),
        "source": f"imported from {source.name} ({kind})",
    }
    _write(out, [{"prompt_set": header}, *rows])
    unscored = sum(not one.get("scorers") for one in rows)
    return Imported(out, kind, len(rows), unscored, tally)


def _check_target(out: Path, *, force: bool) -> None:
    problems = []
    if out.suffix != ".jsonl" or slug(out.stem, "") != out.stem:
        problems.append("name it <id>.jsonl, the id of lower-case letters, digits, - and _")
    if out.exists() and not force:
        problems.append("is there already; choose another name, or add --force to replace it")
    if problems:
        raise PromptSetError(str(out), problems)


def _rows(
    drafts: Sequence[Draft], labelling: Labelling, *, fallback: str, tally: Tally
) -> list[dict[str, Any]]:
    """Return the lines of the drafts that are prompts; the others are noted with their fault."""
    label = Label(data_class=labelling.data_class, data_types=labelling.data_types)
    names, seen, rows = Names(tally), set[str](), []
    digits = len(str(len(drafts)))
    for number, draft in enumerate(drafts, start=1):
        row = {name: value for name, value in draft.row.items() if value not in (None, "", [])}
        row["task"] = slug(labelling.task or row.get("task", ""), fallback)
        asked = canonical_json({name: row[name] for name in row if name not in ("id", "scorers")})
        row["id"] = "x"
        if fault := _fault(row, label):
            tally.leave("prompt", fault, draft.where)
        elif asked in seen:
            tally.leave("prompt", "the same as an earlier one", draft.where)
        else:
            seen.add(asked)
            row["id"] = names.id_of(draft.row.get("id"), f"p{number:0{digits}d}")
            rows.append({"id": row.pop("id"), "task": row.pop("task"), **row})
            tally.asserts.update(draft.came)
    return rows


def _fault(row: Mapping[str, Any], label: Label) -> str:
    images = [url for one in row["messages"] for url in one.get("images", ())]
    if not all(isinstance(one, str) and one.startswith("data:") for one in images):
        return "an image is no data URL; addresses and paths are not fetched"
    problems: list[str] = []
    Images(Path()).shown(row, "line 0", problems)
    prompt = prompt_of(0, row, Prompt, label=label, problems=problems)
    if problems or prompt is None:
        return problems[0].removeprefix("line 0: ")
    return next(iter(part_faults(prompt)), "")


def _write(out: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the set where it can be tried first, and move it only if it loads."""
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".import-") as name:
        tried = write_text(Path(name) / out.name, text)
        try:
            load_prompt_set(tried)
        except PromptSetError as error:
            raise PromptSetError(
                str(out), [f"not written: {one}" for one in error.problems]
            ) from error
        tried.replace(out)
