"""Tables of what was put in: facts with their age, profile values with their origin."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from playbook.catalog import Catalog
from playbook.compliance.changes import said
from playbook.compliance.facts import facts_asked
from playbook.profile import SECTIONS, Profile, leaf_fields, leaf_paths
from playbook.provenance import FAIL_AFTER_DAYS, WARN_AFTER_DAYS, Source, days_old
from playbook.report.table import Cell, Table


def fact_ages(catalog: Catalog, as_of: date) -> Table:
    """Return each kind of fact with its number, newest and oldest date, and how many are old."""
    kinds: dict[str, Iterable[Source]] = {
        "models": (one.source for one in catalog.models),
        "licences": (one.source for one in catalog.licences),
        "providers": (one.source for one in catalog.providers),
        "API prices": (price.source for one in catalog.api_offers for price in one.prices[-1:]),
        "GPUs": (one.source for one in catalog.gpus),
        "GPU prices": (one.source for one in catalog.gpu_offers),
        "engines": (one.source for one in catalog.engines),
        "assumptions": (one.source for one in catalog.assumptions),
        "regimes": (one.source for one in catalog.regimes),
    }
    rows = [_ages(kind, tuple(sources), as_of) for kind, sources in kinds.items()]
    columns = ("Kind", "Facts", "Newest", "Oldest", f"Over {WARN_AFTER_DAYS} days",
               f"Over {FAIL_AFTER_DAYS} days")  # fmt: skip
    return Table(f"Facts of the catalogue as of {as_of}", columns, rows)


def _ages(kind: str, sources: tuple[Source, ...], as_of: date) -> tuple[str, ...]:
    ages = [days_old(one, as_of=as_of) for one in sources]
    dates = [one.as_of.isoformat() for one in sources]
    return (
        kind,
        str(len(sources)),
        max(dates, default=""),
        min(dates, default=""),
        str(sum(age > WARN_AFTER_DAYS for age in ages)),
        str(sum(age > FAIL_AFTER_DAYS for age in ages)),
    )


def profile_values(profile: Profile) -> Table:
    """Return every value that somebody stated, with its unit and origin."""
    units = {field.path: field.unit for field in leaf_fields()}
    rows = [
        (path, _shown(value), units.get(path, ""), profile.origins[path])
        for path, value in leaf_paths(profile).items()
        if path in profile.origins
    ]
    return Table("Stated values", ("Field", "Value", "Unit", "From"), rows)


def asked(profile: Profile, catalog: Catalog) -> Table:
    """Return the facts on which controls hang: what the team said, and what is not known."""
    rows = []
    for path in facts_asked(catalog.controls):
        section, name = path.split(".")
        value = getattr(getattr(profile, section), name)
        meaning = (SECTIONS[section].model_fields[name].description or "").split(";")[0]
        shown = said(value) if value is not None else Cell("? not known", "amber")
        rows.append((path, meaning.rstrip("."), shown, profile.origins.get(path, "")))
    unknown = sum(row[2] == "? not known" for row in rows)
    note = f"{unknown} of {len(rows)} facts are not known; not known is neither no nor none."
    return Table("Facts that decide which controls apply",
                 ("Field", "Meaning", "Value", "From"), rows, note)  # fmt: skip


def unanswered(profile: Profile) -> Table:
    """Return the fields that nobody has stated, with the default that stands in."""
    given = profile.origins
    rows = [
        (field.path, "unknown" if field.default is None else _shown(field.default), field.unit,
         field.meaning)
        for field in leaf_fields()
        if not any(path == field.path or path.startswith(field.path + ".") for path in given)
        and not field.many
    ]  # fmt: skip
    return Table(
        "Defaults that nobody has looked at", ("Field", "Default", "Unit", "Meaning"), rows
    )


def regimes(catalog: Catalog, as_of: date) -> Table:
    """Return each regime with its controls, their basis and the age of the source."""
    rows = []
    for one in catalog.regimes:
        bases = sorted({control.basis for control in one.controls})
        rows.append(
            (
                one.title,
                str(len(one.controls)),
                ", ".join(bases),
                one.source.cite(),
                f"{days_old(one.source, as_of=as_of)} days",
            )
        )
    return Table("Regimes", ("Regime", "Controls", "Basis", "Source", "Age"), rows)


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 120 else text[:117] + "..."  # noqa: PLR2004  a table cell
