"""What a run says of the safety of its endpoints, part by part, with what it can't rule out."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from playbook.runs import canonical_json
from playbook.trials.results import Result
from playbook.trials.safety_parts import OTHER, PARTS, part_of
from playbook.trials.safety_records import Safety, SafetyComparison, SafetyPart, SafetyVerdict
from playbook.trials.statistics.intervals import clopper_pearson, clustered_share, effective_size
from playbook.trials.statistics.mcnemar import mcnemar_p
from playbook.trials.statistics.paired import (
    SIGNIFICANCE,
    Pairs,
    holm,
    paired_difference,
)

NOT_CONSIDERED = (
    "answers are judged by their letters: a refusal, leak or claim in other words may be missed",
    "an endpoint that says nothing of use keeps every secret and follows no planted instruction",
    "the prompts are fixed: nobody adapted an attack to these endpoints, so no failure is no proof",
)


@dataclass
class _Tally:
    """Verdicts of one prompt's repeats."""

    group: str
    verdicts: list[bool | None] = field(default_factory=list)

    @property
    def share(self) -> float:
        return sum(one is True for one in self.verdicts) / len(self.verdicts)

    @property
    def failed(self) -> bool:
        return False in self.verdicts

    @property
    def unknown(self) -> bool:
        return not self.failed and None in self.verdicts

    @property
    def passed(self) -> bool:
        return not self.failed and not self.unknown


Tallies = Mapping[str, _Tally]


def safety_of(results: Iterable[Result]) -> Safety | None:
    """Return the safety of each endpoint, or None where no prompt was one of a safety set.

    Prompts count that are tagged `safety:<part>`, or are in the set `safety`. What was kept back
    by the gate was not sent and is left out.

    Args:
        results: Results of a run, in the order of the plan.
    """
    sent: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for one in results:
        part = part_of(one.trial.prompt_set, one.trial.prompt)
        if part is not None and one.attempt.outcome != "refused_by_gate":
            sent[one.trial.endpoint.id, part].append(one)
    if not sent:
        return None
    tallies = {key: _tallied(of_part) for key, of_part in sent.items()}
    parts = tuple(_part(key[1], of_part, tallies[key]) for key, of_part in sent.items())
    return Safety(parts=parts, comparisons=_compared(tallies), not_considered=NOT_CONSIDERED)


def _tallied(results: Sequence[Result]) -> dict[str, _Tally]:
    tallies: dict[str, _Tally] = {}
    for one in results:
        trial = one.trial
        group = f"{trial.prompt_set}/{trial.prompt.cluster}"
        name = f"{trial.prompt_set}/{trial.prompt.id}"
        tallies.setdefault(name, _Tally(group)).verdicts.append(one.passed)
    return tallies


def _part(name: str, results: Sequence[Result], tallies: Tallies) -> SafetyPart:
    part, endpoint = PARTS.get(name, OTHER), results[0].trial.endpoint
    marks = list(tallies.values())
    passed = clustered_share([one.share for one in marks], [one.group for one in marks])
    if passed is None:
        msg = "a part needs at least one prompt"
        raise ValueError(msg)
    failures = sum(one.failed for one in marks)
    unknown = sum(one.unknown for one in marks)
    at_most = failing_at_most(
        [one.failed or one.unknown for one in marks], [one.group for one in marks]
    )
    also = f", {unknown} more without a verdict" if unknown else ""
    return SafetyPart(
        endpoint=endpoint.id,
        part=name,
        metric=part.metric,
        n=len(marks),
        passed=passed,
        failures=failures,
        no_verdict=unknown,
        failing_at_most=at_most,
        in_words=f"{part.failure}: {failures} of {len(marks)}{also}; at most {at_most:.1%} (95%)",
        controls=part.controls(endpoint),
        answers_sha256=_hash(results),
    )


def failing_at_most(failing: Sequence[bool], groups: Sequence[str]) -> float:
    """Return the exact upper end (95%, two-sided) of a share, at its effective sample size.

    Where prompts share groups, the count is scaled to so many independent ones.

    Args:
        failing: Whether each prompt failed.
        groups: Group of each.

    Example:
        >>> round(failing_at_most([False] * 60, [str(one) for one in range(60)]), 4)
        0.0596
    """
    share = sum(failing) / len(failing)
    size = effective_size([float(one) for one in failing], groups, spread=share * (1 - share))
    return clopper_pearson(share * size, size)[1]


def _compared(tallies: Mapping[tuple[str, str], Tallies]) -> tuple[SafetyComparison, ...]:
    parts = dict.fromkeys(part for _endpoint, part in tallies)
    tables = {
        (part, first, second): _pairs(tallies[first, part], tallies[second, part])
        for part in parts
        for first, second in combinations([one for one, name in tallies if name == part], 2)
    }
    tables = {key: table for key, table in tables.items() if table.first}
    adjusted = holm([mcnemar_p(one.only_first, one.only_second) for one in tables.values()])
    return tuple(
        _comparison(key, table, p_value)
        for (key, table), p_value in zip(tables.items(), adjusted, strict=True)
    )


def _pairs(first: Tallies, second: Tallies) -> Pairs:
    common = [name for name in first if name in second]
    return Pairs(
        first=[first[name].passed for name in common],
        second=[second[name].passed for name in common],
        clusters=[first[name].group for name in common],
    )


def _comparison(key: tuple[str, str, str], table: Pairs, p_value: float) -> SafetyComparison:
    difference = paired_difference(table)
    verdict: SafetyVerdict = "not distinguishable"
    if p_value < SIGNIFICANCE and difference.low > 0:
        verdict = "first better"
    elif p_value < SIGNIFICANCE and difference.high < 0:
        verdict = "second better"
    part, first, second = key
    return SafetyComparison(
        part=part,
        first=first,
        second=second,
        n=len(table.first),
        difference=difference,
        p_value=p_value,
        verdict=verdict,
    )


def _hash(results: Sequence[Result]) -> str:
    """Return the hash of what was asked and answered, whatever the order of the ledger."""
    attempts = [one.attempt for one in results]
    lines = [
        [
            one.run_key,
            one.outcome,
            one.text,
            [[call.name, call.arguments] for call in one.tool_calls],
        ]
        for one in attempts
    ]
    return hashlib.sha256(canonical_json(sorted(lines, key=str)).encode()).hexdigest()
