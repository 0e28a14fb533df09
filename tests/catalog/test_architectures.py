"""Models that are only sized: their dimensions agree with their size, and none is an option."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.catalog.architectures import SizedModel

WITHIN, WITH_SHARED_EXPERTS = 0.021, 0.11


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def rows(catalog: Catalog) -> Iterator[SizedModel]:
    for table in catalog.architectures:
        yield from table.models


def counted_billion(one: SizedModel, *, matrices: int, embeddings: int) -> float:
    """Return parameters of attention, feed-forward blocks and embeddings, in billions."""
    query, cache = one.heads * one.head_dim, one.kv_heads * one.head_dim
    attention = one.hidden * (2 * query + 2 * cache)
    block = matrices * one.hidden * (one.feed_forward or 0) * (one.experts or 1)
    embedding = embeddings * one.hidden * (one.vocabulary or 0)
    return (one.layers * (attention + block) + embedding) / 1e9


def test_dimensions_make_the_stated_parameters(catalog: Catalog) -> None:
    """Attention, two or three matrices of the block, and one or two embeddings, by hand.

    Latent attention is left out: its matrices are others. Shared experts are not in the table.
    """
    off = {}
    for one in rows(catalog):
        if one.feed_forward is None or one.attention in ("mla", "hybrid"):
            continue
        ways = [
            counted_billion(one, matrices=matrices, embeddings=embeddings)
            for matrices in (2, 3)
            for embeddings in (1, 2)
        ]
        error = min(abs(way / one.parameters_billion - 1) for way in ways)
        if error > (WITH_SHARED_EXPERTS if one.experts else WITHIN):
            off[one.name] = round(error, 3)

    assert off == {}


def test_no_name_or_alias_is_given_twice(catalog: Catalog) -> None:
    names = [name for one in rows(catalog) for name in (one.name, *one.aliases)]

    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_a_sized_model_is_no_model_of_the_catalog_and_so_no_option(catalog: Catalog) -> None:
    options = {one.model for one in catalog.options([place.id for place in catalog.places])}

    sized = {one.id for table in catalog.architectures for one in table.as_models()}

    own = {one.id for one in catalog.models}
    assert not (sized - own) & options


def test_active_parameters_are_fewer_just_for_mixtures_of_experts(catalog: Catalog) -> None:
    wrong = [
        one.name
        for one in rows(catalog)
        if (one.active_parameters_billion < one.parameters_billion) != (one.experts is not None)
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("name", "precision"),
    [("deepseek-v3", "fp8"), ("kimi-k2", "fp8"), ("minimax-m2", "fp8"), ("llama-65b", "bf16")],
)
def test_weights_have_the_format_in_which_they_are_published(name: str, precision: str) -> None:
    models = [one for table in load_catalog().architectures for one in table.as_models()]

    assert next(one for one in models if one.id == name).precision == precision
