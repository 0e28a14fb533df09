"""What a call is expected to use before it is sent."""

from __future__ import annotations

import pytest

from playbook.trials.client import Message, Request
from playbook.trials.money import most_input_tokens
from playbook.trials.token_guess import FIRST_INPUT_SHARE, TokenGuess


def a_request(size: int = 1_000, max_tokens: int = 200) -> Request:
    return Request([Message("user", "x" * size)], max_tokens=max_tokens)


def test_of_an_unknown_task_a_cautious_part_of_the_ceiling_is_expected() -> None:
    request = a_request()

    guess = TokenGuess().of(request)

    assert guess.input_tokens == FIRST_INPUT_SHARE * most_input_tokens(request)
    assert guess.output_tokens == 200
    assert guess.tokens < most_input_tokens(request) + 200


def test_what_the_endpoint_counted_is_expected_of_the_next_call() -> None:
    guesses, request = TokenGuess(), a_request()
    for _ in range(50):
        guesses.learn(request, "", 250, 20)

    guess = guesses.of(a_request(size=2_000, max_tokens=400))

    assert guess.output_tokens == pytest.approx(40)
    assert guess.input_tokens == pytest.approx(484, abs=2)  # 250 of 1,064 bytes and frame, twice
    assert guess.variance < 30


def test_a_task_without_a_settled_call_learns_nothing_from_another() -> None:
    guesses, request = TokenGuess(), a_request()
    guesses.learn(request, "short answers", 250, 2)

    assert guesses.of(request, "long answers").output_tokens == 200
    assert guesses.of(request, "short answers").output_tokens == 2


def test_few_calls_say_little_of_the_spread() -> None:
    guesses, request = TokenGuess(), a_request()
    guesses.learn(request, "", 250, 20)
    one = guesses.of(request).variance
    for _ in range(20):
        guesses.learn(request, "", 250, 20)

    assert one**0.5 > 100
    assert guesses.of(request).variance < one / 100


def test_what_is_long_ago_counts_for_little() -> None:
    guesses, request = TokenGuess(), a_request()
    for written in [200] * 500 + [20] * 300:
        guesses.learn(request, "", 250, written)

    assert guesses.of(request).output_tokens == pytest.approx(20, abs=1)
