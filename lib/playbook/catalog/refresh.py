"""Refresh the price facts of a folder from the installed price packages: plan, then write.

Prices are appended with their date and never overwritten. Nothing here reaches the network: newer
prices come with newer packages.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from playbook.catalog.load import records_in
from playbook.catalog.observations import PricePackages, changes_in, notes_on
from playbook.catalog.offer_text import changed_text
from playbook.catalog.refresh_records import Change, FiledOffer, RefreshPlan
from playbook.catalog.schema import ApiOffer
from playbook.errors import CatalogError


def refresh_prices(
    folder: Path, *, as_of: date, seal: bool = False, packages: PricePackages | None = None
) -> RefreshPlan:
    """Return what a refresh of a folder of facts would change; nothing is written.

    Args:
        folder: Folder of YAML files with API offers.
        as_of: Day of the observation.
        seal: Whether to seal the prices that carry no seal yet.
        packages: The price packages; the installed ones when left out.

    Raises:
        CatalogError: when a file or a package is broken.
    """
    return planned(
        filed_offers(folder), as_of=as_of, seal=seal, packages=packages or PricePackages()
    )


def filed_offers(folder: Path) -> tuple[FiledOffer, ...]:
    """Return the API offers of a folder, each with its file.

    Raises:
        CatalogError: with every problem of every file.
    """
    if not folder.is_dir():
        raise CatalogError(str(folder), ["is not a folder; give a folder of YAML files"])
    problems: list[str] = []
    found = [
        FiledOffer(path.relative_to(folder).as_posix(), record)
        for path in sorted(folder.rglob("*.yaml"))
        if b"api_offers" in path.read_bytes()
        for _, record in records_in(path, path.name, problems)
        if isinstance(record, ApiOffer)
    ]
    if problems:
        raise CatalogError(str(folder), problems)
    return tuple(found)


def planned(
    offers: Iterable[FiledOffer], *, as_of: date, seal: bool, packages: PricePackages
) -> RefreshPlan:
    """Return the plan for some offers.

    Args:
        offers: The offers with their files.
        as_of: Day of the observation.
        seal: Whether to seal the prices that carry no seal yet.
        packages: What is read of the price packages.

    Raises:
        CatalogError: when a package is broken.
    """
    changes: list[Change] = []
    notes: list[str] = []
    for filed in offers:
        changes += changes_in(filed, as_of=as_of, seal=seal, packages=packages)
        notes += notes_on(filed.offer, as_of=as_of, packages=packages)
    return RefreshPlan(
        as_of=as_of,
        packages=(packages.source(as_of).title, packages.second_source(as_of).title),
        changes=tuple(changes),
        notes=tuple(notes),
    )


def apply_plan(folder: Path, plan: RefreshPlan) -> tuple[Path, ...]:
    """Write a plan's changes into the files of a folder and return the files that changed.

    Comments and layout stay. Every new text is read again before anything is written, then all are
    written under temporary names and renamed: stopped midway, the same command does the rest.

    Args:
        folder: The folder of the plan.
        plan: What to write.

    Raises:
        CatalogError: when a file has another layout than can be edited, or would not hold
            exactly what was planned; nothing is written then.
    """
    texts: dict[Path, str] = {}
    for name in dict.fromkeys(change.file for change in plan.changes):
        path = (folder / name).resolve()
        changes = [change for change in plan.changes if change.file == name]
        texts[path] = changed_text(path.read_text(encoding="utf-8"), changes, name=name)
    _write_all(texts)
    return tuple(texts)


def _write_all(texts: Mapping[Path, str]) -> None:
    """Write all files, or none while one cannot be written; each is replaced whole."""
    waiting: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            handle, name = tempfile.mkstemp(
                dir=path.parent, prefix=f".{path.name}.", suffix=".part"
            )
            waiting[Path(name)] = path
            with os.fdopen(handle, "w", encoding="utf-8", newline=_line_break(path)) as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(stat.S_IMODE(path.stat().st_mode))
        for temporary, path in waiting.items():
            temporary.replace(path)
    finally:
        for temporary in waiting:
            temporary.unlink(missing_ok=True)


def _line_break(path: Path) -> str:
    return "\r\n" if b"\r\n" in path.read_bytes() else "\n"
