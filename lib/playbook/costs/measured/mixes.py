"""A histogram of call lengths: `500/200:0.7, 8000/400:0.3`, input / output : share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from playbook.errors import ProblemsError

_PARTS = re.compile(r"[,;\n]+")
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)\s*:\s*(\d+(?:\.\d+)?)\s*(%?)")
FULL = 1.0
SUM_WITHIN = 0.01
SHOWN = 40


class MixError(ProblemsError):
    """A histogram of call lengths is wrong."""


@dataclass(frozen=True)
class Mix:
    """Calls of some lengths, as one mean call and the longest."""

    input_tokens: float
    """Mean input tokens."""
    output_tokens: float
    """Mean output tokens."""
    longest_call_tokens: float
    """Input and output of the longest call, which must fit memory."""


def mix_of(text: str, name: str) -> Mix:
    """Return the mean and the longest call of a histogram; shares may be parts or percent.

    Args:
        text: Parts `input/output:share`, by commas or lines.
        name: What it is called in messages.

    Raises:
        MixError: with every problem.

    Example:
        >>> mix_of("500/200:0.75, 4500/200:0.25", "--mix")
        Mix(input_tokens=1500.0, output_tokens=200.0, longest_call_tokens=4700.0)
    """
    problems: list[str] = []
    parts = list(_parts(text, problems))
    total = sum(share for _, _, share in parts)
    if not problems and not parts:
        problems.append("is empty; give parts such as 500/200:0.7,8000/400:0.3")
    elif not problems and abs(total - FULL) > SUM_WITHIN:
        problems.append(f"its shares sum to {total:g}; they must sum to 1 or 100%")
    if problems:
        raise MixError(name, problems)
    return Mix(
        input_tokens=sum(reads * share for reads, _, share in parts) / total,
        output_tokens=sum(writes * share for _, writes, share in parts) / total,
        longest_call_tokens=max(reads + writes for reads, writes, share in parts if share > 0),
    )


def _parts(text: str, problems: list[str]) -> Iterator[tuple[float, float, float]]:
    for part in filter(None, map(str.strip, _PARTS.split(text))):
        found = _PART.fullmatch(part)
        if found is None:
            problems.append(f"{part[:SHOWN]!r} is not input/output:share, such as 500/200:0.7")
        elif float(found[2]) < 1:
            problems.append(f"{part[:SHOWN]!r} writes no token; give an output of at least 1")
        else:
            share = float(found[3]) / (100 if found[4] else 1)
            yield float(found[1]), float(found[2]), share
