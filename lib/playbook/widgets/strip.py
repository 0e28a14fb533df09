"""The strip above the verdicts: how many options stand where, and what the last answer changed."""

from __future__ import annotations

import html
from collections import Counter

import ipywidgets as widgets

from playbook.compliance.records import Compliance
from playbook.figures.theme import VERDICT_COLOURS, VERDICT_SYMBOLS
from playbook.profile.sections import Data
from playbook.vocabulary import AnswerWord, Verdict

NAMED = 6  # options that one line holds
CHIP = "display:inline-block;margin:0 8px 4px 0;padding:1px 9px;border-left:6px solid"


class Strip:
    """Counts of verdicts, and a line on what changed; symbols and words, not colour alone."""

    def __init__(self, record: Compliance) -> None:
        self.widget = widgets.HTML(_counts(record))

    def show(self, before: Compliance, after: Compliance) -> None:
        """Show the counts after an answer, and the options that it changed."""
        self.widget.value = _counts(after) + "<br>" + html.escape(changes(before, after))


def changes(before: Compliance, after: Compliance) -> str:
    """Return in words which options changed their verdict."""
    old = {one.option: one.verdict for one in before.verdicts}
    moved = [one for one in after.verdicts if old.get(one.option) is not one.verdict]
    if not moved:
        return "0 options changed"
    named = ", ".join(f"{one.option}: {old.get(one.option)} → {one.verdict}" for one in moved)
    if len(moved) > NAMED:
        kinds = Counter(f"{old.get(one.option)} → {one.verdict}" for one in moved)
        named = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    return f"{len(moved)} options changed: {named}"


def progress(record: Compliance, data: Data) -> str:
    """Return how far the checklist is: answered, unknown, and what can still change a verdict."""
    words = Counter(one.answer for one in data.answers.values())
    unknown, away = words[AnswerWord.UNKNOWN], words[AnswerWord.NOT_APPLICABLE]
    deciding = sum(one.options_it_can_change > 0 for one in record.open_questions)
    said = f"{sum(words.values()) - unknown - away} answered, {unknown} don't know, {away} N.A."
    facts = [one.id for one in record.open_questions if "." in one.id]
    missing = f"; facts missing in params: {', '.join(facts[:NAMED])}" if facts else ""
    return f"{said}; {deciding} open questions can still change a verdict{missing}"


def _counts(record: Compliance) -> str:
    counts = Counter(one.verdict for one in record.verdicts)
    chips = "".join(
        f"<span style='{CHIP} {VERDICT_COLOURS[word]}'>{VERDICT_SYMBOLS[word]} "
        f"<b>{counts[word]}</b> {word.value}</span>"
        for word in Verdict
    )
    return f"<span role='status'>{chips}</span>"
