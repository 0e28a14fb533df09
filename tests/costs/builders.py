"""Small catalogs, profiles and deployments with round numbers, for tests of the costs."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np

from playbook.catalog import (
    ApiOffer,
    Architecture,
    Assumption,
    Catalog,
    Engine,
    Gpu,
    GpuOffer,
    HostingPlace,
    Licence,
    Measurement,
    Model,
    Price,
    Provider,
)
from playbook.catalog.capacity_fit import CapacityFit
from playbook.catalog.load import DATA, records_in
from playbook.costs.capacity import Setup, Setups, estimate_speeds
from playbook.costs.capacity.serving import Curve, Replica
from playbook.costs.tokens import TokenFlow
from playbook.profile import Profile, profile_from_sections
from playbook.provenance import Provenance, Source

AS_OF = date(2026, 11, 23)
SOURCE = Source(title="a price list", url="example.org", as_of=date(2026, 11, 1), kind="vendor")
LLAMA_8B = Architecture(layers=32, hidden=4096, heads=32, kv_heads=8, head_dim=128)
LLAMA_70B = Architecture(layers=80, hidden=8192, heads=64, kv_heads=8, head_dim=128)

ASSUMPTIONS: dict[str, Any] = {
    "api_retry_share": 0.0,
    "gateway_usd_per_month": 100,
    "servers.storage_usd_per_month": 50,
    "servers.egress_usd_per_gb": 0,
    "servers.egress_bytes_per_output_token": 0,
    "servers.reserved_discount_share": 0.4,
    "servers.spot_interruption_share": 0.1,
    "servers.cold_start_minutes": 6,
    "servers.spare_share": 0,
    "servers.support_share_per_year": 0,
    "servers.rota_people_24x7": 6,
    "servers.rota_people_extended": 3,
    "servers.people_on_call_at_once": 1,
    "servers.on_call_share_of_working_time": 0.05,
    "servers.on_call_usd_per_week": 500,
    "servers.unused_share_of_rota_hire": 0.5,
    "operation.logging_usd_per_month": 0,
    "operation.logging_usd_per_million_tokens": 0,
    "operation.content_filtering_usd_per_million_tokens": 0,
    "operation.evaluation_usd_per_month": 0,
    "operation.evaluation_usd_per_million_tokens": 0,
    "operation.migration_weeks_api": 0,
    "operation.migration_weeks_self_hosted": 0,
    "operation.exit_weeks_api": 0,
    "operation.exit_weeks_self_hosted": 0,
    "operation.months_of_use": 24,
    "usable_share_of_slo_capacity": 0.5,
    "purchase_usd_per_gpu_h100": 37_500,
    "hardware_life_years": 4,
    "residual_share": 0.15,
    "capital_cost_share_per_year": 0.08,
    "power_usd_per_kwh": 0.12,
    "power_usage_effectiveness": 1.4,
    "gpu_power_share_of_tdp": 1.0,
    "host_power_kw_per_gpu": 0.45,
    "colocation_usd_per_kw_month": 0,
    "costs.sequences_per_replica": 256,
    "costs.measurement_shrinkage": 0.3,
    "rule_api_below_tokens_per_day": 1e6,
    "rule_open_weights_above_tokens_per_day": 1e7,
}
TUNING: dict[str, Any] = {
    "tuning.flop_per_parameter_and_token_full": 6,
    "tuning.flop_per_parameter_and_token_lora": 4,
    "tuning.flop_per_parameter_and_token_qlora": 4,
    "tuning.share_of_peak_full": 0.5,
    "tuning.share_of_peak_lora": 0.26,
    "tuning.share_of_peak_qlora": 0.26,
    "tuning.pass_overhead_ms_full": 0,
    "tuning.pass_overhead_ms_per_billion_full": 0,
    "tuning.pass_overhead_ms_lora": 0,
    "tuning.pass_overhead_ms_qlora": 0,
    "tuning.share_of_speed_unpacked": 0.25,
    "tuning.share_of_speed_newer_gpus": 1.0,
    "tuning.share_of_speed_experts": 0.5,
    "tuning.tokens_per_pass": 4096,
    "tuning.evaluation_and_checkpoint_share": 0.0,
    "tuning.runs_per_tuning": 1,
    "tuning.bytes_per_parameter_full": 16,
    "tuning.bytes_per_parameter_lora": 2,
    "tuning.bytes_per_parameter_qlora": 0.6,
    "tuning.bytes_per_adapter_parameter": 16,
    "tuning.adapter_share_of_parameters": 0.005,
    "tuning.activation_bytes_per_token_layer_and_width": 15,
    "tuning.overhead_gib_per_gpu": 5,
    "tuning.usable_share_of_gpu_memory": 0.95,
    "tuning.minutes_per_labelled_example": 6,
    "tuning.examples_if_not_stated": 1000,
    "tuning.usd_per_labelling_hour": 50,
    "tuning.examples_checked_per_repeat": 100,
    "tuning.evaluation_hours": 20,
    "tuning.hours_per_person_year": 1800,
    "tuning.write_off_months": 24,
    "tuning.throughput_lost_to_adapters": 0.1,
    "tuning.share_of_gpu_memory_for_weights": 0.7,
}


def an_rng(seed: int = 7) -> np.random.Generator:
    return np.random.default_rng(seed)


def a_price(**fields: object) -> Price:
    values = {
        "since": date(2026, 11, 1),
        "input_usd_per_million_tokens": 2.0,
        "output_usd_per_million_tokens": 8.0,
        "source": SOURCE,
    }
    return Price.model_validate({**values, **fields})


def a_model(**fields: object) -> Model:
    values: dict[str, Any] = {
        "id": "small-8b",
        "source": SOURCE,
        "title": "Small 8B",
        "family": "small",
        "developer": "someone",
        "developer_jurisdiction": ("US",),
        "open_weights": True,
        "licence": "open",
        "parameters_billion": 8.03,
        "architecture": LLAMA_8B,
        "released": date(2026, 3, 1),
    }
    return Model.model_validate({**values, **fields})


def a_large_model(**fields: object) -> Model:
    values = {
        "id": "large-70b",
        "title": "Large 70B",
        "parameters_billion": 70.6,
        "architecture": LLAMA_70B,
    }
    return a_model(**{**values, **fields})


def an_api_model(name: str) -> Model:
    return a_model(
        id=name,
        title=name.title(),
        open_weights=False,
        licence="proprietary-api",
        parameters_billion=None,
        architecture=None,
    )


def a_gpu(**fields: object) -> Gpu:
    """Return an H100 SXM by its data sheet (2023): 80 GB, 3,352 GB/s, 989 TFLOP/s, 700 W."""
    values: dict[str, Any] = {
        "id": "h100",
        "source": SOURCE,
        "title": "H100",
        "memory_gb": 80,
        "bandwidth_gb_per_s": 3352,
        "dense_bf16_tflops": 989,
        "dense_fp8_tflops": 1979,
        "tdp_w": 700,
        "link_gb_per_s": 900,
        "generation": "hopper",
    }
    return Gpu.model_validate({**values, **fields})


def an_engine(**fields: object) -> Engine:
    values: dict[str, Any] = {
        "id": "engine",
        "source": SOURCE,
        "title": "Engine",
        "precisions": ("bf16", "fp8"),
        "usable_memory": 0.92,
        "overhead_gib": 1.0,
    }
    return Engine.model_validate({**values, **fields})


def a_gpu_offer(**fields: object) -> GpuOffer:
    values: dict[str, Any] = {
        "gpu": "h100",
        "place": "rented_eu",
        "provider": "a cloud",
        "region": "eu-1",
        "instance": "h100-x1",
        "gpus_per_instance": 1,
        "on_demand_usd_per_gpu_hour": 2.0,
        "source": SOURCE,
    }
    return GpuOffer.model_validate({**values, **fields})


def a_place(name: str = "rented_eu", *, owned: bool = False) -> HostingPlace:
    return HostingPlace(
        id=name,
        source=SOURCE,
        title=name,
        operator="self",
        operator_jurisdiction=("EU",),
        processing_regions=("EU",),
        perimeter="on_prem" if owned else "private_cloud",
        owned=owned,
    )


def an_offer(model: str, *prices: Price, provider: str = "api-house", **fields: object) -> ApiOffer:
    return ApiOffer(
        model=model,
        provider=provider,
        litellm_id=f"{provider}/{model}",
        prices=prices or (a_price(),),
        **fields,
    )


def some_assumptions(**changed: object) -> tuple[Assumption, ...]:
    values = {
        **ASSUMPTIONS,
        **TUNING,
        **{name.replace("__", "."): value for name, value in changed.items()},
    }
    return tuple(
        Assumption(id=name, source=SOURCE, value=value, unit="unit", meaning="meaning")
        for name, value in values.items()
    )


def a_catalog(**fields: object) -> Catalog:
    """Return a catalog of a frontier API at 3.5 USD per million tokens, a cheap one, and hosts."""
    cheap = a_price(input_usd_per_million_tokens=0.1, output_usd_per_million_tokens=0.4)
    hosted = a_price(input_usd_per_million_tokens=0.2, output_usd_per_million_tokens=0.2)
    values: dict[str, Any] = {
        "models": (a_model(), a_large_model(), an_api_model("frontier"), an_api_model("mini")),
        "licences": (Licence(id="open", source=SOURCE, title="o", spdx="o"),),
        "providers": (
            Provider(id="api-house", source=SOURCE, title="API House", jurisdiction=("US",)),
            Provider(id="host", source=SOURCE, title="Host", jurisdiction=("US",)),
        ),
        "api_offers": (
            an_offer("frontier"),
            an_offer("mini", cheap),
            an_offer("small-8b", hosted, provider="host"),
        ),
        "engines": (an_engine(),),
        "capacity_fits": (a_sure_fit(),),
        "gpus": (a_gpu(),),
        "gpu_offers": (a_gpu_offer(),),
        "places": (a_place(), a_place("own_network", owned=True)),
        "assumptions": some_assumptions(),
    }
    return Catalog.model_validate({**values, **fields})


def a_profile(**sections: object) -> Profile:
    """Return a team of 1M tokens a day, 1,500 in and 500 out a call, and no spread anywhere."""
    workload = {"tokens_per_day": 1e6, "peak_to_mean": 3, **sections.pop("workload", {})}
    infrastructure = {
        "places": ["rented_eu"],
        "fte_needed_self_hosted": 0.25,
        "fte_needed_api": 0.0,
        "staff_usd_per_year": 180_000,
        "spare_replicas": 1,
        **sections.pop("infrastructure", {}),
    }
    return profile_from_sections(workload=workload, infrastructure=infrastructure, **sections)


def a_flow(**fields: object) -> TokenFlow:
    values: dict[str, Any] = {
        "input_per_call": 1_500.0,
        "output_per_call": 500.0,
        "share_output": 0.25,
        "peak_to_mean": 3.0,
        "longest_call": 4_096,
    }
    return TokenFlow(**{**values, **fields})


def a_curve(**fields: object) -> Curve:
    """Return times that grow with the batch: 10 ms a token alone, 30 ms for a hundred calls."""
    values: dict[str, Any] = {
        "batch": np.array([1.0, 10.0, 100.0]),
        "per_token_s": np.array([0.010, 0.015, 0.030]),
        "first_token_s": np.array([0.10, 0.12, 0.20]),
        "log_sd": 0.2,
        "provenance": Provenance.COMPUTED,
        "most": 100,
    }
    return Curve(**{**values, **fields})


@cache
def the_fit() -> CapacityFit:
    """Return the shipped parameters of the capacity model."""
    problems: list[str] = []
    (found,) = [one for _, one in records_in(DATA / "capacity.yaml", "capacity.yaml", problems)]
    assert isinstance(found, CapacityFit)
    assert not problems
    return found


def a_sure_fit() -> CapacityFit:
    """Return parameters whose estimates have no spread, for tests of other things."""
    lines = the_fit().spreads.splitlines()
    kinds = [line.split(",") for line in lines[1:]]
    sure = [
        ",".join([kind, level, "1e-9" if kind == "novelty" else "1.0", "0"])
        for kind, level, *_ in kinds
    ]
    return the_fit().changed(spreads="\n".join([lines[0], *sure]))


def a_replica(
    model: Model | None = None, gpu: Gpu | None = None, engine: Engine | None = None, gpus: int = 1
) -> Replica:
    model = model or a_model()
    assert model.architecture is not None
    return Replica(model, model.architecture, gpu or a_gpu(), engine or an_engine(), gpus)


def a_setup(**fields: object) -> Setup:
    """Return an 8B model on one H100 under the current vLLM: 1,500 in, 500 out, 16 calls."""
    values: dict[str, Any] = {
        "model": a_model(),
        "gpu": a_gpu(),
        "gpus": 1,
        "tensor_parallel": 1,
        "input_tokens": 1_500.0,
        "output_tokens": 500.0,
        "concurrency": 16,
    }
    return Setup(**{**values, **fields})


def a_measurement(times_estimate: float, **fields: object) -> Measurement:
    """Return a measured rate of the 8B model on one H100, so many times the estimate of it."""
    setup = a_setup(concurrency=fields.get("concurrency", 16))
    estimate = float(estimate_speeds(Setups.of([setup]), the_fit()).output_tokens_per_second[0])
    values: dict[str, Any] = {
        "model": "small-8b",
        "endpoint": "ours",
        "engine": "engine",
        "gpu": "h100",
        "gpus": 1,
        "precision": "bf16",
        "concurrency": 16,
        "requests": 100,
        "output_tokens_per_second": estimate * times_estimate,
        "measured_on": date(2026, 11, 20),
        "source": Source(title="trial", as_of=date(2026, 11, 20), kind="measured"),
    }
    return Measurement.model_validate({**values, **fields})
