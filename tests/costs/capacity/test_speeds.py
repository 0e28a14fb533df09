from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.catalog import Architecture
from playbook.costs.capacity import Setup, Setups, Speeds, estimate_speeds
from playbook.costs.capacity.steps import cache_bytes, read_bytes
from playbook.provenance import Provenance
from tests.costs.builders import a_gpu, a_large_model, a_model, a_setup, the_fit


def speeds_of(*setups: Setup) -> Speeds:
    return estimate_speeds(Setups.of(setups), the_fit())


def rate_of(setup: Setup) -> float:
    return float(speeds_of(setup).output_tokens_per_second[0])


def a_cliff(gpus: int, **fields: object) -> Setup:
    """Return a 70B model in FP8 with an FP8 cache under TensorRT-LLM, all calls at once."""
    values = {
        "model": a_large_model(id="llama-3-70b-instruct", precision="fp8"),
        "gpus": gpus,
        "tensor_parallel": gpus,
        "engine_class": "trtllm-inflight",
        "cache_format": "fp8",
        "input_tokens": 1_000.0,
        "output_tokens": 1_000.0,
        "concurrency": None,
        "regime": "offline",
    }
    return a_setup(**{**values, **fields})


def test_a_70b_model_in_fp8_falls_off_a_cliff_on_one_h100() -> None:
    """70.6 of 80 GB are weights: few calls fit, and each GPU of two gives over twice as much."""
    one, two = speeds_of(a_cliff(1), a_cliff(2)).output_tokens_per_second

    assert two / 2 > 2 * one


def test_two_replicas_of_one_gpu_give_twice_the_rate_of_one() -> None:
    one = a_setup(gpus=1, tensor_parallel=1, concurrency=16)
    two = a_setup(gpus=2, tensor_parallel=1, concurrency=32)

    assert rate_of(two) == pytest.approx(2 * rate_of(one))


def test_an_open_split_takes_the_fastest() -> None:
    splits = [rate_of(a_setup(gpus=8, tensor_parallel=one, concurrency=64)) for one in (1, 2, 4, 8)]

    assert rate_of(a_setup(gpus=8, tensor_parallel=None, concurrency=64)) >= 0.9 * max(splits)


def test_a_burst_of_more_calls_loses_less_to_its_longest_answer() -> None:
    """The longest answer is written nearly alone while the other GPUs' time is lost."""
    few, many = (rate_of(a_setup(concurrency=n, regime="burst")) for n in (500, 5_000))

    assert few < many


def test_layers_split_over_gpus_add_memory_and_no_speed() -> None:
    alone, split = (
        float(
            speeds_of(
                a_setup(engine_class="llamacpp-cuda", gpus=n, tensor_parallel=n, concurrency=1)
            ).decode_step_s[0]
        )
        for n in (1, 4)
    )

    assert split == pytest.approx(alone, rel=0.25)


@settings(max_examples=25, deadline=None)
@given(more=st.floats(1.01, 4.0), calls=st.integers(1, 256), gpus=st.sampled_from([1, 2, 4, 8]))
def test_more_bandwidth_never_gives_less(more: float, calls: int, gpus: int) -> None:
    slow, fast = (
        a_setup(
            gpu=a_gpu(bandwidth_gb_per_s=1_500 * times),
            gpus=gpus, tensor_parallel=gpus, concurrency=calls,
        )
        for times in (1.0, more)
    )  # fmt: skip

    assert rate_of(fast) >= rate_of(slow)


@settings(max_examples=25, deadline=None)
@given(memory=st.floats(24.0, 200.0), more=st.floats(1.01, 3.0))
def test_more_memory_never_gives_less_when_calls_are_unlimited(memory: float, more: float) -> None:
    small, large = (
        a_setup(gpu=a_gpu(memory_gb=gb), concurrency=None, regime="offline")
        for gb in (memory, memory * more)
    )

    assert rate_of(large) >= rate_of(small)


@settings(max_examples=25, deadline=None)
@given(calls=st.integers(1, 120), more=st.integers(1, 120))
def test_more_calls_in_flight_never_give_less(calls: int, more: int) -> None:
    assert rate_of(a_setup(concurrency=calls + more)) >= 0.999 * rate_of(a_setup(concurrency=calls))


def test_total_is_output_and_input_by_the_lengths() -> None:
    """1,500 in and 500 out: three input tokens for each output token."""
    found = speeds_of(a_setup())

    assert found.input_tokens_per_second[0] == pytest.approx(3 * found.output_tokens_per_second[0])
    assert found.total_tokens_per_second[0] == pytest.approx(4 * found.output_tokens_per_second[0])


def test_the_interval_of_a_metric_is_in_its_unit() -> None:
    found = speeds_of(a_setup())

    assert found.band("ttft_ms").p50[0] == pytest.approx(1_000 * found.first_token_s[0])
    band = found.band("total_output_tok_s")
    assert band.p90[0] / band.p50[0] == pytest.approx(band.p50[0] / band.p10[0])


def test_a_model_without_an_architecture_has_a_reason_and_no_figure() -> None:
    found = speeds_of(a_setup(model=a_model(architecture=None)))

    assert not found.fits[0]
    assert found.reasons[0] == "size or architecture of the weights is not known"
    assert np.isnan(found.output_tokens_per_second[0])


def test_weights_larger_than_the_memory_have_a_reason_and_no_figure() -> None:
    found = speeds_of(a_setup(model=a_large_model()))

    assert found.reasons[0] == "weights and one call do not fit the memory of the GPUs"


def test_a_static_batch_needs_room_for_the_weights_and_a_call_too() -> None:
    found = speeds_of(a_setup(model=a_large_model(), regime="static"))

    assert not found.fits[0]


def test_an_engine_that_does_not_run_on_a_makers_gpus_has_a_reason() -> None:
    found = speeds_of(a_setup(gpu=a_gpu(generation="cdna3"), engine_class="trtllm-1"))

    assert found.reasons[0] == "TensorRT-LLM does not run on GPUs of this maker"


def test_heads_that_do_not_divide_over_the_gpus_have_a_reason() -> None:
    """28 heads (Qwen2.5-7B) cannot be split over 8 GPUs."""
    odd = Architecture(layers=28, hidden=3584, heads=28, kv_heads=4, head_dim=128)

    found = speeds_of(a_setup(model=a_model(architecture=odd), gpus=8, tensor_parallel=8))

    assert found.reasons[0] == "the model's heads do not divide evenly over so many GPUs"


def test_an_unmeasured_engine_class_is_assumed_and_wider() -> None:
    known, unknown = a_setup(engine_class="llamacpp-cuda"), a_setup(engine_class="llamacpp-cpu")

    found = speeds_of(known, unknown)

    assert found.provenance[1] is Provenance.ASSUMED
    assert found.log_sd["total_output_tok_s"][1] > found.log_sd["total_output_tok_s"][0]


def test_several_calls_are_assumed_of_an_engine_that_was_measured_with_one() -> None:
    one, many = (
        a_setup(model=a_model(id="llama-3-8b-instruct"), engine_class="llamacpp-cuda",
                concurrency=calls)
        for calls in (1, 16)
    )  # fmt: skip

    assert speeds_of(one, many).provenance == (Provenance.COMPUTED, Provenance.ASSUMED)


def test_an_unmeasured_gpu_is_assumed_and_wider_than_a_measured_pair() -> None:
    model = a_model(id="llama-3-8b-instruct")
    known = a_setup(model=model, engine_class="trtllm-static")
    unknown = replace(known, gpu=a_gpu(id="h300"))

    found = speeds_of(known, unknown)

    assert found.provenance == (Provenance.COMPUTED, Provenance.ASSUMED)
    assert found.log_sd["total_output_tok_s"][1] > found.log_sd["total_output_tok_s"][0]


def test_deepseek_v3_keeps_576_elements_a_token_and_layer_on_every_gpu() -> None:
    """DeepSeek-V3 Technical Report, table of dimensions (2024-12-27): 61 layers, latent 512 + 64.

    61 x 576 x 2 bytes = 70,272 bytes a token; eight GPUs hold eight copies.
    """
    latent = Architecture(
        layers=61, hidden=7168, heads=128, kv_heads=128, head_dim=128, attention="mla",
        kv_elements_per_token_per_layer=576,
    )  # fmt: skip
    one, eight = (
        Setups.of([a_setup(model=a_model(architecture=latent), gpus=n, tensor_parallel=n)])
        for n in (1, 8)
    )

    assert cache_bytes(one, np.array([1.0]))[0] == 70_272
    assert cache_bytes(eight, np.array([1.0]))[0] == 8 * 70_272


def test_windows_stop_the_growth_of_half_the_layers_of_gpt_oss() -> None:
    """gpt-oss-120b: 18 layers grow, 18 keep 128 tokens; 2 x 8 x 64 elements of 2 bytes each."""
    windowed = Architecture(
        layers=36, hidden=2880, heads=64, kv_heads=8, head_dim=64, attention="sliding",
        kv_layers=18, sliding_window_layers=18, sliding_window_tokens=128,
    )  # fmt: skip
    setups = Setups.of([a_setup(model=a_model(architecture=windowed))])

    assert cache_bytes(setups, np.array([1_128.0]))[0] == 18 * (1_128 + 128) * 2 * 8 * 64 * 2


def test_one_call_of_mixtral_reads_its_active_weights_and_many_read_all() -> None:
    """46.7 and 12.9 billion parameters of 2 bytes (Mistral AI, Mixtral of experts, 2023-12-11)."""
    mixture = a_model(
        parameters_billion=46.7,
        active_parameters_billion=12.9,
        architecture=Architecture(
            layers=32, hidden=4096, heads=32, kv_heads=8, head_dim=128, experts=8, active_experts=2
        ),
    )
    setups = Setups.of([a_setup(model=mixture)])

    assert read_bytes(setups, np.array([1.0]))[0] == pytest.approx(2 * 12.9e9)
    assert read_bytes(setups, np.array([256.0]))[0] == pytest.approx(2 * 46.7e9)


def test_an_fp8_cache_holds_twice_the_calls() -> None:
    wide, narrow = speeds_of(a_setup(), a_setup(cache_format="fp8")).most_batch

    assert narrow >= wide
