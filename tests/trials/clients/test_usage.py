from __future__ import annotations

from types import SimpleNamespace

import pytest

from playbook.trials.clients.usage import token_counts


@pytest.mark.parametrize("name", ["cache_write_tokens", "cache_creation_tokens"])
def test_written_tokens_are_found_under_either_name(name: str) -> None:
    read = SimpleNamespace(cached_tokens=3, **{name: 2})
    usage = SimpleNamespace(prompt_tokens=9, completion_tokens=4, prompt_tokens_details=read)

    found = token_counts(usage)

    assert found["input_tokens"] == 9
    assert (found["cached_input_tokens"], found["cache_written_tokens"]) == (3, 2)


def test_what_is_not_counted_is_unknown() -> None:
    assert set(token_counts(None).values()) == {None}


def test_no_reasoning_is_unknown_since_litellm_writes_it_where_nothing_was_said() -> None:
    wrote = SimpleNamespace(reasoning_tokens=0)

    found = token_counts(SimpleNamespace(completion_tokens=4, completion_tokens_details=wrote))

    assert (found["output_tokens"], found["reasoning_tokens"]) == (4, None)
