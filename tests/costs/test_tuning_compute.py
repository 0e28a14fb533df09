from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.catalog import Catalog, TuningRun, load_catalog
from playbook.costs.tuning_compute import (
    TrainingMemory,
    TrainingSpeed,
    training_gib_per_gpu,
    training_gpu_hours,
    training_seconds_per_token,
)

MILLION = 1e6
FROZEN = TrainingSpeed(flop_per_parameter_and_token=4, share_of_peak=0.26)
End = Literal["low", "likely", "high"]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def used_runs(catalog: Catalog) -> list[TuningRun]:
    return [run for one in catalog.tuning_runs for run in one.runs if not run.left_out]


def value(catalog: Catalog, name: str, end: End = "likely") -> float:
    estimate = catalog.assumption(f"tuning.{name}").value
    return {"low": estimate.low, "likely": estimate.likely, "high": estimate.high}[end]


def estimated_tokens_per_second(catalog: Catalog, run: TuningRun, end: End = "likely") -> float:
    """Return the estimate at the likely parameters, or with all at the slow or the fast end."""
    slow_end: End = {"low": "high", "likely": "likely", "high": "low"}[end]
    share = value(catalog, f"share_of_peak_{run.method}", end)
    if not run.packed:
        share *= value(catalog, "share_of_speed_unpacked", end)
    overhead_ms = value(catalog, f"pass_overhead_ms_{run.method}", slow_end)
    if run.method == "full":
        per_billion = value(catalog, "pass_overhead_ms_per_billion_full", slow_end)
        overhead_ms += per_billion * run.parameters_billion
    speed = TrainingSpeed(
        flop_per_parameter_and_token=value(catalog, f"flop_per_parameter_and_token_{run.method}"),
        share_of_peak=share,
        pass_overhead_s=overhead_ms / 1e3 if run.tokens_per_pass else 0.0,
        tokens_per_pass=run.tokens_per_pass or 1,
    )
    seconds = training_seconds_per_token(
        speed, active_billion=run.parameters_billion, dense_bf16_tflops=run.dense_bf16_tflops
    )
    return run.gpus / float(seconds)


def estimated_gib(catalog: Catalog, run: TuningRun) -> float:
    adapters = value(catalog, "bytes_per_adapter_parameter") * value(
        catalog, "adapter_share_of_parameters"
    )
    memory = TrainingMemory(
        bytes_per_parameter=value(catalog, f"bytes_per_parameter_{run.method}"),
        adapter_bytes_per_parameter=0.0 if run.method == "full" else adapters,
        activation_bytes_per_token_layer_and_width=value(
            catalog, "activation_bytes_per_token_layer_and_width"
        ),
        tokens_per_pass=run.tokens_per_pass or value(catalog, "tokens_per_pass"),
        overhead_gib_per_gpu=value(catalog, "overhead_gib_per_gpu"),
    )
    return float(
        training_gib_per_gpu(
            memory,
            parameters_billion=run.parameters_billion,
            layers=run.layers,
            hidden=run.hidden,
            gpus=run.gpus,
        )
    )


def test_lora_of_8b_on_one_h100_takes_62_minutes_and_2_40_usd() -> None:
    """10M tokens x 3 epochs: 4 x 8e9 x 30e6 / (989e12 x 0.26) = 3,733 s.

    At 2.29 USD an hour that is 2.37 USD. Source: arithmetic of Kaplan et al. (2020), section 2.1;
    989 TFLOP/s dense BF16 of the H100's data sheet.
    """
    hours = training_gpu_hours(30 * MILLION, FROZEN, active_billion=8, dense_bf16_tflops=989)

    assert hours * 60 == pytest.approx(62.2, abs=0.1)
    assert hours * 2.29 == pytest.approx(2.4, abs=0.05)


def test_lora_of_70b_takes_9_gpu_hours() -> None:
    """4 x 70.6e9 x 30e6 / (989e12 x 0.26) = 32,947 s = 9.2 h, about 21 USD at 2.29 USD."""
    hours = training_gpu_hours(30 * MILLION, FROZEN, active_billion=70.6, dense_bf16_tflops=989)

    assert hours == pytest.approx(9.15, abs=0.05)
    assert hours * 2.29 == pytest.approx(21, abs=0.5)


def test_full_tuning_with_all_activations_recomputed_takes_a_third_more() -> None:
    kept = TrainingSpeed(flop_per_parameter_and_token=6, share_of_peak=0.4)
    again = TrainingSpeed(flop_per_parameter_and_token=6, share_of_peak=0.4, recomputed_share=1 / 3)
    sizes = {"active_billion": 8.0, "dense_bf16_tflops": 312.0}

    ratio = training_gpu_hours(MILLION, again, **sizes) / training_gpu_hours(MILLION, kept, **sizes)

    assert ratio == pytest.approx(4 / 3)


def test_full_tuning_of_8b_in_mixed_precision_holds_16_bytes_a_parameter() -> None:
    """8.03e9 x 16 / 2**30 = 119.7 GiB for weights, gradients and optimizer, without the rest."""
    bare = TrainingMemory(
        bytes_per_parameter=16,
        activation_bytes_per_token_layer_and_width=0,
        overhead_gib_per_gpu=0,
    )
    shape = {"parameters_billion": 8.03, "layers": 32, "hidden": 4096}

    assert training_gib_per_gpu(bare, **shape, gpus=1) == pytest.approx(119.7, abs=0.1)
    assert training_gib_per_gpu(bare, **shape, gpus=2) == pytest.approx(59.8, abs=0.1)


def test_published_runs_are_as_fast_as_estimated_to_30_percent_or_differ_for_a_stated_cause(
    catalog: Catalog,
) -> None:
    """27 of 29 published runs are used; 25 are within 30%, two have a stated cause."""
    runs = used_runs(catalog)
    ratios = [estimated_tokens_per_second(catalog, run) / run.tokens_per_second for run in runs]
    far = [run for run, ratio in zip(runs, ratios, strict=True) if not 0.7 <= ratio <= 1.3]

    assert len(runs) == 27
    assert len(far) == 2
    assert all(run.speed_differs for run in far)


def test_published_runs_lie_within_the_range_of_the_parameters(catalog: Catalog) -> None:
    runs = [run for run in used_runs(catalog) if not run.speed_differs]
    inside = [
        estimated_tokens_per_second(catalog, run, "low")
        <= run.tokens_per_second
        <= estimated_tokens_per_second(catalog, run, "high")
        for run in runs
    ]

    assert sum(inside) / len(inside) >= 0.8


def test_memory_of_published_runs_is_reproduced_to_30_percent(catalog: Catalog) -> None:
    runs = [run for run in used_runs(catalog) if not run.memory_differs]
    ratios = {
        f"{run.model} {run.method} {run.tokens_per_pass}": estimated_gib(catalog, run)
        / run.memory_gib_per_gpu
        for run in runs
    }

    assert len(runs) == 17
    assert {name: round(one, 2) for name, one in ratios.items() if not 0.7 <= one <= 1.3} == {}


def test_recipes_that_save_memory_need_less_than_is_planned_for_them(catalog: Catalog) -> None:
    frugal = [run for run in used_runs(catalog) if run.memory_differs]

    assert len(frugal) == 10
    assert all(estimated_gib(catalog, run) > run.memory_gib_per_gpu for run in frugal)


def test_runs_that_beat_the_cards_peak_are_left_out_with_the_reason(catalog: Catalog) -> None:
    left_out = [run for one in catalog.tuning_runs for run in one.runs if run.left_out]

    assert {run.gpu for run in left_out} == {"RTXA6000"}
    assert len(left_out) == 2


@given(
    tokens=st.floats(1e3, 1e12),
    more=st.floats(1.01, 100),
    billion=st.floats(0.1, 2_000),
    tflops=st.floats(10, 5_000),
)
def test_gpu_hours_grow_with_tokens_and_size_and_fall_with_the_peak(
    tokens: float, more: float, billion: float, tflops: float
) -> None:
    def hours(tokens: float, billion: float, tflops: float) -> float:
        return float(
            training_gpu_hours(tokens, FROZEN, active_billion=billion, dense_bf16_tflops=tflops)
        )

    base = hours(tokens, billion, tflops)

    assert hours(tokens * more, billion, tflops) > base
    assert hours(tokens, billion * more, tflops) > base
    assert hours(tokens, billion, tflops * more) < base


@given(billion=st.floats(0.1, 2_000), gpus=st.integers(1, 64))
def test_one_gpu_more_never_needs_more_memory_on_each(billion: float, gpus: int) -> None:
    memory = TrainingMemory(bytes_per_parameter=16)
    shape = {"parameters_billion": billion, "layers": 32, "hidden": 4096}

    assert training_gib_per_gpu(memory, **shape, gpus=gpus + 1) <= training_gib_per_gpu(
        memory, **shape, gpus=gpus
    )
