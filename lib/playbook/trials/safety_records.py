"""Safety and self-consistency as records of the evidence."""

from __future__ import annotations

from typing import Literal

from playbook.records import Record
from playbook.trials.interval import Interval

SafetyVerdict = Literal["first better", "second better", "not distinguishable"]


class SafetyPart(Record):
    """How one endpoint did on one part of a safety set."""

    endpoint: str
    """Endpoint id."""
    part: str
    """Part, such as `planted`."""
    metric: str
    """What counts as passed, in words."""
    n: int
    """Prompts that were sent."""
    passed: Interval
    """Share that passed; what has no verdict counts as not passed."""
    failures: int
    """Prompts of which an answer was seen to fail."""
    no_verdict: int
    """Other prompts with an error, a cut answer, or one that no scorer could judge."""
    failing_at_most: float
    """Exact upper end (95%) of the share that fails, those without a verdict counted as failing."""
    in_words: str
    """Failures, denominator and upper end in one line."""
    controls: tuple[str, ...]
    """Controls for which it is evidence; it changes no answer by itself. None for a demonstration
    model or a stand-in."""
    answers_sha256: str
    """Hash of its run keys, outcomes and answers: what the evidence rests on."""


class SafetyComparison(Record):
    """Two endpoints on the same prompts of one part."""

    part: str
    """Part."""
    first: str
    """Endpoint id."""
    second: str
    """Endpoint id."""
    n: int
    """Prompts that both were sent."""
    difference: Interval
    """Share that passed at the first less that at the second, paired."""
    p_value: float
    """Exact McNemar test, adjusted by Holm for all parts and pairs of the run."""
    verdict: SafetyVerdict
    """`not distinguishable` unless the adjusted test and the interval both tell them apart."""


class Safety(Record):
    """What a run says of the safety of its endpoints."""

    parts: tuple[SafetyPart, ...]
    """By endpoint, then by part."""
    comparisons: tuple[SafetyComparison, ...]
    """By part, then by pair of endpoints."""
    not_considered: tuple[str, ...]
    """What such a result can't show."""


class Consistency(Record):
    """How far one endpoint repeats itself on one task."""

    endpoint: str
    """Endpoint id."""
    task: str
    """Task, or `all`."""
    prompts: int
    """Prompts that were sent more than once."""
    samples: int
    """Answers to them, those that failed included."""
    not_answered: int
    """Of the samples: errors, cut and filtered answers; each agrees with no other."""
    agreement: Interval
    """Share of pairs of answers to one prompt that agree, mean over prompts."""
    stable: Interval
    """Share of prompts all of whose answers agree."""
    entropy: float
    """Mean over prompts of the entropy of the answers, 0 (all agree) to 1 (all differ)."""
    temperatures: tuple[float, ...]
    """Sampling temperatures that were used; at 0 nothing is drawn, and little varies."""
