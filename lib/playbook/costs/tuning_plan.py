"""What a team's fine-tuning takes, wherever it is done: tokens, runs, people, machine work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playbook.catalog import Gpu, Model
from playbook.costs.scenarios import Scenarios
from playbook.costs.tokens import TokenFlow
from playbook.costs.tuning_compute import TrainingMemory, TrainingSpeed
from playbook.uncertainty import Estimate, Samples
from playbook.vocabulary import TuningMethod

MINUTES_PER_HOUR = 60
MONTHS_PER_YEAR = 12
MS_PER_S = 1_000
NEWER_GPU_TFLOPS = 400
"""Above this peak no published run was found; see `tuning.share_of_speed_newer_gpus`."""

FLOP_PER_PARAMETER_AND_TOKEN: dict[TuningMethod, str] = {
    "full": "tuning.flop_per_parameter_and_token_full",
    "lora": "tuning.flop_per_parameter_and_token_lora",
    "qlora": "tuning.flop_per_parameter_and_token_qlora",
}
SHARE_OF_PEAK: dict[TuningMethod, str] = {
    "full": "tuning.share_of_peak_full",
    "lora": "tuning.share_of_peak_lora",
    "qlora": "tuning.share_of_peak_qlora",
}
PASS_OVERHEAD_MS: dict[TuningMethod, str] = {
    "full": "tuning.pass_overhead_ms_full",
    "lora": "tuning.pass_overhead_ms_lora",
    "qlora": "tuning.pass_overhead_ms_qlora",
}
BYTES_PER_PARAMETER: dict[TuningMethod, str] = {
    "full": "tuning.bytes_per_parameter_full",
    "lora": "tuning.bytes_per_parameter_lora",
    "qlora": "tuning.bytes_per_parameter_qlora",
}
"""Assumptions by method."""


@dataclass(frozen=True)
class TuningPlan:
    """Scenarios of what one team's tuning takes, the same for all options."""

    method: TuningMethod
    """How it is tuned."""
    tokens_per_run: Samples
    """Examples times length times epochs."""
    runs: Samples
    """Whole runs until one is taken."""
    labelling_usd: Samples
    """Examples still to be labelled before the first tuning."""
    revising_usd: Samples
    """Examples written or checked anew before each repeat."""
    evaluation_usd: Samples
    """People's work for each tuning."""
    repeats_per_year: Samples
    """Repeats a year."""
    write_off_months: Samples
    """Months over which the first is spread."""

    def first_usd(self, training_usd: Samples) -> Samples:
        """Return the first tuning, all in, at a cost of its training runs."""
        return self.labelling_usd + training_usd + self.evaluation_usd

    def repeat_usd(self, training_usd: Samples) -> Samples:
        """Return one repeat, all in."""
        return self.revising_usd + training_usd + self.evaluation_usd

    def usd_per_month(self, training_usd: Samples) -> Samples:
        """Return the first tuning spread over its months, and the repeats."""
        repeats = self.repeat_usd(training_usd) * self.repeats_per_year / MONTHS_PER_YEAR
        return self.first_usd(training_usd) / self.write_off_months + repeats


def tuning_plan(scenarios: Scenarios, flow: TokenFlow) -> TuningPlan:
    """Return what the team's tuning takes, by its profile and the catalog's assumptions."""
    domain, of = scenarios.profile.domain, scenarios.assumption
    examples = _examples(scenarios)
    length = domain.fine_tune_tokens_per_example or flow.tokens_per_call
    tokens = scenarios.answer("domain.fine_tune_tokens_per_example", length, unit="tokens")
    epochs = scenarios.answer("domain.fine_tune_epochs", domain.fine_tune_epochs, unit="epochs")
    usd_per_hour = scenarios.answer(
        "infrastructure.staff_usd_per_year",
        scenarios.profile.infrastructure.staff_usd_per_year,
        unit="USD per person and year",
    ) / of("tuning.hours_per_person_year")
    minutes = of("tuning.minutes_per_labelled_example")
    usd_per_example = minutes / MINUTES_PER_HOUR * of("tuning.usd_per_labelling_hour")
    missing = np.maximum(examples - domain.labelled_examples, 0.0)
    checked = np.minimum(examples, of("tuning.examples_checked_per_repeat"))
    return TuningPlan(
        method=domain.fine_tune_method,
        tokens_per_run=examples * tokens * epochs,
        runs=of("tuning.runs_per_tuning"),
        labelling_usd=missing * usd_per_example,
        revising_usd=checked * usd_per_example,
        evaluation_usd=of("tuning.evaluation_hours") * usd_per_hour,
        repeats_per_year=scenarios.answer(
            "domain.fine_tunes_per_year", domain.fine_tunes_per_year, unit="tunings/year"
        ),
        write_off_months=of("tuning.write_off_months"),
    )


def training_speed(
    scenarios: Scenarios, method: TuningMethod, *, gpu: Gpu, model: Model
) -> TrainingSpeed:
    """Return how fast a GPU trains a model by a method, packed or not as the team says."""
    of = scenarios.assumption
    share = of(SHARE_OF_PEAK[method])
    if gpu.dense_bf16_tflops > NEWER_GPU_TFLOPS:
        share = share * of("tuning.share_of_speed_newer_gpus")
    if model.architecture and model.architecture.experts:
        share = share * of("tuning.share_of_speed_experts")
    overhead_ms = of(PASS_OVERHEAD_MS[method])
    if method == "full":
        exchange_ms = of("tuning.pass_overhead_ms_per_billion_full")
        overhead_ms = overhead_ms + exchange_ms * (model.parameters_billion or 0.0)
    packed = scenarios.profile.domain.fine_tune_packed
    useful = 1.0 if packed else of("tuning.share_of_speed_unpacked")
    return TrainingSpeed(
        flop_per_parameter_and_token=of(FLOP_PER_PARAMETER_AND_TOKEN[method]),
        share_of_peak=share * useful,
        pass_overhead_s=overhead_ms / MS_PER_S,
        tokens_per_pass=of("tuning.tokens_per_pass") * useful,
    )


def training_memory(scenarios: Scenarios, method: TuningMethod) -> TrainingMemory:
    """Return what fills a GPU that trains by a method."""
    of = scenarios.assumption
    adapters: Samples | float = 0.0
    if method != "full":
        adapters = of("tuning.bytes_per_adapter_parameter") * of(
            "tuning.adapter_share_of_parameters"
        )
    return TrainingMemory(
        bytes_per_parameter=of(BYTES_PER_PARAMETER[method]),
        adapter_bytes_per_parameter=adapters,
        activation_bytes_per_token_layer_and_width=of(
            "tuning.activation_bytes_per_token_layer_and_width"
        ),
        tokens_per_pass=of("tuning.tokens_per_pass"),
        overhead_gib_per_gpu=of("tuning.overhead_gib_per_gpu"),
    )


def _examples(scenarios: Scenarios) -> Samples:
    domain = scenarios.profile.domain
    stated = domain.fine_tune_examples
    if stated is None:
        stated = domain.labelled_examples or None
    if stated is None:
        return scenarios.assumption("tuning.examples_if_not_stated")
    whole = Estimate.model_validate(stated)
    return scenarios.answer("domain.fine_tune_examples", whole, unit="examples")
