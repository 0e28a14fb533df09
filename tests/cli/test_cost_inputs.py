"""Impossible loads, prices and machines are refused with the field, the value and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_params import run, write

REFUSED = {
    "negative volume": ("workload: {tokens_per_day: -5}", ["workload.tokens_per_day", "-5"]),
    "volume upside down": (
        "workload: {tokens_per_day: {low: 9, likely: 5, high: 7}}",
        ["workload.tokens_per_day"],
    ),
    "peak of nothing": ("workload: {peak_to_mean: 0}", ["workload.peak_to_mean"]),
    "peak below the mean": ("workload: {peak_to_mean: 0.4}", ["workload.peak_to_mean", "0.4"]),
    "share as percent": ("workload: {share_batch: 40}", ["workload.share_batch", "0.4"]),
    "call longer than it may be": (
        "workload: {input_tokens_per_call: 9000, max_context_tokens: 8192}",
        ["workload.max_context_tokens", "9000 input tokens"],
    ),
    "more than all hours": ("workload: {hours_per_week: 200}", ["workload.hours_per_week", "200"]),
    "half a replica": (
        "infrastructure: {spare_replicas: 0.5}",
        ["infrastructure.spare_replicas", "0.5"],
    ),
    "negative people": (
        "infrastructure: {staff_usd_per_year: -1}",
        ["infrastructure.staff_usd_per_year", "-1"],
    ),
    "discount beyond free": (
        "infrastructure: {gpu_discount: 1.2}",
        ["infrastructure.gpu_discount", "1.2"],
    ),
    "not a number": ("workload: {tokens_per_day: .nan}", ["workload.tokens_per_day"]),
    "endless": ("workload: {tokens_per_day: .inf}", ["workload.tokens_per_day"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_impossible_load_is_refused_with_field_and_value(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, words = REFUSED[name]

    code, said = run(capsys, "check", write(tmp_path, text))

    assert code == 2
    assert all(word in said for word in words), said
    assert "Traceback" not in said


def test_all_impossible_values_of_a_team_come_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "workload: {tokens_per_day: -5, share_output: 25, peak_to_mean: -2}\n"
        "infrastructure: {spare_replicas: -1, gpu_discount: 7}"
    )

    code, said = run(capsys, "check", write(tmp_path, text))

    assert code == 2
    for field in ("tokens_per_day", "share_output", "peak_to_mean", "spare_replicas"):
        assert field in said


SOURCES = "sources: {s: {title: A quote, as_of: 2026-11-01, kind: vendor}}\n"
GPU = "gpus: [{id: g9, title: G9, bandwidth_gb_per_s: 3000, dense_bf16_tflops: 900, tdp_w: 600, "
OFFER = (
    "api_offers: [{model: llama-3.1-8b-instruct, provider: openai, litellm_id: openai/x-2024, "
    "source: s, prices: [{since: 2026-11-01, "
)
BAD_FACTS = {
    "negative GPU price": (
        (
            "gpu_offers: [{gpu: h100, place: rented_eu, provider: A, region: r, instance: i, "
            "gpus_per_instance: 1, on_demand_usd_per_gpu_hour: -2.5, source: s}]"
        ),
        ["wrong.yaml", "on_demand_usd_per_gpu_hour", "-2.5"],
    ),
    "negative token price": (
        OFFER + "input_usd_per_million_tokens: -1, output_usd_per_million_tokens: 2, source: s}]}]",
        ["wrong.yaml", "input_usd_per_million_tokens", "-1"],
    ),
    "GPU without memory": (GPU + "memory_gb: 0, source: s}]", ["wrong.yaml", "memory_gb"]),
    "offer of an unknown GPU": (
        (
            "gpu_offers: [{gpu: h101, place: rented_eu, provider: A, region: r, instance: i, "
            "gpus_per_instance: 1, on_demand_usd_per_gpu_hour: 2.5, source: s}]"
        ),
        ["GPU offer i", "h101 is not in the catalog"],
    ),
    "no GPUs in an instance": (
        (
            "gpu_offers: [{gpu: h100, place: rented_eu, provider: A, region: r, instance: i, "
            "gpus_per_instance: 0, on_demand_usd_per_gpu_hour: 2.5, source: s}]"
        ),
        ["wrong.yaml", "gpus_per_instance", "0"],
    ),
}


@pytest.mark.parametrize("name", BAD_FACTS)
def test_an_impossible_fact_is_refused_by_name_and_value(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, words = BAD_FACTS[name]
    facts = tmp_path / "our_facts"
    facts.mkdir()
    (facts / "wrong.yaml").write_text(SOURCES + text, encoding="utf-8")
    (tmp_path / "org.yaml").write_text("catalog_dirs: [our_facts]", encoding="utf-8")

    code, said = run(capsys, "check", write(tmp_path, "team: {name: acme}"))

    assert code == 2
    assert all(word in said for word in words), said
    assert "Traceback" not in said
