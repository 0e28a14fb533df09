"""A server's list of models is read with care, and judged in words."""

from __future__ import annotations

import pytest

from playbook.errors import TrialError
from playbook.trials.clients.listing import LONGEST_NAME, Listing, listing_of
from playbook.trials.clients.targets import resolve_target
from tests.trials.clients.test_litellm_leaks import an_endpoint

OPENAI = Listing("http://x/v1/models", "data", "id", "llama")


@pytest.mark.parametrize(
    ("prefix", "url"),
    [("hosted_vllm", "http://x/v1/models"), ("ollama_chat", "http://x/api/tags")],
)
def test_list_is_asked_for_where_the_server_has_it(prefix: str, url: str) -> None:
    target = resolve_target(an_endpoint(prefix, "http://x"), addresses={})

    assert listing_of(target).url == url


@pytest.mark.parametrize(
    "answer", [None, [], {}, {"data": None}, {"data": [3]}, {"data": [{"name": "x"}]}]
)
def test_answer_that_is_no_list_is_said_to_be_none(answer: object) -> None:
    with pytest.raises(ValueError, match="no list of models"):
        OPENAI.names_in(answer)


def test_names_are_cut_to_a_length() -> None:
    assert OPENAI.names_in({"data": [{"id": "x" * 1000}]}) == ("x" * LONGEST_NAME,)


def test_tag_that_ollama_adds_is_no_other_model() -> None:
    OPENAI.check("place", ("llama:latest",))

    with pytest.raises(TrialError, match="endpoint place: serves none, not llama"):
        OPENAI.check("place", ())
