"""Tables of `playbook capacity` for people: under 100 columns, and plain when piped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from playbook.catalog.capacity_fit import FitError
from playbook.costs.capacity_query import CapacityAnswer, GpuAnswer
from playbook.costs.measured.records import ErrorSummary, Validation
from playbook.costs.measured.validation import strata_of
from playbook.profile.reading import printable

if TYPE_CHECKING:
    from rich.console import JustifyMethod

WIDEST = 99
Errors = ErrorSummary | FitError
LONGEST_LABEL, LONGEST_CELL = 40, 400
MEMORY_HEADS = ("GPUs", "weights GiB", "room for caches GiB", "cache of a call GiB", "most calls")
SPEED_HEADS = (
    "GPUs", "calls", "output/s", "80% interval", "input/s", "total/s", "TTFT s", "TPOT ms",
)  # fmt: skip
ANSWER_LEGEND = (
    "Calls: in flight at once, in steady state. TTFT: time to the first token of a call that does "
    "not wait. TPOT: time between two output tokens of one call."
)
HEADS = ("points", "MdAPE", "within 25%", "in 80% band", "ratio")
LEGEND = (
    "MdAPE: median of |estimate / measured - 1|. In 80% band: share of points within their 80% "
    "interval. Ratio: median of estimate / measured."
)


def print_table(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 0
) -> None:
    """Print one table: the column of words to the left and folded, numbers to the right.

    Args:
        title: What it shows.
        heads: Heads of the columns.
        rows: Cells.
        words: Which column holds words.
    """
    console = Console(width=min(WIDEST, Console().width))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for index, head in enumerate(heads):
        side: JustifyMethod = "left" if index == words else "right"
        table.add_column(head, justify=side, overflow="fold", no_wrap=index != words)
    for row in rows:
        table.add_row(*(Text(printable(cell, LONGEST_CELL)) for cell in row))
    console.print(Text(title))
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
    Console().print(Text(LEGEND))


def print_errors(title: str, strata: Mapping[str, Errors]) -> None:
    """Print the errors of some strata."""
    rows = [(printable(name, LONGEST_LABEL), *_cells(one)) for name, one in strata.items()]
    print_table(title, ("", *HEADS), rows)


def _cells(one: Errors) -> tuple[str, ...]:
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
    print_table(f"{title}: memory", MEMORY_HEADS, map(_memory_cells, found.answers))
    print_table(
        "speed, tokens a second of all calls together",
        SPEED_HEADS,
        map(_speed_cells, found.answers),
    )
    for one in found.answers:
        if said := one.reason or _waiting(one):
            console.print(Text(f"{one.gpus} {'GPUs' if one.gpus > 1 else 'GPU'}: {said}"))
    console.print(Text(ANSWER_LEGEND))
    words = ", ".join(dict.fromkeys(one.provenance for one in found.answers if one.provenance))
    console.print(Text(f"{words or 'no figure'}; rests on {found.rests_on}"))


def _waiting(one: GpuAnswer) -> str:
    more = (one.concurrency or 0) - (one.largest_batch or 0)
    return f"{more:,} of the calls wait for others to end, beside the times shown" * (more > 0)


def _memory_cells(one: GpuAnswer) -> tuple[str, ...]:
    return (
        str(one.gpus),
        f"{one.weights_gib:,.1f}",
        f"{one.cache_room_gib:,.1f}",
        f"{one.call_cache_gib:.3f}",
        f"{one.largest_batch:,}" if one.largest_batch else "-",
    )


def _speed_cells(one: GpuAnswer) -> tuple[str, ...]:
    rate = one.output_tokens_per_second
    if rate is None:
        return (str(one.gpus), *["-"] * (len(SPEED_HEADS) - 1))
    return (
        str(one.gpus),
        f"{one.concurrency:,}",
        _short(rate.p50),
        f"{_short(rate.p10)} to {_short(rate.p90)}",
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
