"""Rows of JSONL samples (as Inspect and OpenAI's evals write them) and of CSV tables to drafts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from playbook.errors import PromptSetError
from playbook.trials.importing.drafts import Draft, LeftBehindError, Tally, as_messages, as_tools
from playbook.trials.importing.foreign_files import json_of, text_of

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "prompt": (
        "prompt", "input", "messages", "question", "query", "instruction", "problem", "text",
    ),
    "expected": (
        "expected", "answer", "target", "ideal", "reference", "output", "label", "completion",
    ),
    "id": ("id", "sample_id", "uid"),
    "task": ("task", "category", "subject", "topic"),
    "system": ("system", "system_prompt"),
    "group": ("group",),
    "choices": ("choices", "options"),
    "tools": ("tools",),
    "metadata": ("metadata",),
}  # fmt: skip
"""Names that a column or field may have, the first one that is there counts."""
_NEEDS_SANDBOX = ("files", "sandbox", "setup")
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3}){1,6}|\d{1,25})(?:\.\d{1,25})?")
_AFTER_MARK = re.compile(r"####\s{0,8}\$?([-+]?[\d,]{1,30}(?:\.\d{1,20})?)\s{0,8}$")
_LONGEST_FIELD = 1_000_000
_MOST_CHOSEN = 10
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def jsonl_drafts(path: Path, tally: Tally) -> list[Draft]:
    """Return a draft for each line of a JSONL file; what can't come over is noted.

    Raises:
        PromptSetError: when the file can't be read.
    """
    drafts: list[Draft] = []
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        where = f"line {number}"
        if not line.strip():
            continue
        try:
            row = json_of(line)
        except ValueError as error:
            tally.leave("prompt", f"not JSON: {str(error)[:80]}", where)
            continue
        if isinstance(row, Mapping):
            drafts += _draft(where, row, tally)
        else:
            tally.leave("prompt", "the line is no object {...}", where)
    return drafts


def csv_drafts(path: Path, tally: Tally) -> list[Draft]:
    """Return a draft for each row of a CSV file, whose first row names the columns.

    Cells are texts, also where a spreadsheet would take them for a formula.

    Raises:
        PromptSetError: when the file can't be read, or names no column of prompts.
    """
    drafts: list[Draft] = []
    for number, row in csv_rows(path, tally):
        drafts += _draft(f"row {number}", row, tally)
    return drafts


def csv_rows(path: Path, tally: Tally) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield number and cells of each row of a CSV file by the names of its columns.

    Raises:
        PromptSetError: when it is no table.
    """
    text = text_of(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    before = csv.field_size_limit(_LONGEST_FIELD)
    try:
        names = [one.strip() for one in next(reader, [])]
        if len({one.lower() for one in names if one}) != len([one for one in names if one]):
            raise PromptSetError(str(path), ["row 1: two columns have the same name; rename one"])
        for number, cells in enumerate(reader, start=2):
            if not any(one.strip() for one in cells):
                continue
            if len(cells) > len(names):
                tally.leave("prompt", "more cells than columns; quote the text", f"row {number}")
                continue
            yield number, {name: cell for name, cell in zip(names, cells, strict=False) if name}
    except csv.Error as error:
        raise PromptSetError(str(path), [f"line {reader.line_num}: {error}"]) from error
    finally:
        csv.field_size_limit(before)


def _delimiter(text: str) -> str:
    """Return what parts the columns: of the usual ones that which the first row has most."""
    first = re.sub(r'"[^"]{0,10000}"', "", text.split("\n", 1)[0])
    counts = {one: first.count(one) for one in ",;\t|"}
    return max(counts, key=lambda one: counts[one])


def _draft(where: str, row: Mapping[str, Any], tally: Tally) -> Iterator[Draft]:
    named = {str(name).strip().lower(): name for name in row}
    fields = {field: _first(names, named, row) for field, names in COLUMNS.items()}
    came: list[str] = []
    try:
        yield Draft(where, _row(row, fields, tally, came), came)
    except ValueError as error:
        tally.leave("prompt", str(error), where)
        return
    used = {named[one] for names in COLUMNS.values() for one in names[:] if one in named}
    kept = {named[one] for names in COLUMNS.values() for one in _used_name(names, named, row)}
    for name in sorted(map(str, (set(row) - used) | (used - kept))):
        if row.get(name) not in (None, "", [], {}):
            tally.leave(f"field {name[:40]}", "has no counterpart")


def _used_name(
    names: tuple[str, ...], named: Mapping[str, Any], row: Mapping[str, Any]
) -> list[str]:
    return [one for one in names if one in named and row[named[one]] not in (None, "")][:1]


def _first(names: tuple[str, ...], named: Mapping[str, Any], row: Mapping[str, Any]) -> Any:  # noqa: ANN401  any JSON value
    used = _used_name(names, named, row)
    return row[named[used[0]]] if used else None


def _row(
    row: Mapping[str, Any], fields: Mapping[str, Any], tally: Tally, came: list[str]
) -> dict[str, Any]:
    for name in _NEEDS_SANDBOX:
        if row.get(name):
            raise LeftBehindError(f"it needs {name}, and nothing is set up for a prompt here")
    metadata = fields["metadata"] if isinstance(fields["metadata"], Mapping) else {}
    task = fields["task"] or _first(COLUMNS["task"], {str(one): one for one in metadata}, metadata)
    left = [name for name in metadata if name not in COLUMNS["task"]]
    for name in left:
        tally.leave(f"metadata.{str(name)[:40]}", "has no counterpart")
    made: dict[str, Any] = {
        "id": fields["id"],
        "task": task,
        "messages": _messages(fields),
        **_answer(fields, tally, came),
    }
    if fields["group"]:
        made["group"] = str(fields["group"])[:120]
    if fields["tools"]:
        made["tools"] = as_tools(fields["tools"])
    return made


def _messages(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    prompt = fields["prompt"]
    if isinstance(prompt, list) and prompt:
        messages = as_messages(prompt)
    elif isinstance(prompt, str | int | float) and str(prompt).strip():
        messages = [{"role": "user", "content": str(prompt)}]
    else:
        names = ", ".join(COLUMNS["prompt"])
        raise LeftBehindError(f"no prompt: a column or field of these names holds it: {names}")
    if fields["choices"]:
        listed = zip(_LETTERS, _choices(fields["choices"]), strict=False)
        words = "\n".join(f"{letter}) {choice}" for letter, choice in listed)
        last = messages[-1]
        last["content"] += f"\n\n{words}\n\nAnswer with the letter only."
    if fields["system"]:
        messages.insert(0, {"role": "system", "content": str(fields["system"])})
    return messages


def _choices(choices: object) -> list[str]:
    if not isinstance(choices, list) or not 1 < len(choices) <= len(_LETTERS):
        raise LeftBehindError("its choices are no list of 2 to 26")
    return [str(one) for one in choices]


def _answer(fields: Mapping[str, Any], tally: Tally, came: list[str]) -> dict[str, Any]:
    wanted = fields["expected"]
    if wanted is None or wanted == []:
        return {}
    if fields["choices"]:
        return _letter(wanted, _choices(fields["choices"]), tally, came)
    if isinstance(wanted, dict):
        came.append("expected object -> json_field")
        return {"expected": wanted, "scorers": ["json_field"]}
    if isinstance(wanted, list):
        came.append("expected texts -> normalised, one of them")
        return {"expected": [str(one) for one in wanted], "scorers": ["normalised"]}
    number = number_in(wanted)
    if number is not None:
        came.append("expected number -> numeric, the answer's last number")
        return {"expected": number, "scorers": ["numeric"]}
    came.append("expected text -> normalised")
    return {"expected": str(wanted), "scorers": ["normalised"]}


def _letter(wanted: object, choices: list[str], tally: Tally, came: list[str]) -> dict[str, Any]:
    letters = _LETTERS[: len(choices)]
    if isinstance(wanted, int) and 0 <= wanted < len(choices):
        letter = letters[wanted]
    elif isinstance(wanted, str) and wanted.strip().upper() in letters and wanted.strip():
        letter = wanted.strip().upper()
    elif isinstance(wanted, str) and wanted in choices:
        letter = letters[choices.index(wanted)]
    else:
        tally.leave("expected of a choice", "is neither one letter nor one of the choices")
        return {}
    name = "multiple_choice" if len(choices) <= _MOST_CHOSEN else "normalised"
    came.append(f"expected choice -> {name}, its letter")
    return {"expected": letter, "scorers": [name]}


def number_in(wanted: object) -> int | float | None:
    r"""Return the number that an expected answer is, or ends with after `####`; None for a text.

    Example:
        >>> number_in("1,200"), number_in("half of 144 is 72\n#### 72"), number_in("12 eggs")
        (1200, 72, None)
    """
    if isinstance(wanted, int | float):
        return None if isinstance(wanted, bool) else wanted
    text = str(wanted).strip()
    marked = _AFTER_MARK.search(text[-100:])
    text = marked[1] if marked else text
    if not _NUMBER.fullmatch(text) or (len(text) > 1 and text.startswith("0") and "." not in text):
        return None
    value = float(text.replace(",", ""))
    return int(value) if value.is_integer() and "." not in text else value
