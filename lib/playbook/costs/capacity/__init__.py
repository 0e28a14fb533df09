"""How many tokens a second GPUs give: memory, decode, prefill, and how sure that is."""

from playbook.costs.capacity.capacity_fit import fit_capacity
from playbook.costs.capacity.cross_validation import CrossValidation, cross_validate
from playbook.costs.capacity.points import Point
from playbook.costs.capacity.setups import Setup, Setups
from playbook.costs.capacity.speeds import Band, Speeds, estimate_speeds

__all__ = [
    "Band",
    "CrossValidation",
    "Point",
    "Setup",
    "Setups",
    "Speeds",
    "cross_validate",
    "estimate_speeds",
    "fit_capacity",
]
