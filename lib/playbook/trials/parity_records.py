"""What a parity trial leaves behind: are two endpoints one model, and what did tuning change."""

from __future__ import annotations

from typing import Literal

from playbook.records import Record
from playbook.trials.interval import Interval

ParityVerdict = Literal["equivalent", "not equivalent", "inconclusive"]
GainVerdict = Literal["gained", "no gain", "inconclusive"]
ForgettingVerdict = Literal["forgot", "kept", "inconclusive"]


class PinnedSetting(Record):
    """One thing that can make the same weights answer differently, as it was at both places."""

    name: str
    """What it is."""
    first: str
    """At the first endpoint; empty if unknown."""
    second: str
    """At the second endpoint; empty if unknown."""
    state: Literal["same", "different", "unknown"]
    """Unknown unless both are known."""


class AnswerAgreement(Record):
    """How often two endpoints gave the same answer, beside one of them asked twice."""

    n: int
    """Prompts that both answered, each answered once more by the first."""
    same_text: Interval
    """Share with the very same text."""
    same_text_of_itself: Interval
    """The same, of the first endpoint asked twice: the noise floor."""
    alike: Interval
    """Share with the same text but for case, punctuation and spaces."""
    alike_of_itself: Interval
    """The noise floor of it."""
    beyond_noise: Interval
    """Share alike of itself less share alike between the two, paired by prompt: above 0 the two
    differ by more than noise."""
    p_value: float
    """Exact McNemar test that they do not, two-sided."""
    differs_beyond_noise: bool
    """Whether interval and test both say so."""


class TaskShift(Record):
    """What tuning did to one task, or to some tasks together."""

    task: str
    """Task, or `all specialist tasks`, `all old tasks`."""
    n: int
    """Prompts that both were sent."""
    difference: Interval
    """Pass rate of the tuned model less that of its base, paired."""
    adjusted_p: float
    """Exact McNemar test, adjusted (Holm) for the tasks of its kind."""
    verdict: GainVerdict | ForgettingVerdict
    """Of a specialist task whether it gained, of another one whether it forgot."""
    needed: int | None = None
    """Shared prompts that would probably settle it; None where it is settled, or none would."""


class ParityResult(Record):
    """Two endpoints, compared prompt by prompt."""

    first: str
    """Endpoint that sets the standard; of a tuned model, its base."""
    second: str
    """The other one."""
    kind: Literal["same_weights", "base_and_tuned"]
    """Whether they ought to be one model, or the second was tuned from the first."""
    margin: float
    """Difference in pass rate that still counts as equal; set before the run."""
    n: int
    """Scored prompts that both were sent."""
    difference: Interval | None
    """Pass rate of the second less that of the first, paired; None of no scored prompt."""
    p_equivalent: float | None
    """p value of equivalence: the larger of two one-sided tests by the margin; 2.5% is enough."""
    verdict: ParityVerdict | None
    """Of the same weights; None of base and tuned."""
    because: tuple[str, ...]
    """Reasons for the verdict, and what was seen beside it."""
    agreement: AnswerAgreement | None
    """Answers against the noise floor; None until the first endpoint has been asked again."""
    same_outcome: Interval | None
    """Share of prompts that ended alike: answered, cut, filtered or failed."""
    outcomes_that_differ: dict[str, int]
    """Prompts by how they ended at the first and at the second, where that differs."""
    output_tokens: Interval | None
    """Mean output tokens of the second less those of the first, as the endpoints counted them."""
    input_tokens: Interval | None
    """The same of the input: other than 0 means another template or tokenizer."""
    settings: tuple[PinnedSetting, ...]
    """What was pinned, what differs and what is unknown."""
    needed: int | None = None
    """Shared prompts that would probably settle it; None where it is settled, or none would."""
    gain: GainVerdict | None = None
    """Of a tuned model: whether it gained on the tasks that the tuning was for."""
    forgetting: ForgettingVerdict | None = None
    """Of a tuned model: whether it forgot on the others."""
    shifts: tuple[TaskShift, ...] = ()
    """Of a tuned model: what changed, by task."""
