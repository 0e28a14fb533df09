"""What can be chosen: enough models and providers, whole, sourced and alive, or saying what not."""

from __future__ import annotations

from datetime import date

import pytest

from playbook.catalog import Catalog, Model, Option, load_catalog
from playbook.costs.memory import KV_BYTES_PER_ELEMENT, kv_bytes_per_token

AS_OF = date(2026, 11, 23)
ARTICLE = ("llama", "mistral", "qwen", "deepseek", "yi", "gpt", "claude", "gemini")
CATALOG = load_catalog()


@pytest.fixture(scope="module")
def options() -> dict[str, Option]:
    return {one.id: one for one in CATALOG.options([place.id for place in CATALOG.places])}


def alive(model: Model) -> bool:
    """Return whether a model can be chosen: weights stay, an API may have ended."""
    return model.open_weights or model.retires is None or model.retires > AS_OF


def line_of(catalog: Catalog, model: Model) -> list[Model]:
    """Return a model and those that follow it; a line that comes back to itself is cut there."""
    line = [model]
    while line[-1].successor and line[-1].successor not in [one.id for one in line]:
        line.append(catalog.model(line[-1].successor))
    return line


def test_there_are_enough_models_and_providers() -> None:
    assert len(CATALOG.models) >= 45
    assert len(CATALOG.providers) >= 11


@pytest.mark.parametrize("family", ARTICLE)
def test_each_family_of_the_article_leads_to_a_model_of_today(family: str) -> None:
    ends = {
        line_of(CATALOG, model)[-1].id: line_of(CATALOG, model)[-1]
        for model in CATALOG.models
        if model.family == family
    }

    assert ends
    assert [one.id for one in ends.values() if not alive(one)] == []


def test_who_follows_came_later_and_follows_nobody_that_follows_it() -> None:
    for model in CATALOG.models:
        line = line_of(CATALOG, model)
        dates = [one.released or AS_OF for one in line]
        assert dates == sorted(set(dates)), model.id
        assert line[-1].successor is None, model.id


@pytest.mark.parametrize("model", CATALOG.models, ids=lambda model: model.id)
def test_each_model_says_when_it_came_how_much_it_reads_and_who_made_it(model: Model) -> None:
    assert model.released is not None
    assert model.context_tokens is not None
    assert model.developer_jurisdiction
    assert model.open_weights == bool(model.weights)


@pytest.mark.parametrize(
    "model", [model for model in CATALOG.models if model.open_weights], ids=lambda model: model.id
)
def test_open_weights_can_be_sized_or_say_that_they_are_not_sourced(model: Model) -> None:
    a = model.architecture
    sized = a is not None and model.parameters_billion is not None

    assert sized or "not sourced" in model.note
    if a and (model.active_parameters_billion or 0) < (model.parameters_billion or 0):
        assert (a.experts and a.active_experts) or "not sourced" in model.note
    if a and a.attention == "sliding":
        assert (a.kv_layers or 0) + (a.sliding_window_layers or 0) == a.layers


def test_terms_differ_by_model_at_one_provider(options: dict[str, Option]) -> None:
    """AWS sets retention model by model from Claude Fable 5 on (its data retention page)."""
    older = options["claude-opus-4-5-20251101@bedrock-us"]
    newer = options["claude-opus-5-5@bedrock-us"]

    assert (older.retention_days, older.zero_retention) == (0, "self_serve")
    assert (newer.retention_days, newer.zero_retention) == (None, None)


def test_nobody_changes_a_closed_models_weights_and_everybody_their_own(
    options: dict[str, Option],
) -> None:
    for option in options.values():
        expected = {"self_hosted": {"yes"}, "frontier_api": {"no"}}.get(option.lane)
        if expected:
            assert {option.can_change.weights.answer} == expected, option.id


def test_tuning_at_openai_ends_and_says_when(options: dict[str, Option]) -> None:
    """OpenAI: last new self-serve jobs on 2027-01-06 (its deprecations page)."""
    change = options["gpt-4o-2024-08-06@openai"].can_change.training_data

    assert change.answer == "limited"
    assert "2027-01-06" in change.because


@pytest.mark.parametrize(
    ("model", "elements_per_token"),
    [
        ("deepseek-v4-flash", 21 * (512 + 128) // 4 + 20 * 512 // 128),
        ("deepseek-v4-pro", 30 * (512 + 128) // 4 + 31 * 512 // 128),
        ("deepseek-v3.2", 61 * (512 + 64 + 128)),
        ("glm-5.2", 78 * (512 + 64) + 21 * 128),
        ("minimax-m3", 60 * 2 * 4 * 128 + 57 * 128),
        ("gemma-4-31b", 10 * 2 * 4 * 512),
        ("qwen3.6-27b", 16 * 2 * 4 * 256),
        ("gpt-oss-120b", 18 * 2 * 8 * 64),
    ],
)
def test_what_a_further_token_adds_to_the_cache_is_that_of_the_weights_configuration(
    model: str, elements_per_token: int
) -> None:
    """Layers x elements as their config.json states them; a mean per layer is rounded up.

    DeepSeek V4: compress_ratios 4 and 128 of 512 elements, an index of 128 beside the former.
    GLM-5.2: kv_lora_rank 512, qk_rope_head_dim 64, an index in each fourth layer and the first
    three. MiniMax-M3: 4 KV heads of 128, an index of 128 in 57 layers.
    """
    architecture = CATALOG.model(model).architecture

    assert architecture is not None
    found = kv_bytes_per_token(architecture) / KV_BYTES_PER_ELEMENT
    assert elements_per_token <= found <= 1.01 * elements_per_token
