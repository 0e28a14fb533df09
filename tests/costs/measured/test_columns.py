"""A table of measured points is read whole, or refused with every problem at once."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.costs.measured import PointsError, points_from_bytes
from playbook.costs.measured.columns import NEEDED

HEADER = "model,precision,gpu,n_gpu,engine,isl,osl,concurrency_or_batch,metric,value"
GOOD = "Llama-3-8B,fp16/fp16,H100,1,vllm,1000,500,16,total_output_tok_s,2500.5"


def read(text: str) -> object:
    return points_from_bytes(text.encode(), "points.csv")


def told(text: str | bytes) -> str:
    with pytest.raises(PointsError) as caught:
        points_from_bytes(text if isinstance(text, bytes) else text.encode(), "points.csv")
    return str(caught.value)


def with_cell(column: str, cell: str) -> str:
    cells = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | {column: cell}
    return f"{HEADER}\n{','.join(cells.values())}\n"


def test_a_row_keeps_what_its_source_says() -> None:
    (row,) = points_from_bytes(f"{HEADER}\n{GOOD}\n".encode(), "points.csv")

    assert (row.model, row.gpu, row.gpus, row.engine) == ("Llama-3-8B", "H100", 1, "vllm")
    assert (row.input_tokens, row.output_tokens, row.concurrency) == (1000.0, 500.0, 16)
    assert (row.metric, row.value, row.line) == ("total_output_tok_s", 2500.5, 2)


def test_an_empty_concurrency_means_as_many_as_fit() -> None:
    (row,) = points_from_bytes(with_cell("concurrency_or_batch", "").encode(), "points.csv")

    assert row.concurrency is None


def test_a_byte_order_mark_and_blank_lines_do_no_harm() -> None:
    text = f"\ufeff{HEADER}\r\n\r\n{GOOD}\r\n"

    assert len(points_from_bytes(text.encode(), "points.csv")) == 1


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("value", "fast", "line 2, column value: 'fast' is not a number"),
        ("value", "nan", "'nan' is not a number"),
        ("value", "inf", "'inf' is not a number"),
        ("value", "1_000", "'1_000' is not a number"),
        ("value", "-5", "column value: -5 is negative; give a number above zero"),
        ("value", "0", "column value: 0 is too small"),
        ("value", "", "column value: is empty; give a number"),
        ("isl", "-1", "column isl: -1 is negative"),
        ("n_gpu", "1.5", "column n_gpu: 1.5 must be a whole number from 1 on"),
        ("n_gpu", "0", "column n_gpu: 0 must be a whole number from 1 on"),
        ("concurrency_or_batch", "many", "'many' is not a number"),
        ("metric", "total_output_tok", "did you mean total_output_tok_s?"),
        ("metric", "speed", "use one of total_output_tok_s, decode_tok_s"),
        ("gpu", "", "column gpu: is empty; name it"),
    ],
)
def test_a_bad_cell_is_told_with_line_column_value_and_fix(
    column: str, cell: str, problem: str
) -> None:
    message = told(with_cell(column, cell))

    assert message.startswith("points.csv: 1 problem")
    assert problem in message


def test_every_problem_is_told_at_once() -> None:
    bad = "Llama-3-8B,fp16/fp16,H100,x,vllm,-1,500,16,speed,none"

    message = told(f"{HEADER}\n{GOOD}\n{bad}\n{bad}\n")

    assert message.startswith("points.csv: 8 problems")
    assert "line 3, column n_gpu" in message
    assert "line 4, column value" in message


@pytest.mark.parametrize("column", NEEDED)
def test_each_missing_column_is_named(column: str) -> None:
    message = told(f"{HEADER}\n{GOOD}\n".replace(column, f"my_{column}", 1))

    assert f"line 1: column {column} is missing; rename 'my_{column}'" in message


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty; give a CSV file with the columns model, precision"),
        (b"\n\n", "is empty"),
        (f"{HEADER}\n".encode(), "holds a header and no points; add a row"),
        (HEADER.replace(",", ";").encode(), "separated by semicolons; separate them by commas"),
        (HEADER.replace(",", "\t").encode(), "separated by tabs"),
        (b"\xff\xfe\x00a", "byte 0 is not UTF-8"),
        (f"{HEADER}\n{GOOD}\0\n".encode(), "holds binary data"),
        (f'{HEADER}\n"{GOOD}\n'.encode(), "mend the quotes"),
        (f"{HEADER}\n{GOOD},more\n".encode(), "line 2: 11 cells under 10 columns"),
        (f"{HEADER},value\n{GOOD},1\n".encode(), "column value is given 2 times; keep one"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_the_reason(content: bytes, problem: str) -> None:
    assert problem in told(content)


def test_a_flood_of_problems_is_cut_and_counted() -> None:
    bad = GOOD.replace("2500.5", "x")

    message = told("\n".join([HEADER, *[bad] * 60]))

    assert message.count("is not a number") == 50
    assert "and 10 more like these" in message


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_message(content: bytes) -> None:
    with contextlib.suppress(PointsError):
        assert points_from_bytes(content, "points.csv")
