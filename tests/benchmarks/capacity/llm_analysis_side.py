"""llm-analysis's answers, run by the Python of its own environment: static batches only."""

from __future__ import annotations

import sys
from typing import Any

from peer_loop import Case, UnsupportedError, answer, known

MODELS = {
    "llama-2-7b": "NousResearch_Llama-2-7b-hf",
    "llama-2-70b": "upstage_Llama-2-70b-instruct-v2",
}
GPUS = {
    "a100-40gb": "a100-sxm-40gb", "a100-80gb": "a100-sxm-80gb", "a100-80gb-pcie": "a100-pcie-80gb",
    "h100": "h100-sxm-80gb", "h100-pcie": "h100-pcie-80gb", "mi250": "mi250-128gb",
}  # fmt: skip
TYPES = {"bf16": "w16a16e16", "fp8": "w8a8e16", "int8": "w8a8e16"}
BYTES = {"bf16": 2, "fp8": 1, "int8": 1}


def supports(case: Case) -> dict[str, Any]:
    if case["regime"] != "static":
        raise UnsupportedError("no batches that calls join and leave")
    if case["gpu"] not in GPUS:
        raise UnsupportedError(f"no GPU {case['gpu']}")
    given = dict(zip(("flops_efficiency", "hbm_memory_efficiency"), EFFICIENCIES, strict=False))
    return {
        "model_name": known(MODELS, case["model"], "model"),
        "gpu_name": GPUS[case["gpu"]],
        "dtype_name": known(TYPES, case["weights"], "weights in"),
        "kv_cache_dtype_bytes": known(BYTES, case["cache"], "cache in"),
        "batch_size_per_gpu": case["batch"],
        "tp_size": case["tensor_parallel"] or 1,
        "seq_len": case["input_tokens"],
        "num_tokens_to_generate": case["output_tokens"],
        **given,
    }


def estimate(case: Case) -> float:
    from llm_analysis.analysis import infer  # noqa: PLC0415  only in its environment

    asked = supports(case)
    try:
        found = infer(log_level="CRITICAL", **asked)
    except AssertionError as error:  # its word for out of memory
        raise UnsupportedError("out of its memory") from error
    return float(case["batch"] * case["output_tokens"] / found["total_latency"])


if __name__ == "__main__":
    EFFICIENCIES = [float(one) for one in sys.argv[1:]]
    answer(supports, estimate)
