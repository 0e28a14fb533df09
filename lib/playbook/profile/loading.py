"""Load a team's profile from its params file, or from the sections that a notebook was given."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from playbook.errors import ParamsError
from playbook.profile.checking import Values, checked
from playbook.profile.injected import plain_sections
from playbook.profile.layers import (
    LEVELS_UP,
    Layer,
    find_layers,
    label_of,
    origins_of,
    read_layers,
    without_empty,
)
from playbook.profile.profile import SECTIONS, Profile
from playbook.profile.reading import read_file, read_tree
from playbook.records import Record

PARAMS_VARIABLE = "PLAYBOOK_PARAMS_DIR"
PARAMS_FILE_VARIABLE = "PLAYBOOK_PARAMS"
NOTEBOOK = "notebook parameters"


def load_profile(path: Path, *, org: Path | None = None) -> Profile:
    """Return the profile of a team's params file, laid over its organisation's defaults.

    Args:
        path: The team's YAML.
        org: The organisation's file; by default every `org.yaml` in the same folder or at most
            three levels above it, the outermost first.

    Raises:
        ParamsError: with all problems of the file at once.
    """
    file = Path(path).absolute()
    return profile_from_text(None, file, org=org)


def profile_from_text(text: str | None, file: Path, *, org: Path | None = None) -> Profile:
    """Return the profile that a file would have with this text; None reads the file.

    Raises:
        ParamsError: with all problems at once.
    """
    layers = find_layers(file, org.absolute() if org else None)
    root = layers[0].parent if layers else None
    label = label_of(file, root)
    text = read_file(file, label) if text is None else text
    base = read_layers(layers)
    tree = read_tree(text, label)
    places = {path: f"line {at}" for path, at in tree.lines().items()}
    values = without_empty(tree.root.plain())
    problems = [*tree.problems, *_own_words(values), *base.broken_locks(values, places)]
    lines = tree.lines()
    merged = base.over(values, origins_of(values, lambda leaf: f"{label}:{lines.get(leaf, 1)}"))
    prompts = (root or _prompts_parent(file)) / "prompts"
    profile = checked(
        merged.values, label=label, places=places, prompts=prompts, known=tuple(problems)
    )
    return profile.changed(origins=merged.origins)


def profile_from_sections(**sections: Mapping[str, object]) -> Profile:
    """Return the profile of the sections that papermill injected into a notebook.

    A section given in full (as `dump_sections` makes it) stands for itself; under one given in
    part lie the organisation's defaults. What the organisation locks holds in both. Without any
    section it is `demo.yaml`'s profile.

    Args:
        sections: The seven sections by name; the `origins` of their leaves may be passed along.

    Raises:
        ParamsError: with all problems at once.
    """
    origins = sections.pop("origins", {})
    if not any(sections.values()) and set(sections) <= set(SECTIONS):
        return load_profile(params_dir() / "demo.yaml")
    values, problems = plain_sections({name: one for name, one in sections.items() if one})
    base = _defaults_under(values)
    problems += base.broken_locks(values, {})
    given = {path: str(one) for path, one in origins.items()}
    merged = base.over(values, given or origins_of(values, lambda _: NOTEBOOK))
    profile = checked(merged.values, label=NOTEBOOK, places={}, known=tuple(problems))
    return profile.changed(origins=merged.origins)


def dump_sections(profile: Profile) -> dict[str, dict[str, object]]:
    """Return every section of a profile in full, as plain JSON values for papermill."""
    plain: dict[str, dict[str, object]] = profile.model_dump(mode="json", exclude={"origins"})
    return plain


def params_hash(profile: Profile, *sections: str) -> str:
    """Return the SHA-256 of a profile's values (of all sections, or of those named).

    Where a value came from does not count.
    """
    plain = dump_sections(profile)
    kept = {name: plain[name] for name in sections or tuple(SECTIONS)}
    canonical = json.dumps(kept, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def params_dir() -> Path:
    """Return the folder of params files.

    It is `PLAYBOOK_PARAMS_DIR`, else `params` in the nearest ancestor of the current folder.

    Raises:
        ParamsError: when there is none.
    """
    if named := os.environ.get(PARAMS_VARIABLE):
        if Path(named).is_dir():
            return Path(named).absolute()
        fix = "correct it or unset it"
        raise ParamsError(PARAMS_VARIABLE, [f"names a folder that does not exist; {fix}"])
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "params").is_dir():
            return folder / "params"
    fix = f"run inside the project, or set {PARAMS_VARIABLE}"
    raise ParamsError("params", [f"no folder `params` here or above; {fix}"])


def _defaults_under(values: Values) -> Layer:
    """Return the organisation's defaults: of sections given in full, only what it locks."""
    layer = read_layers(_layers_of_notebooks())
    return layer.only_locked(
        [name for name, kind in SECTIONS.items() if _is_full(values.get(name), kind)]
    )


def _layers_of_notebooks() -> tuple[Path, ...]:
    """Return the layers above the params file that notebooks read, outermost first."""
    if named := os.environ.get(PARAMS_FILE_VARIABLE):
        return find_layers(Path(named).absolute())
    try:
        return find_layers(params_dir().absolute() / "demo.yaml")
    except ParamsError:
        return ()


def _is_full(section: object, kind: type[Record]) -> bool:
    return isinstance(section, dict) and set(kind.model_fields) <= set(section)


def _own_words(values: Values) -> list[str]:
    """Return a problem for `origins`, which is a field of the profile but not of a file."""
    if values.pop("origins", None) is None:
        return []
    return ["origins is written by the playbook; delete it"]


def _prompts_parent(file: Path) -> Path:
    """Return the folder that holds `prompts`, for a file without an organisation above it."""
    folders = [file.parent, *file.parent.parents][: LEVELS_UP + 1]
    return next((one for one in folders if (one / "prompts").is_dir()), file.parent)
