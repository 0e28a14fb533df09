"""Which GPUs of a place can train a model, how many it takes, and what one tuning's runs cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playbook.catalog import Gpu, Model
from playbook.costs.scenarios import Scenarios
from playbook.costs.servers import Servers
from playbook.costs.tuning_compute import (
    share_that_fits,
    training_gib_per_gpu,
    training_gpu_hours,
)
from playbook.costs.tuning_plan import TuningPlan, training_memory, training_speed
from playbook.costs.tuning_records import TuningFit
from playbook.uncertainty import Samples, percentiles

GPUS_PER_RUN = (1, 2, 4, 8, 16, 32, 64)
GPUS_OF_ONE_MACHINE = 8


@dataclass(frozen=True)
class Machines:
    """The cheapest machines of a place for one tuning, by likely figures."""

    servers: Servers
    """Where the GPUs come from."""
    gpus: int
    """GPUs paid for while a run lasts: whole instances."""
    gpu_hours: Samples
    """GPU hours of one run, evaluation included."""
    training_usd: Samples
    """All runs of one tuning."""


def _order(one: Machines) -> tuple[bool, float]:
    return one.gpus > GPUS_OF_ONE_MACHINE, float(one.training_usd[0])


class Trainer:
    """Sizes training runs for one team; remembers what places share."""

    def __init__(self, scenarios: Scenarios, plan: TuningPlan) -> None:
        self.scenarios = scenarios
        self.plan = plan
        self._fits: dict[tuple[str, str], TuningFit] = {}
        self._hours: dict[tuple[str, str], Samples] = {}

    def fit(self, model: Model, gpu: Gpu) -> TuningFit:
        """Return the smallest number of GPUs of a kind that holds a training run, likely figures.

        Raises:
            ValueError: when size or architecture of the model is unknown.
        """
        if (model.id, gpu.id) not in self._fits:
            self._fits[model.id, gpu.id] = self._fit(model, gpu)
        return self._fits[model.id, gpu.id]

    def cheapest(self, model: Model, servers: Sequence[Servers]) -> Machines | None:
        """Return the machines on which one tuning is cheapest; None where it fits none.

        More than one machine holds are taken only where no kind of GPU does with one: a run over
        several needs a network between them that no price here counts.
        """
        found = [machines for one in servers if (machines := self._on(model, one)) is not None]
        return min(found, key=_order, default=None)

    def fits(self, model: Model, servers: Sequence[Servers]) -> tuple[TuningFit, ...]:
        """Return how many GPUs of each kind a tuning takes, fewest first."""
        kinds = {one.gpu.id: one.gpu for one in servers}
        found = [self.fit(model, gpu) for gpu in kinds.values()]
        return tuple(sorted(found, key=lambda one: (one.gpus or math.inf, one.gpu)))

    def _on(self, model: Model, servers: Servers) -> Machines | None:
        needed = self.fit(model, servers.gpu).gpus
        if needed is None:
            return None
        instances = math.ceil(needed / servers.gpus_per_instance)
        hours = self._gpu_hours(model, servers.gpu)
        return Machines(
            servers=servers,
            gpus=instances * servers.gpus_per_instance,
            gpu_hours=hours,
            training_usd=hours * self.plan.runs * servers.usd_per_gpu_hour,
        )

    def _gpu_hours(self, model: Model, gpu: Gpu) -> Samples:
        if (model.id, gpu.id) not in self._hours:
            size = model.parameters_billion or 0.0
            hours = training_gpu_hours(
                self.plan.tokens_per_run,
                training_speed(self.scenarios, self.plan.method, gpu=gpu, model=model),
                active_billion=model.active_parameters_billion or size,
                dense_bf16_tflops=gpu.dense_bf16_tflops,
                evaluation_share=self.scenarios.assumption(
                    "tuning.evaluation_and_checkpoint_share"
                ),
            )
            self._hours[model.id, gpu.id] = np.asarray(hours)
        return self._hours[model.id, gpu.id]

    def _fit(self, model: Model, gpu: Gpu) -> TuningFit:
        usable = gpu.memory_gib * float(
            self.scenarios.assumption("tuning.usable_share_of_gpu_memory")[0]
        )
        for gpus in GPUS_PER_RUN:
            needed = self._gib_per_gpu(model, gpus)
            if needed[0] <= usable:
                break
        fits = bool(needed[0] <= usable)
        return TuningFit(
            gpu=gpu.id,
            gpu_title=gpu.title,
            gpus=gpus if fits else None,
            memory_gib_per_gpu=percentiles(needed[1:]),
            usable_gib_per_gpu=usable,
            share_of_draws_that_fit=share_that_fits(needed[1:], usable),
        )

    def _gib_per_gpu(self, model: Model, gpus: int) -> Samples:
        if model.architecture is None or model.parameters_billion is None:
            msg = f"{model.id}: size or architecture is unknown"
            raise ValueError(msg)
        memory = training_memory(self.scenarios, self.plan.method)
        needed = training_gib_per_gpu(
            memory,
            parameters_billion=model.parameters_billion,
            layers=model.architecture.layers,
            hidden=model.architecture.hidden,
            gpus=gpus,
        )
        return np.asarray(needed)
