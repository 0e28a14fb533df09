"""Two endpoints of one ledger, prompt by prompt, by a margin: as good, equal, or inconclusive.

Unlike the evidence of a team it needs no profile and no prompt set: scores are those that the
ledger holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

from playbook.records import Record
from playbook.trials.interval import Interval
from playbook.trials.records import Attempt
from playbook.trials.statistics.equivalence import MarginVerdict, judge_by_margin
from playbook.trials.statistics.mcnemar import mcnemar_p
from playbook.trials.statistics.paired import Pairs, paired_difference
from playbook.trials.statistics.power import pairs_to_settle

_HALF = 0.5


class MarginComparison(Record):
    """What a ledger says of two endpoints on the prompts that both were sent."""

    first: str
    """Endpoint that is to be as good."""
    second: str
    """Endpoint that it is compared with."""
    n: int
    """Prompts in it."""
    first_rate: float
    """Share of them that the first passed."""
    second_rate: float
    """Share of them that the second passed."""
    difference: Interval
    """First less second, paired."""
    only_first_passed: int
    """Discordant prompts."""
    only_second_passed: int
    """Discordant prompts."""
    p_value: float
    """Exact McNemar test, two-sided."""
    margin: float
    """Difference that counts as equal."""
    verdict: MarginVerdict
    """Of the first, by its 95% interval: equivalent: within the margin on both sides; not inferior:
    above its lower edge; inferior: wholly below that; different: wholly above the upper edge."""
    prompts_to_settle: int | None
    """Prompts that would probably settle it, were all as it was seen."""
    left_out: int
    """Prompts that only one of them was sent."""
    unscored: int
    """Prompts that both were sent and that nothing scored."""


def compare_in_ledger(
    attempts: Sequence[Attempt], first: str, second: str, *, margin: float
) -> MarginComparison:
    """Return how two endpoints compare by what their ledger holds.

    A prompt passes where more than half of its repeats did. An answer that failed, was filtered or
    cut off is no pass; what the gate kept back was not sent.

    Args:
        attempts: Lines of a ledger.
        first: Endpoint that is to be as good.
        second: Endpoint that it is compared with.
        margin: Difference in pass rate that counts as equal, chosen before the run.

    Raises:
        TrialError: when there is no scored prompt that both were sent.
    """
    results = _results(attempts)
    ours, theirs = results.get(first, {}), results.get(second, {})
    common = [name for name in ours if name in theirs]
    scored = [name for name in common if _is_scored(ours[name] + theirs[name])]
    if not scored:
        from playbook.errors import TrialError  # noqa: PLC0415  only here

        raise TrialError(
            f"no scored prompt was sent to both {first} and {second}; try more prompts"
        )
    pairs = Pairs(
        first=[_passed(ours[name]) for name in scored],
        second=[_passed(theirs[name]) for name in scored],
        clusters=[(name[0], ours[name][0].group) for name in scored],
    )
    n, difference = len(scored), paired_difference(pairs)
    return MarginComparison(
        first=first,
        second=second,
        n=n,
        first_rate=fmean(pairs.first),
        second_rate=fmean(pairs.second),
        difference=difference,
        only_first_passed=pairs.only_first,
        only_second_passed=pairs.only_second,
        p_value=mcnemar_p(pairs.only_first, pairs.only_second),
        margin=margin,
        verdict=judge_by_margin(difference, margin=margin),
        prompts_to_settle=pairs_to_settle(pairs, margin=margin),
        left_out=len(ours.keys() ^ theirs.keys()),
        unscored=len(common) - n,
    )


Results = dict[str, dict[tuple[str, str], list[Attempt]]]


def _results(attempts: Sequence[Attempt]) -> Results:
    """Return the last result of each repeat that was sent, by endpoint and prompt.

    Where an endpoint or a prompt was changed between two runs in a folder, the later one counts.
    """
    last = {
        (one.endpoint, one.prompt_set, one.prompt, one.repeat): one
        for one in attempts
        if one.final and one.purpose == "trial"
    }
    found: Results = defaultdict(lambda: defaultdict(list))
    for one in last.values():
        if one.outcome != "refused_by_gate" and not one.load:
            found[one.endpoint][one.prompt_set, one.prompt].append(one)
    return found


def _is_scored(attempts: Sequence[Attempt]) -> bool:
    """Return whether a prompt has scorers, as far as its attempts tell; failures alone count."""
    return not any(one.outcome == "answered" and one.passed is None for one in attempts)


def _passed(attempts: Sequence[Attempt]) -> bool:
    return sum(one.passed is True for one in attempts) / len(attempts) > _HALF
