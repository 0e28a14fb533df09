"""Write planned changes into the text of one file of API offers, and read it again to be sure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from playbook.catalog.load import records_in
from playbook.catalog.pricing import Price, PriceList
from playbook.catalog.refresh_records import Change
from playbook.catalog.schema import ApiOffer
from playbook.catalog.yaml_edit import (
    Edit,
    append_item,
    flow,
    items,
    member,
    parsed,
    set_list,
    set_member,
    with_edits,
)
from playbook.errors import CatalogError
from playbook.provenance import Source

LISTS = {"second_opinion": "second_opinions", "announced": "announced"}
"""Kind of change to the list that it sets whole."""


def changed_text(text: str, changes: Iterable[Change], *, name: str) -> str:
    """Return a file's text with changes to its offers; nothing else in it moves.

    Args:
        text: The file's content.
        changes: Changes of this file.
        name: Its name, for messages.

    Raises:
        CatalogError: when the new text would not hold exactly what was planned.
    """
    wanted = list(changes)
    root = parsed(text, name)
    names = _SourceNames(root)
    edits = [
        edit for node in items(member(root, "api_offers"))
        for change in wanted if change.offer == _key(node)
        for edit in _edits(text, node, change, names)
    ]  # fmt: skip
    new = with_edits(text, [*names.edits(text, root), *edits])
    _verify(_offers(text, name), _offers(new, name), wanted, name)
    return new


class _SourceNames:
    """Names of sources in a file: those it has, and new ones as they are needed."""

    def __init__(self, root: yaml.MappingNode) -> None:
        loaded = {key.value: _source(value) for key, value in _pairs(member(root, "sources"))}
        self._known = {source: str(key) for key, source in loaded.items() if source is not None}
        self._taken = {str(key) for key in loaded}
        self._new: dict[str, Source] = {}

    def name(self, source: Source) -> str:
        if source not in self._known:
            words = f"{source.title.removesuffix(' bundled price map')}-{source.as_of}"
            name = re.sub(r"[^a-z0-9.]+", "-", words.lower()).strip("-")
            while name in self._taken:
                name += "-b"
            self._known[source] = name
            self._taken.add(name)
            self._new[name] = source
        return self._known[source]

    def edits(self, text: str, root: yaml.MappingNode) -> Iterator[Edit]:
        if not self._new:
            return
        values = {name: one.model_dump(exclude_defaults=True) for name, one in self._new.items()}
        sources = member(root, "sources")
        if isinstance(sources, yaml.MappingNode) and sources.value:
            for name, value in values.items():
                yield set_member(text, sources, name, value)
        else:
            lines = "".join(f"  {name}: {flow(value)}\n" for name, value in values.items())
            start = root.start_mark.index
            yield Edit(start, start, f"sources:\n{lines}\n")


def _edits(text: str, node: yaml.Node, change: Change, names: _SourceNames) -> Iterator[Edit]:
    if change.kind == "price" and change.price is not None:
        prices = member(node, "prices")
        if prices is not None:
            yield append_item(text, prices, _price(change.price, names))
    elif change.kind == "seal" and change.price is not None:
        for price in items(member(node, "prices")):
            since = member(price, "since")
            if since is not None and since.value == change.price.since.isoformat():
                yield set_member(text, price, "seal", change.price.seal)
    elif change.kind in LISTS:
        values = [_price(one, names) for one in (*change.opinions, *change.announced)]
        yield set_list(text, node, LISTS[change.kind], values)
    elif change.value is not None and change.source is not None:
        yield set_member(text, node, change.kind, change.value)
        yield set_member(text, node, "source", names.name(change.source))


def _price(price: PriceList, names: _SourceNames) -> dict[str, object]:
    """Return a price as it is written: the day first, its source by name, the seal last."""
    values = price.model_dump(exclude_defaults=True)
    source = values.pop("source")
    seal = values.pop("seal", None)
    since = {"since": values.pop("since")} if isinstance(price, Price) else {}
    named = {"source": names.name(Source.model_validate(source))}
    return {**since, **values, **named, **({"seal": seal} if seal else {})}


def _verify(
    before: dict[str, ApiOffer], after: dict[str, ApiOffer], changes: list[Change], name: str
) -> None:
    gone = [change.offer for change in changes if change.offer not in before]
    if gone:
        raise CatalogError(name, [f"{gone[0]} is not in it any more; plan the refresh again"])
    wanted = dict(before)
    for change in changes:
        wanted[change.offer] = _changed(wanted[change.offer], change)
    if wanted != after:
        wrong = [key for key, offer in wanted.items() if after.get(key) != offer]
        problem = f"{', '.join(wrong[:3])}: its layout cannot be edited; write the change by hand"
        raise CatalogError(name, [problem])


def _changed(offer: ApiOffer, change: Change) -> ApiOffer:
    if change.kind == "price":
        return offer.changed(prices=(*offer.prices, change.price))
    if change.kind == "seal" and change.price is not None:
        since, seal = change.price.since, change.price.seal
        return offer.changed(
            prices=tuple(
                one.changed(seal=seal) if one.since == since else one for one in offer.prices
            )
        )
    if change.kind == "second_opinion":
        return offer.changed(second_opinions=change.opinions)
    if change.kind == "announced":
        return offer.changed(announced=change.announced)
    return offer.changed(**{change.kind: change.value, "source": change.source})


def _offers(text: str, name: str) -> dict[str, ApiOffer]:
    """Return the offers of a file's text by option id, read as the catalog reads them."""
    problems: list[str] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "offers.yaml"
        path.write_text(text, encoding="utf-8")
        found = [one for _, one in records_in(path, name, problems) if isinstance(one, ApiOffer)]
    if problems:
        raise CatalogError(name, problems)
    return {f"{offer.model}@{offer.provider}": offer for offer in found}


def _key(node: yaml.Node) -> str:
    model, provider = member(node, "model"), member(node, "provider")
    return f"{model.value if model else ''}@{provider.value if provider else ''}"


def _pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def _source(node: yaml.Node) -> Source | None:
    """Return a source as it stands in a file, or None when it is none."""
    loaded = yaml.safe_load(yaml.serialize(node))
    try:
        return Source.model_validate(loaded)
    except ValueError:
        return None
