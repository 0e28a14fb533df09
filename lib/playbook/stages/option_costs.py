"""What each option costs a month, for stages that only need to know how much money is at stake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from playbook.profile import Profile, params_hash

if TYPE_CHECKING:
    from playbook.catalog import Catalog
    from playbook.costs.estimate import Part
    from playbook.costs.records import Costs, OptionCost

_KEPT = 8
_READ = ("team", "workload", "infrastructure", "domain", "trials")
_Key = tuple[str, tuple[str, ...] | None, bool, str, date]
_known: dict[_Key, dict[str, float]] = {}


def seed_of(stage: str, profile: Profile) -> tuple[int, ...]:
    """Return the seed of a stage's random numbers: the profile's and the stage's own."""
    return (profile.trials.seed, *stage.encode())


def costs_of(
    profile: Profile, catalog: Catalog, *, as_of: date, parts: Sequence[Part] | None = None
) -> Costs:
    """Return the costs of a profile's options, drawn with the costs stage's own seed."""
    import numpy as np  # noqa: PLC0415  loads when costs are computed

    from playbook.costs import estimate_costs  # noqa: PLC0415  likewise

    rng = np.random.default_rng(seed_of("costs", profile))
    return estimate_costs(profile, catalog, rng=rng, as_of=as_of, parts=parts)


def options_of(profile: Profile, catalog: Catalog, *, as_of: date) -> tuple[OptionCost, ...]:
    """Return the options' costs alone, equal to those of `costs_of` and in half its time."""
    import numpy as np  # noqa: PLC0415  loads when costs are computed

    from playbook.costs import option_costs  # noqa: PLC0415  likewise

    rng = np.random.default_rng(seed_of("costs", profile))
    return option_costs(profile, catalog, rng=rng, as_of=as_of)


def usd_per_month(profile: Profile, catalog: Catalog, *, as_of: date) -> Mapping[str, float]:
    """Return the monthly cost of each priced option, p50, by option id.

    Costs read two fields of the section `data`, the rules on where data may go, so that no answer
    and no other fact of the checklist computes them anew.
    """
    key = (
        params_hash(profile, *_READ),
        profile.data.allowed_regions,
        profile.data.must_stay_in_own_network,
        catalog.content_hash,
        as_of,
    )
    if key not in _known:
        found = options_of(profile, catalog, as_of=as_of)
        while len(_known) >= _KEPT:
            _known.pop(next(iter(_known)))
        _known[key] = {one.option: one.usd_per_month.p50 for one in found if one.usd_per_month}
    return _known[key]
