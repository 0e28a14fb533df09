"""The ledger of claims: what is said, what the numbers say, and how they were got."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.landscape.claim_records import ClaimFinding, ClaimVerdict, Figure
from playbook.landscape.records import Landscape
from playbook.provenance import Source
from playbook.report.references import Numbers, marks, numbered
from playbook.report.table import Cell, Table, Tone

NAMED = 3
VERDICTS: dict[ClaimVerdict, tuple[str, Tone]] = {
    "holds": ("✓ holds", "green"),
    "holds_in_part": ("◐ holds in part", "amber"),
    "does_not_hold": ("✕ does not hold", "red"),
    "cannot_be_settled": ("? cannot be settled", ""),
}


def world_claims(landscape: Landscape) -> Table:
    """Return the ledger of claims about the world; its numbers lead to the landscape's sources."""
    return claims(landscape.claims, "Claims about the world", numbered(landscape))


def claims(findings: Sequence[ClaimFinding], title: str, numbers: Numbers | None = None) -> Table:
    """Return the ledger: each claim in our words with its verdict, reason, figures and method.

    Args:
        findings: The claims.
        title: Title of the table.
        numbers: Numbers of sources listed elsewhere; sources without one are named.
    """
    rows = [
        (
            one.title,
            Cell(*VERDICTS[one.verdict]),
            one.because,
            "\n".join(f"• {_figure(figure)}" for figure in one.figures) or "none",
            one.method,
            _sources(one, numbers or {}),
        )
        for one in findings
    ]
    columns = ("Claim", "Verdict", "Because", "Figures", "Method", "Sources")
    return Table(title, columns, rows, _note(findings),
                 widths=("15%", "10%", "26%", "25%", "15%", "9%"))  # fmt: skip


def _note(findings: Sequence[ClaimFinding]) -> str:
    counts = {verdict: sum(one.verdict == verdict for one in findings) for verdict in VERDICTS}
    said = "; ".join(f"{words}: {counts[verdict]}" for verdict, (words, _) in VERDICTS.items())
    made = "; ".join(dict.fromkeys(one.source.cite() for one in findings))
    return f"{said}. Claimed in: {made}" if findings else "No claim of this kind is catalogued."


def _figure(one: Figure) -> str:
    span = ""
    if one.low is not None and one.high is not None:
        span = f" [{_digits(one.low)}, {_digits(one.high)}; {one.interval}]"
    return f"{one.name}: {_digits(one.value)}{span} {one.unit}, {one.provenance.value}"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"  # noqa: PLR2004  readable


def _sources(one: ClaimFinding, numbers: Numbers) -> str:
    """Return the sources of a claim's figures: their numbers, or a few by name."""
    found: dict[Source, None] = dict.fromkeys(
        source for figure in one.figures for source in figure.sources
    )
    listed = marks((source for source in found if source in numbers), numbers)
    named = [f"{source.title} ({source.as_of})" for source in found if source not in numbers]
    more = [f"and {len(named) - NAMED} more"] if len(named) > NAMED else []
    return "; ".join([*([listed] if listed else []), *named[:NAMED], *more]) or "no data"
