"""A model's record refuses what contradicts itself, and says what to take in its place."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from playbook.catalog import Architecture
from tests.catalog.builders import a_model

SHAPE = {"layers": 4, "hidden": 64, "heads": 4, "kv_heads": 2, "head_dim": 16}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"sliding_window_layers": 2}, "need each other"),
        ({"sliding_window_tokens": 128}, "need each other"),
        ({"kv_layers": 5}, "at most layers"),
        ({"sliding_window_layers": 5, "sliding_window_tokens": 128}, "at most layers"),
        ({"active_experts": 2}, "needs experts"),
        ({"experts": 8, "active_experts": 9}, "at most as many"),
    ],
)
def test_an_architecture_that_contradicts_itself_is_refused(
    fields: dict[str, int], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        Architecture.model_validate(SHAPE | fields)


def test_a_layer_may_keep_both_a_window_and_what_grows() -> None:
    both = Architecture.model_validate(
        SHAPE | {"kv_layers": 4, "sliding_window_layers": 4, "sliding_window_tokens": 128}
    )

    assert both.kv_layers == both.sliding_window_layers == 4


def test_weights_are_named_as_owner_and_name() -> None:
    assert a_model(weights="owner/name-1.5").weights == "owner/name-1.5"
    with pytest.raises(ValidationError, match="weights"):
        a_model(weights="https://hub.example/owner/name")


def test_a_successor_says_who_names_it() -> None:
    assert a_model().successor_words == ""
    assert a_model(successor="large").successor_words == "its developer names large"
    later = a_model(successor="large", successor_basis="next_release")
    assert later.successor_words == "a later release is large"
