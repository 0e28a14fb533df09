"""What a licence means for one team: every clause against the team's facts, three-valued."""

from __future__ import annotations

from playbook.catalog.licences import Licence
from playbook.landscape.licence_clauses import Finding, Outcome, clause_findings
from playbook.landscape.licence_facts import FIELDS, LicenceFacts
from playbook.records import Record

_WORST_FIRST: tuple[Outcome, ...] = ("not_permitted", "unknown", "conditional", "permitted")

LICENCE_LIMITS = (
    "This is a reading of clauses in our own words, not legal advice: the licence text decides.",
    "Whether a developer granted rights beyond the licence, or a contract overrides it.",
    "Months with more revenue than the mean of a year, and users of one product apart from others.",
    "Past months with more users than today, unless they are stated.",
)
"""What `judge_licence` does not look at."""


class CitedClause(Record):
    """One clause that decides, or one duty, with where it stands."""

    text: str
    """The clause in words, with the fact it met."""
    section: str
    """Section of the licence; empty where nobody read the licence for it."""
    source: str
    """Licence text with its date."""
    asks: str = ""
    """Field of the profile that would settle it, if it is unknown and one would."""

    @property
    def words(self) -> str:
        """Return section and text in one line."""
        return f"{self.section}: {self.text}" if self.section else self.text


class LicenceVerdict(Record):
    """Whether a team may use a model under its licence, and what it then must do."""

    outcome: Outcome
    """unknown is neither permitted nor not permitted."""
    because: tuple[CitedClause, ...]
    """The clauses that decide, each with the fact it met."""
    duties: tuple[CitedClause, ...]
    """What the team must do, show or watch, for `conditional`."""
    citation: str
    """Licence text with its date."""
    not_considered: tuple[str, ...] = LICENCE_LIMITS
    """What is not looked at."""

    @property
    def asks(self) -> tuple[str, ...]:
        """Return the fields of the profile that would settle what is unknown."""
        return tuple(dict.fromkeys(one.asks for one in self.because if one.asks))

    @property
    def words(self) -> str:
        """Return the verdict in one line."""
        said = "; ".join(one.words for one in self.because)
        duties = "; ".join(one.words for one in self.duties)
        return f"{self.outcome.replace('_', ' ')}: {said}." + (
            f" Duties: {duties}." if duties else ""
        )


def judge_licence(
    licence: Licence,
    facts: LicenceFacts,
    *,
    own_servers: bool,
    multimodal: bool = False,
    later: Licence | None = None,
) -> LicenceVerdict:
    """Return what a licence means for a team, with the clause cited for each reason and duty.

    On own servers the team is the licensee and every clause binds it. Behind an API the host is;
    then only the clauses that reach its customers do.

    Args:
        licence: The licence; a kind of clause that nobody read is unknown.
        facts: The team's facts; a missing fact is unknown where a clause needs it.
        own_servers: Whether the team runs the weights itself.
        multimodal: Whether the model takes more than text.
        later: Licence of copies taken since `licence.ended`, where it was superseded.
    """
    taken = facts.weights_taken_on
    if own_servers and taken and licence.began and taken < licence.began:
        return _older_text(licence)
    then = _judge(licence, facts, own_servers=own_servers, multimodal=multimodal)
    if later is None or licence.ended is None:
        return then
    now = _judge(later, facts, own_servers=own_servers, multimodal=multimodal)
    if not own_servers or (taken and taken >= licence.ended):
        return now
    if taken or then.outcome == now.outcome:
        return then
    return _depends_on_day(licence, later, (then, now))


def _judge(
    licence: Licence, facts: LicenceFacts, *, own_servers: bool, multimodal: bool
) -> LicenceVerdict:
    found = list(clause_findings(licence, facts, own_servers=own_servers, multimodal=multimodal))
    if not own_servers and licence.verified:
        found.append(Finding("permitted", "", "the host runs it under its own licence"))
    outcome = min((one.outcome for one in found), key=_WORST_FIRST.index)
    cited = [(one.outcome, _cited(one, licence)) for one in found]
    decides = tuple(clause for of, clause in cited if of == outcome)
    grants = tuple(clause for of, clause in cited if of == "permitted")
    return LicenceVerdict(
        outcome=outcome,
        because=(grants or decides) if outcome == "conditional" else decides,
        duties=decides if outcome == "conditional" else (),
        citation=licence.source.cite(),
    )


def _cited(finding: Finding, licence: Licence) -> CitedClause:
    return CitedClause(
        text=finding.text, section=finding.section, source=licence.source.cite(), asks=finding.asks
    )


def _older_text(licence: Licence) -> LicenceVerdict:
    text = f"copies taken before {licence.began} are under an older text that nobody has read"
    clause = CitedClause(text=text, section="", source=licence.source.cite())
    return LicenceVerdict(
        outcome="unknown", because=(clause,), duties=(), citation=licence.source.cite()
    )


def _depends_on_day(
    licence: Licence, later: Licence, verdicts: tuple[LicenceVerdict, LicenceVerdict]
) -> LicenceVerdict:
    """Return unknown: which licence a copy carries hangs on the day it was taken."""
    field = FIELDS["weights_taken_on"]
    then, now = (one.outcome.replace("_", " ") for one in verdicts)
    text = (
        f"copies taken before {licence.ended} carry {licence.title} ({then}), later ones"
        f" {later.title} ({now}); {field} is not stated"
    )
    cited = f"{licence.source.cite()}; {later.source.cite()}"
    return LicenceVerdict(
        outcome="unknown",
        because=(CitedClause(text=text, section="", source=cited, asks=field),),
        duties=(),
        citation=cited,
    )
