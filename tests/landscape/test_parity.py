"""Pairs of the same weights say where to get both sides, and what may differ between them."""

from __future__ import annotations

from datetime import date

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.landscape import Landscape, ModelInRace
from playbook.landscape.market_records import ParityPair
from playbook.landscape.parity import parity_pairs
from tests.catalog.builders import SOURCE, a_catalog, a_model, a_provider, an_offer
from tests.landscape.builders import AS_OF, screened

CATALOG = load_catalog()


@pytest.fixture(scope="module")
def landscape() -> Landscape:
    return screened(CATALOG)


@pytest.fixture(scope="module")
def pairs(landscape: Landscape) -> dict[str, ParityPair]:
    return {one.model: one for one in landscape.parity_pairs}


def standing(model: str, state: str = "in") -> ModelInRace:
    return ModelInRace.model_validate(
        {
            "model": model, "title": model, "family": "", "developer": "", "open_weights": True,
            "state": state, "reasons": (), "lanes": (), "options": (), "context_tokens": None,
            "released": None, "retires": None, "months_left": None, "successor": None,
            "capability_index": None, "lowest_input_usd_per_million_tokens": None,
            "lowest_output_usd_per_million_tokens": None,
        }
    )  # fmt: skip


def pair_of(catalog: Catalog) -> ParityPair:
    (found,) = parity_pairs(catalog, [standing("small")], as_of=AS_OF)
    return found


@pytest.mark.parametrize(
    ("model", "litellm_id", "weights"),
    [
        ("ministral-3-8b", "mistral/ministral-8b-2512", "mistralai/Ministral-3-8B-Instruct-2512"),
        ("mistral-large-3", "mistral/mistral-large-2512", None),
        ("deepseek-v4.1-flash", "deepseek/deepseek-flash", "deepseek-ai/DeepSeek-V4.1-Flash"),
        ("deepseek-v4-pro-0813", "deepseek/deepseek-v4-pro", "deepseek-ai/DeepSeek-V4-Pro-0813"),
        ("gpt-oss-120b", "groq/openai/gpt-oss-120b", "openai/gpt-oss-120b"),
        ("qwen3.6-27b", "deepinfra/Qwen/Qwen3.6-27B", "Qwen/Qwen3.6-27B"),
        (
            "llama-3-8b-instruct",
            "deepinfra/meta-llama/Meta-Llama-3-8B-Instruct",
            "meta-llama/Meta-Llama-3-8B-Instruct",
        ),
    ],
)
def test_known_pairs_are_found_with_dated_id_and_weights(
    pairs: dict[str, ParityPair], model: str, litellm_id: str, weights: str | None
) -> None:
    """Ids of the pinned litellm; hub ids from the developers' own pages."""
    found = pairs[model]

    assert litellm_id in found.litellm_ids
    assert not [one for one in found.litellm_ids if one.endswith("-latest")]
    assert found.weights == weights or weights is None
    assert len(found.litellm_ids) == len(found.api_options)


@pytest.mark.parametrize("model", ["deepseek-v4-flash", "deepseek-v4-pro"])
def test_a_name_that_now_answers_with_newer_weights_makes_no_pair_with_the_old_ones(
    pairs: dict[str, ParityPair], model: str
) -> None:
    """DeepSeek's own API keeps both names, and serves V4.1 Flash and V4 Pro 0813 under them."""
    found = pairs[model]

    assert f"deepseek/{model}" not in found.litellm_ids
    assert f"{model}@deepinfra" in found.api_options
    assert not found.developer_runs_api


def test_a_developers_own_api_comes_first(pairs: dict[str, ParityPair]) -> None:
    own = pairs["ministral-3-8b"]

    assert own.developer_runs_api
    assert own.api_options[0] == "ministral-3-8b@mistral"
    assert not pairs["gpt-oss-120b"].developer_runs_api


def test_models_in_the_race_come_first_and_developers_own_apis_first_among_them(
    landscape: Landscape,
) -> None:
    states = {one.model: ("in", "in_doubt", "out").index(one.state) for one in landscape.models}
    order = [
        (states[one.model], not one.developer_runs_api) for one in landscape.parity_pairs
    ]  # fmt: skip

    assert order == sorted(order)


def test_the_smallest_gpu_on_offer_holds_the_weights_and_no_smaller_one_does(
    pairs: dict[str, ParityPair],
) -> None:
    margin = CATALOG.assumption("landscape.memory_per_weights").value.likely
    offered = {offer.gpu for offer in CATALOG.gpu_offers}
    rented = [gpu for gpu in CATALOG.gpus if gpu.id in offered]
    for one in pairs.values():
        if one.weights_gib is None:
            assert one.smallest_gpu is None
            continue
        needed = one.weights_gib * margin
        holding = [gpu for gpu in rented if gpu.memory_gib >= needed]
        assert bool(holding) == (one.smallest_gpu is not None)
        if one.smallest_gpu:
            best = min(gpu.memory_gb for gpu in holding)
            assert CATALOG.gpu(one.smallest_gpu).memory_gb == pytest.approx(best)


def test_an_8b_model_fits_a_24_gb_card(pairs: dict[str, ParityPair]) -> None:
    """8.03e9 weights x 2 bytes = 14.96 GiB; with the margin of 1.2, 17.9 of 23.6 GiB."""
    found = pairs["llama-3-8b-instruct"]

    assert found.weights_gib == pytest.approx(14.96, abs=0.01)
    assert found.smallest_gpu is not None
    assert CATALOG.gpu(found.smallest_gpu).memory_gb == pytest.approx(24)


def test_precision_is_stated_of_both_sides_or_said_not_to_be() -> None:
    silent = pair_of(a_catalog())
    named = pair_of(a_catalog(api_offers=(an_offer(litellm_id="host/Small-FP8"),)))

    assert silent.differences[0].endswith("not stated by the APIs")
    assert (
        named.differences[0] == "precision: bf16 by default on own servers, fp8 by its id at host"
    )


def test_a_shorter_context_of_an_offer_is_a_difference_and_an_unknown_one_is_said() -> None:
    model = a_model(context_tokens=32_768)
    short = an_offer(context_tokens=8_192, source=SOURCE)

    told = pair_of(a_catalog(models=(model,), api_offers=(short,))).differences
    unknown = pair_of(a_catalog(models=(model,))).differences

    assert "context: 32,768 tokens in the weights, 8,192 at host" in told
    assert "context: 32,768 tokens in the weights, not stated at host" in unknown


def test_an_offer_that_has_ended_makes_no_pair() -> None:
    ended = an_offer(retires=date(2026, 11, 1), source=SOURCE)
    catalog = a_catalog(api_offers=(ended,))

    assert parity_pairs(catalog, [standing("small")], as_of=AS_OF) == ()


def test_closed_models_make_no_pair(landscape: Landscape) -> None:
    closed = {one.model for one in landscape.models if not one.open_weights}

    assert not closed & {one.model for one in landscape.parity_pairs}


def test_a_provider_is_the_developer_by_name() -> None:
    catalog = a_catalog(providers=(a_provider(title="Somebody API"),))

    assert pair_of(catalog).developer_runs_api
