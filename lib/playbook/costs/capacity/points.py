"""A measured point: one deployment, what was measured of it, and where."""

from __future__ import annotations

from dataclasses import dataclass

from playbook.costs.capacity.setups import Setup
from playbook.costs.capacity.speeds import Metric


@dataclass(frozen=True)
class Point:
    """One published measurement of a deployment."""

    setup: Setup
    """Model, GPUs, engine, lengths."""
    metric: Metric
    """What was measured, and so its unit."""
    value: float
    """Measured value: tokens a second, or milliseconds to the first token."""
    laboratory: str
    """Who measured; groups points for validation, and never enters an estimate."""

    @property
    def group(self) -> tuple[str, str, str]:
        """Return laboratory, model and GPU: points of one group are never split by validation."""
        return self.laboratory, self.setup.model.id, self.setup.gpu.id
