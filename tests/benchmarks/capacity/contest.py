"""Errors of peers, of a plain roofline and of ours on the same points, as a record and a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tests.benchmarks.capacity.cases import Case
from tests.benchmarks.capacity.comparing import Values, difference, errors
from tests.benchmarks.capacity.peers import CONTESTANTS, Answers, Contestant, ask

REASONS_SHOWN = 4
EXPLAINED = """
Median absolute percentage error · share within 25% · median of estimate over measurement. Ours is
out of sample: each point is estimated by a fit without its laboratory, model and GPU. The plain
roofline takes 70% of the bandwidth, 50% of the FLOP/s and no overhead. "Ours less peer's" is the
90% interval of the difference of the first figures, with whole groups resampled.
""".strip().splitlines()
Record = dict[str, Any]


def compare(
    cases: Sequence[Case], plain: Values, ours: Values, *, only: Sequence[Contestant] = CONTESTANTS
) -> list[Record]:
    """Ask each peer and return one record per peer and setting.

    Args:
        cases: Measured points.
        plain: The plain roofline's estimates of them, nan for none.
        ours: Our estimates of them, each made without its group, nan for none.
        only: Peers and settings to ask.
    """
    return [record(one, ask(one, cases), cases, {"plain": plain, "ours": ours}) for one in only]


def record(
    contestant: Contestant,
    answers: Answers,
    cases: Sequence[Case],
    beside: Mapping[str, Values],
) -> Record:
    """Return errors on the points that the peer, the plain roofline and ours all answer."""
    found: Record = {
        "peer": contestant.words,
        "trouble": answers.trouble,
        "supported": len(answers.estimates) + answers.skipped,
        "unsupported": answers.unsupported,
    }
    places = [
        place
        for place, case in enumerate(cases)
        if case.number in answers.estimates
        and all(np.isfinite(values[place]) for values in beside.values())
    ]
    found["n"] = len(places)
    if not places:
        return found
    measured = np.array([cases[place].measured for place in places])
    theirs = np.array([answers.estimates[cases[place].number] for place in places])
    groups = [cases[place].group for place in places]
    sides = {"theirs": theirs, **{name: values[places] for name, values in beside.items()}}
    found |= {name: vars(errors(values, measured)) for name, values in sides.items()}
    gap = difference(sides["ours"], theirs, measured=measured, groups=groups)
    found["difference"] = {**vars(gap), "verdict": gap.verdict}
    found["cpu_s_per_estimate"] = float(f"{np.median(answers.cpu_s):.3g}")
    return found


def page(records: Sequence[Record], *, ours_s: float) -> str:
    """Return the comparison as a section of the results page.

    Args:
        records: What `compare` returned.
        ours_s: CPU seconds of one estimate of ours.
    """
    rows = [
        "## Output tokens a second: peers on the measured points that they support",
        "",
        *EXPLAINED,
        f"CPU seconds an estimate: peer's in its row, ours {ours_s:.2g}.",
        "",
        "| peer | points | peer | plain | ours | s an estimate | ours less peer's | verdict |",
        "|---|---|---|---|---|---|---|---|",
        *map(_row, records),
        "",
        *map(_limits, records),
    ]
    return "\n".join(rows) + "\n"


def _row(one: Record) -> str:
    if not one["n"]:
        return f"| {one['peer']} | 0 | {one['trouble'] or 'no answer'} | - | - | - | - | - |"
    gap = one["difference"]
    points = f"{one['n']} of {one['supported']}, {gap['groups']} groups"
    sides = [_words(one[name]) for name in ("theirs", "plain", "ours")]
    interval = f"{gap['low']:+.0%} to {gap['high']:+.0%}"
    cells = [one["peer"], points, *sides, f"{one['cpu_s_per_estimate']:.2g}", interval]
    return "| " + " | ".join([*cells, gap["verdict"]]) + " |"


def _words(side: Mapping[str, float]) -> str:
    return f"{side['mdape']:.0%} · {side['within_25']:.0%} · {side['median_ratio']:.2f}"


def _limits(one: Record) -> str:
    reasons = list(one["unsupported"].items())
    shown = [f"{reason} ({number})" for reason, number in reasons[:REASONS_SHOWN]]
    others = sum(number for _, number in reasons[REASONS_SHOWN:])
    if others:
        shown.append(f"others ({others})")
    return f"- {one['peer']} has no answer to {sum(one['unsupported'].values())}: " + (
        ", ".join(shown) or one["trouble"] or "none"
    )
