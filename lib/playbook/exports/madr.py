"""A Markdown decision record in the layout of MADR 4.0; every value from outside is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable

from playbook.decision import Decision, RankedOption
from playbook.exports.cells import one_line
from playbook.profile.profile import Profile
from playbook.vocabulary import Status

SHOWN = 5
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#!|~&$@])")
LINE_START = re.compile(r"^([-+=]|\d+[.)])")
ADDRESS = re.compile(r"(?<=\w):(?=//)|(?<=www)\.", re.IGNORECASE)
STATUS_WORDS = {
    Status.DECIDE: "accepted",
    Status.WATCH: "accepted",
    Status.RUN_FIRST: "proposed",
    Status.CONDITIONAL: "proposed",
    Status.BLOCKED: "proposed",
}


def madr_text(profile: Profile, decision: Decision) -> str:
    """Return the decision as a Markdown record: context, drivers, options, outcome, confirmation.

    Text of the profile and the catalogue is escaped and kept on one line, so that it can neither
    open a heading, a link or an HTML tag nor end the front matter.

    Source:
        MADR 4.0.0 template, adr.github.io/madr (2024-09-17).
    """
    sections = [
        _front_matter(profile, decision),
        f"# {escaped(f'{_team(profile)}: which models, and who runs them')}",
        _section("Context and Problem Statement", [_context(profile)]),
        _section("Decision Drivers", [_drivers(decision)]),
        _section("Considered Options", [_options(decision)]),
        _section("Decision Outcome", _outcome(decision)),
        _section("Pros and Cons of the Options", [_pros_and_cons(decision)]),
        _section("More Information", [_more(decision)]),
    ]
    return "\n\n".join(sections) + "\n"


def escaped(text: str) -> str:
    r"""Return text on one line with every character that Markdown or HTML could read escaped.

    Example:
        >>> print(escaped("a <b>\n# c"))
        a \<b\> \# c
    """
    line = SPECIAL.sub(r"\\\1", one_line(text))
    line = LINE_START.sub(lambda found: found[0][:-1] + "\\" + found[0][-1], line)
    return ADDRESS.sub(lambda found: "\\" + found[0], line)


def _section(title: str, parts: Iterable[str]) -> str:
    return "\n\n".join([f"## {title}", *(part for part in parts if part)])


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"* {escaped(line)}" for line in lines)


def _quoted(text: str) -> str:
    """Return a YAML double-quoted scalar on one line."""
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _team(profile: Profile) -> str:
    return profile.team.title or profile.team.name


def _front_matter(profile: Profile, decision: Decision) -> str:
    owner = profile.team.owner or "not named"
    status = STATUS_WORDS[decision.status]
    return "\n".join(
        [
            "---",
            f"status: {_quoted(f'{status} ({decision.status.value})')}",
            f"date: {decision.as_of.isoformat()}",
            f"decision-makers: {_quoted(owner)}",
            "---",
        ]
    )


def _context(profile: Profile) -> str:
    described = profile.team.description or "The team has not described what it builds."
    volume = profile.workload.tokens_per_day.likely
    return f"{escaped(described)} Likely volume: {volume:,.0f} tokens a day."


def _drivers(decision: Decision) -> str:
    return _bullets(
        f"{one.criterion.replace('_', ' ')}: weight {one.weight:.0%}, from {one.worst:g} to "
        f"{one.best:g} {one.unit}"
        for one in decision.anchors
    )


def _options(decision: Decision) -> str:
    shown = [f"{one.title} ({one.lane.words})" for one in decision.ranked[:SHOWN]]
    closed = len({gate.option for gate in decision.gates if gate.result == "fail"})
    rest = len(decision.ranked) - SHOWN
    more = [f"{rest} more ranked options"] if rest > 0 else []
    stopped = [f"{closed} options that a gate closed"] if closed else []
    return _bullets([*shown, *more, *stopped])


def _outcome(decision: Decision) -> list[str]:
    consequences = [f"because {reason}" for reason in decision.status_because]
    confirm = list(decision.learn_first) or ["Run the trial again before the next review."]
    parts = [escaped(decision.verdict), _bullets(consequences)]
    if decision.conditions:
        parts += ["### Consequences", _bullets(f"Bad, because {c}" for c in decision.conditions)]
    return [*parts, "### Confirmation", _bullets(confirm)]


def _pros_and_cons(decision: Decision) -> str:
    return "\n\n".join(_of_option(one) for one in decision.ranked[:SHOWN])


def _of_option(option: RankedOption) -> str:
    heading = f"### {escaped(option.title)}"
    figures = [
        f"{one.criterion.replace('_', ' ')}: {one.measure} ({one.provenance})"
        for one in option.criteria
    ]
    unknown = [f"Neutral, because {gate} is unknown" for gate in option.open_gates]
    return f"{heading}\n\n{_bullets([*figures, *unknown])}"


def _more(decision: Decision) -> str:
    flips = [f"{one.what}: {one.now} now, {one.at} puts {one.to_option} first" for one in (
        decision.flips
    )]  # fmt: skip
    return _bullets([*flips, *(f"Not considered: {line}" for line in decision.not_considered)])
