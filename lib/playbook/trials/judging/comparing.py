"""Pairs of answers that a judge compared in both orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from playbook.trials.judging.readings import Reading, said_in
from playbook.trials.judging.records import JudgedPair, OrderBias
from playbook.trials.records import Attempt
from playbook.trials.statistics.agreement import Shown, order_swap
from playbook.trials.statistics.mcnemar import mcnemar_p
from playbook.trials.statistics.paired import Pairs, paired_difference

_PLACES: Mapping[str, Shown] = {"a": "first", "b": "second", "tie": "tie"}
_OTHER_WAY: Mapping[Shown, Shown] = {"first": "second", "second": "first", "tie": "tie"}


@dataclass(frozen=True)
class _Pair:
    """Two answers, and which place the judge preferred in each order."""

    first: str
    second: str
    cluster: str
    one_way: Shown | None
    other_way: Shown | None
    alike: bool
    """Whether both answers are in the same words, so that nobody was asked."""

    @property
    def judged(self) -> bool:
        return self.one_way is not None and self.other_way is not None

    @property
    def better(self) -> Shown:
        """Return the endpoint that won in both orders; a tie where the orders disagree."""
        if self.one_way is None or self.other_way is None:
            return "tie"
        return self.one_way if self.one_way == _OTHER_WAY[self.other_way] else "tie"


def judged_pairs(
    readings: Iterable[Reading], replies: Mapping[str, Attempt]
) -> tuple[JudgedPair, ...]:
    """Return what the judge said of each pair of endpoints.

    Args:
        readings: What it was to read.
        replies: Its replies by run key.
    """
    by_endpoints: dict[tuple[str, str], list[_Pair]] = defaultdict(list)
    for one in _pairs(readings, replies):
        by_endpoints[one.first, one.second].append(one)
    return tuple(_record(*names, pairs) for names, pairs in by_endpoints.items())


def order_bias(readings: Iterable[Reading], replies: Mapping[str, Attempt]) -> OrderBias | None:
    """Return how far the judge goes by the order of the answers; None where it can't be seen."""
    pairs = [one for one in _pairs(readings, replies) if one.judged and not one.alike]
    if not pairs:
        return None
    found = order_swap(
        [one.one_way or "tie" for one in pairs], [one.other_way or "tie" for one in pairs]
    )
    return OrderBias(n=found.n, consistent=found.consistent, bias=found.bias, p_value=found.p_value)


def _pairs(readings: Iterable[Reading], replies: Mapping[str, Attempt]) -> list[_Pair]:
    plain: dict[tuple[str, str, str], Reading] = {}
    swapped: dict[tuple[str, str, str], Reading] = {}
    for one in readings:
        if one.against is not None:
            shown, name = (one.of.run_key, one.against.run_key), one.score.removesuffix("/swapped")
            if one.swapped:
                swapped[shown[1], shown[0], name] = one
            else:
                plain[shown[0], shown[1], name] = one
    return [
        _Pair(
            one.of.endpoint.id,
            one.against.endpoint.id if one.against else "",
            f"{one.of.prompt_set}/{one.of.prompt.cluster}",
            _place(one, replies),
            _place(swapped[key], replies) if key in swapped else None,
            alike=one.known is not None,
        )
        for key, one in plain.items()
    ]


def _place(reading: Reading, replies: Mapping[str, Attempt]) -> Shown | None:
    said = said_in(reading, replies)
    return None if said is None else _PLACES[said]


def _record(first: str, second: str, pairs: list[_Pair]) -> JudgedPair:
    judged = [one for one in pairs if one.judged]
    won = [one.better == "first" for one in judged]
    lost = [one.better == "second" for one in judged]
    table = Pairs(first=won, second=lost, clusters=[one.cluster for one in judged])
    return JudgedPair(
        first=first,
        second=second,
        n=len(judged),
        first_better=sum(won),
        second_better=sum(lost),
        ties=len(judged) - sum(won) - sum(lost),
        no_verdict=len(pairs) - len(judged),
        difference=paired_difference(table) if judged else None,
        p_value=mcnemar_p(sum(won), sum(lost)) if judged else None,
    )
