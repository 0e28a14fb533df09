import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.catalog import Architecture, load_catalog
from playbook.costs.capacity.roofline import (
    Capacity,
    Limits,
    Replica,
    communication_s,
    decode_step_s,
    output_rate_at,
    prefill_s,
    serve,
    weights_read_bytes,
)
from playbook.costs.memory import fit_memory
from playbook.costs.tokens import TokenFlow
from tests.costs.builders import (
    LLAMA_8B,
    LLAMA_70B,
    a_flow,
    a_gpu,
    a_large_model,
    a_model,
    a_replica,
    a_speed,
    an_engine,
)


def capacity(
    replica: Replica | None = None,
    flow: TokenFlow | None = None,
    *,
    first_token_s: float = 2.0,
    tokens_per_second: float = 15.0,
) -> Capacity:
    replica, flow = replica or a_replica(), flow or a_flow()
    fit = fit_memory(
        replica.model,
        replica.gpu,
        replica.engine,
        gpus=replica.gpus,
        flow=flow,
        most_sequences=256,
    )
    return serve(
        replica,
        fit,
        flow,
        a_speed(),
        limits=Limits(first_token_s, tokens_per_second),
    )


def rate(found: Capacity) -> float:
    return float(found.output_tokens_per_second[0])


def test_decode_step_of_one_call_by_hand() -> None:
    """Llama 3 8B in BF16 on an H100 with 1,000 tokens in the cache.

    Memory: 16.06 GB weights + 131,072 x 1,000 B cache over 0.8 x 3,352 GB/s = 6.038 ms.
    Arithmetic: 2 x 8.03e9 + 4 x 32 x 32 x 128 x 1,000 FLOP over 0.4 x 989 TFLOP/s = 0.042 ms.
    Step overhead: 3 ms. Sum 9.08 ms.
    """
    found = decode_step_s(a_replica(), np.array([1.0]), 1_000, a_speed())

    assert found[0] == pytest.approx(9.080e-3, rel=1e-3)


def test_prefill_by_hand() -> None:
    """1,500 tokens of Llama 3 8B: 1,500 x (2 x 8.03e9 + 2 x 1,500 x 32 x 32 x 128) FLOP

    = 2.468e13 over 0.4 x 989e12 FLOP/s = 62.4 ms.
    """
    assert prefill_s(a_replica(), 1_500, a_speed())[0] == pytest.approx(62.4e-3, rel=2e-3)


def test_output_rate_reads_other_prompts_between_tokens() -> None:
    """At 16 calls each token waits for its step and for 16 prefills over 500 tokens."""
    replica, flow, speed = a_replica(), a_flow(), a_speed()
    step = decode_step_s(replica, np.array([16.0]), 1_750, speed)
    per_token = step + 16 * prefill_s(replica, 1_500, speed) / 500

    assert output_rate_at(replica, flow, 16, speed) == pytest.approx(16 / per_token)


@pytest.mark.parametrize(
    ("calls", "tokens", "published"),
    [(1, 2_048, 68.1), (16, 512, 892), (16, 2_048, 711)],
)
def test_estimate_is_near_published_runs(calls: int, tokens: int, published: float) -> None:
    """Llama 3 8B, FP16, one A100 40 GB, vLLM, as many tokens written as read: within a quarter.

    LLM-Inference-Bench, Plots/All_results.csv at 4211f5d (argonne-lcf, 2024-08), output tokens/s
    from latency; A100 40 GB: 1,555 GB/s, 312 TFLOP/s (data sheet).
    """
    engine = load_catalog().engine("vllm")
    gpu = a_gpu(bandwidth_gb_per_s=1555, dense_bf16_tflops=312, dense_fp8_tflops=None, memory_gb=40)
    flow = a_flow(input_per_call=float(tokens), output_per_call=float(tokens), share_output=0.5)
    speed = a_speed(
        bandwidth_use=engine.memory_bandwidth_use.likely,
        compute_use=engine.compute_use.likely,
        step_overhead_s=engine.step_overhead_ms.likely / 1_000,
    )

    found = output_rate_at(a_replica(gpu=gpu, engine=engine), flow, calls, speed)

    assert float(found[0]) == pytest.approx(published, rel=0.25)


def test_dense_weights_are_read_whole_at_any_batch() -> None:
    read = weights_read_bytes(a_replica(), np.array([1.0, 100.0]))

    assert read == pytest.approx([16.06e9, 16.06e9])


def test_experts_are_read_more_the_larger_the_batch() -> None:
    """Mixtral 8x7B: 12.9 of 46.7 billion parameters at batch 1, all of them at a large batch."""
    mixtral = a_model(parameters_billion=46.7, active_parameters_billion=12.9)

    read = weights_read_bytes(a_replica(mixtral), np.array([1.0, 4.0, 200.0]))

    assert read[0] == pytest.approx(2 * 12.9e9)
    assert read[0] < read[1] < read[2]
    assert read[2] == pytest.approx(2 * 46.7e9)


def test_one_gpu_communicates_nothing() -> None:
    assert communication_s(a_replica(), np.array([64.0]), a_speed())[0] == pytest.approx(0)


def test_gpus_on_pcie_are_slower_together_than_on_a_link() -> None:
    linked = a_replica(a_large_model(), gpus=4)
    pcie = a_replica(a_large_model(), a_gpu(link_gb_per_s=0), gpus=4)

    assert rate(capacity(pcie)) < rate(capacity(linked))


def test_two_gpus_give_70b_in_fp8_many_times_the_output_of_one() -> None:
    """The cliff: one H100 holds the weights and almost no cache.

    Published: 418 to 465 tokens/s on one H100, 4,000 to 5,900 on two (TensorRT-LLM 1.0 overview).
    """
    model, flow = a_large_model(precision="fp8"), a_flow()

    one = capacity(a_replica(model, gpus=1), flow)
    two = capacity(a_replica(model, gpus=2), flow)

    assert rate(two) > 5 * rate(one)


def test_gpus_that_only_add_memory_add_no_speed() -> None:
    split, stacked = an_engine(), an_engine(splits_work_over_gpus=False)
    batch = np.array([4.0])

    together = decode_step_s(a_replica(engine=split, gpus=4), batch, 1_000, a_speed())
    in_turn = decode_step_s(a_replica(engine=stacked, gpus=4), batch, 1_000, a_speed())
    alone = decode_step_s(a_replica(engine=stacked), batch, 1_000, a_speed())

    assert in_turn == pytest.approx(alone)
    assert together[0] < in_turn[0]


def test_eight_bit_floats_run_faster_only_where_the_gpu_multiplies_them() -> None:
    model = a_model(precision="fp8")
    with_fp8, without = a_gpu(), a_gpu(dense_fp8_tflops=None)

    fast = prefill_s(a_replica(model, with_fp8), 1_500, a_speed())
    slow = prefill_s(a_replica(model, without), 1_500, a_speed())

    assert slow[0] / fast[0] == pytest.approx(1979 / 989)


def test_batch_is_the_largest_within_the_limits() -> None:
    found = capacity(tokens_per_second=40)
    batch = int(found.batch[0])
    next_one = batch + 1
    step = decode_step_s(a_replica(), np.array([float(next_one)]), 1_750, a_speed())
    per_token = step + next_one * prefill_s(a_replica(), 1_500, a_speed()) / 500

    assert 1 < batch < 200
    assert float(found.seconds_per_output_token[0]) <= 1 / 40
    assert float(per_token[0]) > 1 / 40


def test_limits_that_cannot_be_met_are_said_not_raised() -> None:
    found = capacity(tokens_per_second=10_000)

    assert not found.meets_limits[0]
    assert found.batch[0] == 1


@settings(max_examples=40, deadline=None)
@given(st.floats(300, 8_000), st.floats(1, 3), st.floats(24, 200), st.floats(1, 3))
def test_capacity_never_falls_with_bandwidth_or_memory(
    bandwidth: float, faster: float, memory: float, larger: float
) -> None:
    def found(bandwidth: float, memory: float) -> float:
        gpu = a_gpu(bandwidth_gb_per_s=bandwidth, memory_gb=memory)
        return rate(capacity(a_replica(gpu=gpu)))

    base = found(bandwidth, memory)

    assert found(bandwidth * faster, memory) >= base * (1 - 1e-9)
    assert found(bandwidth, memory * larger) >= base * (1 - 1e-9)


@settings(max_examples=40, deadline=None)
@given(st.floats(2, 200), st.floats(1, 4))
def test_a_stricter_speed_limit_never_raises_capacity(limit: float, stricter: float) -> None:
    loose, strict = capacity(tokens_per_second=limit), capacity(tokens_per_second=limit * stricter)

    assert strict.batch[0] <= loose.batch[0]
    assert rate(strict) <= rate(loose) * (1 + 1e-9)


@given(st.sampled_from([LLAMA_8B, LLAMA_70B]), st.integers(1, 500), st.integers(1, 500))
def test_a_step_never_gets_faster_with_more_calls(
    architecture: Architecture, calls: int, more: int
) -> None:
    replica = a_replica(a_model(architecture=architecture))

    few, many = decode_step_s(
        replica, np.array([float(calls), float(calls + more)]), 1_000, a_speed()
    )

    assert many > few
