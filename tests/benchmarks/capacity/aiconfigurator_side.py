"""aiconfigurator's answers, run by the Python of its own environment.

Static batches use its `static` mode; a kept number of calls its `agg` mode; for all calls at once
the batches below are tried in `agg` mode and the fastest that fits is its answer, as a user would
size a server. Its newest database of each system is used: it holds no older engine releases.
Models are those whose configuration it bundles.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from peer_loop import Case, UnsupportedError, answer, known

MODELS = {
    "llama-3-8b": "meta-llama/Meta-Llama-3.1-8B",  # the same layers
    "llama-3.1-8b": "meta-llama/Meta-Llama-3.1-8B",
    "llama-3-70b": "meta-llama/Meta-Llama-3.1-70B",
    "llama-3.1-70b": "meta-llama/Meta-Llama-3.1-70B",
    "llama-3.3-70b": "meta-llama/Meta-Llama-3.1-70B",
    "llama-3.1-405b": "meta-llama/Meta-Llama-3.1-405B",
    "mixtral-8x7b": "mistralai/Mixtral-8x7B-v0.1",
    "qwen3-32b": "Qwen/Qwen3-32B",
    "qwen3-235b-a22b": "Qwen/Qwen3-235B-A22B",
}
SYSTEMS = {
    "a100-80gb": "a100_sxm", "h100": "h100_sxm", "h200": "h200_sxm", "l40s": "l40s",
    "b200": "b200_sxm",
}  # fmt: skip
FORMATS = {"bf16": "bfloat16", "fp8": "fp8", "fp4": "nvfp4"}
BATCHES = (64, 256, 1024, 2048)
SMALLER = (16, 4, 1)
NO_ROOM = "out of its memory"
BUDGET_TOKENS = 8192
"""Tokens a step of in-flight batching may read; the default of TensorRT-LLM's own benchmark."""


def supports(case: Case) -> dict[str, Any]:
    if case["gpu"] not in SYSTEMS:
        raise UnsupportedError(f"no GPU {case['gpu']}")
    if case["engine"] not in ("trtllm", "vllm", "sglang"):
        raise UnsupportedError(f"no engine {case['engine']}")
    weights = known(FORMATS, case["weights"], "weights in")
    cache = known({"bf16": "bfloat16", "fp8": "fp8"}, case["cache"], "cache in")
    if case["tensor_parallel"] is None and case["gpus"] > 1:
        raise UnsupportedError("the source does not say how GPUs were split")
    copies = case["tensor_parallel"] or 1
    return {
        "model_path": known(MODELS, case["model"], "model"),
        "system_name": SYSTEMS[case["gpu"]],
        "backend_name": case["engine"],
        "isl": case["input_tokens"],
        "osl": case["output_tokens"],
        "tp_size": copies,
        "moe_tp_size": 1 if case["expert_parallel"] else copies,
        "moe_ep_size": copies if case["expert_parallel"] else 1,
        "gemm_quant_mode": weights,
        "moe_quant_mode": weights,
        "kvcache_quant_mode": cache,
    }


def estimate(case: Case) -> float:
    asked = supports(case) | {"model_path": _folder_of(supports(case)["model_path"])}
    copies = case["gpus"] // (case["tensor_parallel"] or 1)
    if case["regime"] == "static":
        return copies * _rate(asked, mode="static", batch_size=max(1, case["batch"] // copies))
    if case["batch"] is not None:
        return copies * _at_most(asked, max(1, case["batch"] // copies))
    asked["ctx_tokens"] = max(BUDGET_TOKENS, case["input_tokens"])
    found = list(_rates(asked, BATCHES))
    if not found:
        found = list(_rates(asked, SMALLER[:1])) or list(_rates(asked, SMALLER[1:]))
    if not found:
        raise UnsupportedError(NO_ROOM)
    return copies * max(found)


def _at_most(asked: dict[str, Any], calls: int) -> float:
    """Return the rate with so many calls in flight, or as many of them as fit: others wait."""
    with contextlib.suppress(UnsupportedError):
        return _rate(asked, mode="agg", batch_size=calls)
    fewer = sorted(one for one in (*BATCHES, *SMALLER) if one < calls)
    found = list(_rates(asked, tuple(fewer)))
    if not found:
        raise UnsupportedError(NO_ROOM)
    return max(found)


def _rates(asked: dict[str, Any], batches: tuple[int, ...]) -> Iterator[float]:
    """Yield the rates of growing batches as long as they fit."""
    for batch in batches:
        try:
            yield _rate(asked, mode="agg", batch_size=batch)
        except UnsupportedError:
            return


def _rate(asked: dict[str, Any], **how: Any) -> float:  # noqa: ANN401  its own arguments
    from aiconfigurator.cli.api import cli_estimate  # noqa: PLC0415  only in its environment

    try:
        found = cli_estimate(**asked, **how)
    except RuntimeError as error:
        if str(error).startswith("OOM"):
            raise UnsupportedError(NO_ROOM) from error
        raise
    if found.kv_cache_warning:
        raise UnsupportedError(NO_ROOM)
    return float(found.tokens_per_second)


def _folder_of(model: str) -> str:
    """Return a folder with the configuration that it bundles: some names it would download."""
    bundled = files("aiconfigurator_core") / "model_configs"
    name = model.replace("/", "--")
    folder = Path(tempfile.gettempdir()) / "playbook-benchmarks" / name
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(str(bundled / f"{name}_config.json"), folder / "config.json")
    return str(folder)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    answer(supports, estimate)
