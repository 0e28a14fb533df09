"""What tuning changed: gain on the tasks that it was for, forgetting on the others."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.profile.trial_settings import Parity
from playbook.trials.book import Book
from playbook.trials.interval import Interval
from playbook.trials.parity_records import (
    ForgettingVerdict,
    GainVerdict,
    ParityResult,
    TaskShift,
)
from playbook.trials.results import marks_by_endpoint
from playbook.trials.statistics.mcnemar import mcnemar_p
from playbook.trials.statistics.paired import SIGNIFICANCE, Pairs, holm, paired_difference
from playbook.trials.statistics.power import pairs_to_settle
from playbook.trials.statistics.versus import paired_marks

SPECIALIST = "all specialist tasks"
OLD = "all old tasks"


def tuning_shift(plain: ParityResult, pair: Parity, book: Book) -> ParityResult:
    """Return a result of base and tuned with what was gained and what was forgotten.

    Gain is superiority: the interval is clear of 0. Keeping is non-inferiority by the margin, of
    all old tasks together and of none of them forgotten by itself, which a mean would hide.

    Args:
        plain: The two endpoints compared as a whole.
        pair: Names the specialist tasks.
        book: Results of the trials.
    """
    tasks = list(dict.fromkeys(one.trial.prompt.task for one in book.results.get(pair.first, ())))
    special = [task for task in tasks if task in pair.specialist_tasks]
    old = [task for task in tasks if task not in pair.specialist_tasks]
    gains = _shifts(pair, book, SPECIALIST, special, margin=plain.margin)
    losses = _shifts(pair, book, OLD, old, margin=plain.margin)
    gain: GainVerdict = "inconclusive"
    if gains and gains[0].verdict in {"gained", "no gain"}:
        gain = "gained" if gains[0].verdict == "gained" else "no gain"
    return plain.changed(
        gain=gain,
        forgetting=_forgetting(losses),
        shifts=(*gains, *losses),
        because=tuple(_reasons(pair, gains, losses)),
    )


def _forgetting(losses: Sequence[TaskShift]) -> ForgettingVerdict:
    if any(one.verdict == "forgot" for one in losses):
        return "forgot"
    return "kept" if losses and losses[0].verdict == "kept" else "inconclusive"


def _shifts(
    pair: Parity, book: Book, title: str, tasks: Sequence[str], *, margin: float
) -> list[TaskShift]:
    """Return the shift of some tasks together, and then of each where there are several."""
    rows = [(title, tasks), *([(task, [task]) for task in tasks] if len(tasks) > 1 else [])]
    tables = [(name, _pairs(pair, book, of)) for name, of in rows]
    tables = [(name, table) for name, table in tables if table.first]
    adjusted = holm([mcnemar_p(table.only_first, table.only_second) for _, table in tables])
    return [
        _shift(name, table, p_value, margin=margin, gains=title == SPECIALIST)
        for (name, table), p_value in zip(tables, adjusted, strict=True)
    ]


def _pairs(pair: Parity, book: Book, tasks: Sequence[str]) -> Pairs:
    """Return the outcomes on some tasks, those of the tuned model first."""
    results = {
        name: [one for one in book.results.get(name, ()) if one.trial.prompt.task in tasks]
        for name in (pair.second, pair.first)
    }
    marks = marks_by_endpoint(results)
    return paired_marks(marks[pair.second], marks[pair.first])


def _shift(name: str, table: Pairs, adjusted_p: float, *, margin: float, gains: bool) -> TaskShift:
    difference = paired_difference(table)
    says: GainVerdict | ForgettingVerdict
    if gains:
        says = gain_verdict(difference, adjusted_p, margin=margin)
    else:
        says = forgetting_verdict(difference, adjusted_p, margin=margin)
    return TaskShift(
        task=name,
        n=len(table.first),
        difference=difference,
        adjusted_p=adjusted_p,
        verdict=says,
        needed=pairs_to_settle(table, margin=margin) if says == "inconclusive" else None,
    )


def gain_verdict(difference: Interval, adjusted_p: float, *, margin: float) -> GainVerdict:
    """Return whether a specialist task gained: beyond chance, or surely less than the margin.

    Args:
        difference: Pass rate of the tuned model less that of its base.
        adjusted_p: Exact test, adjusted for the tasks beside it.
        margin: A gain below it is none.
    """
    if difference.low > 0 and adjusted_p < SIGNIFICANCE:
        return "gained"
    return "no gain" if difference.high < margin else "inconclusive"


def forgetting_verdict(
    difference: Interval, adjusted_p: float, *, margin: float
) -> ForgettingVerdict:
    """Return whether an old task was kept within the margin, or is worse beyond chance.

    Args:
        difference: Pass rate of the tuned model less that of its base.
        adjusted_p: Exact test, adjusted for the tasks beside it.
        margin: Loss that still counts as none.
    """
    if difference.low > -margin:
        return "kept"
    worse = difference.high < 0 and adjusted_p < SIGNIFICANCE
    return "forgot" if worse else "inconclusive"


def _reasons(pair: Parity, gains: Sequence[TaskShift], losses: Sequence[TaskShift]) -> list[str]:
    lines = [
        f"{one.task}: {one.verdict}, {100 * one.difference.value:+.1f} points "
        f"({100 * one.difference.low:+.1f} to {100 * one.difference.high:+.1f}) on {one.n} prompts"
        for one in (*gains, *losses)
    ]
    if not gains:
        named = ", ".join(pair.specialist_tasks) or "none is named"
        lines.append(f"no scored prompt of a specialist task ({named}) went to both: gain is open")
    if not losses:
        lines.append("no scored prompt of another task went to both: forgetting is open")
    return lines
