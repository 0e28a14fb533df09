"""Write changed values back into a team's params file, leaving every other line as it is."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from playbook.errors import ParamsError
from playbook.profile.fields import field_at, record_at
from playbook.profile.layers import find_layers, label_of
from playbook.profile.loading import profile_from_text
from playbook.profile.problems import did_you_mean
from playbook.profile.profile import SECTIONS, Profile
from playbook.profile.reading import Node, printable, read_file, read_tree
from playbook.profile.writing import block, flow

_MAY_BE_WRITTEN = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class ChangedElsewhereError(ParamsError):
    """A value that was to be written is no longer what the writer had read.

    Attributes:
        profile: The file's profile as it stands, where it is known.
    """

    def __init__(self, what: str, problems: Sequence[str], profile: Profile | None = None) -> None:
        super().__init__(what, problems)
        self.profile = profile


def save_profile(
    updates: Mapping[str, object],
    path: Path,
    *,
    org: Path | None = None,
    expected: Mapping[str, object] | None = None,
) -> Profile:
    """Change some leaves of a team's params file and return its new profile.

    Comments, order and untouched lines stay. The file is replaced in one step, and only when the
    result has no problem. Two that save at once, both through here, wait for each other.

    Args:
        updates: New value by dotted path, such as `data.answers.HIPAA-01.answer`.
        path: The team's YAML.
        org: The organisation's file, as in `load_profile`.
        expected: What the writer had read, by dotted path: of fields or of whole answers.

    Raises:
        ParamsError: when a path is no field, or the result would have a problem; nothing is
            written then.
        ChangedElsewhereError: when a value is not what `expected` says; nothing is written then.
    """
    file = Path(path).resolve()
    layers = find_layers(file, org.absolute() if org else None)
    label = label_of(file, layers[0].parent if layers else None)
    unknown = [line for one in updates if (line := _unknown(one))]
    if unknown:
        raise ParamsError(label, unknown)
    with _alone(file):
        original = read_file(file, label)
        if not file.stat().st_mode & _MAY_BE_WRITTEN or not os.access(file, os.W_OK):
            raise ParamsError(
                label, ["it is read-only here; allow writing to it, or work on a copy"]
            )
        text = original.replace("\r\n", "\n")
        if expected:
            _refuse_changed(expected, profile_from_text(text, file, org=org), label)
        for dotted_path, value in updates.items():
            text = changed_text(text, dotted_path.split("."), value, label=label)
        profile = profile_from_text(text, file, org=org)
        _replace(file, text.replace("\n", "\r\n") if "\r\n" in original else text)
    return profile


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold the file's folder, so that no other save reads between this one's read and write.

    Where the file system has no locks, the check of what was expected is all there is.
    """
    if not file.parent.is_dir():  # reading the file says what is wrong
        yield
        return
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _refuse_changed(expected: Mapping[str, object], profile: Profile, label: str) -> None:
    changed = [name for name, value in expected.items() if value_at(profile, name) != value]
    if changed:
        lines = [f"{printable(name)} was changed meanwhile; look at it first" for name in changed]
        raise ChangedElsewhereError(label, lines, profile)


def value_at(profile: Profile, dotted_path: str) -> object:
    """Return a profile's value at a path of fields and keys; None where a key is not there.

    Example:
        >>> value_at(Profile(), "team.name"), value_at(Profile(), "data.answers.BASE-01")
        ('unnamed', None)
    """
    value: object = profile
    for part in dotted_path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
    return value


def changed_text(text: str, parts: list[str], value: object, *, label: str) -> str:
    """Return YAML text with one leaf set, by an edit of the lines concerned only.

    Raises:
        ParamsError: when the text is not YAML.
    """
    root = read_tree(text, label, exact=True).root
    node, depth = _deepest(root, parts)
    rest = parts[depth:]
    if rest and node.content is None:
        return _below_empty(text, node, rest, value)
    if rest and isinstance(node.content, dict) and not node.flow:
        return _appended(text, node, rest, value)
    plain = node.plain() if isinstance(node.content, dict) and rest else {}
    new = flow({**plain, **_nested(rest, value)} if rest else value)
    return f"{new}\n" if node is root else _replaced(text, node, new)


def _unknown(dotted_path: str) -> str:
    parts = dotted_path.split(".")
    if parts[0] in SECTIONS and field_at(parts) is not None:
        return ""
    record = record_at(parts[:-1])
    near = did_you_mean(parts[-1], list(record.model_fields)) if record else ""
    return f"{printable(dotted_path)} is no field{near or '; see params/example.yaml'}"


def _deepest(root: Node, parts: list[str]) -> tuple[Node, int]:
    """Return the deepest value of the file on a path, and how many keys lead to it."""
    node, depth = root, 0
    while depth < len(parts) and isinstance(node.content, dict) and parts[depth] in node.content:
        node = node.content[parts[depth]]
        depth += 1
    return node, depth


def _nested(parts: list[str], value: object) -> dict[str, object]:
    first, *rest = parts
    return {first: _nested(rest, value) if rest else value}


def _replaced(text: str, node: Node, new: str) -> str:
    """Return the text with a value replaced, from behind its key's colon to its own end."""
    colon, end = _value_span(text, node)
    return f"{text[:colon]} {new}{text[end:]}"


def _value_span(text: str, node: Node) -> tuple[int, int]:
    """Return where a value begins, behind its key's colon, and where its last character ends."""
    colon = text.index(":", node.key_end) + 1
    return colon, max(colon, len(text[: node.end].rstrip()))


def _below_empty(text: str, node: Node, parts: list[str], value: object) -> str:
    """Return the text with lines below a key that has no value yet, such as `answers:`."""
    colon, end = _value_span(text, node)
    kept = text[:colon] + text[end:]  # without a `~` or `null`
    return _inserted(kept, colon, block(parts, value, node.column + 2))


def _appended(text: str, node: Node, parts: list[str], value: object) -> str:
    """Return the text with a new key at the end of a block of keys."""
    children = list(node.content.values()) if isinstance(node.content, dict) else []
    indent = children[0].column if children else node.column
    end = len(text[: node.end].rstrip()) if children else len(text)
    return _inserted(text, end, block(parts, value, indent))


def _inserted(text: str, position: int, lines: str) -> str:
    end = text.find("\n", position)
    if end < 0:
        gap = "" if not text or text.endswith("\n") else "\n"
        return text + gap + lines
    return text[: end + 1] + lines + text[end + 1 :]


def _replace(file: Path, text: str) -> None:
    """Write a file in one step: a crash leaves the old text or the new, never a part."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".tmp", dir=file.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(file, temporary)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
