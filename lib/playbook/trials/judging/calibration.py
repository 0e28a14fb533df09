"""Calibrate a judge with people's labels, and correct its pass rates by what they show.

Sources:
    Kappa, sensitivity, specificity and the corrected rate: `statistics.agreement`, with theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playbook.trials.interval import Interval
from playbook.trials.judging.records import FEWEST_LABELS, Calibration
from playbook.trials.statistics.agreement import Checked, agreement, corrected_share
from playbook.trials.statistics.intervals import wilson

FEWEST_OF_EACH = 5
"""Answers that people passed, and that they failed, below which one of the two error rates of a
judge is as good as unknown."""


@dataclass(frozen=True)
class Compared:
    """One labelled answer that a judge gave a verdict on."""

    person: bool
    """Whether the person passed it."""
    judge: bool
    """Whether the judge passed it."""


def calibrate(compared: Sequence[Compared], *, left_out: int = 0) -> Calibration:
    """Return how far a judge agrees with people.

    Args:
        compared: Answers with both a label and a verdict.
        left_out: Labels that match no judged answer.
    """
    labels = len(compared)
    if not labels:
        because = f"no labelled answer was judged; label at least {FEWEST_LABELS}"
        return Calibration(labels=0, left_out=left_out, because=because)
    found = agreement([one.person for one in compared], [one.judge for one in compared])
    passes, failures = _checked(compared)
    because = _why_not(labels, passes, failures)
    return Calibration(
        labels=labels,
        left_out=left_out,
        agreement=found.observed,
        kappa=found.kappa,
        sensitivity=_share(passes),
        specificity=_share(failures),
        calibrated=not because,
        because=because or f"{labels} labels, {passes.n} passed and {failures.n} failed by people",
    )


def corrected_rate(rate: Interval, compared: Sequence[Compared]) -> Interval | None:
    """Return the share that people would have passed, from the judge's rate and its errors.

    Where prompts share a group, the interval is that of as many independent ones as the judge's
    own interval is worth.

    Args:
        rate: The judge's pass rate with its interval.
        compared: Labelled answers; those of other endpoints count too.
    """
    passes, failures = _checked(compared)
    size = max(1, min(rate.n, round(_independent(rate))))
    return corrected_share(
        round(rate.value * size), size, true_passes=passes, true_failures=failures
    )


def _independent(rate: Interval) -> float:
    """Return the number of independent prompts whose Wilson interval is as wide."""
    low, high = 1, rate.n
    width = rate.high - rate.low
    while low < high:
        middle = (low + high) // 2
        ends = wilson(rate.value * middle, middle)
        low, high = (low, middle) if ends[1] - ends[0] <= width + 1e-9 else (middle + 1, high)
    return low


def _checked(compared: Sequence[Compared]) -> tuple[Checked, Checked]:
    passed = [one.judge for one in compared if one.person]
    failed = [not one.judge for one in compared if not one.person]
    return Checked(sum(passed), len(passed)), Checked(sum(failed), len(failed))


def _share(checked: Checked) -> Interval | None:
    if not checked.n:
        return None
    low, high = wilson(checked.right, checked.n)
    value = checked.right / checked.n
    return Interval(value=value, low=low, high=high, n=checked.n, method="Wilson (95%)")


def _why_not(labels: int, passes: Checked, failures: Checked) -> str:
    """Return why a judge is not calibrated, or an empty text."""
    if labels < FEWEST_LABELS:
        return f"{labels} labels, {FEWEST_LABELS} are needed"
    if min(passes.n, failures.n) < FEWEST_OF_EACH:
        return (
            f"people passed {passes.n} and failed {failures.n} of the labelled answers; "
            f"{FEWEST_OF_EACH} of each are needed, so label answers of both kinds"
        )
    if passes.right / passes.n + failures.right / failures.n <= 1:
        return "the judge is no better than a coin on the labelled answers"
    return ""
