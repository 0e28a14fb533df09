"""Find personal data and secrets in a text by patterns, number plans and check digits.

It is a second line, behind the clearance: no hit is no permission. It finds what has a form. Names
and postal addresses have none, so they are not detected (`presidio` needs a model for them); nor is
what was encoded, spelled out in words, or written with look-alike letters of other scripts.
Specimens such as `jane@example.com`, 555-0123, test cards or 192.0.2.1 count: they stand for the
real ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from playbook.trials.scanning.reading import read
from playbook.trials.scanning.rule import Hit, Rule, Span
from playbook.trials.scanning.rules import RULES

BLIND_SPOTS = (
    "the scan of prompts finds numbers, addresses and keys by their form; names and postal "
    "addresses are not detected without a model, and finding nothing proves nothing"
)


def scan(text: str, *, message: int = 0, rules: Iterable[Rule] = RULES) -> tuple[Hit, ...]:
    """Return where a text holds what the rules know, in its order; never what stands there.

    What lies within a hit of an earlier rule of at least its class is not told again, but for a
    person's data within a secret.

    Args:
        text: Any text, hostile or not.
        message: Number of the message that it is, for the hits.
        rules: Strongest first.

    Example:
        >>> scan("Write to jane@example.com")
        (Hit(message=0, start=9, end=25, rule='email'),)
    """
    reading = read(text)
    lower = reading.lower
    found = [
        (span, order, rule)
        for order, rule in enumerate(rules)
        if _may_find(rule, lower)
        for span in set(rule.find(reading))
    ]
    hits = {Hit(message, *reading.original(*span), rule.id) for span, rule in _told(found)}
    return tuple(sorted(hits))


def _may_find(rule: Rule, lower: str) -> bool:
    for cue in rule.cues:  # a loop: most of the time of a short prompt is spent here
        if cue in lower:
            return True
    return not rule.cues


def _told(found: list[tuple[Span, int, Rule]]) -> Iterator[tuple[Span, Rule]]:
    """Yield what does not lie within a stronger rule's hit, in one sweep."""
    under_way: list[tuple[Span, int, Rule]] = []
    for one in sorted(found, key=lambda each: (each[0][0], -each[0][1], each[1])):
        (start, end), order, rule = one
        under_way = [other for other in under_way if other[0][1] > start]
        if not any(
            end <= span[1]
            and earlier <= order
            and by.data_class.rank >= rule.data_class.rank
            and not ("secrets" in by.data_types and "secrets" not in rule.data_types)
            for span, earlier, by in under_way
        ):
            under_way.append(one)
            yield (start, end), rule
