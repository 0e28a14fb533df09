import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.catalog import Architecture
from playbook.catalog.weights import weights_bytes
from playbook.costs.memory import (
    MemoryFit,
    cache_bytes,
    can_be_sized,
    fit_memory,
    kv_bytes_per_token,
    kv_copies,
)
from tests.costs.builders import (
    LLAMA_8B,
    LLAMA_70B,
    a_flow,
    a_gpu,
    a_large_model,
    a_model,
    an_engine,
)


def fit(gpus: int = 1, *, precision: str = "bf16", memory_gb: float = 80) -> MemoryFit:
    model = a_large_model(precision=precision)
    gpu = a_gpu(memory_gb=memory_gb)
    return fit_memory(model, gpu, an_engine(), gpus=gpus, flow=a_flow(), most_sequences=256)


def test_kv_cache_of_llama_3_8b_takes_128_kib_a_token() -> None:
    """2 x 32 layers x 8 KV heads x 128 x 2 bytes = 131,072 (meta-llama/Meta-Llama-3-8B config)."""
    assert kv_bytes_per_token(LLAMA_8B) == pytest.approx(131_072)


def test_kv_cache_without_grouped_heads_is_four_times_that() -> None:
    """Multi-head attention, 32 KV heads: 2 x 32 x 32 x 128 x 2 = 524,288."""
    mha = LLAMA_8B.changed(kv_heads=32, attention="mha")

    assert kv_bytes_per_token(mha) == pytest.approx(524_288)


def test_latent_cache_counts_its_own_elements() -> None:
    """DeepSeek-V3: 61 layers x 576 elements x 2 bytes = 70,272 (deepseek-ai/DeepSeek-V3 config)."""
    mla = Architecture(
        layers=61,
        hidden=7168,
        heads=128,
        kv_heads=128,
        head_dim=128,
        attention="mla",
        kv_elements_per_token_per_layer=576,
    )

    assert kv_bytes_per_token(mla) == pytest.approx(70_272)


def test_only_layers_with_a_full_cache_count_in_a_hybrid() -> None:
    hybrid = LLAMA_8B.changed(kv_layers=8, attention="hybrid")

    assert kv_bytes_per_token(hybrid) == pytest.approx(131_072 / 4)


GPT_OSS_120B = Architecture(
    layers=36,
    hidden=2880,
    heads=64,
    kv_heads=8,
    head_dim=64,
    attention="sliding",
    kv_layers=18,
    sliding_window_layers=18,
    sliding_window_tokens=128,
)
QWEN36_27B = Architecture(
    layers=64,
    hidden=5120,
    heads=24,
    kv_heads=4,
    head_dim=256,
    attention="hybrid",
    kv_layers=16,
    state_bytes_per_call=153_944_064,
)


def test_a_window_keeps_at_most_its_own_tokens() -> None:
    """gpt-oss-120b: 2 x 8 KV heads x 64 x 2 bytes = 2,048 a layer and token.

    18 full layers x 8,192 tokens + 18 windowed x 128 tokens = 149,760 layer-tokens, 306.7 MB; all
    36 layers in full would be 604 MB (openai/gpt-oss:gpt_oss/torch/model.py@7b58334).
    """
    assert cache_bytes(GPT_OSS_120B, 8_192, gpus=1) == pytest.approx(149_760 * 2_048)
    assert cache_bytes(GPT_OSS_120B, 100, gpus=1) == pytest.approx(36 * 100 * 2_048)


def test_a_state_of_linear_attention_costs_the_same_for_any_length() -> None:
    """Qwen3.6-27B: 48 layers x (48 heads x 128 x 128 x 4 bytes + 3 x 10,240 x 2 bytes) a call.

    16 layers x 2 x 4 heads x 256 x 2 bytes = 65,536 a token on top (Qwen/Qwen3.6-27B config).
    """
    assert 48 * (48 * 128 * 128 * 4 + 3 * 10_240 * 2) == 153_944_064
    assert cache_bytes(QWEN36_27B, 0, gpus=1) == pytest.approx(153_944_064)
    assert cache_bytes(QWEN36_27B, 1_000, gpus=1) == pytest.approx(153_944_064 + 65_536_000)


def test_windows_are_copied_with_the_heads_and_states_are_not() -> None:
    windowed = cache_bytes(GPT_OSS_120B, 1_000, gpus=16)
    stateful = cache_bytes(QWEN36_27B, 1_000, gpus=8)

    assert windowed == pytest.approx(2 * cache_bytes(GPT_OSS_120B, 1_000, gpus=1))
    assert stateful == pytest.approx(153_944_064 + 2 * 65_536_000)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from([LLAMA_8B, GPT_OSS_120B, QWEN36_27B]))
def test_a_longer_call_never_needs_a_smaller_cache(
    tokens: float, more: float, architecture: Architecture
) -> None:
    assert cache_bytes(architecture, tokens + more, gpus=2) >= cache_bytes(
        architecture, tokens, gpus=2
    )


def test_cache_is_copied_when_there_are_fewer_heads_than_gpus() -> None:
    assert kv_copies(LLAMA_8B, 8) == pytest.approx(1)
    assert kv_copies(LLAMA_8B.changed(kv_heads=4), 8) == pytest.approx(2)
    assert kv_copies(LLAMA_8B.changed(attention="mla"), 8) == pytest.approx(8)


@pytest.mark.parametrize(
    ("precision", "gigabytes"), [("bf16", 16.06), ("fp8", 8.03), ("int4", 4.5)]
)
def test_weights_shrink_with_precision(precision: str, gigabytes: float) -> None:
    """8.03 billion weights at 16, 8 and 4.5 bits."""
    found = weights_bytes(a_model(precision=precision)) / 1e9

    assert found == pytest.approx(gigabytes, rel=0.01)


def test_70b_in_bf16_does_not_fit_one_h100() -> None:
    """141.2 GB of weights, 80 GB of memory."""
    assert not fit(1).fits
    assert fit(4).fits


def test_70b_in_fp8_leaves_one_h100_almost_no_room_for_cache() -> None:
    """80 x 0.985 GiB x 0.92 less 1 GiB less 65.75 GiB of weights leaves 5.74 GiB.

    A call of 1,750 tokens takes 1,750 x 327,680 bytes = 0.534 GiB: 10 of them fit.
    """
    one, two = fit(1, precision="fp8"), fit(2, precision="fp8")

    assert one.available_gib - one.overhead_gib - one.weights_gib == pytest.approx(5.74, abs=0.01)
    assert one.batch == 10
    assert two.batch > 14 * one.batch


def test_a_replica_must_hold_the_longest_call() -> None:
    flow = a_flow(longest_call=32_768)

    found = fit_memory(
        a_large_model(precision="fp8"), a_gpu(), an_engine(), gpus=1, flow=flow, most_sequences=9
    )

    assert not found.fits


def test_gpus_that_do_not_divide_the_heads_do_not_fit() -> None:
    model = a_model(architecture=LLAMA_70B.changed(heads=28, kv_heads=4))

    found = fit_memory(model, a_gpu(), an_engine(), gpus=8, flow=a_flow(), most_sequences=9)

    assert not found.fits


def test_model_of_unknown_size_cannot_be_sized() -> None:
    unknown = a_model(architecture=None)

    assert not can_be_sized(unknown)
    with pytest.raises(ValueError, match="small-8b is unknown"):
        fit_memory(unknown, a_gpu(), an_engine(), gpus=1, flow=a_flow(), most_sequences=9)


@given(st.floats(10, 400), st.floats(0, 100), st.sampled_from([1, 2, 4, 8]))
def test_more_memory_never_holds_fewer_calls(memory: float, more: float, gpus: int) -> None:
    assert fit(gpus, memory_gb=memory + more).batch >= fit(gpus, memory_gb=memory).batch


@given(st.integers(1, 200))
def test_needed_memory_of_a_batch_that_fits_is_available(batch: int) -> None:
    found = fit(4)

    if batch <= found.batch:
        assert found.needed_gib(batch) <= found.available_gib
