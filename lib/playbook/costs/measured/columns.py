"""Read a table of measured points: every problem at once, with its line, column and fix."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from playbook.costs.capacity.speeds import Metric
from playbook.errors import ProblemsError

METRICS: tuple[str, ...] = get_args(Metric)
NEEDED = ("model", "precision", "gpu", "n_gpu", "engine", "isl", "osl", "metric", "value")
OPTIONAL = (
    "source", "source_ref", "date", "params_b", "active_params_b", "parallelism", "engine_version",
    "concurrency_or_batch", "note",
)  # fmt: skip
LARGEST_BYTES = 100_000_000
MOST_ROWS = 200_000
MOST_PROBLEMS = 50
SHOWN = 40
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


class PointsError(ProblemsError):
    """A table of measured points is wrong."""


@dataclass(frozen=True)
class PointRow:
    """One line of a table of measured points, its cells read but not yet understood."""

    line: int
    """Line in its file, for messages."""
    source: str
    """Who measured."""
    model: str
    """Model as the source names it."""
    parameters_billion: float | None
    """All its parameters, where given."""
    active_parameters_billion: float | None
    """Those used for each token, where given."""
    precision: str
    """Formats of weights and cache, as `fp8/fp16`."""
    gpu: str
    """GPU as the source names it."""
    gpus: int
    """GPUs in all."""
    parallelism: str
    """How the GPUs are used: `tp4`, a command line, or empty."""
    engine: str
    """Engine as the source names it."""
    engine_version: str
    """Its version; empty where unknown."""
    input_tokens: float | None
    """Mean input tokens of a call; None where not told."""
    output_tokens: float | None
    """Mean output tokens of a call; None where not told."""
    concurrency: int | None
    """Calls in flight, or the batch; None for as many as fit."""
    metric: Metric
    """What was measured."""
    value: float
    """Measured value in the unit of its metric."""
    note: str = ""
    """What the source says beside it."""


def points_from_bytes(content: bytes, name: str) -> tuple[PointRow, ...]:
    """Return the rows of a CSV file of measured points.

    Args:
        content: The file.
        name: Its name in messages.

    Raises:
        PointsError: with every problem, at most 50 told in full.
    """
    if len(content) > LARGEST_BYTES:
        most = f"{LARGEST_BYTES // 1_000_000} MB"
        raise PointsError(name, [f"is larger than {most}; split it"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        said = f"byte {error.start} is not UTF-8; save the table as CSV in UTF-8"
        raise PointsError(name, [said]) from None
    if "\0" in text:
        raise PointsError(name, ["holds binary data; give a CSV file"])
    return points_from_text(text, name)


def points_from_text(text: str, name: str) -> tuple[PointRow, ...]:
    """Return the rows of a CSV text of measured points (see `points_from_bytes`)."""
    reader = csv.reader(io.StringIO(text), strict=True)
    problems: list[str] = []
    rows: list[PointRow] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        problems.extend(_header_problems(header))
        if not problems:
            rows.extend(_rows(reader, header, problems))
    except csv.Error as error:
        problems.append(f"line {reader.line_num}: {error}; mend the quotes of that line")
    if not problems and not rows:
        problems.append("holds a header and no points; add a row")
    if problems:
        more = len(problems) - MOST_PROBLEMS
        told = problems[:MOST_PROBLEMS]
        raise PointsError(name, [*told, f"and {more} more like these"] if more > 0 else told)
    return tuple(rows)


def _header_problems(header: Sequence[str]) -> Iterator[str]:
    if not any(header):
        yield f"is empty; give a CSV file with the columns {', '.join(NEEDED)}"
        return
    for separator, words in SEPARATORS.items():
        if len(header) == 1 and separator in header[0]:
            yield f"line 1: its columns are separated by {words}; separate them by commas"
            return
    for column in NEEDED:
        if column not in header:
            near = get_close_matches(column, [one for one in header if one not in NEEDED], n=1)
            fix = f"rename {near[0]!r}" if near else "add it"
            yield f"line 1: column {column} is missing; {fix}"
    for column in dict.fromkeys(header):
        if column and header.count(column) > 1:
            yield f"line 1: column {column} is given {header.count(column)} times; keep one"


def _rows(
    reader: Iterator[list[str]], header: Sequence[str], problems: list[str]
) -> Iterator[PointRow]:
    for cells in reader:
        line = getattr(reader, "line_num", 0)
        if not any(cell.strip() for cell in cells):
            continue
        if line > MOST_ROWS:
            problems.append(f"has more than {MOST_ROWS:,} lines; split it")
            return
        if len(cells) != len(header):
            problems.append(
                f"line {line}: {len(cells)} cells under {len(header)} columns; "
                "quote cells with commas, and leave empty ones empty"
            )
            continue
        found = _Cells(line, dict(zip(header, cells, strict=True)))
        row = found.row()
        problems.extend(found.problems)
        if not found.problems:
            yield row


class _Cells:
    """The cells of one line, read one by one; problems are gathered."""

    def __init__(self, line: int, cells: Mapping[str, str]) -> None:
        self.line = line
        self.cells = cells
        self.problems: list[str] = []

    def row(self) -> PointRow:
        """Return the line as a row; it counts only if there are no problems."""
        return PointRow(
            line=self.line,
            source=self.text("source"),
            model=self.named("model"),
            parameters_billion=self.number("params_b", least=1e-6),
            active_parameters_billion=self.number("active_params_b", least=1e-6),
            precision=self.text("precision"),
            gpu=self.named("gpu"),
            gpus=self.count("n_gpu") or 1,
            parallelism=self.text("parallelism"),
            engine=self.named("engine"),
            engine_version=self.text("engine_version"),
            input_tokens=self.number("isl"),
            output_tokens=self.number("osl"),
            concurrency=self.count("concurrency_or_batch", needed=False),
            metric=self.metric(),
            value=self.number("value", least=1e-12, needed=True) or 1.0,
            note=self.text("note"),
        )

    def text(self, column: str) -> str:
        """Return a cell that may be empty or missing."""
        return self.cells.get(column, "").strip()

    def named(self, column: str) -> str:
        """Return a cell that must not be empty."""
        found = self.text(column)
        if not found:
            self._say(column, "is empty; name it")
        return found

    def number(self, column: str, *, least: float = 0.0, needed: bool = False) -> float | None:
        """Return a number of at least so much; None for an empty cell that is not needed."""
        cell = self.text(column)
        if not cell:
            if needed:
                self._say(column, "is empty; give a number")
            return None
        try:
            found = float(cell)
        except ValueError:
            found = math.nan
        if not math.isfinite(found) or "_" in cell:
            self._say(column, f"{cell[:SHOWN]!r} is not a number; write it like 1234.5")
        elif found < 0:
            self._say(column, f"{cell[:SHOWN]} is negative; give a number above zero")
        elif found < least:
            self._say(column, f"{cell[:SHOWN]} is too small; give a number above zero")
        else:
            return found
        return None

    def count(self, column: str, *, needed: bool = True) -> int | None:
        """Return a whole number of at least 1."""
        before = len(self.problems)
        found = self.number(column, needed=needed)
        if found is None or len(self.problems) > before:
            return None
        if found < 1 or found != int(found):
            self._say(column, f"{self.text(column)[:SHOWN]} must be a whole number from 1 on")
            return None
        return int(found)

    def metric(self) -> Metric:
        """Return the metric by name."""
        cell = self.text("metric")
        for known in get_args(Metric):
            if cell == known:
                return known  # type: ignore[no-any-return]  # one of the literals
        near = get_close_matches(cell, METRICS, n=1)
        fix = f"did you mean {near[0]}?" if near else f"use one of {', '.join(METRICS)}"
        self._say("metric", f"{cell[:SHOWN]!r} is unknown; {fix}")
        return "total_output_tok_s"

    def _say(self, column: str, what: str) -> None:
        self.problems.append(f"line {self.line}, column {column}: {what}")
