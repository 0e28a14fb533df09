"""Judge points that the fit used by fits that did not see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from playbook.catalog.capacity_fit import CapacityFit
from playbook.costs.capacity import CrossValidation
from playbook.costs.capacity.corrections import Spreads
from playbook.costs.capacity.speeds import Z80
from playbook.costs.measured.deployments import Understood
from playbook.costs.measured.validation import Identity, Judged, identity

SEEN_WORDS = {
    "model": ("unseen_model",),
    "gpu": ("unseen_gpu",),
    "both": ("unseen_model", "unseen_gpu"),
}
"""How much a fit without a point had seen, where model or GPU was new to it; else `seen`."""


def judged_without(
    judged: Sequence[Judged],
    found: CrossValidation,
    used: Sequence[Understood],
    fit: CapacityFit,
) -> tuple[Judged, ...]:
    """Return points with the estimates of fits without them where the fit had used them.

    Args:
        judged: Points beside their estimates by the whole fit.
        found: Errors of the used points by cross-validation.
        used: The used points, as they were given to the cross-validation.
        fit: Holds the spreads of estimates.
    """
    estimates = _estimates(found, used, fit)
    return tuple(estimates.get(identity(one.understood), one) for one in judged)


def _estimates(
    found: CrossValidation, used: Sequence[Understood], fit: CapacityFit
) -> dict[Identity, Judged]:
    """Return the held-out estimate of each used point."""
    spreads = Spreads.of(fit.spread_rows)
    by_point = {id(one.point): one for one in used}
    kept: dict[Identity, Judged] = {}
    for place, point in enumerate(found.points):
        mine = slice(place, place + 1)
        log_sd = spreads.log_sd(found.novelty[mine], found.classes[mine], point.metric)
        sign = -1.0 if point.metric == "ttft_ms" else 1.0
        estimate = point.value * float(np.exp(-sign * found.errors[place]))
        wide = float(np.exp(Z80 * log_sd[0]))
        one = Judged(by_point[id(point)], estimate / wide, estimate, estimate * wide)
        seen = SEEN_WORDS.get(str(found.novelty[place]), ("seen",))
        kept[identity(one.understood)] = replace(one, seen=seen)
    return kept
