"""Tables of `playbook capacity` for people: under 100 columns, and plain when piped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from playbook.costs.capacity_query import CapacityAnswer, GpuAnswer
from playbook.costs.measured.validation import ErrorSummary, Validation, strata_of
from playbook.profile.reading import printable

if TYPE_CHECKING:
    from rich.console import JustifyMethod

WIDEST = 99
LONGEST_LABEL = 40
ANSWER_HEADS = (
    "GPUs", "most calls", "calls in flight", "output tokens/s (80%)", "input tokens/s",
    "total tokens/s", "first token s", "ms per output token",
)  # fmt: skip
HEADS = ("points", "median error", "within 25%", "in 80% interval", "estimate / measured")


def print_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print one table: first column to the left, numbers to the right."""
    console = Console(width=min(WIDEST, Console().width))
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for index, head in enumerate(heads):
        side: JustifyMethod = "right" if index else "left"
        table.add_column(head, justify=side, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell, WIDEST)) for cell in row))
    console.print(table)
    console.print()


def print_validation(report: Validation, *, title: str) -> None:
    """Print the errors of all strata, and what has no estimate."""
    throughput = "output throughput (total_output_tok_s)"
    print_errors(f"{printable(title)}: {throughput}", {"all rows": report.overall})
    for name, strata in strata_of(report).items():
        print_errors(f"by {name}", strata)
    rows = [(one.reason, str(one.n)) for one in report.unsupported]
    if rows:
        print_table("rows without an estimate", ("reason", "rows"), rows)
    else:
        Console().print("Every row has an estimate.")


def print_errors(title: str, strata: Mapping[str, ErrorSummary]) -> None:
    """Print the errors of some strata."""
    rows = [(printable(name, LONGEST_LABEL), *_cells(one)) for name, one in strata.items()]
    print_table(title, ("", *HEADS), rows)


def _cells(one: ErrorSummary) -> tuple[str, ...]:
    shares = (one.mdape, one.within_25, one.coverage_80)
    ratio = "-" if one.median_ratio is None else f"{one.median_ratio:.2f}"
    return (str(one.n), *("-" if part is None else f"{part:.1%}" for part in shares), ratio)


def print_answer(found: CapacityAnswer) -> None:
    """Print what each number of GPUs gives, and what that rests on."""
    console = Console(width=min(WIDEST, Console().width))
    title = (
        f"{found.model} on {found.gpu}, {found.engine_class}, weights {found.weight_format}, "
        f"cache {found.cache_format}, {found.input_tokens:,.0f} input and "
        f"{found.output_tokens:,.0f} output tokens a call"
    )
    rows = [_answer_cells(one) for one in found.answers]
    print_table(title, ANSWER_HEADS, rows)
    for one in found.answers:
        if one.reason:
            console.print(Text(f"{one.gpus} GPU: {one.reason}"))
    words = ", ".join(dict.fromkeys(one.provenance for one in found.answers if one.provenance))
    console.print(Text(f"{words or 'no figure'}; rests on {found.rests_on}"))


def _answer_cells(one: GpuAnswer) -> tuple[str, ...]:
    rate = one.output_tokens_per_second
    if rate is None:
        return (str(one.gpus), "-", "-", "does not fit", "-", "-", "-", "-")
    return (
        str(one.gpus),
        f"{one.largest_batch:,}",
        f"{one.concurrency:,}",
        f"{_short(rate.p50)} ({_short(rate.p10)} to {_short(rate.p90)})",
        _short(one.input_tokens_per_second or 0.0),
        _short(one.total_tokens_per_second or 0.0),
        _short(one.first_token_s or 0.0),
        _short(1_000 * (one.seconds_per_output_token or 0.0)),
    )


def _short(value: float) -> str:
    """Return a number with two digits, or three where the first is a one."""
    if value <= 0:
        return "0"
    digits = 1 - math.floor(math.log10(value)) + (1 if f"{value:e}"[0] == "1" else 0)
    return f"{round(value, digits):,.{max(0, digits)}f}"
