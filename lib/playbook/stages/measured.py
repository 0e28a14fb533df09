"""Facts with what a team's trials measured laid over them, and the costs that follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from playbook.costs.corrections import Correction, corrections
from playbook.stages.option_costs import costs_of
from playbook.trials.claims import why_not_option

if TYPE_CHECKING:
    from playbook.catalog import Catalog, Measurement
    from playbook.costs.records import Costs
    from playbook.profile import Profile
    from playbook.trials.evidence_records import Evidence


@dataclass(frozen=True)
class Measured:
    """Facts and costs that the decision rests on."""

    catalog: Catalog
    """Facts, with measurements that belong to an option of the team."""
    costs: Costs
    """Costs computed on them."""
    corrections: tuple[Correction, ...]
    """What that changed."""
    left_out: tuple[str, ...]
    """Measurements that were taken and are not used, each with the reason."""


def costs_with_trials(
    profile: Profile, catalog: Catalog, costs: Costs, evidence: Evidence, *, as_of: date
) -> Measured:
    """Return facts and costs with the trials' measurements; the same where there are none.

    Args:
        profile: The team's answers.
        catalog: Facts, with the organisation's own measurements if it has any.
        costs: Costs on those facts.
        evidence: What the trials say, with their measurements.
        as_of: Day whose prices count.
    """
    judged = [(one, _why_unused(one, profile, catalog)) for one in evidence.measurements]
    used = [one for one, why in judged if not why]
    left_out = tuple(f"{one.endpoint}: {why}" for one, why in judged if why)
    if not used and not catalog.measurements:
        return Measured(catalog, costs, (), left_out)
    overlaid = catalog.with_measurements(used)
    after = costs_of(profile, overlaid, as_of=as_of) if used else costs
    bare = catalog.changed(measurements=())
    before = costs_of(profile, bare, as_of=as_of) if catalog.measurements else costs
    return Measured(overlaid, after, corrections(before, after, overlaid), left_out)


def _why_unused(one: Measurement, profile: Profile, catalog: Catalog) -> str:
    """Return why a measurement says nothing of the team's options, empty if it does."""
    endpoint = next((each for each in profile.trials.endpoints if each.id == one.endpoint), None)
    options = {each.id: each for each in catalog.options(profile.infrastructure.places)}
    if endpoint is None or endpoint.option not in options:
        return "it measured no option of this team"
    if why := why_not_option(endpoint, options[endpoint.option], catalog.api_hosts):
        return why
    engines = {each.id for each in catalog.engines}
    gpus = {each.id for each in catalog.gpus}
    for what, name, known in (("engine", one.engine, engines), ("GPU", one.gpu, gpus)):
        if name and name not in known:
            return f"{what} {name!r} is not in the catalogue"
    return ""
