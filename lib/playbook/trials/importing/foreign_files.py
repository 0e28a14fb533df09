"""Read the files of an import: bounded, as UTF-8, and only from inside their own folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playbook.errors import PromptSetError
from playbook.trials.importing.drafts import LeftBehindError
from playbook.trials.prompt_lines import is_too_deep

LARGEST_FILE_BYTES = 20_000_000


def text_of(path: Path) -> str:
    """Return the text of a file; a byte order mark is left out.

    Raises:
        PromptSetError: when it can't be read, is too large or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise PromptSetError(str(path), [f"can't be read: {error.strerror}"]) from error
    if len(content) > LARGEST_FILE_BYTES:
        most = f"{LARGEST_FILE_BYTES // 1_000_000} MB"
        raise PromptSetError(str(path), [f"larger than {most}; split it"])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        fix = "save it as UTF-8 (in Excel: Save as, CSV UTF-8)"
        raise PromptSetError(str(path), [f"line {line}: not UTF-8; {fix}"]) from error


def json_of(text: str) -> Any:  # noqa: ANN401  plain data of any shape
    """Return the plain data of a JSON text.

    Raises:
        ValueError: when it is none.
    """
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise LeftBehindError("nested too deep") from error
    if is_too_deep(value):
        raise LeftBehindError("nested too deep")
    return value


def inside(folder: Path, name: str) -> Path:
    """Return the file that a reference such as `file://a.txt` names, inside a folder.

    Args:
        folder: Folder of the file that holds the reference.
        name: The reference.

    Raises:
        LeftBehindError: when it leads out of the folder or there is no such file.
    """
    relative = name.removeprefix("file://").strip()
    if "\0" in relative or any(one in relative for one in "*?["):
        raise LeftBehindError(f"{relative[:60]!r} is a pattern; name each file")
    try:
        path = (folder / relative).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise LeftBehindError(f"there is no file {relative[:60]!r}") from error
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise LeftBehindError(f"{relative[:60]!r} is no file inside the folder")
    return path


def _no_constant(name: str) -> None:
    raise LeftBehindError(f"{name} is not a number of JSON")
