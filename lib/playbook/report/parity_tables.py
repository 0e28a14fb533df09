"""Parity: are two endpoints one model, and what did tuning gain and cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playbook.report.table import Cell, Table, Tone, share
from playbook.trials.evidence_records import Evidence
from playbook.trials.interval import Interval
from playbook.trials.parity_records import ParityResult

_TONES: dict[str, Tone] = {
    "equivalent": "green", "not equivalent": "red", "gained": "green", "kept": "green",
    "forgot": "red", "no gain": "red", "same": "green", "different": "red",
}  # fmt: skip


def parity(evidence: Evidence) -> tuple[Table, ...]:
    """Return the tables of each parity trial; none where none was asked for."""
    return tuple(table for one in evidence.parity for table in _tables(one, evidence))


def _tables(one: ParityResult, evidence: Evidence) -> Iterator[Table]:
    pair = f"{evidence.title_of(one.first)} and {evidence.title_of(one.second)}"
    tuned = one.kind == "base_and_tuned"
    title = f"Tuned against its base: {pair}" if tuned else f"One model at two places? {pair}"
    yield Table(title, ("What", "Value"), _rows(one), "; ".join(one.because))
    if one.shifts:
        rows = [
            (
                shift.task,
                str(shift.n),
                _points(shift.difference),
                f"{shift.adjusted_p:.2g}",
                _toned(shift.verdict),
                str(shift.needed) if shift.needed else "",
            )
            for shift in one.shifts
        ]
        columns = ("Task", "Prompts", "Tuned less base [95%]", "Adjusted p", "Verdict",
                   "Prompts to settle it")  # fmt: skip
        yield Table("What tuning changed, by task", columns, rows)
    settings = [(each.name, each.first or "unknown", each.second or "unknown", _toned(each.state))
                for each in one.settings]  # fmt: skip
    heads = ("Setting", evidence.title_of(one.first), evidence.title_of(one.second), "State")
    yield Table("What was pinned, and what is not known", heads, settings, folded=True)


def _rows(one: ParityResult) -> list[tuple[str, str]]:
    verdicts = [word for word in (one.verdict, one.gain, one.forgetting) if word]
    rows: list[tuple[str, str]] = [
        ("Verdict", Cell(", ".join(verdicts) or "none", _tone_of(verdicts))),
        ("Pass rate, second less first", _points(one.difference)),
        ("Margin, set before the run", f"{one.margin:.0%}"),
        ("Scored prompts that both were sent", str(one.n)),
    ]
    if one.agreement is not None:
        told = one.agreement
        words = "yes" if told.differs_beyond_noise else "not shown"
        rows += [
            ("Answers alike between the two", share(told.alike)),
            ("Answers alike when the first is asked twice (noise floor)",
             share(told.alike_of_itself)),
            ("Very same text, between the two / of itself",
             f"{share(told.same_text)} / {share(told.same_text_of_itself)}"),
            ("Differ by more than noise?", f"{words}: {_points(told.beyond_noise)}"),
        ]  # fmt: skip
    if one.same_outcome is not None:
        rows.append(("Ended alike", share(one.same_outcome)))
    for words, span in (("Output", one.output_tokens), ("Input", one.input_tokens)):
        if span is not None:
            rows.append((f"{words} tokens a prompt, second less first", _plain(span)))
    if one.needed:
        rows.append(("Shared prompts that would settle it", f"about {one.needed}"))
    return rows


def _toned(word: str) -> Cell:
    return Cell(word, _TONES.get(word, "amber"))


def _tone_of(verdicts: Sequence[str]) -> Tone:
    """Return red where any verdict is bad, green where all are good."""
    tones = {_TONES.get(one, "amber") for one in verdicts} or {"amber"}
    return next(tone for tone in ("red", "amber", "green") if tone in tones)


def _points(span: Interval | None) -> str:
    if span is None:
        return "not known"
    return f"{span.value:+.1%} [{span.low:+.1%}, {span.high:+.1%}], n={span.n}"


def _plain(span: Interval) -> str:
    return f"{span.value:+.2g} [{span.low:+.2g}, {span.high:+.2g}], n={span.n}"
