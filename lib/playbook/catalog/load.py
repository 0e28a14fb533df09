"""Read `data/**/*.yaml` into a `Catalog`; all problems at once, each with its file and id."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from playbook.catalog.acknowledgements import Acknowledgement
from playbook.catalog.architectures import ArchitectureTable
from playbook.catalog.boards import Board, CapabilityIndex
from playbook.catalog.capacity_fit import CapacityFit
from playbook.catalog.catalog import Catalog
from playbook.catalog.claims import Claim
from playbook.catalog.data_types import LeastClass
from playbook.catalog.fine_tuning import TuningOffer, TuningRuns
from playbook.catalog.hosts import ApiHost
from playbook.catalog.licences import Licence
from playbook.catalog.measurements import Measurement
from playbook.catalog.models import Model
from playbook.catalog.price_history import CapabilityLevel, PriceHistory
from playbook.catalog.reading import Node, csv_rows, read_yaml
from playbook.catalog.references import name_of, reference_problems
from playbook.catalog.regimes import load_regimes
from playbook.catalog.schema import (
    ApiOffer,
    Assumption,
    Engine,
    Gpu,
    GpuOffer,
    HostingPlace,
    Provider,
)
from playbook.catalog.tokenizers import Tokenizer
from playbook.errors import CatalogError
from playbook.records import Record

DATA = Path(__file__).parent / "data"
KINDS: dict[str, type[Record]] = {
    "models": Model,
    "licences": Licence,
    "providers": Provider,
    "api_offers": ApiOffer,
    "engines": Engine,
    "gpus": Gpu,
    "gpu_offers": GpuOffer,
    "places": HostingPlace,
    "assumptions": Assumption,
    "tokenizers": Tokenizer,
    "api_hosts": ApiHost,
    "architectures": ArchitectureTable,
    "capacity_fits": CapacityFit,
    "boards": Board,
    "capability_indices": CapabilityIndex,
    "price_histories": PriceHistory,
    "capability_levels": CapabilityLevel,
    "claims": Claim,
    "acknowledgements": Acknowledgement,
    "least_classes": LeastClass,
    "tuning_offers": TuningOffer,
    "tuning_runs": TuningRuns,
    "measurements": Measurement,
}
"""Top-level key of a data file to the record of its entries; `sources` comes on top."""

OTHER_FOLDERS = ("regimes", "measured_points")
"""Folders of the data whose files have a reader of their own."""


def load_catalog(*extra_dirs: Path) -> Catalog:
    """Return the catalog of the package's data and of further folders with the same layout.

    A further folder adds facts; one that is there already is a problem that names both files.

    Args:
        extra_dirs: Folders with more YAML files, such as an organisation's own offers.

    Raises:
        CatalogError: with every problem of every file, each naming file and id.
    """
    problems: list[str] = []
    records: dict[str, list[Record]] = {kind: [] for kind in KINDS}
    places: dict[tuple[str, str], str] = {}
    roots = tuple(dict.fromkeys((DATA, *extra_dirs)))
    for root in roots:
        for path in _files(root, problems):
            label = f"{root.name}/{path.relative_to(root).as_posix()}"
            for kind, record in records_in(path, label, problems):
                records[kind].append(record)
                problems.extend(_given_before(kind, record, label, places))
    if not problems:
        regimes = load_regimes(*(root / "regimes" for root in roots))
        facts = {kind: tuple(found) for kind, found in records.items()}
        catalog = Catalog.model_validate({**facts, "regimes": regimes})
        problems.extend(reference_problems(catalog))
    if problems:
        raise CatalogError("catalog", problems)
    return catalog


@cache
def house_classes() -> tuple[LeastClass, ...]:
    """Return the lowest classes of data types that the package ships, without the other facts."""
    problems: list[str] = []
    path = DATA / "data_types.yaml"
    found = [one for _, one in records_in(path, path.name, problems) if isinstance(one, LeastClass)]
    if problems:
        raise CatalogError("catalog", problems)
    return tuple(found)


def _files(root: Path, problems: list[str]) -> list[Path]:
    if not root.is_dir():
        problems.append(f"{root} is not a folder; give a folder of YAML files")
        return []
    problems.extend(
        f"{root.name}/{path.relative_to(root).as_posix()}: is not read; name it .yaml"
        for path in sorted(root.rglob("*.yml"))
    )
    every = sorted(root.rglob("*.yaml"))
    if not every and not problems:
        problems.append(f"{root} holds no .yaml file; give a folder of facts")
    return [path for path in every if path.relative_to(root).parts[0] not in OTHER_FOLDERS]


def _given_before(
    kind: str, record: Record, label: str, places: dict[tuple[str, str], str]
) -> Iterator[str]:
    name = name_of(record)
    if name and (kind, name) in places:
        there = places[kind, name]
        yield (
            f"{label}: {kind} {name} is given in {there} already; keep one, or choose another id"
        )
    places.setdefault((kind, name), label)


def records_in(path: Path, name: str, problems: list[str]) -> Iterator[tuple[str, Record]]:
    """Yield each record of one file with its kind; problems are appended and skip the entry.

    Args:
        path: The file.
        name: Its name in messages.
        problems: Gets a line for each problem.
    """
    content = read_yaml(path, name, problems)
    sources = content.pop("sources", None) or {}
    for kind, entries in content.items():
        if kind not in KINDS or not isinstance(entries, list):
            known = ", ".join(["sources", *KINDS])
            problems.append(f"{name}: {kind} must be a list under one of: {known}")
            continue
        for index, entry in enumerate(entries):
            record = _record(kind, entry, sources, f"{name}: {kind}[{index}]", problems)
            if record is not None:
                yield kind, record


def _record(
    kind: str, entry: object, sources: object, where: str, problems: list[str]
) -> Record | None:
    if not isinstance(entry, dict) or not isinstance(sources, dict):
        problems.append(f"{where} must be a mapping, and `sources` a mapping of names to sources")
        return None
    names = (entry.get(key) for key in ("id", "litellm_id", "instance", "finding"))
    label = f"{where} {next((name for name in names if name), '')}"
    try:
        return KINDS[kind].model_validate(_with_sources(entry, sources))
    except ValidationError as error:
        problems.extend(f"{label}: {line}" for line in _lines(error, KINDS[kind]))
        return None


def _with_sources(value: object, sources: Node) -> object:
    """Return a value with the names of sources, at any depth, replaced by the sources."""
    if isinstance(value, list):
        return [_with_sources(part, sources) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        key: sources.get(part, part)
        if isinstance(part, str) and str(key).endswith("source")
        else (_rows(part, sources) if key == "intervals" else _with_sources(part, sources))
        for key, part in value.items()
    }


def _rows(table: object, sources: Node) -> object:
    """Return the rows of a CSV text with the source that each names."""
    rows = csv_rows(table)
    if rows is table or not isinstance(rows, list):
        return _with_sources(table, sources)
    return [{**row, "source": sources.get(row.get("source"), row.get("source"))} for row in rows]


def _lines(error: ValidationError, kind: type[Record]) -> Iterator[str]:
    for item in error.errors(include_url=False):
        field = ".".join(str(part) for part in item["loc"]) or "entry"
        given = repr(item["input"])[:60]
        if item["type"] == "missing":
            yield f"{field} is missing; {_fix(field)}"
        elif item["type"] == "extra_forbidden":
            near = get_close_matches(str(item["loc"][-1]), kind.model_fields, n=1)
            yield f"{field} is unknown{f'; did you mean {near[0]}?' if near else ''} (got {given})"
        elif field.endswith("source") and isinstance(item["input"], str):
            yield f"{field}: {given} is not under `sources:` of this file; add it there"
        else:
            yield f"{field}: {item['msg']} (got {given})"


def _fix(field: str) -> str:
    if field.endswith("source"):
        return "name one of this file's `sources`, or give title, as_of and kind"
    return "give it, or take the entry out"
