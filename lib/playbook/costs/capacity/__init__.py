"""How many tokens a second GPUs give: memory, decode, prefill, and how sure that is."""

from playbook.costs.capacity.points import Point
from playbook.costs.capacity.setups import Setup, Setups
from playbook.costs.capacity.speeds import Band, Speeds, estimate_speeds

__all__ = ["Band", "Point", "Setup", "Setups", "Speeds", "estimate_speeds"]
