"""The strip above the verdicts: how many options stand where, what is left, what changed."""

from __future__ import annotations

from collections import Counter

import ipywidgets as widgets
from markupsafe import Markup

from playbook.compliance.progress import progress_of
from playbook.compliance.records import Compliance
from playbook.figures.theme import VERDICT_COLOURS, VERDICT_SYMBOLS
from playbook.report.compliance_tables import left
from playbook.vocabulary import Verdict

NAMED = 6  # options that one line holds
CHIP = "display:inline-block;margin:0 8px 4px 0;padding:1px 9px;border-left:6px solid"
LEFT = "display:inline-block;font-size:15px;font-weight:650;padding:4px 12px;border:1px solid"
MEANINGS = {
    Verdict.OUT: "a gate stops it even if every open question goes well",
    Verdict.UNDETERMINED: "an open question decides",
    Verdict.CONDITIONAL: "usable once its conditions are met",
    Verdict.OK: "nothing stops it",
}


class Strip:
    """Counts of verdicts, the stop signal and the last change; words, not colour alone."""

    def __init__(self, record: Compliance) -> None:
        self.widget = widgets.HTML(standing(record))

    def show(self, before: Compliance, after: Compliance) -> None:
        """Show where things stand after an answer, and the options that it changed."""
        last = Markup("<div>Last answer: {}</div>").format(changes(before, after))
        self.widget.value = standing(after) + last


def standing(record: Compliance) -> Markup:
    """Return the counts of verdicts, of controls and of answers, and what is left."""
    return Markup("<div role='status' style='line-height:1.6'>{}{}<div>{}</div></div>").format(
        stop_signal(record), _counts(record), numbers(record)
    )


def numbers(record: Compliance) -> str:
    """Return the three numbers, and how many controls apply."""
    told = progress_of(record)
    stale = f"; {told.stale} stale (⚠)" if told.stale else ""
    first = ": state the facts first" if told.may_apply else ""
    return (
        f"{told.answered} answered, {told.unknown} unknown, {told.not_applicable} not applicable; "
        f"{told.apply} of {told.controls} controls apply, {told.may_apply} may apply{first}{stale}"
    )


def stop_signal(record: Compliance) -> Markup:
    """Return prominently how many questions can still change a verdict; at 0 the room may stop."""
    done = record.questions_left == 0
    colour = "#1b7f5c;background:#dcf1ec" if done else "#8a5a00;background:#fff6db"
    first = "" if done else f" Ask next: {record.open_questions[0].id}"
    return Markup("<div><span style='{} {}'>{} {}{}</span></div>").format(
        LEFT, colour, "✓" if done else "▸", left(record), first
    )


def changes(before: Compliance, after: Compliance, *, verb: str = "changed") -> str:
    """Return in words which options changed their verdict."""
    old = {one.option: one.verdict for one in before.verdicts}
    moved = [one for one in after.verdicts if old.get(one.option) is not one.verdict]
    if not moved:
        return f"0 options {verb}"
    named = ", ".join(f"{one.option}: {old.get(one.option)} → {one.verdict}" for one in moved)
    if len(moved) > NAMED:
        kinds = Counter(f"{old.get(one.option)} → {one.verdict}" for one in moved)
        named = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    return f"{len(moved)} option{'s' * (len(moved) != 1)} {verb}: {named}"


def _counts(record: Compliance) -> Markup:
    counts = Counter(one.verdict for one in record.verdicts)
    chip = Markup("<span style='{} {}' title='{}'>{} <b>{}</b> {}</span>")
    return Markup("").join(
        chip.format(CHIP, VERDICT_COLOURS[word], MEANINGS[word], VERDICT_SYMBOLS[word],
                    counts[word], word.value)
        for word in Verdict
    )  # fmt: skip
