"""Models that everybody knows, worked by hand from their published configuration.

Each expected number comes from the arithmetic in its docstring, never from the program. Sources of
the shapes: `config.json` of the hub repositories named in each docstring; of the GPUs: vendors'
data sheets. GB are decimal, GiB are binary.
"""

from __future__ import annotations

import numpy as np
import pytest

from playbook.catalog import Architecture, Catalog, Model, load_catalog
from playbook.costs.capacity import Setup, Setups, Speeds, estimate_speeds
from playbook.costs.capacity.setups import WeightFormat
from playbook.costs.capacity.steps import cache_bytes, read_bytes
from tests.costs.builders import a_gpu


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def shape(model: Model) -> Architecture:
    assert model.architecture is not None
    return model.architecture


def cache(model: Model, tokens: float = 1, *, gpus: int = 1) -> float:
    """Return bytes of a call's cache in BF16 over the GPUs of a copy."""
    setup = Setup(model, a_gpu(), gpus=gpus, tensor_parallel=gpus)
    return float(cache_bytes(Setups.of([setup]), np.array([float(tokens)]))[0])


def billions(model: Model) -> float:
    assert model.parameters_billion is not None
    return model.parameters_billion


def active_billions(model: Model) -> float:
    assert model.active_parameters_billion is not None
    return model.active_parameters_billion


def test_llama_3_8b_has_8_03_billion_parameters_and_needs_128_kib_of_cache_a_token(
    catalog: Catalog,
) -> None:
    """meta-llama/Meta-Llama-3-8B: 32 layers, hidden 4096, 8 KV heads of 128, inner 14336,
    vocabulary 128256.

    Attention 2 x 4096^2 + 2 x 4096 x 1024 = 41,943,040; feed-forward 3 x 4096 x 14336 =
    176,160,768; norms 8,192; 218,112,000 a layer, 6,979,584,000 in 32. Embeddings in and out
    2 x 128256 x 4096 = 1,050,673,152, last norm 4,096: 8,030,261,248 in all.
    Cache: 2 x 32 layers x 8 heads x 128 x 2 bytes = 131,072 bytes = 128 KiB.
    """
    model = catalog.model("llama-3-8b-instruct")

    assert billions(model) == pytest.approx(8.030261248, rel=1e-3)
    assert cache(model) == 131_072


def test_llama_3_70b_has_70_55_billion_parameters_and_needs_320_kib_of_cache_a_token(
    catalog: Catalog,
) -> None:
    """meta-llama/Meta-Llama-3-70B: 80 layers, hidden 8192, 8 KV heads of 128, inner 28672.

    Attention 2 x 8192^2 + 2 x 8192 x 1024 = 150,994,944; feed-forward 3 x 8192 x 28672 =
    704,643,072; norms 16,384; 855,654,400 a layer, 68,452,352,000 in 80; embeddings
    2 x 128256 x 8192 = 2,101,346,304; last norm 8,192: 70,553,706,496.
    Cache: 2 x 80 x 8 x 128 x 2 bytes = 327,680 bytes; half of it in 8 bits.
    """
    model = catalog.model("llama-3-70b-instruct")

    assert billions(model) == pytest.approx(70.553706496, rel=1e-3)
    assert cache(model) == 327_680


def test_llama_3_1_405b_has_405_85_billion_parameters(catalog: Catalog) -> None:
    """meta-llama/Llama-3.1-405B: 126 layers, hidden 16384, 8 KV heads of 128, inner 53248.

    Attention 2 x 16384^2 + 2 x 16384 x 1024 = 570,425,344; feed-forward 3 x 16384 x 53248 =
    2,617,245,696; norms 32,768; 3,187,703,808 a layer, 401,650,679,808 in 126; embeddings
    4,202,692,608; last norm 16,384: 405,853,388,800. Cache 2 x 126 x 8 x 128 x 2 = 516,096 bytes.
    """
    model = catalog.model("llama-3.1-405b-instruct")

    assert billions(model) == pytest.approx(405.8533888, rel=3e-3)
    assert cache(model) == 516_096


def test_mixtral_holds_46_7_billion_parameters_and_uses_12_9_for_a_token(catalog: Catalog) -> None:
    """mistralai/Mixtral-8x7B-v0.1: 32 layers, hidden 4096, inner 14336, 8 experts, 2 a token.

    An expert 3 x 4096 x 14336 = 176,160,768; 256 of them 45,097,156,608. The rest: attention
    32 x 41,943,040 = 1,342,177,280, routers 32 x 4096 x 8 = 1,048,576, embeddings
    2 x 32000 x 4096 = 262,144,000, norms 65 x 4096 = 266,240: 1,605,636,096.
    All: 46,702,792,704. A token: 2/8 of the experts and the rest: 12,879,925,248.
    """
    model = catalog.model("mixtral-8x7b-instruct-v0.1")

    assert billions(model) == pytest.approx(46.702792704, rel=1e-3)
    assert active_billions(model) == pytest.approx(12.879925248, rel=5e-3)
    assert (shape(model).experts, shape(model).active_experts) == (8, 2)


def test_deepseek_v3_keeps_70_272_bytes_a_token_on_every_gpu(catalog: Catalog) -> None:
    """deepseek-ai/DeepSeek-V3: 61 layers, latent of 512 and 64 position elements (kv_lora_rank,
    qk_rope_head_dim).

    61 x (512 + 64) x 2 bytes = 70,272 bytes. The latent vector has no heads to split: each of 8
    GPUs that share the weights keeps all of it, 8 x 70,272 = 562,176 bytes in all.
    """
    deepseek = catalog.model("deepseek-v3")

    assert cache(deepseek) == 70_272
    assert cache(deepseek, gpus=8) == 562_176


def test_every_second_layer_of_gpt_oss_120b_keeps_128_tokens_only(catalog: Catalog) -> None:
    """openai/gpt-oss-120b: 36 layers, every second with a window of 128, 8 KV heads of 64.

    A layer keeps 2 x 8 x 64 x 2 bytes = 2,048 bytes a token. At 100 tokens all 36 layers keep
    them: 36 x 100 x 2,048 = 7,372,800. At 10,000 tokens 18 layers keep all of them and 18 keep
    128: 18 x 10,000 x 2,048 + 18 x 128 x 2,048 = 368,640,000 + 4,718,592 = 373,358,592.
    """
    gpt_oss = catalog.model("gpt-oss-120b")

    assert cache(gpt_oss, 100) == 7_372_800
    assert cache(gpt_oss, 10_000) == 373_358_592


def test_every_second_layer_of_gpt_oss_20b_keeps_128_tokens_only(catalog: Catalog) -> None:
    """openai/gpt-oss-20b: 24 layers, every second with a window of 128, 8 KV heads of 64.

    12 x 4,096 x 2,048 + 12 x 128 x 2,048 = 100,663,296 + 3,145,728 = 103,809,024 bytes.
    """
    assert cache(catalog.model("gpt-oss-20b"), 4_096) == 103_809_024


def test_more_gpus_than_kv_heads_keep_copies_of_the_cache(catalog: Catalog) -> None:
    """Qwen/Qwen3-235B-A22B: 94 layers, 4 KV heads of 128; 64 query heads.

    2 x 94 x 4 x 128 x 2 bytes = 192,512 bytes a token, one head on each of 4 GPUs. On 8 GPUs each
    head lies on two of them: 385,024 bytes.
    """
    qwen = catalog.model("qwen3-235b-a22b-instruct-2507")

    assert cache(qwen, gpus=4) == 192_512
    assert cache(qwen, gpus=8) == 385_024


def estimated(catalog: Catalog, model: str, gpu: str, **fields: object) -> Speeds:
    """Return the speeds of one deployment by the package's own fit."""
    assert catalog.capacity_fit is not None
    setup = Setup(catalog.model(model), catalog.gpu(gpu), **fields)  # type: ignore[arg-type]
    return estimate_speeds(Setups.of([setup]), catalog.capacity_fit)


def read_gb(catalog: Catalog, model: str, calls: int, weight_format: WeightFormat) -> float:
    setup = Setup(catalog.model(model), catalog.gpu("h100"), weight_format=weight_format)
    return float(read_bytes(Setups.of([setup]), np.array([float(calls)]))[0]) / 1e9


def test_one_call_of_llama_3_8b_on_an_l4_is_bound_by_its_300_gb_a_second(
    catalog: Catalog,
) -> None:
    """Weights in BF16 take 2 x 8.03e9 = 16.06 GB. A step reads all of them but the table of input
    embeddings, of which it takes one row: 128256 x 4096 x 2 = 1.05 GB; 15.01 GB at 300 GB/s take
    50.0 ms, so that one call gets at most 20.0 tokens a second. At half of that bandwidth, less
    than any engine reached in the points, it would get 10.
    """
    alone = {"engine_class": "vllm", "input_tokens": 128.0, "output_tokens": 128.0}

    found = estimated(catalog, "llama-3-8b-instruct", "l4", concurrency=1, **alone)

    assert 10.0 < 1 / found.decode_step_s[0] < 20.0


def test_an_l4_holds_some_calls_of_4_096_tokens_beside_llama_3_8b(catalog: Catalog) -> None:
    """A call of 2,048 tokens in and 2,048 out keeps 4,096 x 131,072 B = 0.537 GB at its end, 0.403
    on the mean. Of a card of 24 GiB = 25.8 GB the weights leave 9.7 GB: 24 mean calls if all of it
    were usable. Of nine tenths of 24 GB, less 2 GB for the engine, they leave 3.5 GB: 6 whole ones.
    """
    found = estimated(
        catalog, "llama-3-8b-instruct", "l4", input_tokens=2_048.0, output_tokens=2_048.0
    )

    assert found.fits[0]
    assert 6 <= found.most_batch[0] <= 24


def test_70b_in_fp8_stands_before_a_cliff_on_one_h100(catalog: Catalog) -> None:
    """Weights take 70.6 GB, a call of 1,500 tokens on the mean 1,500 x 163,840 B = 0.246 GB (80
    layers, 8 KV heads of 128, keys and values in FP8).

    One card has 80 GB by its sheet, 85.5 by what it reports. Of nine tenths of 85.5, less 2 for the
    engine, 4.3 GB are left: 17 calls. Two cards leave 79.3 GB: 322 calls, 19 times as many. With
    17 calls a step is as long as the weights take to read, 70.6 / 3,352 = 21 ms; with 322 on two,
    (70.6 + 79.3) / 6,704 = 22 ms and 2 x 70.6e9 x 322 / 3,958e12 = 11 ms: 322 / 17 / 1.6 = 12 times
    the output before overheads and prefill, which bind the full batch more. NVIDIA measured
    418-465 tokens a second on one and 4,000-5,900 on two (TensorRT-LLM 0.14, perf-overview.md):
    8.6 to 14 times.
    """
    calls = {
        "engine_class": "trtllm-inflight",
        "weight_format": "fp8",
        "cache_format": "fp8",
        "regime": "offline",
    }

    one, two = (
        estimated(catalog, "llama-3-70b-instruct", "h100", gpus=n, tensor_parallel=n, **calls)
        for n in (1, 2)
    )

    assert one.fits[0]
    assert two.most_batch[0] > 5 * one.most_batch[0]
    assert two.output_tokens_per_second[0] > 4 * one.output_tokens_per_second[0]


def test_70b_in_bf16_does_not_fit_one_h100_and_says_so(catalog: Catalog) -> None:
    """2 x 70.6 = 141 GB of weights, 85.5 GB of memory at most; two cards have 171."""
    one, two = (
        estimated(catalog, "llama-3-70b-instruct", "h100", gpus=n, tensor_parallel=n)
        for n in (1, 2)
    )

    assert (bool(one.fits[0]), bool(two.fits[0])) == (False, True)
    assert one.reasons[0]
    assert np.isnan(one.output_tokens_per_second[0])


@pytest.mark.parametrize(("calls", "gigabytes"), [(1, 25.76), (8, 84.38), (64, 93.41)])
def test_mixtral_reads_more_experts_the_more_calls_it_decodes(
    catalog: Catalog, calls: int, gigabytes: float
) -> None:
    """A token takes 2 of 8 experts, so that B of them leave out one with (1 - 2/8)^B.

    Experts hold 45.097 billion parameters, the rest 1.606 (see above), 2 bytes each. One call reads
    2/8 of the experts: 2 x (11.274 + 1.606) = 25.76 GB. Eight read 1 - 0.75^8 = 0.8999 of them:
    2 x (40.582 + 1.606) = 84.38 GB. Sixty-four read all but 1e-8: 2 x 46.703 = 93.41 GB.
    """
    read = read_gb(catalog, "mixtral-8x7b-instruct-v0.1", calls, "bf16")

    assert read == pytest.approx(gigabytes, rel=0.02)


def test_dense_weights_are_read_whole_by_one_call_and_by_many(catalog: Catalog) -> None:
    """2 x 8.03e9 bytes, of which the table of input embeddings, 1.05 GB, need not be read."""
    one, many = (read_gb(catalog, "llama-3-8b-instruct", calls, "bf16") for calls in (1, 256))

    assert one == many
    assert 15.0 <= one <= 16.07


def test_405b_fits_eight_h100_in_fp8_and_not_in_bf16(catalog: Catalog) -> None:
    """405.9 billion parameters: 406 GB in FP8, 812 GB in BF16; eight cards have 684 GB at most.

    In FP8 nine tenths less the weights and 8 x 2 GB leave 194 GB.
    """
    narrow, wide = (
        estimated(
            catalog, "llama-3.1-405b-instruct", "h100",
            gpus=8, tensor_parallel=8, weight_format=weights,
        )
        for weights in ("fp8", "bf16")
    )  # fmt: skip

    assert (bool(narrow.fits[0]), bool(wide.fits[0])) == (True, False)
    assert wide.reasons[0]


def test_llama_cpp_gives_one_call_of_an_8b_in_4_bits_100_to_200_tokens_a_second_on_a_4090(
    catalog: Catalog,
) -> None:
    """A file of 8B in Q4_K_M has 4.9 GB (4.9 bits a weight on the mean), in 4.5 bits 4.5 GB; at
    1,008 GB/s they are read in 4.9 or 4.5 ms: at most 205 or 223 tokens a second. Half of the
    bandwidth, which llama.cpp exceeds on any card in the points, gives 102.
    """
    found = estimated(
        catalog, "llama-3-8b-instruct", "rtx-4090",
        engine_class="llamacpp-cuda", weight_format="int4", concurrency=1,
        input_tokens=512.0, output_tokens=1_024.0,
    )  # fmt: skip

    assert 100 < 1 / found.seconds_per_output_token[0] < 223


def test_deepseek_v3_needs_more_than_eight_h100_in_fp8_and_fits_eight_h200(
    catalog: Catalog,
) -> None:
    """671 billion parameters in FP8 take 671 GB. Eight H100 of 80 GB have 640 by their sheet and
    684 as reported: nine tenths, 616, are too few. Eight H200 of 141 GB have 1,128; nine tenths
    leave 344 GB for caches and engine.
    """
    small, large = (
        estimated(
            catalog, "deepseek-v3", gpu, gpus=8, tensor_parallel=8, weight_format="fp8",
            engine_class="vllm",
        )
        for gpu in ("h100", "h200")
    )  # fmt: skip

    assert (bool(small.fits[0]), bool(large.fits[0])) == (False, True)
