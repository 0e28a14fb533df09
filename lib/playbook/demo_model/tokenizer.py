"""Train the byte-level BPE tokenizer of the demonstration models (needs the `tokenizers` package).

The split pattern is the one llama.cpp calls `qwen2`: each digit is a token of its own, and exact
copying of order numbers, dates and amounts depends on that.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from playbook.demo_model.data import TASKS, Example, training_example

VOCABULARY = 1024
SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CORPUS_EXAMPLES = 20_000
CORPUS_SEED = 1

_SPLIT_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@dataclass(frozen=True)
class Segment:
    """A run of token ids; an answer is what the model has to say, the rest is what it reads."""

    ids: tuple[int, ...]
    is_answer: bool


def train_tokenizer(path: Path) -> Tokenizer:
    """Train the tokenizer on synthetic training turns and write it as JSON.

    Args:
        path: File to write.

    Returns:
        The tokenizer, with a vocabulary of `VOCABULARY` entries.
    """
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_SPLIT_PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=sorted(alphabet),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_corpus(), trainer)
    tokenizer.save(str(path))
    return tokenizer


def encode_chats(tokenizer: Tokenizer, examples: Sequence[Example]) -> list[list[Segment]]:
    """Return the token segments of each chat in ChatML form, answers apart from what is read.

    Args:
        tokenizer: A trained tokenizer.
        examples: Chats; the expected answer is appended as the last assistant turn.

    Returns:
        One list of segments per example, reading and answer segments in turn.
    """
    pieces = [list(_pieces(example)) for example in examples]
    encoded = iter(tokenizer.encode_batch([text for chat in pieces for text, _ in chat]))
    return [
        [Segment(tuple(next(encoded).ids), is_answer) for _, is_answer in chat] for chat in pieces
    ]


def token_merges(tokenizer: Tokenizer) -> list[str]:
    """Return the merge rules, each as two pieces apart by a space."""
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [rule if isinstance(rule, str) else " ".join(rule) for rule in merges]


def _pieces(example: Example) -> Iterator[tuple[str, bool]]:
    reading = ""
    for turn in example.messages:
        if turn.role == "assistant":
            yield f"{reading}<|im_start|>assistant\n", False
            yield f"{turn.content}<|im_end|>", True
            reading = "\n"
        else:
            reading += f"<|im_start|>{turn.role}\n{turn.content}<|im_end|>\n"
    yield f"{reading}<|im_start|>assistant\n", False
    yield f"{example.expected}<|im_end|>", True


def _corpus() -> Iterator[str]:
    rng = random.Random(CORPUS_SEED)  # noqa: S311 (synthetic data, no secret)
    for _ in range(CORPUS_EXAMPLES):
        example = training_example(rng.choice(TASKS), rng)
        yield "\n".join([*(turn.content for turn in example.messages), example.expected])
