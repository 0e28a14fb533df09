"""What groups of deployments are faster or slower than the steps say, and how sure it is.

The correction of log(speed) is a sum of effects of groups: the engine class with the GPU, with the
model and with both, and slopes of the class over batch, lengths and GPUs. Each was drawn towards
zero by how little was measured of it (see `mixed`), and is zero for a group that nobody measured.
Who measured never enters: it was fitted beside them and left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.catalog.capacity_fit import CapacityFit, Effect, Spread
from playbook.costs.capacity.coefficients import joined
from playbook.costs.capacity.setups import Names, Setups
from playbook.uncertainty import Samples

GROUPS: dict[str, tuple[str, ...]] = {
    "class+gpu": ("class", "gpu"),
    "class+model": ("class", "model"),
    "class+gpu+model": ("class", "gpu", "model"),
}
SLOPES = ("log_batch", "log_input", "log_output", "log_gpus")
LARGEST = 0.7  # no group is corrected by more than a factor of 2
PROMPTS = ("prefill_tok_s", "ttft_ms")
NOVELTIES = ("deployment", "combination", "pair", "model", "gpu", "both")
"""How much was seen: this very model, GPU and class; each two of them; each alone; ..."""


@dataclass(frozen=True)
class Corrections:
    """Effects by kind and group."""

    effects: Mapping[str, Mapping[str, float]]
    """Kind to level to effect."""

    @classmethod
    def of(cls, rows: Iterable[Effect]) -> Corrections:
        """Return effects by kind and level."""
        return cls(_by_kind((row.effect, row.level, row.value) for row in rows))

    def log_speed(self, setups: Setups, batch: Samples, *, prompt: bool = False) -> Samples:
        """Return the correction of the log of speed, of decode or of a prompt alone."""
        total = np.zeros(len(setups))
        variables = slope_variables(setups, batch, prompt=np.full(len(setups), prompt))
        for place, name in enumerate(SLOPES):
            total += self._of(f"class*{name}", setups.names["class"]) * variables[:, place]
        for kind, keys in GROUPS.items():
            total += self._of(kind, joined(setups.names, keys))
        return np.clip(total, -LARGEST, LARGEST)

    def novelty(self, setups: Setups) -> Names:
        """Return how much of each deployment was measured (see `NOVELTIES`)."""
        known = {
            kind: self._knows(kind, joined(setups.names, keys)) for kind, keys in GROUPS.items()
        }
        pair = known["class+gpu"] & known["class+model"]
        words = np.full(len(setups), "pair", dtype=object)
        words[pair] = "combination"
        words[known["class+gpu+model"]] = "deployment"
        gpu, model = (
            self._seen("class+gpu", setups, "gpu"),
            self._seen("class+model", setups, "model"),
        )
        words[~model] = "model"
        words[~gpu] = "gpu"
        words[~gpu & ~model] = "both"
        return words

    def _seen(self, kind: str, setups: Setups, key: str) -> NDArray[np.bool_]:
        """Return whether a GPU or model was measured under any engine class."""
        seen = {level.partition("|")[2] for level in self.effects.get(kind, {})}
        return np.array([name in seen for name in setups.names[key]], dtype=bool)

    def _of(self, kind: str, names: Names) -> Samples:
        levels = self.effects.get(kind, {})
        return np.array([levels.get(name, 0.0) for name in names])

    def _knows(self, kind: str, names: Names) -> NDArray[np.bool_]:
        levels = self.effects.get(kind, {})
        return np.array([name in levels for name in names], dtype=bool)


def slope_variables(setups: Setups, batch: Samples, *, prompt: NDArray[np.bool_]) -> Samples:
    """Return the variables of the slopes, about -1 to 1; shape (deployments, 4)."""
    call = setups.call
    written = np.log(np.maximum(call["output"], 8.0) / 500) / 2
    return np.stack(
        [
            np.where(prompt, 0.0, np.log(batch) / 3),
            np.log(call["input"] / 500) / 2,
            np.where(prompt, 0.0, written),
            np.log2(call["tensor_parallel"]) / 2 - 0.5,
        ],
        axis=1,
    )


@dataclass(frozen=True)
class Spreads:
    """Standard deviations of log(measured / estimated)."""

    by_kind: Mapping[str, Mapping[str, float]]
    """Kind of stratum to level to value."""

    @classmethod
    def of(cls, rows: Iterable[Spread]) -> Spreads:
        """Return spreads by kind and level."""
        return cls(_by_kind((row.kind, row.level, row.value) for row in rows))

    def log_sd(self, novelty: Names, classes: Names, metric: str) -> Samples:
        """Return the standard deviation of each estimate of a metric.

        An engine class that nobody measured counts as much as the least certain one.
        """
        of_class = self.by_kind.get("class", {})
        widest = max(of_class.values(), default=1.0)
        of_novelty = self.by_kind["novelty"]
        factor = self.by_kind["metric"].get(metric, 1.0)
        return factor * np.array(
            [
                of_novelty[seen] * of_class.get(one, widest)
                for seen, one in zip(novelty, classes, strict=True)
            ]
        )


def corrections_of(fit: CapacityFit) -> tuple[Corrections, Spreads]:
    """Return the corrections and spreads of a fit."""
    return Corrections.of(fit.effect_rows), Spreads.of(fit.spread_rows)


def _by_kind(rows: Iterable[tuple[str, str, float]]) -> dict[str, dict[str, float]]:
    """Return values by kind, then by level."""
    found: dict[str, dict[str, float]] = {}
    for kind, level, value in rows:
        found.setdefault(kind, {})[level] = value
    return found
