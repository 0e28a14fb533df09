"""GenZ's answers, run by the Python of its own environment.

GenZ gives the latency of one prefill and of one decode step. A static batch takes both in turn; in
steady state the prefill of a newcomer adds to the steps of the others. Where all calls come at
once, the largest batch that its own memory check accepts is taken.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

from peer_loop import Case, UnsupportedError, answer, known

MODELS = {
    "llama-2-7b": "meta-llama/Llama-2-7B",
    "llama-2-70b": "meta-llama/llama-2-70b",
    "llama-3-8b": "meta-llama/meta-llama-3.1-8b",
    "llama-3.1-8b": "meta-llama/meta-llama-3.1-8b",
    "llama-3-70b": "meta-llama/Llama-3.1-70B",
    "llama-3.1-70b": "meta-llama/Llama-3.1-70B",
    "llama-3.3-70b": "meta-llama/Llama-3.1-70B",
    "llama-3.1-405b": "meta-llama/meta-llama-3.1-405b",
    "mistral-7b": "mistralai/Mistral-7B",
    "mixtral-8x7b": "mistralai/Mixtral-8x7B",
    "qwen2-7b": "Qwen/Qwen2.5-7B",  # the same layers
    "qwen2-72b": "Qwen/Qwen2.5-72B",
}
SYSTEMS = {
    "a100-40gb": "A100_40GB_GPU", "a100-80gb": "A100_80GB_GPU", "h100": "H100_GPU",
    "mi300x": "MI300X",
}  # fmt: skip
BITS = {"bf16": "bf16", "fp8": "fp8", "int8": "int8", "int4": "int4", "fp4": "fp4"}
MS_PER_S = 1e3
BATCHES = (1024, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1)


def supports(case: Case) -> dict[str, Any]:
    if case["gpu"] not in SYSTEMS:
        raise UnsupportedError(f"no GPU {case['gpu']}")
    if case["tensor_parallel"] is None and case["gpus"] > 1:
        raise UnsupportedError("the source does not say how GPUs were split")
    return {
        "model": known(MODELS, case["model"], "model"),
        "system_name": SYSTEMS[case["gpu"]],
        "bits": known(BITS, case["weights"], "weights in"),
        "tensor_parallel": case["tensor_parallel"] or 1,
        "system_eff": EFFICIENCY,
    }


def estimate(case: Case) -> float:
    asked = supports(case)
    copies = case["gpus"] // asked["tensor_parallel"]
    batches = BATCHES
    if case["batch"] is not None:  # a static batch has its size; of other calls some may wait
        calls = max(1, case["batch"] // copies)
        fewer = () if case["regime"] == "static" else (one for one in BATCHES if one < calls)
        batches = (calls, *fewer)
    for batch in batches:
        try:
            return copies * _rate(case, batch, asked)
        except ValueError as error:
            if not str(error).startswith("All params would not fit"):
                raise
    raise UnsupportedError("out of its memory")


def _rate(case: Case, batch: int, asked: dict[str, Any]) -> float:
    from GenZ import decode_moddeling, prefill_moddeling  # noqa: PLC0415  only in its environment

    reads, writes = case["input_tokens"], case["output_tokens"]
    step = decode_moddeling(
        **asked, batch_size=batch, input_tokens=reads, output_tokens=writes // 2, Bb=1
    )["Latency"]
    together = batch if case["regime"] == "static" else 1
    prefill = prefill_moddeling(**asked, batch_size=together, input_tokens=reads)["Latency"]
    seconds = (prefill * batch / together + writes * step) / MS_PER_S
    return float(batch * writes / seconds)


if __name__ == "__main__":
    EFFICIENCY = float(sys.argv[1])
    warnings.simplefilter("ignore")
    answer(supports, estimate)
