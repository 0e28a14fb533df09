"""`screen_models`: which models fit a team, why the others do not, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from playbook.catalog import Catalog, Model, Option
from playbook.catalog.ageing import months_until, retirement, sources_in
from playbook.landscape import market
from playbook.landscape.cheapest import quotes, sources_of
from playbook.landscape.claims import check_claims
from playbook.landscape.gap import measure_gap
from playbook.landscape.judging import Known
from playbook.landscape.licences import LICENCE_LIMITS
from playbook.landscape.market import market_on
from playbook.landscape.records import Landscape, ModelInRace, OptionInRace, Reason
from playbook.landscape.releases import released_by
from playbook.landscape.rules import NOT_A_CANDIDATE, Screening, is_candidate, reasons_for
from playbook.landscape.terms import licence_terms
from playbook.landscape.tier_prices import tier_prices
from playbook.profile import Profile
from playbook.provenance import Source
from playbook.vocabulary import Lane

State = Literal["in", "out", "in_doubt"]
STATES: tuple[State, ...] = ("in", "in_doubt", "out")
"""Best first."""

NOT_CONSIDERED = (
    "How well a model does the team's own work: only trials show that.",
    "Export law and the origin of weights: see compliance.",
    "Licence duties of fine-tuned derivatives beyond those of the weights themselves.",
    *LICENCE_LIMITS,
    "Whether a model is served in every region of a provider, and price tiers by prompt length.",
    "Quantised variants: a provider's variant counts as the model whose name it carries.",
    "Languages: no sourced figures by language are catalogued.",
    "Capability of models that are not on the fitted index, so of all newer ones.",
)


def screen_models(profile: Profile, catalog: Catalog, *, as_of: date) -> Landscape:
    """Return every model of the catalog, in the race or not, with the reasons.

    An option is out when one test fails, and in doubt when one is unknown; a model stands where
    its best option stands.

    Args:
        profile: The team.
        catalog: The facts.
        as_of: Day for which offers and prices are looked at.

    Raises:
        CatalogError: when the profile names a place that the catalog does not hold.
    """
    screening = Screening(profile=profile, catalog=catalog, as_of=as_of)
    findings = _findings(screening)
    models = [_model(model, findings[model.id], screening) for model in catalog.models]
    models.sort(key=lambda one: (STATES.index(one.state), one.family, one.title))
    released = released_by(catalog, as_of)
    prices, gap = market_on(catalog, models, as_of=as_of), measure_gap(released)
    return Landscape(
        as_of=as_of,
        models=tuple(models),
        oldest_fact=_oldest(catalog, as_of),
        gap=gap,
        capability_prices=prices.capability_prices,
        price_outlook=prices.price_outlook,
        hosted_changes=prices.hosted_changes,
        hosted_summary=prices.hosted_summary,
        calendar=prices.calendar,
        parity_pairs=prices.parity_pairs,
        licences=licence_terms(catalog, models),
        claims=check_claims(
            Known(
                catalog=released,
                gap=gap,
                pairs=prices.parity_pairs,
                tiers=tier_prices(catalog, as_of=as_of),
                as_of=as_of,
            )
        ),
        not_considered=(*NOT_CONSIDERED, *market.NOT_CONSIDERED),
    )


def _findings(screening: Screening) -> dict[str, list[OptionInRace]]:
    """Return the tests of each option, by model; empty for a model that nobody offers."""
    catalog = screening.catalog
    found: dict[str, list[OptionInRace]] = {model.id: [] for model in catalog.models}
    for option in catalog.options(screening.profile.infrastructure.places):
        reasons = reasons_for(option, screening)
        tested = OptionInRace(
            option=option.id,
            title=option.title,
            lane=option.lane,
            state=_state(reasons),
            reasons=reasons,
            retires=retirement(catalog, option),
            can_change=option.can_change,
            change_source=_tuning_source(option, catalog),
        )
        found[option.model].append(tested)
    return found


def _tuning_source(option: Option, catalog: Catalog) -> Source | None:
    if not option.provider:
        return None
    provider = catalog.provider(option.provider)
    return provider.fine_tuning.source if provider.fine_tuning else provider.source


def _state(reasons: Sequence[Reason]) -> State:
    results = {reason.result for reason in reasons}
    if "fail" in results:
        return "out"
    return "in_doubt" if "unknown" in results else "in"


def _model(model: Model, findings: list[OptionInRace], screening: Screening) -> ModelInRace:
    findings.sort(key=lambda one: (STATES.index(one.state), one.option))
    state: State = findings[0].state if findings else "out"
    alive = [one for one in findings if one.state != "out"]
    quoted = quotes(alive, screening.catalog, as_of=screening.as_of)
    lowest = quoted[0] if quoted else None
    price = lowest.price if lowest else None
    capability = screening.catalog.capability_of(model)
    return ModelInRace(
        model=model.id,
        title=model.title,
        family=model.family,
        developer=model.developer,
        developer_jurisdiction=model.developer_jurisdiction,
        licence=model.licence,
        open_weights=model.open_weights,
        state=state,
        reasons=_reasons(model, [one for one in findings if one.state == state], screening),
        lanes=tuple(lane for lane in Lane if any(one.lane is lane for one in alive)),
        options=tuple(one.option for one in alive),
        findings=tuple(findings),
        context_tokens=model.context_tokens,
        released=model.released,
        retires=model.retires,
        months_left=months_until(model.retires, as_of=screening.as_of),
        successor=model.successor,
        capability_index=capability and capability.index,
        lowest_input_usd_per_million_tokens=price and price.input_usd_per_million_tokens,
        lowest_output_usd_per_million_tokens=price and price.output_usd_per_million_tokens,
        lowest_price_option=lowest.option.option if lowest else "",
        second_prices=tuple(one.second_price for one in quoted if one.second_price),
        sources=(
            model.source,
            *((capability.source,) if capability else ()),
            *sources_of(quoted),
        ),
    )


def _reasons(
    model: Model, findings: Sequence[OptionInRace], screening: Screening
) -> tuple[Reason, ...]:
    if not is_candidate(model, screening.profile):
        return (NOT_A_CANDIDATE,)
    return _combined(findings)


def _combined(findings: Sequence[OptionInRace]) -> tuple[Reason, ...]:
    """Return one reason for each rule: the worst over some options, named when they differ."""
    if not findings:
        nothing = "nobody offers it, and its weights cannot be downloaded to the team's places"
        return (Reason(rule="price", result="fail", because=nothing),)
    order = ("fail", "unknown", "pass")
    reasons = [(reason, one.option) for one in findings for reason in one.reasons]
    reasons.sort(key=lambda pair: order.index(pair[0].result))
    worst: dict[str, Reason] = {}
    for reason, option in reasons:
        differ = {other.because for other, _ in reasons if other.rule == reason.rule}
        named = f"{reason.because} ({option})" if len(differ) > 1 else reason.because
        worst.setdefault(reason.rule, reason.changed(because=named))
    return tuple(worst.values())


def _oldest(catalog: Catalog, as_of: date) -> date:
    """Return the date of the oldest fact used: models, licences, and the prices in force."""
    used = (*catalog.models, *catalog.licences, *catalog.gpu_offers)
    days = [source.as_of for source in sources_in(used)]
    days += [catalog.price(offer, as_of).source.as_of for offer in catalog.api_offers]
    return min(days, default=as_of)
