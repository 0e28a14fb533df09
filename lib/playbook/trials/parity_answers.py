"""The same prompts at two endpoints: do answers agree as often as one endpoint's with itself?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playbook.runs import canonical_json
from playbook.trials.interval import Interval
from playbook.trials.parity_records import AnswerAgreement
from playbook.trials.records import Attempt
from playbook.trials.results import Result
from playbook.trials.scorers.normalised import normalise
from playbook.trials.statistics.intervals import clustered_share
from playbook.trials.statistics.mcnemar import mcnemar_p
from playbook.trials.statistics.paired import SIGNIFICANCE, Pairs, paired_difference


@dataclass(frozen=True)
class Both:
    """One prompt at both endpoints, first time."""

    first: Attempt
    second: Attempt
    again: Attempt | None
    """The first endpoint, asked once more."""
    group: str


def asked_of_both(
    first: Sequence[Result], second: Sequence[Result], again: Mapping[str, Attempt]
) -> list[Both]:
    """Return the prompts that both were sent, the first time of each."""
    theirs = {
        (one.trial.prompt_set, one.trial.prompt.id): one.attempt
        for one in second
        if one.trial.repeat == 0 and one.attempt.outcome != "refused_by_gate"
    }
    found = []
    for one in first:
        name = (one.trial.prompt_set, one.trial.prompt.id)
        if one.trial.repeat or one.attempt.outcome == "refused_by_gate" or name not in theirs:
            continue
        group = f"{one.trial.prompt_set}/{one.trial.prompt.cluster}"
        found.append(Both(one.attempt, theirs[name], again.get(one.trial.run_key), group))
    return found


def answer_agreement(both: Sequence[Both]) -> AnswerAgreement | None:
    """Return how often two endpoints' answers agree, beside those of one asked twice.

    Args:
        both: Prompts that both were sent; only those answered three times count.
    """
    rows = [
        (one, one.again)
        for one in both
        if one.again is not None
        and {one.first.outcome, one.second.outcome, one.again.outcome} == {"answered"}
    ]
    if not rows:
        return None
    places = [one for one, _ in rows]
    same = [_said(one.first) == _said(one.second) for one in places]
    same_of_itself = [_said(one.first) == _said(twice) for one, twice in rows]
    alike_of_itself = [_alike(one.first, twice) for one, twice in rows]
    alike = [_alike(one.first, one.second) for one, _ in rows]
    pairs = Pairs(alike_of_itself, alike, [one.group for one in places])
    beyond = paired_difference(pairs)
    p_value = mcnemar_p(pairs.only_first, pairs.only_second)
    return AnswerAgreement(
        n=len(rows),
        same_text=_share(same, places),
        same_text_of_itself=_share(same_of_itself, places),
        alike=_share(alike, places),
        alike_of_itself=_share(alike_of_itself, places),
        beyond_noise=beyond,
        p_value=p_value,
        differs_beyond_noise=p_value < SIGNIFICANCE and beyond.low > 0,
    )


def _said(attempt: Attempt) -> tuple[str, str]:
    """Return the text of an answer and the tools it called."""
    return attempt.text, canonical_json([[one.name, one.arguments] for one in attempt.tool_calls])


def _alike(one: Attempt, other: Attempt) -> bool:
    (text, calls), (other_text, other_calls) = _said(one), _said(other)
    return normalise(text) == normalise(other_text) and calls == other_calls


def share_of(marks: Sequence[bool], both: Sequence[Both]) -> Interval | None:
    """Return a share of prompts with its interval by group; None of no prompt."""
    return _share(marks, both) if both else None


def _share(marks: Sequence[bool], both: Sequence[Both]) -> Interval:
    found = clustered_share([float(one) for one in marks], [one.group for one in both])
    if found is None:
        raise ValueError("a share needs at least one prompt")
    return found
