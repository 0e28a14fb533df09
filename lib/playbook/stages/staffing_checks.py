"""Answers on own servers that contradict each other; `playbook check` warns of them."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.catalog import Catalog
from playbook.profile import Profile

ROTA = "servers.rota_people_24x7"


def staffing_notices(profile: Profile, catalog: Catalog) -> Iterator[str]:
    """Yield a line for each pair of answers on own servers that do not go together.

    None is a problem of the file: costs are computed with the people and machines that are missing.
    """
    people = profile.infrastructure
    owned = {place.id for place in catalog.places if place.owned}
    rented = [place for place in people.places if place not in owned]
    if people.places:
        yield from _too_few_on_call(profile, catalog)
    if people.min_replicas == 0 and not rented:
        yield (
            "warning: infrastructure.min_replicas: 0 has no effect: bought machines stand there at "
            "all hours; it counts for rented places only"
        )
    if people.min_replicas == 0 and people.share_reserved.low >= 1:
        yield (
            "warning: infrastructure.min_replicas: 0 has no effect: all GPUs are reserved and paid "
            "at all hours; lower share_reserved"
        )
    yield from _idle_machines(profile)


def _too_few_on_call(profile: Profile, catalog: Catalog) -> Iterator[str]:
    there = profile.infrastructure.on_call_people
    least = catalog.assumption(ROTA).value.low
    if profile.workload.availability == "24x7" and there < least:
        yield (
            f"warning: infrastructure.on_call_people: is {there}, and workload.availability is "
            f"24x7: own servers take a rota of {least:g} at least; the cost includes those missing"
        )


def _idle_machines(profile: Profile) -> Iterator[str]:
    workload = profile.workload
    if workload.availability == "24x7" and workload.hours_per_week < 168:  # noqa: PLR2004  a week
        yield (
            f"warning: workload.hours_per_week: is {workload.hours_per_week:g}, and "
            "workload.availability is 24x7: say 168 if it is used at all hours, or a lower "
            "availability if nobody needs it then"
        )
