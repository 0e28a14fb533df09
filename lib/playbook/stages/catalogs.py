"""Which facts a params file rests on: the package's, and those of its organisation."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from playbook.catalog import Catalog, load_catalog
from playbook.errors import ParamsError
from playbook.profile import catalog_dirs, params_dir

CATALOG_VARIABLE = "PLAYBOOK_CATALOG_DIRS"


def catalog_for(params: Path | None, *extra_dirs: Path) -> Catalog:
    """Return the facts for a params file.

    To the package's facts come the folders that `catalog_dirs` names in the layers above the file,
    those in PLAYBOOK_CATALOG_DIRS (parted as in PATH), and those given here.

    Args:
        params: A team's params file; None for no organisation.
        extra_dirs: Further folders.

    Raises:
        ParamsError: when a layer is wrong or names a folder that is not there.
        CatalogError: with every problem of every file of facts.
    """
    return load_catalog(*fact_folders(params), *(one.absolute() for one in extra_dirs))


def fact_folders(params: Path | None) -> tuple[Path, ...]:
    """Return the folders of facts beside the package's own, each once.

    Raises:
        ParamsError: when a layer is wrong or names a folder that is not there.
    """
    named = catalog_dirs(params) if params else ()
    return tuple(dict.fromkeys([*named, *_from_environment()]))


def catalogs_of(params: Sequence[Path]) -> tuple[Catalog, ...]:
    """Return the facts for each params file; files of one organisation share one catalog.

    A file whose layers are wrong gets the package's facts: reading it tells what is wrong.

    Raises:
        ParamsError: when PLAYBOOK_CATALOG_DIRS names a folder that is not there.
        CatalogError: with every problem of every file of facts.
    """
    loaded: dict[tuple[Path, ...], Catalog] = {}
    found = []
    for path in params:
        try:
            named = catalog_dirs(path)
        except ParamsError:
            named = ()
        folders = (*named, *_from_environment())
        if folders not in loaded:
            loaded[folders] = load_catalog(*folders)
        found.append(loaded[folders])
    return tuple(found)


def params_file() -> Path:
    """Return the params file of the notebooks: PLAYBOOK_PARAMS, else `params/demo.yaml`.

    Raises:
        ParamsError: when there is no folder of params.
    """
    text = os.environ.get("PLAYBOOK_PARAMS", "")
    return Path(text) if text else params_dir() / "demo.yaml"


def session_catalog() -> Catalog:
    """Return the facts of the notebooks' params file, or the package's own where there is none."""
    try:
        params = params_file()
    except ParamsError:
        return catalog_for(None)
    return catalog_for(params)


def _from_environment() -> tuple[Path, ...]:
    text = os.environ.get(CATALOG_VARIABLE, "")
    folders = tuple(Path(one).absolute() for one in text.split(os.pathsep) if one)
    missing = [f"{one} is no folder; correct it or unset it" for one in folders if not one.is_dir()]
    if missing:
        raise ParamsError(CATALOG_VARIABLE, missing)
    return folders
