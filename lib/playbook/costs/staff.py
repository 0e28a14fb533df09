"""The people that own servers take: the work, the rota that answers at night, and who is short."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playbook.costs.api import staff_usd_per_month
from playbook.costs.load import WEEK_HOURS
from playbook.costs.scenarios import Scenarios
from playbook.uncertainty import Samples
from playbook.units import DAYS_PER_MONTH

OFFICE_HOURS = 40.0
WEEKS_PER_MONTH = DAYS_PER_MONTH / 7
ROTA_OF = {"extended": "servers.rota_people_extended", "24x7": "servers.rota_people_24x7"}


@dataclass(frozen=True)
class Staffing:
    """People needed against people free, and what they cost a month."""

    people_needed: Samples
    """Work of running models and answering calls, full-time people."""
    rota_people: Samples
    """People who must be able to answer, whole; 0 where only office hours are promised."""
    people_short: Samples
    """People missing: of the rota or of the work, whichever is more."""
    staff_usd: Samples
    """The work, USD a month; free people are not free of charge."""
    on_call_usd: Samples
    """On-call pay, and people employed to fill the rota, USD a month."""
    words: str
    """The shortage as a finding."""


def own_staff(scenarios: Scenarios) -> Staffing:
    """Return the people that a team's own servers take for the availability that it promises.

    A rota is a minimum number of people who can answer, not an amount of work: it is the same for
    one replica as for a hundred. Whoever is on call is paid for it and loses working time to
    incidents. People missing in the rota have to be employed, and the share of them that no other
    work carries is a cost of this service.

    Source: B. Beyer et al., Site Reliability Engineering (2016), chapter 11: at most a quarter of
    an engineer's time on call; eight engineers for two on call at all hours at one site.
    """
    people, workload = scenarios.profile.infrastructure, scenarios.profile.workload
    work = scenarios.answer(
        "infrastructure.fte_needed_self_hosted",
        people.fte_needed_self_hosted,
        unit="full-time people",
    )
    rota = ROTA_OF.get(workload.availability)
    none = np.zeros_like(work)
    needed, size, pay = work, none, none
    if rota is not None:
        size = np.rint(scenarios.assumption(rota))
        at_once = scenarios.assumption("servers.people_on_call_at_once")
        needed = work + at_once * scenarios.assumption("servers.on_call_share_of_working_time")
        pay = _on_call_pay(scenarios, at_once)
    work_short = np.clip(needed - people.staff_free_fte, 0, None)
    rota_short = np.clip(size - people.on_call_people, 0, None)
    staffing = Staffing(
        people_needed=needed,
        rota_people=size,
        people_short=np.maximum(work_short, rota_short),
        staff_usd=staff_usd_per_month(needed, scenarios),
        on_call_usd=pay + _rota_hires(scenarios, np.clip(rota_short - work_short, 0, None)),
        words="",
    )
    return _with_words(staffing, scenarios)


def _on_call_pay(scenarios: Scenarios, at_once: Samples) -> Samples:
    """Return USD a month for those on call, by the share of the week's other hours covered."""
    workload = scenarios.profile.workload
    others = WEEK_HOURS - OFFICE_HOURS
    covered = others
    if workload.availability == "extended":
        covered = min(max(workload.hours_per_week - OFFICE_HOURS, 0.0), others)
    weekly = scenarios.assumption("servers.on_call_usd_per_week")
    return at_once * weekly * WEEKS_PER_MONTH * covered / others


def _rota_hires(scenarios: Scenarios, people: Samples) -> Samples:
    if float(people.max()) <= 0:
        return np.zeros_like(people)
    carried = scenarios.assumption("servers.unused_share_of_rota_hire")
    return staff_usd_per_month(people * carried, scenarios)


def _rota(size: int, scenarios: Scenarios) -> str:
    profile = scenarios.profile
    there = profile.infrastructure.on_call_people
    return f"{profile.workload.availability} takes a rota of {size}, {there} are in it"


def _with_words(staffing: Staffing, scenarios: Scenarios) -> Staffing:
    people = scenarios.profile.infrastructure
    needed, rota = float(staffing.people_needed[0]), int(staffing.rota_people[0])
    said = f"likely {needed:.2g} full-time people needed, {people.staff_free_fte:g} free"
    short = float(staffing.people_short[0])
    missing = f"{short:.2g} people short, and paid for" if short > 0 else "nobody short"
    if not rota:
        said += f": {missing}"
    elif short > needed - people.staff_free_fte:
        said += f"; {_rota(rota, scenarios)}: {missing}"
    else:
        said += f": {missing}; {_rota(rota, scenarios)}"
    return Staffing(**{**vars(staffing), "words": said})
