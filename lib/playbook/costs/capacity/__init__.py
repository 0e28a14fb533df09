"""How many tokens a second GPUs give: memory, decode, prefill, and how sure that is.

An estimate is made in four steps, each a module:

1. `steps`: memory, and the time of one decode step and of prefill, as a sum of terms: host and
   launches, weights, caches, arithmetic, additions over GPUs. A copy of the model on several GPUs
   works on each step together; further GPUs hold further copies.
2. `coefficients`: what share of its peaks a deployment reaches, and its overheads: one value for
   all, and how engine classes, regimes, makers and generations of GPUs, formats and mixtures of
   experts differ from it. Priors hold groups of few points near the common value.
3. `corrections`: what an engine class with a GPU, with a model and with both was faster or slower
   than that, drawn towards zero by partial pooling, and slopes of a class over batch and lengths.
4. Spread: the 80% interval of points estimated by fits that had not seen them, by how much of the
   deployment was known, by engine class and by metric (`cross_validation`). It is wider for a GPU
   or model that nobody measured, and widest where both are new.

A new GPU falls back on its generation, then on its maker; a new model on its architecture; a new
engine class on its kind. Nobody's laboratory enters an estimate: it is fitted beside the groups and
left out. Unless it says otherwise an estimate is of a service by the current release of its engine,
which holds a number of calls in flight: published figures of `offline` runs are upper bounds, those
of a `burst` lose to its longest answer, and contest entries were tuned to one task.

The parameters are a fact (`catalog/data/capacity.yaml`), with priors, the hash of the points and
the errors of each stratum; `fit_capacity` makes it again.
"""

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
