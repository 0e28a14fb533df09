"""Everything the earlier stages said, gathered by option."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isclose

from playbook.catalog import Catalog, Option
from playbook.catalog.ageing import KINDS_THAT_AGE, months_until, retirement
from playbook.compliance.records import Compliance, OptionVerdict
from playbook.costs.records import Costs, OptionCost
from playbook.landscape.records import Landscape, ModelInRace, OptionInRace
from playbook.profile.profile import Profile
from playbook.provenance import days_old
from playbook.trials.claims import why_not_option
from playbook.trials.evidence_records import Evidence
from playbook.trials.interval import Interval
from playbook.trials.records import EndpointEvidence
from playbook.vocabulary import Lane

OPEN_LANES = (Lane.HOSTED_OPEN_WEIGHTS, Lane.SELF_HOSTED)


@dataclass(frozen=True)
class Situation:
    """The inputs of one decision."""

    profile: Profile
    catalog: Catalog
    landscape: Landscape
    compliance: Compliance
    costs: Costs
    evidence: Evidence
    as_of: date


@dataclass(frozen=True)
class Candidate:
    """One option with what each stage said of it; None where a stage said nothing."""

    option: Option
    model: ModelInRace | None
    verdict: OptionVerdict | None
    cost: OptionCost | None
    tested: EndpointEvidence | None

    @property
    def id(self) -> str:
        """Return the option's id."""
        return self.option.id

    @property
    def lane(self) -> Lane:
        """Return the option's lane."""
        return self.option.lane

    @property
    def finding(self) -> OptionInRace | None:
        """Return what the landscape says of this very option, None where it only has the model."""
        findings = self.model.findings if self.model else ()
        return next((one for one in findings if one.option == self.id), None)

    @property
    def pass_rate(self) -> Interval | None:
        """Return the measured pass rate over all tasks, or None when it is untested."""
        results = self.tested.results if self.tested else ()
        return next((one.pass_rate for one in results if one.task == "all"), None)


def gather(situation: Situation) -> tuple[Candidate, ...]:
    """Return every option of a model that the team considers, with what the stages said, by id."""
    models = {one.model: one for one in situation.landscape.models}
    verdicts = {one.option: one for one in situation.compliance.verdicts}
    costs = {one.option: one for one in situation.costs.options}
    tested = evidence_by_option(attachable(situation))
    options = situation.catalog.options(situation.profile.infrastructure.places)
    return tuple(
        Candidate(
            option=option,
            model=models.get(option.model),
            verdict=verdicts.get(option.id),
            cost=costs.get(option.id),
            tested=tested.get(option.id),
        )
        for option in sorted(options, key=lambda one: one.id)
        if is_considered(models.get(option.model))
    )


def is_considered(model: ModelInRace | None) -> bool:
    """Return whether a model is on the team's list; one of which nothing is said is kept."""
    reasons = model.reasons if model else ()
    return not any(one.rule == "candidates" and one.result == "fail" for one in reasons)


def attachable(situation: Situation) -> Evidence:
    """Return the evidence without the endpoints that are not the option they claim to be."""
    refused = false_claims(situation)
    kept = tuple(one for one in situation.evidence.endpoints if one.endpoint not in refused)
    return situation.evidence.changed(endpoints=kept)


def false_claims(situation: Situation) -> dict[str, str]:
    """Return why an endpoint's evidence belongs to no option, by endpoint id.

    Only an endpoint that claims an option is here: a profile can be run unchecked in a notebook.
    """
    profile, catalog = situation.profile, situation.catalog
    options = {one.id: one for one in catalog.options(profile.infrastructure.places)}
    found = {
        one.id: why_not_option(one, options[one.option], catalog.api_hosts)
        for one in profile.trials.endpoints
        if one.option in options
    }
    return {name: because for name, because in found.items() if because}


def evidence_by_option(evidence: Evidence) -> dict[str, EndpointEvidence]:
    """Return the evidence that may be attached to an option, by option id.

    Only an endpoint that the profile declares to be exactly that option counts, and only with
    scored answers. A stand-in's or a demonstration model's scores belong to no option. Of two
    endpoints of one option the one with more observations counts.
    """
    found: dict[str, EndpointEvidence] = {}
    for endpoint in evidence.endpoints:
        if endpoint.stand_in or endpoint.demonstration or not endpoint.option:
            continue
        seen = _observations(endpoint)
        rival = found.get(endpoint.option)
        if seen and (rival is None or seen > _observations(rival)):
            found[endpoint.option] = endpoint
    return found


def _observations(endpoint: EndpointEvidence) -> int:
    rates = [one.pass_rate for one in endpoint.results if one.task == "all"]
    return sum(rate.n for rate in rates if rate is not None)


def months_left(candidate: Candidate, situation: Situation) -> float | None:
    """Return months until an announced retirement hits this option, None when none is announced.

    Own servers keep serving weights that were downloaded; an offer ends on its own date, which may
    be later than that of the developer's API.
    """
    ends = retirement(situation.catalog, candidate.option)
    return months_until(ends, as_of=situation.as_of)


def price_age_days(candidate: Candidate, situation: Situation) -> int | None:
    """Return the age in days of the price that the option's cost rests on, None when unknown.

    Bought machines rest on the catalogue's purchase price of their GPU.
    """
    dates = _price_dates(candidate, situation)
    return max(0, (situation.as_of - max(dates)).days) if dates else None


def terms_age_days(candidate: Candidate, situation: Situation) -> tuple[tuple[str, int], ...]:
    """Return whose terms the option rests on, each with the age in days of its oldest source.

    The text of a licence that was read does not age; what others say of one does.
    """
    catalog, option = situation.catalog, candidate.option
    terms = [("licence", one.source) for one in catalog.licences if one.id == option.licence]
    for one in catalog.providers:
        if one.id == option.provider:
            of_model = one.terms_of(option.model)
            terms += [("provider", each.source) for each in (one, of_model) if each]
    ages: dict[str, int] = {}
    for whose, source in terms:
        if source.kind in KINDS_THAT_AGE:
            ages[whose] = max(ages.get(whose, 0), days_old(source, as_of=situation.as_of))
    return tuple(ages.items())


def _price_dates(candidate: Candidate, situation: Situation) -> list[date]:
    catalog, option = situation.catalog, candidate.option
    if candidate.lane is not Lane.SELF_HOSTED:
        return [catalog.price(catalog.api_offer(option), situation.as_of).source.as_of]
    plan = candidate.cost.deployment if candidate.cost else None
    if plan is None:
        return []
    if catalog.place(option.place).owned:
        name = f"purchase_usd_per_gpu_{plan.gpu}"
        return [one.source.as_of for one in catalog.assumptions if one.id == name]
    wanted = (option.place, plan.gpu, plan.provider, plan.region)
    return [
        offer.source.as_of for offer in catalog.gpu_offers
        if (offer.place, offer.gpu, offer.provider, offer.region) == wanted
        and isclose(offer.on_demand_usd_per_gpu_hour, plan.list_usd_per_gpu_hour or 0.0)
    ]  # fmt: skip
