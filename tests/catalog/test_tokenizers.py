"""Which tokenizer a model has, and how many tokens it makes of the same text."""

import pytest

from playbook.catalog import Tokenizer, load_catalog, ratio_in, tokenizer_of
from playbook.uncertainty import Estimate
from tests.costs.builders import SOURCE, a_model


def a_tokenizer(name: str, **fields: object) -> Tokenizer:
    ratios = {
        "english": 1.0,
        "latin": {"low": 1.1, "likely": 1.2, "high": 1.3},
        "other": {"low": 1, "likely": 2, "high": 3},
    }
    values = {"id": name, "title": name, "tokens_over_reference": ratios, "source": SOURCE}
    return Tokenizer.model_validate({**values, **fields})


def test_model_goes_before_family_and_family_before_the_one_for_others() -> None:
    others = a_tokenizer("another", stands_for_others=True)
    family = a_tokenizer("family", families=["small"])
    exact = a_tokenizer("exact", models=["small-8b"])

    assert tokenizer_of([others, family, exact], a_model()) is exact
    assert tokenizer_of([others, family], a_model()) is family
    assert tokenizer_of([others], a_model()) is others
    assert tokenizer_of([], a_model()) is None


def test_several_writings_span_from_the_lowest_to_the_highest_text() -> None:
    """Likely: mean of 1.0 and 1.2."""
    found = ratio_in(a_tokenizer("one"), ["english", "latin", "english"])

    assert (found.low, found.likely, found.high) == pytest.approx((1.0, 1.1, 1.3))


def test_every_model_of_the_package_has_a_tokenizer_and_the_reference_is_one() -> None:
    catalog = load_catalog()

    assert all(tokenizer_of(catalog.tokenizers, model) for model in catalog.models)
    openai = tokenizer_of(catalog.tokenizers, catalog.model("gpt-5-2025-08-07"))
    assert openai is not None
    assert ratio_in(openai, ["english", "latin", "other"]) == Estimate(low=1, likely=1, high=1)


def test_newer_claude_makes_more_tokens_of_english_than_older_as_was_published() -> None:
    """Opus 4.7 made 1.2 to 1.47 times the tokens of 4.6 (claudecodecamp.com, 2026-04)."""
    catalog = load_catalog()
    older, newer = (
        ratio_in(one, ["english"]).likely
        for name in ("claude-opus-4-5-20251101", "claude-opus-5-5")
        if (one := tokenizer_of(catalog.tokenizers, catalog.model(name)))
    )

    assert 1.2 <= newer / older <= 1.47
