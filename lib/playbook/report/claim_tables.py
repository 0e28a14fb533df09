"""The ledger of claims: what is said, what the numbers say, and how they were got."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.figures.theme import short
from playbook.landscape.claim_records import ClaimFinding, ClaimVerdict, Figure
from playbook.landscape.records import Landscape
from playbook.report.references import Numbers, marks, numbered
from playbook.report.table import Cell, Table, Tone

LONG = 10_000
VERDICTS: dict[ClaimVerdict, tuple[str, Tone]] = {
    "holds": ("✓ holds", "green"),
    "holds_in_part": ("◐ holds in part", "amber"),
    "does_not_hold": ("✕ does not hold", "red"),
    "cannot_be_settled": ("? cannot be settled", ""),
}


def world_claims(landscape: Landscape) -> tuple[Table, Table]:
    """Return claims about the world, and their figures with numbers of the landscape's sources."""
    numbers = numbered(landscape)
    return (
        claims(landscape.claims, "Claims about the world"),
        claim_figures(landscape.claims, "Figures behind the claims about the world", numbers),
    )


def team_claims(findings: Sequence[ClaimFinding]) -> tuple[Table, Table]:
    """Return claims about a team's own numbers, and their figures with the sources named."""
    return (
        claims(findings, "Claims about this team's own numbers"),
        claim_figures(findings, "Figures behind the claims about this team", {}),
    )


def claims(findings: Sequence[ClaimFinding], title: str) -> Table:
    """Return the ledger: each claim in our words with its verdict, reason and method."""
    rows = [(one.title, Cell(*VERDICTS[one.verdict]), one.because, one.method) for one in findings]
    columns = ("Claim", "Verdict", "Because", "How it was checked")
    return Table(title, columns, rows, _note(findings), widths=("20%", "12%", "40%", "28%"))


def _note(findings: Sequence[ClaimFinding]) -> str:
    counts = {verdict: sum(one.verdict == verdict for one in findings) for verdict in VERDICTS}
    said = "; ".join(f"{words}: {counts[verdict]}" for verdict, (words, _) in VERDICTS.items())
    made = "; ".join(dict.fromkeys(one.source.cite() for one in findings))
    return f"{said}. Claimed in: {made}" if findings else "No claim of this kind is catalogued."


def claim_figures(findings: Sequence[ClaimFinding], title: str, numbers: Numbers) -> Table:
    """Return every figure behind some claims with its interval, unit, provenance and sources.

    Args:
        findings: The claims.
        title: Title of the table.
        numbers: Numbers of sources listed elsewhere; those without one are listed in the note.
    """
    figures = [(one.title, figure) for one in findings for figure in one.figures]
    unlisted = dict.fromkeys(source for _, figure in figures for source in figure.sources)
    letters = {
        source: f"({number})"
        for number, source in enumerate((one for one in unlisted if one not in numbers), start=1)
    }
    rows = [
        (
            claim,
            one.name,
            _value(one),
            one.unit,
            one.provenance.value,
            " ".join([marks((source for source in one.sources if source in numbers), numbers),
                      *(letters[source] for source in one.sources if source in letters)]).strip(),
        )
        for claim, one in figures
    ]  # fmt: skip
    columns = ("Claim", "Figure", "Value [interval]", "Unit", "Provenance", "Sources")
    note = "; ".join(f"{letter} {source.cite()}" for source, letter in letters.items())
    return Table(title, columns, rows, note, folded=True,
                 widths=("19%", "33%", "15%", "13%", "10%", "10%"))  # fmt: skip


def _value(one: Figure) -> str:
    if one.low is None or one.high is None:
        return _digits(one.value)
    return f"{_digits(one.value)} [{_digits(one.low)}, {_digits(one.high)}] {one.interval}"


def _digits(value: float) -> str:
    return short(value) if abs(value) >= LONG else f"{value:.3g}"
