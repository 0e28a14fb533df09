"""What a judge model said of the answers, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playbook.report.table import Cell, Table, share
from playbook.trials.evidence_records import Evidence
from playbook.trials.interval import Interval
from playbook.trials.judging.records import Judging


def judging(evidence: Evidence) -> tuple[Table, ...]:
    """Return the judge's verdicts, pairs and calibration; nothing where none was asked."""
    one = evidence.judging
    if one is None:
        return ()
    return tuple(_tables(one, evidence.title_of))


def _tables(one: Judging, name: Callable[[str], str]) -> Iterator[Table]:
    yield _trust(one, name)
    if one.endpoints:
        rubric = [
            (
                name(each.endpoint),
                str(each.verdicts),
                str(each.no_verdict),
                share(each.pass_rate),
                share(each.corrected),
                each.objection,
            )
            for each in one.endpoints
        ]
        columns = ("Endpoint", "Verdicts", "No verdict", "Passed, as judged",
                   "Corrected by people's labels", "Objection")  # fmt: skip
        yield Table("Judged by a rubric, 95% intervals", columns, rubric)
    if one.pairs:
        pairs = [
            (
                f"{name(each.first)} against {name(each.second)}",
                str(each.n),
                f"{each.first_better} / {each.ties} / {each.second_better}",
                str(each.no_verdict),
                "" if each.p_value is None else f"{each.p_value:.2g}",
            )
            for each in one.pairs
        ]
        heads = ("Pair", "Pairs of answers", "First better / tie / second better", "No verdict",
                 "p (sign test)")  # fmt: skip
        yield Table("Judged side by side, each pair in both orders", heads, pairs)


def _trust(one: Judging, name: Callable[[str], str]) -> Table:
    known = one.calibration
    state = Cell("calibrated", "green") if known.calibrated else Cell("uncalibrated", "amber")
    cost = "no price is known" if one.cost_usd is None else f"{one.cost_usd:.2g} USD"
    rows = [
        ("Judge", f"{name(one.judge)} ({', '.join(one.models) or 'no answer'})"),
        ("Calls and cost", f"{one.calls} calls, {cost}"),
        ("Standing", Cell(f"{state}: {known.because}", state.tone)),
        ("Labels by people", f"{known.labels} used, {known.left_out} left out"),
        ("Agreement", share(known.agreement)),
        ("Cohen's kappa", _plain(known.kappa)),
        ("Sensitivity / specificity", f"{share(known.sensitivity)} / {share(known.specificity)}"),
    ]
    if one.order is not None:
        rows.append(("Same verdict in both orders", share(one.order.consistent)))
        rows.append(("Pull of the first place", _plain(one.order.bias)))
    return Table("The judge", ("What", "Value"), rows, " ".join(one.notes))


def _plain(interval: Interval | None) -> str:
    if interval is None:
        return "not known"
    return f"{interval.value:.2f} [{interval.low:.2f}, {interval.high:.2f}], n={interval.n}"
