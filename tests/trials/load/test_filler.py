import pytest

from playbook.trials.load.filler import WORDS, Fit, filler_prompt, size_of
from playbook.trials.prompt_records import Prompt
from playbook.trials.scanning.rules import RULES
from playbook.trials.scanning.scan import scan
from playbook.vocabulary import DataClass
from tests.trials.load.simulated import seeded


def a_filler(seed: int, tokens: float = 400, fit: Fit = Fit(5.0)) -> Prompt:  # noqa: B008  frozen
    return filler_prompt(
        f"f{seed}", input_tokens=tokens, output_tokens=64, fit=fit, rng=seeded(seed)
    )


def text_of(prompt: Prompt) -> str:
    return prompt.messages[0].content


@pytest.mark.parametrize("tokens", [20, 100, 1_500, 30_000])
def test_a_filler_is_as_long_as_was_asked(tokens: int) -> None:
    assert size_of(a_filler(1, tokens)) == 5 * tokens


def test_no_two_fillers_share_a_beginning() -> None:
    beginnings = {text_of(a_filler(seed))[:20] for seed in range(500)}

    assert len(beginnings) == 500


def test_the_same_seed_makes_the_same_filler() -> None:
    assert a_filler(4) == a_filler(4)


def test_a_filler_is_public_and_the_scan_finds_nothing_in_it() -> None:
    for seed in range(50):
        prompt = a_filler(seed, 2_000)
        assert prompt.data_class is DataClass.PUBLIC
        assert list(scan(text_of(prompt), message=0, rules=RULES)) == []


def test_its_words_vary() -> None:
    used = set(text_of(a_filler(1, 1_500)).split())

    assert len(used) > 250
    assert len(set(WORDS)) == len(WORDS)


def test_the_length_is_fitted_to_the_endpoints_own_count() -> None:
    """An endpoint that counts 12 tokens of its own and one for every 4 characters."""

    def counted(prompt: Prompt) -> int:
        return 12 + size_of(prompt) // 4

    first = a_filler(1, 1_000, Fit())
    fit = Fit().learnt(size_of(first), counted(first))

    assert counted(a_filler(2, 1_000, fit)) == pytest.approx(1_000, rel=0.02)


@pytest.mark.parametrize("tokens", [None, 0, 1, 10**9])
def test_a_count_that_cant_be_true_changes_nothing(tokens: int | None) -> None:
    assert Fit(5.0).learnt(2_000, tokens) == Fit(5.0)
