"""Every number of the landscape traces to a source that survives loading.

The record is walked after it went through JSON, as the report reads it, not the facts' files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from playbook.landscape import Landscape
from playbook.provenance import Source
from playbook.records import Record
from tests.landscape.builders import screened

SOURCES = ("source", "sources", "citation")
"""Fields of a record that say where its numbers, and those of the records in it, come from."""

SETTINGS = {
    ("Gap", "resamples"): "a setting of the method",
    ("Gap", "seed"): "a setting of the method",
}
FROM_BESIDE = {
    "YearMedian": "boards",
}
"""Records computed from the records in a field beside them, each of which has a source."""

FROM_WITHIN = {
    "CapabilityPrice": ("steps", "index_source", "blend_source"),
}
"""Records computed from records within them, each with a source, an index and a mix."""

DIGIT = re.compile(r"\d")
COUNTS = ("GPU offers are known", "GPU types")
"""Words of a reason that counts the catalogue's own records."""


@pytest.fixture(scope="module")
def landscape() -> Landscape:
    return Landscape.model_validate_json(screened().model_dump_json())


def has_source(record: Record) -> bool:
    return any(bool(getattr(record, name, None)) for name in SOURCES)


def children(record: Record) -> Iterator[tuple[str, Record]]:
    for name in type(record).model_fields:
        value = getattr(record, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Record):
                yield name, one


def unsourced(record: Record, *, covered: bool = False, path: str = "") -> Iterator[str]:
    """Yield the path of each number with no source in its record nor in one around it."""
    kind = type(record).__name__
    covered = covered or has_source(record) or kind in FROM_BESIDE or kind in FROM_WITHIN
    for name in type(record).model_fields:
        value = getattr(record, name)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and not covered and (kind, name) not in SETTINGS:
            yield f"{path}{kind}.{name}"
    for name, child in children(record):
        yield from unsourced(child, covered=covered, path=f"{path}{name}.")


def every(record: Record) -> Iterator[Record]:
    yield record
    for _, child in children(record):
        yield from every(child)


def test_every_number_has_a_source_after_loading(landscape: Landscape) -> None:
    assert sorted(set(unsourced(landscape))) == []


def test_numbers_computed_from_other_records_rest_on_records_with_sources(
    landscape: Landscape,
) -> None:
    assert landscape.gap
    assert landscape.capability_prices

    assert all(board.source.title for board in landscape.gap.boards)
    for price in landscape.capability_prices:
        assert price.index_source
        assert price.blend_source
        assert price.steps
        assert all(step.source.title for step in price.steps)


def test_every_source_names_its_title_and_day(landscape: Landscape) -> None:
    found = [
        value
        for record in every(landscape)
        for name in type(record).model_fields
        for value in as_tuple(getattr(record, name))
        if isinstance(value, Source)
    ]

    assert len(found) > len(landscape.models)
    assert all(source.title and source.as_of <= landscape.as_of for source in found)


def as_tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def test_a_reason_with_a_figure_cites_where_it_was_read(landscape: Landscape) -> None:
    missing = {
        reason.because
        for model in landscape.models
        for reason in model.reasons
        if DIGIT.search(reason.because) and not reason.citation
        if not any(words in reason.because for words in COUNTS)
    }

    assert missing == set()


def test_the_walk_finds_a_number_whose_source_was_lost(landscape: Landscape) -> None:
    first = landscape.models[0].changed(sources=())

    assert any(
        path.endswith("ModelInRace.context_tokens")
        for path in unsourced(landscape.changed(models=(first,)))
    )
