"""Read prompt sets: labelled JSONL files of prompts, all problems of a file at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from playbook.clearance import Label
from playbook.errors import PromptSetError
from playbook.runs import canonical_json, file_hash
from playbook.trials.prompt_checks import part_faults
from playbook.trials.prompt_images import Images
from playbook.trials.prompt_lines import (
    MOST_DEPTH,
    PROBLEMS_SHOWN,
    header_of,
    is_too_deep,
    label_faults,
    prompt_of,
)
from playbook.trials.prompt_records import Prompt, PromptSet, PromptSetHeader
from playbook.trials.prompt_templates import Templates

LARGEST_FILE_BYTES = 20_000_000
MOST_PROMPTS = 20_000


def load_prompt_set(path: Path) -> PromptSet:
    """Return the prompt set of a JSONL file.

    The first line is `{"prompt_set": {...}}` with the fields of `PromptSetHeader`, each further
    line one prompt with the fields of `Prompt`; `scorers` holds names, or objects with `name` and
    the scorer's options beside it. In place of `messages` a line may give a `template`, or leave
    it to the header's, and `variables`: each `{{ name }}` is filled in, and `{{ documents }}` with
    the prompt's documents, numbered. Blank lines are skipped.

    Args:
        path: File named `<id>.jsonl`.

    Raises:
        PromptSetError: with all problems of the file, each with its line.
    """
    content = _content(path)
    rows, problems = _rows(content)
    header = header_of(rows, PromptSetHeader, problems)
    if header is not None and header.id != path.stem:
        problems.append(
            f"line 1: id is {header.id!r}; name the file {header.id}.jsonl or change it"
        )
    label = Label(data_class=header.data_class, data_types=header.data_types) if header else Label()
    problems += [f"line 1: prompt_set: {fault}" for fault in label_faults(label)]
    body = [row for row in rows if row[0] > 1]
    images = Images(path.parent)
    prompts = _prompts(body, header, label, images, problems)
    problems += _set_problems([number for number, _row in body], prompts)
    if problems or header is None:
        problems.sort(key=_line_number)
        more = len(problems) - PROBLEMS_SHOWN
        shown = [*problems[:PROBLEMS_SHOWN], *([f"and {more} more"] if more > 0 else [])]
        raise PromptSetError(str(path), shown)
    kept = tuple(prompt for prompt in prompts if prompt is not None)
    return PromptSet(header=header, prompts=kept, sha256=images.sha256(content))


def _prompts(
    body: Sequence[tuple[int, dict[str, Any]]],
    header: PromptSetHeader | None,
    label: Label,
    images: Images,
    problems: list[str],
) -> list[Prompt | None]:
    """Return the prompt of each line, None with its problems appended."""
    templates = Templates(_plain_template(header))
    prompts: list[Prompt | None] = []
    for number, row in body:
        where, before = f"line {number}", len(problems)
        filled = images.shown(templates.filled(row, where, problems), where, problems)
        prompt = prompt_of(number, filled, Prompt, label=label, problems=problems)
        if prompt is not None and len(problems) == before:
            problems += [f"{where}: {fault}" for fault in part_faults(prompt)]
        prompts.append(prompt if len(problems) == before else None)
    return prompts


def _plain_template(header: PromptSetHeader | None) -> object:
    template = header.template if header is not None else None
    return (
        [one.model_dump(exclude_defaults=True) for one in template]
        if isinstance(template, tuple)
        else template
    )


def load_prompt_sets(names: Sequence[str], folder: Path) -> tuple[PromptSet, ...]:
    """Return prompt sets by name from a folder, all problems of all of them at once.

    Args:
        names: Names without `.jsonl`.
        folder: Usually `<params>/prompts`.

    Raises:
        PromptSetError: when a file is missing or wrong.
    """
    sets: list[PromptSet] = []
    problems: list[str] = []
    for name in dict.fromkeys(names):
        path = folder / f"{name}.jsonl"
        if not path.is_file():
            problems.append(_missing(name, folder))
            continue
        try:
            sets.append(load_prompt_set(path))
        except PromptSetError as error:
            problems += [f"{path.name}: {problem}" for problem in error.problems]
    if problems:
        raise PromptSetError(str(folder), problems)
    return tuple(sets)


def hash_of_set(path: Path) -> str:
    """Return the hash of a set's file and of its images, or `missing`; a wrong set has its file's.

    Only a file in which the word `images` stands is read as a set: the others are their own hash.
    """
    plain = file_hash(path)
    try:
        shows = plain != "missing" and b'"images"' in _content(path)
        return load_prompt_set(path).sha256 if shows else plain
    except PromptSetError:
        return plain


def _missing(name: str, folder: Path) -> str:
    known = sorted(path.stem for path in folder.glob("*.jsonl"))
    near = get_close_matches(name, known, n=1)
    advice = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known) or 'none'}"
    return f"trials.prompt_sets: {name}.jsonl does not exist; {advice}"


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise PromptSetError(str(path), [f"can't be read: {error.strerror}"]) from error
    if len(content) > LARGEST_FILE_BYTES:
        limit = f"{LARGEST_FILE_BYTES / 1e6:.0f} MB"
        raise PromptSetError(str(path), [f"larger than {limit}; split it into several sets"])
    return content


def _rows(content: bytes) -> tuple[list[tuple[int, dict[str, Any]]], list[str]]:
    rows: list[tuple[int, dict[str, Any]]] = []
    problems: list[str] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            problems.append(f"line {number}: not JSON: {_reason(error)}")
            continue
        if is_too_deep(value):
            problems.append(f"line {number}: nested more than {MOST_DEPTH} deep; flatten it")
        elif isinstance(value, dict):
            rows.append((number, value))
        else:
            problems.append(f"line {number}: an object {{...}} is needed")
    return rows, problems


def _no_constant(name: str) -> None:
    msg = f"{name} is not a number of JSON"
    raise ValueError(msg)


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 at byte {error.start}"
    return "nested too deep" if isinstance(error, RecursionError) else str(error)


def _set_problems(numbers: Sequence[int], prompts: Sequence[Prompt | None]) -> Iterator[str]:
    first_line: dict[str, int] = {}
    first_like: dict[bytes, tuple[int, str]] = {}
    for number, prompt in zip(numbers, prompts, strict=True):
        if prompt is None:
            continue
        if prompt.id in first_line:
            yield f"line {number}: id {prompt.id!r} is already on line {first_line[prompt.id]}"
        first_line.setdefault(prompt.id, number)
        like, group = first_like.setdefault(_asked_hash(prompt), (number, prompt.cluster))
        if like != number and group != prompt.cluster and first_line[prompt.id] == number:
            yield (
                f"line {number}: asks the same as line {like}, and would count twice; delete it, "
                "use trials.repeats, or give both the same group"
            )
    if not numbers:
        yield "no prompt in the file; add one JSON object a line below the header"
    if len(numbers) > MOST_PROMPTS:
        yield f"{len(numbers)} prompts; at most {MOST_PROMPTS} are allowed, split the set"


def _asked_hash(prompt: Prompt) -> bytes:
    asked = [prompt.task, prompt.request().content, prompt.expected]
    return hashlib.sha256(canonical_json(asked).encode()).digest()


def _line_number(problem: str) -> int:
    first = problem.removeprefix("line ").split(":", 1)[0]
    return int(first) if first.isdecimal() else 1 << 30
