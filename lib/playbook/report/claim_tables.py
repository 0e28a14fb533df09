"""The ledger of claims: what is said, what the numbers say, and how they were got."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.landscape.claim_records import ClaimFinding, ClaimVerdict, Figure
from playbook.provenance import Source
from playbook.report.table import Cell, Table, Tone

VERDICTS: dict[ClaimVerdict, tuple[str, Tone]] = {
    "holds": ("✓ holds", "green"),
    "holds_in_part": ("◐ holds in part", "amber"),
    "does_not_hold": ("✕ does not hold", "red"),
    "cannot_be_settled": ("? cannot be settled", ""),
}


def claims(findings: Sequence[ClaimFinding], title: str = "Claims against the facts") -> Table:
    """Return the ledger: each claim in our words with its verdict, reason, figures and method."""
    rows = [
        (
            one.title,
            Cell(*VERDICTS[one.verdict]),
            one.because,
            "\n".join(_figure(figure) for figure in one.figures) or "none",
            one.method,
            _sources(one),
        )
        for one in findings
    ]
    columns = ("Claim", "Verdict", "Because", "Figures", "Method", "Sources")
    counts = {verdict: sum(one.verdict == verdict for one in findings) for verdict in VERDICTS}
    note = "; ".join(f"{words}: {counts[verdict]}" for verdict, (words, _) in VERDICTS.items())
    widths = ("17%", "10%", "25%", "21%", "15%", "12%")
    return Table(title, columns, rows, f"{note}.", widths=widths)


def _figure(one: Figure) -> str:
    span = ""
    if one.low is not None and one.high is not None:
        span = f" [{_digits(one.low)}, {_digits(one.high)}; {one.interval}]"
    return f"{one.name}: {_digits(one.value)}{span} {one.unit}, {one.provenance.value}"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"  # noqa: PLR2004  readable


def _sources(one: ClaimFinding) -> str:
    found: dict[Source, None] = dict.fromkeys(
        source for figure in one.figures for source in figure.sources
    )
    data = "; ".join(f"{source.title} ({source.as_of})" for source in found) or "no data"
    return f"{data}. Claimed in: {one.source.title} ({one.source.as_of})"
