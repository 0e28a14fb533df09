"""Measured points: read them, understand them, and judge the capacity model by them."""

from playbook.costs.measured.columns import PointRow, PointsError, points_from_bytes
from playbook.costs.measured.deployments import Understood, Unsupported, understand
from playbook.costs.measured.names import Names, gpu_keys, model_key

__all__ = [
    "Names",
    "PointRow",
    "PointsError",
    "Understood",
    "Unsupported",
    "gpu_keys",
    "model_key",
    "points_from_bytes",
    "understand",
]
