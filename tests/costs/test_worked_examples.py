"""Models that everybody knows, worked by hand from their published configuration.

Each expected number comes from the arithmetic in its docstring, never from the program. Sources of
the shapes: `config.json` of the hub repositories named in each docstring; of the GPUs: vendors'
data sheets. GB are decimal, GiB are binary.
"""

from __future__ import annotations

import pytest

from playbook.catalog import Architecture, Catalog, Model, load_catalog
from playbook.costs.memory import cache_bytes, kv_bytes_per_token


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def shape(model: Model) -> Architecture:
    assert model.architecture is not None
    return model.architecture


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
    assert kv_bytes_per_token(shape(model)) == 131_072


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
    assert kv_bytes_per_token(shape(model)) == 327_680


def test_llama_3_1_405b_has_405_85_billion_parameters(catalog: Catalog) -> None:
    """meta-llama/Llama-3.1-405B: 126 layers, hidden 16384, 8 KV heads of 128, inner 53248.

    Attention 2 x 16384^2 + 2 x 16384 x 1024 = 570,425,344; feed-forward 3 x 16384 x 53248 =
    2,617,245,696; norms 32,768; 3,187,703,808 a layer, 401,650,679,808 in 126; embeddings
    4,202,692,608; last norm 16,384: 405,853,388,800. Cache 2 x 126 x 8 x 128 x 2 = 516,096 bytes.
    """
    model = catalog.model("llama-3.1-405b-instruct")

    assert billions(model) == pytest.approx(405.8533888, rel=3e-3)
    assert kv_bytes_per_token(shape(model)) == 516_096


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
    deepseek = shape(catalog.model("deepseek-v3"))

    assert kv_bytes_per_token(deepseek) == 70_272
    assert cache_bytes(deepseek, 1, gpus=8) == 562_176


def test_every_second_layer_of_gpt_oss_120b_keeps_128_tokens_only(catalog: Catalog) -> None:
    """openai/gpt-oss-120b: 36 layers, every second with a window of 128, 8 KV heads of 64.

    A layer keeps 2 x 8 x 64 x 2 bytes = 2,048 bytes a token. At 100 tokens all 36 layers keep
    them: 36 x 100 x 2,048 = 7,372,800. At 10,000 tokens 18 layers keep all of them and 18 keep
    128: 18 x 10,000 x 2,048 + 18 x 128 x 2,048 = 368,640,000 + 4,718,592 = 373,358,592.
    """
    gpt_oss = shape(catalog.model("gpt-oss-120b"))

    assert cache_bytes(gpt_oss, 100, gpus=1) == 7_372_800
    assert cache_bytes(gpt_oss, 10_000, gpus=1) == 373_358_592


def test_every_second_layer_of_gpt_oss_20b_keeps_128_tokens_only(catalog: Catalog) -> None:
    """openai/gpt-oss-20b: 24 layers, every second with a window of 128, 8 KV heads of 64.

    12 x 4,096 x 2,048 + 12 x 128 x 2,048 = 100,663,296 + 3,145,728 = 103,809,024 bytes.
    """
    assert cache_bytes(shape(catalog.model("gpt-oss-20b")), 4_096, gpus=1) == 103_809_024


def test_more_gpus_than_kv_heads_keep_copies_of_the_cache(catalog: Catalog) -> None:
    """Qwen/Qwen3-235B-A22B: 94 layers, 4 KV heads of 128; 64 query heads.

    2 x 94 x 4 x 128 x 2 bytes = 192,512 bytes a token, one head on each of 4 GPUs. On 8 GPUs each
    head lies on two of them: 385,024 bytes.
    """
    qwen = shape(catalog.model("qwen3-235b-a22b-instruct-2507"))

    assert cache_bytes(qwen, 1, gpus=4) == 192_512
    assert cache_bytes(qwen, 1, gpus=8) == 385_024
