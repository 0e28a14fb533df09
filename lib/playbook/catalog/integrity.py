"""Are the facts whole, sourced, plausible, fresh, and agreed on? What `playbook facts` shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from playbook.catalog.acknowledgements import Acknowledged, Finding, sort_findings
from playbook.catalog.ageing import (
    Retirement,
    StaleSource,
    retirements,
    sources_in,
    stale_sources,
)
from playbook.catalog.aliases import alias_problems
from playbook.catalog.announcements import announcement_lines, announcement_problems
from playbook.catalog.catalog import Catalog
from playbook.catalog.disagreements import Disagreement, disagreements, unknown_to_litellm
from playbook.catalog.plausibility import dates_to_come, implausible, unit_slips
from playbook.catalog.references import reference_problems
from playbook.catalog.seals import seal_problems, unsealed
from playbook.provenance import FAIL_AFTER_DAYS
from playbook.records import Record

MONTHS_AHEAD = 12
NEEDS_ADDRESS = ("package", "licence_text", "measured", "third_party")
"""Kinds of source that must say where they can be read."""


class FactsReport(Record):
    """All that is wrong with, doubtful about, or about to happen to the facts.

    It is what `playbook facts check --json` prints: exit code 2 with errors, 1 with findings, else
    0.
    """

    as_of: date
    """Day of the check."""
    errors: tuple[str, ...]
    """Facts that must be mended before anything may rest on them."""
    findings: tuple[Finding, ...] = ()
    """What somebody should look at, and nobody has."""
    acknowledged: tuple[Acknowledged, ...] = ()
    """Findings that somebody looked at, with the reason why they may stand and until when."""
    information: tuple[str, ...] = ()
    """What asks for nothing: ends of offers that touch no params file, prices announced."""
    stale: tuple[StaleSource, ...] = ()
    """Sources past their time, oldest first."""
    disagreements: tuple[Disagreement, ...] = ()
    """Prices, ends and contexts that another source states differently."""
    retirements: tuple[Retirement, ...] = ()
    """Offers that have ended or end within a year, soonest first."""


def check_facts(catalog: Catalog, *, as_of: date, of_teams: Sequence[Finding] = ()) -> FactsReport:
    """Return what is wrong with the facts on a day; nothing is raised for bad facts.

    Args:
        catalog: The facts.
        as_of: Day of the check, in which no fact may lie in the future.
        of_teams: Findings of the params files that rest on these facts, such as an end of an offer
            that a team uses.
    """
    errors = broken_facts(catalog, as_of=as_of)
    if reference_problems(catalog):  # what refers to nothing can't be looked up
        return FactsReport(as_of=as_of, errors=errors)
    differing = disagreements(catalog, as_of=as_of)
    stale = stale_sources(catalog, as_of=as_of)
    ending = retirements(catalog, as_of=as_of, within_months=MONTHS_AHEAD)
    findings = [
        *of_teams,
        *(_stale(one) for one in stale),
        *(one.finding() for one in differing),
        *unknown_to_litellm(catalog),
        *_unread_licences(catalog),
    ]
    touched = {one.id for one in of_teams}
    untouched = [one for one in ending if one.finding_id not in touched]
    told = sort_findings(
        findings,
        catalog.acknowledgements,
        known={one.finding_id for one in ending},
        as_of=as_of,
    )
    return FactsReport(
        as_of=as_of,
        errors=errors,
        findings=told.open,
        acknowledged=told.acknowledged,
        information=(
            *(one.words() for one in untouched),
            *announcement_lines(catalog, as_of=as_of),
            *_without_seal(catalog),
        ),
        stale=stale,
        disagreements=differing,
        retirements=ending,
    )


def broken_facts(catalog: Catalog, *, as_of: date) -> tuple[str, ...]:
    """Return a line for each fact on which nothing may rest.

    Args:
        catalog: The facts.
        as_of: Day of the check, in which no fact may lie in the future.
    """
    return (
        *reference_problems(catalog),
        *_blank_sources(catalog),
        *dates_to_come(catalog, as_of=as_of),
        *implausible(catalog),
        *unit_slips(catalog),
        *alias_problems(catalog),
        *announcement_problems(catalog),
        *seal_problems(catalog),
    )


def _blank_sources(catalog: Catalog) -> Iterator[str]:
    """Yield sources that name nothing; a claim's maker may be a text without an address."""
    claimed = set(sources_in(catalog.claims))
    for source in dict.fromkeys(sources_in(catalog)):
        if not source.title.strip():
            yield f"a source of {source.as_of} has a blank title; name what was read"
        if source.kind in NEEDS_ADDRESS and not source.url.strip() and source not in claimed:
            yield f"source {source.cite()} is of kind {source.kind} and has no url; add it"


def _without_seal(catalog: Catalog) -> Iterator[str]:
    if count := len(unsealed(catalog)):
        fix = "`playbook facts refresh --seal --write` seals them"
        offers = f"{count} offer{'' if count == 1 else 's'}"
        yield f"prices of {offers} carry no seal: overwriting one would not show; {fix}"


def _stale(one: StaleSource) -> Finding:
    facts = f"{one.facts} fact{'' if one.facts == 1 else 's'}"
    fails = f", over {FAIL_AFTER_DAYS}: no DECIDE may rest on it" if one.past_limit else ""
    return Finding(
        id=f"stale:{one.source.title}"[:400],
        kind="stale",
        text=f"{one.days_old} days old{fails}, under {facts}: {one.source.cite()}",
    )


def _unread_licences(catalog: Catalog) -> Iterator[Finding]:
    for licence in catalog.licences:
        models = [model.id for model in catalog.models if model.licence == licence.id]
        if models and not licence.verified:
            yield Finding(
                id=f"doubt:{licence.id}:licence",
                kind="doubt",
                text=f"licence {licence.id} was not read, so in doubt: {', '.join(models)}",
            )
