"""Facts as a person looks them up: a list of a kind, or one record in full with its ages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches

from playbook.catalog.ageing import sources_in
from playbook.catalog.announcements import announced_words
from playbook.catalog.catalog import Catalog
from playbook.catalog.disagreements import Disagreement, disagreements
from playbook.catalog.pricing import Price
from playbook.catalog.references import name_of
from playbook.catalog.schema import ApiOffer, GpuOffer
from playbook.errors import CatalogError
from playbook.provenance import WARN_AFTER_DAYS, Source, days_old
from playbook.records import Record


class FactRow(Record):
    """One fact in a list of its kind."""

    id: str
    """Name by which `playbook facts show KIND NAME` finds it."""
    title: str
    """What it is, in a few words."""
    source: Source | None
    """Where it comes from; None for what has no source of its own."""
    days_old: int | None
    """Age of that source in days."""

    def words(self) -> str:
        """Return the row as one line."""
        age = f" | {self.source.cite()}, {_days(self.days_old or 0)}" if self.source else ""
        return f"{self.id}: {self.title}{age}"


class SourceAge(Record):
    """A source and how old it is."""

    source: Source
    """The source."""
    days_old: int
    """Its age."""
    stale: bool
    """Whether it is past the first limit."""


class ShownFact(Record):
    """One fact in full, as `playbook facts show KIND NAME --json` prints it."""

    kind: str
    """Kind of fact: a top-level key of the data files, `regimes` or `controls`."""
    id: str
    """Its name."""
    as_of: date
    """Day for which ages and the price in force hold."""
    record: dict[str, object]
    """All its fields; of an API offer also every dated price, tier, second opinion and alias."""
    price_in_force: Price | None
    """Of an API offer, the price on that day."""
    announced: tuple[str, ...] = ()
    """Of an API offer, prices announced for later days."""
    disagreements: tuple[Disagreement, ...]
    """Of an API offer, what other sources state differently on that day."""
    sources: tuple[SourceAge, ...]
    """Every source within it, oldest first."""


def kinds_of(catalog: Catalog) -> tuple[str, ...]:
    """Return the kinds of fact that can be shown."""
    return (*(kind for kind in type(catalog).model_fields if kind != "measurements"), "controls")


def facts_of_kind(catalog: Catalog, kind: str, *, as_of: date) -> tuple[FactRow, ...]:
    """Return a row for each fact of a kind.

    Raises:
        CatalogError: when there is no such kind.
    """
    return tuple(_row(one, as_of) for one in _records(catalog, kind))


def find_fact(catalog: Catalog, kind: str, name: str) -> Record:
    """Return the fact of a kind that has a name; an API offer also by its litellm id or alias.

    Raises:
        CatalogError: when there is no such kind or name, with the nearest one.
    """
    found = _records(catalog, kind)
    names: dict[str, Record] = {}
    for rank in (_aliases, _names):  # a name of its own goes before another's alias
        names |= {key: one for one in found for key in rank(one)}
    if name not in names:
        raise CatalogError(f"facts of kind {kind}", [_unknown(name, list(names))])
    return names[name]


def describe_fact(catalog: Catalog, kind: str, name: str, *, as_of: date) -> ShownFact:
    """Return one fact in full.

    Raises:
        CatalogError: when there is no such kind or name, with the nearest one.
    """
    found = find_fact(catalog, kind, name)
    offer = found if isinstance(found, ApiOffer) else None
    alone = catalog.changed(api_offers=(offer,) if offer else ())
    sources = sorted(dict.fromkeys(sources_in(found)), key=lambda one: one.as_of)
    return ShownFact(
        kind=kind,
        id=name_of(found) or name,
        as_of=as_of,
        record=found.model_dump(mode="json", by_alias=True),
        price_in_force=catalog.price(offer, as_of) if offer else None,
        announced=announced_words(offer, as_of=as_of) if offer else (),
        disagreements=disagreements(alone, as_of=as_of),
        sources=tuple(_aged(one, as_of) for one in sources),
    )


def fact_lines(shown: ShownFact) -> Iterator[str]:
    """Yield one fact in full as lines: its fields, the price in force, other sources, ages."""
    yield f"{shown.kind} {shown.id}, as of {shown.as_of}"
    yield from _field_lines(shown.record, "  ")
    if shown.price_in_force:
        price = shown.price_in_force
        yield f"price in force on {shown.as_of}, seen since {price.since}"
        yield from _field_lines(
            price.model_dump(mode="json", exclude={"source", "since", "seal"}), "  "
        )
    yield from shown.announced
    for one in shown.disagreements:
        yield f"DIFFERS {one.field}: {one.catalogued} here, {one.stated} by {one.by}"
    yield "sources"
    for each in shown.sources:
        old = f", over {WARN_AFTER_DAYS}" if each.stale else ""
        yield f"  {each.source.cite()}: {each.source.kind}, {_days(each.days_old)}{old}"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'} old"


def _records(catalog: Catalog, kind: str) -> tuple[Record, ...]:
    kinds = kinds_of(catalog)
    if kind not in kinds:
        raise CatalogError("facts", [f"kind {_unknown(kind, kinds)}; kinds are {', '.join(kinds)}"])
    found: tuple[Record, ...] = getattr(catalog, kind)
    return found


def _unknown(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    advice = f"did you mean {near[0]}?" if near else "leave the name out to list all"
    return f"{name!r} is unknown; {advice}"


def _names(record: Record) -> tuple[str, ...]:
    named = name_of(record) or str(getattr(record, "id", ""))
    if isinstance(record, ApiOffer):
        return (named, record.litellm_id)
    return (named,)


def _aliases(record: Record) -> tuple[str, ...]:
    return record.aliases if isinstance(record, ApiOffer) else ()


def _row(record: Record, as_of: date) -> FactRow:
    source = getattr(record, "source", None)
    if isinstance(record, ApiOffer):
        source = record.prices[-1].source
    return FactRow(
        id=_names(record)[0],
        title=_title(record),
        source=source,
        days_old=days_old(source, as_of=as_of) if source else None,
    )


def _title(record: Record) -> str:
    if isinstance(record, ApiOffer):
        price = record.prices[-1]
        prices = (price.input_usd_per_million_tokens, price.output_usd_per_million_tokens)
        return "{}, {:g} in and {:g} out USD per million tokens".format(record.litellm_id, *prices)
    if isinstance(record, GpuOffer):
        return f"{record.on_demand_usd_per_gpu_hour:g} USD per GPU-hour"
    for field in ("title", "meaning", "host", "reason"):
        if text := getattr(record, field, ""):
            return str(text)
    return ""


def _aged(source: Source, as_of: date) -> SourceAge:
    age = days_old(source, as_of=as_of)
    return SourceAge(source=source, days_old=age, stale=age > WARN_AFTER_DAYS)


def _field_lines(value: object, indent: str) -> Iterator[str]:
    """Yield plain values as indented lines; what is missing is left out, flat records are a row."""
    for key, part in value.items() if isinstance(value, dict) else ():
        if part is None or part in ([], {}, ""):
            continue
        if isinstance(part, dict) and {"title", "as_of", "kind"} <= part.keys():
            yield f"{indent}{key}: {part['title']} ({part['as_of']})"
        elif isinstance(part, dict):
            yield f"{indent}{key}:"
            yield from _field_lines(part, f"{indent}  ")
        elif isinstance(part, list) and any(isinstance(one, dict) for one in part):
            yield f"{indent}{key}: {len(part)}"
            for one in part:
                yield from _item_lines(one, indent)
        else:
            yield f"{indent}{key}: {', '.join(map(str, part)) if isinstance(part, list) else part}"


def _item_lines(item: object, indent: str) -> Iterator[str]:
    nested = isinstance(item, dict) and any(isinstance(part, dict | list) for part in item.values())
    if nested or not isinstance(item, dict):
        yield f"{indent}  -"
        yield from _field_lines(item, f"{indent}    ")
    else:
        flat = (f"{key} {part}" for key, part in item.items() if part is not None)
        yield f"{indent}  - {', '.join(flat)}"
