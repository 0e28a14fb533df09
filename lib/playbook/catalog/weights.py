"""How much memory a model's weights take."""

from __future__ import annotations

from playbook.catalog.models import Model
from playbook.catalog.schema import Precision

BITS_PER_WEIGHT: dict[Precision, float] = {
    "bf16": 16.0, "fp8": 8.0, "int8": 8.0, "fp4": 4.5, "int4": 4.5,
}  # fmt: skip
"""4-bit formats keep a 16-bit scale for each 32 weights: 4 + 16/32 bits."""


def weights_bytes(model: Model) -> float:
    """Return bytes of all weights at the precision served; 0 if the size is unknown."""
    return (model.parameters_billion or 0.0) * 1e9 * BITS_PER_WEIGHT[model.precision] / 8
