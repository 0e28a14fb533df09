"""Understand a measured point: which deployment it is, or why it can't be estimated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from playbook.catalog import Catalog, Gpu, Model
from playbook.catalog.schema import EngineClass
from playbook.costs.capacity import Point, Setup
from playbook.costs.capacity.setups import CacheFormat, Regime, WeightFormat
from playbook.costs.measured.columns import PointRow
from playbook.costs.measured.inferred import inferred_model
from playbook.costs.measured.names import Names

TRT_IN_FLIGHT, TRT_1 = (0, 13), (1, 0)
VLLM_CURRENT = (0, 7)
WEIGHTS: dict[str, WeightFormat] = {
    "fp16": "bf16", "bf16": "bf16", "f16": "bf16", "fp8": "fp8", "fp8_e4m3": "fp8",
    "w8a8_fp8": "fp8", "int8": "int8", "8bit": "int8", "w8a8": "int8", "w8a8_int8": "int8",
    "w8a16": "int8", "q8_0": "int8", "q6_k": "int8", "fp4": "fp4", "nvfp4": "fp4", "mxfp4": "fp4",
    "int4": "int4", "4bit": "int4", "nf4": "int4", "w4a8": "int4", "w4a16": "int4", "awq": "int4",
    "int4_awq": "int4", "gptq": "int4", "int4_gptq": "int4", "iq4_xs": "int4", "iq4_nl": "int4",
    "q4_0": "int4", "q4_1": "int4", "q4_k_s": "int4", "q4_k_m": "int4", "q5_0": "int4",
    "q5_1": "int4", "q5_k_s": "int4", "q5_k_m": "int4",
}  # fmt: skip
CACHES: dict[str, CacheFormat] = {
    "": "bf16", "auto": "bf16", "fp16": "bf16", "bf16": "bf16", "f16": "bf16", "fp8": "fp8",
    "fp8_e4m3": "fp8", "fp8_e5m2": "fp8", "int8": "int8", "q8_0": "int8",
}  # fmt: skip
ENGINES = ("vllm", "sglang", "trtllm", "llama.cpp", "lmdeploy", "exllamav2")
_SPELLINGS = {
    "tensorrt-llm": "trtllm", "tensorrtllm": "trtllm", "trt-llm": "trtllm", "trt": "trtllm",
    "llamacpp": "llama.cpp", "llama-cpp": "llama.cpp", "exllama": "exllamav2",
    "turbomind": "lmdeploy",
}  # fmt: skip
_TENSOR_PARALLEL = re.compile(
    r"(?:^|[\s-])(?:tp|tp[-_]size|tensor[-_]parallel[-_]size)[\s=]*(\d+)", re.IGNORECASE
)
_EXPERT_PARALLEL = re.compile(
    r"\+ep\b|expert[-_]parallel|--ep[-_]size|\b[td]?ep[\s=]*([2-9]|\d\d)", re.IGNORECASE
)
_DATA_PARALLEL = re.compile(
    r"(?:^|[\s-])(?:dp|dp[-_]size|data[-_]parallel[-_]size)[\s=]*(\d+)", re.IGNORECASE
)
_PIPELINE = re.compile(r"\bpp|pipeline", re.IGNORECASE)
_SENT_AT_ONCE = re.compile(r"all (\d+) requests at once", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True)
class Unsupported:
    """A row for which there is no estimate."""

    row: PointRow
    """The row."""
    reason: str
    """Why; alike for rows of one kind, so that they can be counted."""


@dataclass(frozen=True)
class Understood:
    """A row and the deployment that it measures."""

    row: PointRow
    """The row."""
    point: Point
    """Its deployment and value."""


def understand(
    rows: Sequence[PointRow], catalog: Catalog
) -> tuple[tuple[Understood, ...], tuple[Unsupported, ...]]:
    """Return the rows that name a deployment, and the others with the reason.

    Args:
        rows: Rows of a table of measured points.
        catalog: Holds GPUs, models and architectures.
    """
    names = Names(catalog)
    good: list[Understood] = []
    bad: list[Unsupported] = []
    for row in rows:
        found = _setup(row, names, catalog)
        if isinstance(found, Setup):
            point = Point(setup=found, metric=row.metric, value=row.value, laboratory=row.source)
            good.append(Understood(row, point))
        else:
            bad.append(Unsupported(row, found))
    return tuple(good), tuple(bad)


def _setup(row: PointRow, names: Names, catalog: Catalog) -> Setup | str:
    """Return the deployment of a row, or the reason why it has none."""
    gpu = names.gpu(row.gpu, gpus=row.gpus)
    model = _model(row, names, catalog)
    formats = precision_of(row.precision)
    engine = engine_class(row, gpu)
    parallel = _split(row, model)
    if gpu is None or model is None or formats is None or engine is None:
        return _unknown(row, names, formats, engine)
    lengths = _call_lengths(row)
    if lengths is None:
        return "no length of input or output"
    if parallel is not None and (parallel > row.gpus or row.gpus % parallel):
        return "parallelism and n_gpu contradict each other"
    return Setup(
        model=model,
        gpu=gpu,
        gpus=row.gpus,
        tensor_parallel=parallel,
        expert_parallel=bool(_EXPERT_PARALLEL.search(row.parallelism)),
        engine_class=engine,
        weight_format=formats[0] if row.precision.partition("/")[0].strip() else None,
        cache_format=formats[1],
        input_tokens=lengths[0],
        output_tokens=lengths[1],
        concurrency=calls_in_flight(row),
        regime=regime_of(row, engine),
    )


def _unknown(row: PointRow, names: Names, formats: object, engine: object) -> str:
    """Return which word of a row is not known; the GPU first, then engine, precision, model."""
    if names.gpu(row.gpu, gpus=row.gpus) is None:
        near = names.near_gpu(row.gpu)
        return f"unknown GPU {row.gpu[:60]}" + (f" (nearest: {near})" if near else "")
    if engine is None:
        return f"unknown engine {row.engine[:40]}"
    if formats is None:
        return f"unknown precision {row.precision[:30]}"
    return f"unknown model {row.model[:60]}, and no params_b to infer its shape from"


def _split(row: PointRow, model: Model | None) -> int | None:
    """Return over how many GPUs one copy is split; None where the row leaves it open.

    That is where it says nothing and the heads do not divide, and where copies of a mixture of
    experts may share the experts or hold all.
    """
    shape = model.architecture if model else None
    if shape and not row.parallelism and shape.heads % row.gpus:
        return None
    found = tensor_parallel(row.parallelism, row.gpus)
    copies = _DATA_PARALLEL.search(row.parallelism) and not _TENSOR_PARALLEL.search(row.parallelism)
    return None if shape and shape.experts and copies else found


def _model(row: PointRow, names: Names, catalog: Catalog) -> Model | None:
    known = names.model(row.model)
    if known is not None or row.parameters_billion is None:
        return known
    return inferred_model(catalog, row.parameters_billion, row.active_parameters_billion)


def _call_lengths(row: PointRow) -> tuple[float, float] | None:
    """Return a row's input and output tokens, 1 at least; None where a length that counts is empty.

    What is written does not change how a prompt is read, and decoding may begin without a prompt.
    """
    reads, writes = row.input_tokens, row.output_tokens
    if row.metric in ("prefill_tok_s", "ttft_ms") and writes is None:
        writes = 1.0
    if row.metric == "decode_tok_s" and reads is None:
        reads = 1.0
    if reads is None or writes is None:
        return None
    return max(1.0, reads), max(1.0, writes)


def precision_of(text: str) -> tuple[WeightFormat, CacheFormat] | None:
    """Return the formats of weights and cache, `bf16` where none is given; None if unknown.

    Example:
        >>> precision_of("fp8/fp16"), precision_of("q4_k_m/fp16"), precision_of("odd")
        (('fp8', 'bf16'), ('int4', 'bf16'), None)
    """
    weights, _, cache = text.lower().replace(" ", "").replace("-", "_").partition("/")
    formats = WEIGHTS.get(weights or "bf16"), CACHES.get(cache)
    if formats[0] is None or formats[1] is None:
        return None
    return formats[0], formats[1]


def tensor_parallel(text: str, gpus: int) -> int | None:
    """Return over how many GPUs one copy is split; None where each tester chose what was fastest.

    Example:
        >>> tensor_parallel("tp8+ep", 8), tensor_parallel("vllm serve Qwen/Qwen3-32B -tp 4", 8)
        (8, 4)
        >>> tensor_parallel("", 2), tensor_parallel("dp4", 8), tensor_parallel("as tuned", 8)
        (2, 2, None)
    """
    if "tuned" in text.lower():
        return None
    if _PIPELINE.search(text):
        return gpus
    found, copies = _TENSOR_PARALLEL.search(text), _DATA_PARALLEL.search(text)
    if found is None and copies and int(copies[1]) and not _EXPERT_PARALLEL.search(text):
        return max(1, gpus // int(copies[1]))
    return int(found[1]) if found else gpus


def engine_class(row: PointRow, gpu: Gpu | None) -> EngineClass | None:
    """Return the class of a row's engine and release; None for an engine that is not known."""
    tuned = "tuned" in row.parallelism.lower()
    return class_of(row.engine, row.engine_version, gpu, tuned=tuned)


def class_of(
    engine: str, version: str, gpu: Gpu | None, *, tuned: bool = False
) -> EngineClass | None:
    """Return the class of an engine and its release; None for an engine that is not known.

    Args:
        engine: Engine, however it is spelled.
        version: Its version; empty for a current one.
        gpu: Decides between the backends of llama.cpp.
        tuned: Whether a submitter tuned it for this very run.

    Example:
        >>> class_of("vLLM", "0.6.3", None), class_of("TensorRT-LLM", "0.14.0", None)
        ('vllm-old', 'trtllm-inflight')
    """
    release = _version(version)
    chip = gpu.generation if gpu else None
    backend: dict[str | None, EngineClass] = {"apple": "llamacpp-metal", "cpu": "llamacpp-cpu"}
    classes: dict[str, EngineClass] = {
        "sglang": "sglang",
        "lmdeploy": "lmdeploy",
        "exllamav2": "exllamav2",
        "vllm": "vllm-tuned" if tuned else ("vllm" if release >= VLLM_CURRENT else "vllm-old"),
        "trtllm": "trtllm-tuned" if tuned else _trtllm(release),
        "llama.cpp": backend.get(chip, "llamacpp-cuda"),
    }
    return classes.get(engine_name(engine))


def engine_name(text: str) -> str:
    """Return one spelling of an engine's name.

    Example:
        >>> engine_name("TensorRT-LLM"), engine_name("llama_cpp"), engine_name("vLLM")
        ('trtllm', 'llama.cpp', 'vllm')
    """
    name = text.lower().replace(" ", "").replace("_", "-")
    return _SPELLINGS.get(name, name)


def _trtllm(version: tuple[int, int]) -> EngineClass:
    if version >= TRT_1:
        return "trtllm-1"
    return "trtllm-inflight" if version >= TRT_IN_FLIGHT else "trtllm-static"


def _version(text: str) -> tuple[int, int]:
    """Return major and minor release; a year, such as `2024-mid`, is one before all current ones.

    Nothing at all is taken for a current release.
    """
    found = [int(part) for part in _NUMBERS.findall(text)[:2]]
    if not found:
        return (1, 0)
    if found[0] >= 2_000:  # noqa: PLR2004  a year
        return (0, 0) if found[0] <= 2_024 else (1, 0)  # noqa: PLR2004  the year before V1
    return (found[0], found[1] if len(found) > 1 else 0)


def calls_in_flight(row: PointRow) -> int | None:
    """Return a row's calls in flight; where all were sent at once, these; None for no limit."""
    sent = _SENT_AT_ONCE.search(row.note)
    return row.concurrency or (int(sent[1]) if sent else None)


def regime_of(row: PointRow, engine: EngineClass) -> Regime:
    """Return how calls arrive: in one batch, all at once without a limit, or so many in flight."""
    if calls_in_flight(row) is None:
        return "offline"
    if row.concurrency is None:
        return "burst"
    batched = engine in ("trtllm-static", "lmdeploy") or "batch/latency" in row.note
    return "static" if batched else "concurrent"
