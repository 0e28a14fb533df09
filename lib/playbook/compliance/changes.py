"""What changed between two states of a checklist: facts, answers, controls and verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, TypeVar

from playbook.compliance.facts import fact_kinds
from playbook.compliance.records import Compliance, Finding
from playbook.profile import Profile, leaf_paths
from playbook.records import Record

BY_SUPPLIER = ("data.contracts.", "data.suppliers.")
NOT_KNOWN, NOT_ANSWERED, NO_OPTION = "not known", "not answered", "not assessed"
APPLIES = {"yes": "applies", "may": "may apply", "no": "does not apply"}
Kind = Literal["fact", "answer", "detail", "control", "verdict"]
One = TypeVar("One")


class Change(Record):
    """One thing that is not as it was."""

    kind: Kind
    """`fact`; `answer` in force; `detail` of an answer; whether a `control` applies; `verdict`."""
    what: str
    """Profile field, control id or option id."""
    before: str
    """How it was, in words."""
    after: str
    """How it is."""


def changes_between(
    before: tuple[Profile, Compliance], after: tuple[Profile, Compliance]
) -> tuple[Change, ...]:
    """Return what differs between two states, in the order fact, answer, detail, control, verdict.

    An answer counts as it was in force: one that expired in between has changed.

    Args:
        before: Profile and record of the earlier state.
        after: The same of the later one.
    """
    return (*_facts(before[0], after[0]), *changed_findings(before[1], after[1]))


def changed_findings(before: Compliance, after: Compliance) -> tuple[Change, ...]:
    """Return the answers, details, controls and verdicts that differ between two records."""
    old, new = _by_control(before), _by_control(after)
    verdicts = [
        {one.option: one.verdict.value for one in record.verdicts} for record in (before, after)
    ]
    return (
        *_differing("answer", old, new, _answer),
        *(
            change
            for name in ("owner", "due", "evidence", "reason", "valid_until")
            for change in _differing("detail", old, new, _detail(name), suffix=f".{name}")
        ),
        *_differing("control", old, new, lambda one: APPLIES[one.applies] if one else "not there"),
        *_differing("verdict", verdicts[0], verdicts[1], lambda one: one or NO_OPTION),
    )


def _facts(before: Profile, after: Profile) -> Iterator[Change]:
    old, new = leaf_paths(before), leaf_paths(after)
    names = [
        name
        for name in dict.fromkeys([*old, *new])
        if name in fact_kinds() or name.startswith((*BY_SUPPLIER, "workload."))
    ]
    for name in names:
        if old.get(name) != new.get(name):
            yield Change(
                kind="fact", what=name, before=said(old.get(name)), after=said(new.get(name))
            )


def said(value: object) -> str:
    """Return a value of a profile in words; unknown and an empty list differ.

    Example:
        >>> said(None), said([]), said(["US", "EU"]), said(True)
        ('not known', 'none', 'US, EU', 'yes')
    """
    if value is None:
        return NOT_KNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(said(one) for one in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {said(one)}" for name, one in value.items())
    return f"{value:_}" if isinstance(value, int) else str(value)


def _by_control(record: Compliance) -> dict[str, Finding]:
    return {one.control: one for one in record.findings}


def _answer(finding: Finding | None) -> str:
    if finding is None or finding.given is None:
        return NOT_ANSWERED
    word = finding.answer.value.replace("_", " ")
    return f"{word} (expired on {finding.valid_until})" if finding.expired else word


def _detail(name: str) -> Callable[[Finding | None], str]:
    def shown(finding: Finding | None) -> str:
        return str(getattr(finding, name) or "") if finding else ""

    return shown


def _differing(
    kind: Kind,
    old: Mapping[str, One],
    new: Mapping[str, One],
    shown: Callable[[One | None], str],
    *,
    suffix: str = "",
) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        was, now = shown(old.get(name)), shown(new.get(name))
        if was != now:
            yield Change(kind=kind, what=f"{name}{suffix}", before=was, after=now)
