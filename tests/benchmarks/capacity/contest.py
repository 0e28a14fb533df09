"""Errors of peers, of a plain roofline and of ours on the same points, as a record and a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.capacity.cases import Case, cases_of
from tests.benchmarks.capacity.comparing import Values, difference, errors
from tests.benchmarks.capacity.measured import measured_points, out_of_sample
from tests.benchmarks.capacity.peers import AICONFIGURATOR, CONTESTANTS, Answers, Contestant, ask
from tests.benchmarks.capacity.plain import columns, output_rates

REASONS_SHOWN = 4
EXPLAINED = """
Median absolute percentage error · share within 25% · median of estimate over measurement, on the
same points for all three. Ours is out of sample: each point is estimated by a fit without its
laboratory, model and GPU; its form and priors were chosen on these points, the peers' were not. The
plain roofline takes 70% of the bandwidth, 50% of the FLOP/s and no overhead. The last columns: the
90% interval of our first figure less the peer's, whole groups resampled, and what may be said.
""".strip().splitlines()
HOME_GPUS, HOME_ENGINE = ("h100", "h200", "b200"), "trtllm"
"""What aiconfigurator's database is made for: judged apart as well."""
Record = dict[str, Any]


def measure(file: Path | None = None) -> list[Record]:
    """Ask all peers about the package's calibration points, or those of a file."""
    points = measured_points(file)
    cases = cases_of(points)
    plain = output_rates(columns([points[case.number].setup for case in cases]))
    return compare(cases, plain, out_of_sample(points, cases))


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
    beside, found = {"plain": plain, "ours": ours}, []
    for one in only:
        answers = ask(one, cases)
        found.append(record(one, answers, cases, beside))
        if one.peer is AICONFIGURATOR:
            found.append(record(_at_home(one), _of_home(answers, cases), cases, beside))
    return found


def _at_home(contestant: Contestant) -> Contestant:
    return replace(contestant, setting="of these, TensorRT-LLM on H100, H200 and B200")


def _of_home(answers: Answers, cases: Sequence[Case]) -> Answers:
    home = {case.number for case in cases if case.engine == HOME_ENGINE and case.gpu in HOME_GPUS}
    kept = {number: value for number, value in answers.estimates.items() if number in home}
    return replace(answers, estimates=kept, unsupported={}, skipped=0)


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


def page(records: Sequence[Record], *, ours_s: float | None = None) -> str:
    """Return the comparison as a section of the results page.

    Args:
        records: What `compare` returned.
        ours_s: CPU seconds of one estimate of ours, where it was measured.
    """
    ours = f"ours {ours_s:.1g}" if ours_s else "ours: see above"
    rows = [
        "## Output tokens a second: peers on the measured points that they support",
        "",
        *EXPLAINED,
        "",
        f"| peer | points | peer's | plain | ours | CPU s, {ours} | ours less peer's | so |",
        "|---|---|---|---|---|---|---|---|",
        *map(_row, records),
        "",
        *(_limits(one) for one in records if one["unsupported"] or one["trouble"]),
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
