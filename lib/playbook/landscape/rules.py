"""The tests that each option of a model must pass to be in the race."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from playbook.catalog import Catalog, Model, Option
from playbook.catalog.ageing import months_until, retirement
from playbook.catalog.announcements import announced_words
from playbook.landscape.licence_facts import licence_facts
from playbook.landscape.licences import LicenceVerdict, judge_licence
from playbook.landscape.records import Reason
from playbook.profile import Profile
from playbook.vocabulary import Lane

FEWEST_MONTHS_LEFT = 3
"""An offer that ends sooner than this is no choice for something new."""

NOT_A_CANDIDATE = Reason(
    rule="candidates",
    result="fail",
    because="the team does not consider this model (domain.candidate_models)",
)


@dataclass(frozen=True)
class Screening:
    """What all tests look at."""

    profile: Profile
    """The team."""
    catalog: Catalog
    """The facts."""
    as_of: date
    """The day."""


def reasons_for(option: Option, screening: Screening) -> tuple[Reason, ...]:
    """Return the outcome of every test on one option, failed ones first, unknown ones next.

    Of a model that the team does not consider nothing else is tested.
    """
    model = screening.catalog.model(option.model)
    if not is_candidate(model, screening.profile):
        return (NOT_A_CANDIDATE,)
    tests = (
        _context(model, option, screening),
        _modality(model, screening),
        _licence(model, option, screening),
        _life_date(option, model, screening),
        _price(option, screening),
        *([_architecture(model)] if option.lane is Lane.SELF_HOSTED else []),
    )
    order = ("fail", "unknown", "pass")
    return tuple(sorted(tests, key=lambda reason: order.index(reason.result)))


def is_candidate(model: Model, profile: Profile) -> bool:
    """Return whether the team considers a model: it names none, or this one."""
    named = profile.domain.candidate_models
    return named is None or model.id in named


def _context(model: Model, option: Option, screening: Screening) -> Reason:
    needed = screening.profile.workload.max_context_tokens
    known, cited = [model.context_tokens], model.source.cite()
    if option.lane is not Lane.SELF_HOSTED:
        offer = screening.catalog.api_offer(option)
        known.append(offer.context_tokens)
        cited = offer.source.cite() if offer.source else cited
    longest = min((tokens for tokens in known if tokens is not None), default=None)
    if longest is None:
        return _reason("context", "unknown", "its longest context is not known", cited)
    because = f"longest context {longest:,} tokens, needed {needed:,}"
    return _reason("context", "pass" if longest >= needed else "fail", because, cited)


def _modality(model: Model, screening: Screening) -> Reason:
    missing = [one for one in screening.profile.workload.modalities if one not in model.modalities]
    takes = ", ".join(model.modalities)
    because = f"takes {takes}" + (f", not {', '.join(missing)}" if missing else "")
    return _reason("modality", "fail" if missing else "pass", because, model.source.cite())


def _licence(model: Model, option: Option, screening: Screening) -> Reason:
    catalog = screening.catalog
    licence = catalog.licence(model.licence)
    verdict: LicenceVerdict = judge_licence(
        licence,
        licence_facts(screening.profile),
        own_servers=option.lane is Lane.SELF_HOSTED,
        multimodal=model.modalities != ("text",),
        later=catalog.licence(licence.superseded_by) if licence.superseded_by else None,
    )
    result = {"not_permitted": "fail", "unknown": "unknown"}.get(verdict.outcome, "pass")
    return _reason("licence", result, verdict.words, verdict.citation).changed(
        clauses=verdict.because, duties=verdict.duties
    )


def _life_date(option: Option, model: Model, screening: Screening) -> Reason:
    if model.released is not None and model.released > screening.as_of:
        coming = f"this model is not out before {model.released}"
        return _reason("life_date", "fail", coming, model.source.cite())
    ends = retirement(screening.catalog, option)
    months = months_until(ends, as_of=screening.as_of)
    if option.lane is Lane.SELF_HOSTED:
        return _reason("life_date", "pass", "weights on own servers do not retire")
    source = screening.catalog.api_offer(option).source
    cited = source.cite() if source else model.source.cite()
    if ends is None or months is None:
        return _reason("life_date", "pass", "no end of this offer is announced", cited)
    if months < 0:
        return _reason("life_date", "fail", f"this offer ended on {ends}", cited)
    result = "pass" if months >= FEWEST_MONTHS_LEFT else "fail"
    because = f"this offer ends on {ends}, in {months:.1f} months; needed {FEWEST_MONTHS_LEFT}"
    return _reason("life_date", result, because, cited)


def _price(option: Option, screening: Screening) -> Reason:
    catalog = screening.catalog
    if option.lane is not Lane.SELF_HOSTED:
        offer = catalog.api_offer(option)
        price = catalog.price(offer, screening.as_of)
        low, high = price.input_usd_per_million_tokens, price.output_usd_per_million_tokens
        seen = f"USD {low:g} in and {high:g} out per million tokens, seen on {price.since}"
        because = "; ".join((seen, *announced_words(offer, as_of=screening.as_of)))
        return _reason("price", "pass", because, price.source.cite())
    if catalog.place(option.place).owned:
        bought = [one for one in catalog.assumptions if one.id.startswith("purchase_usd_per_gpu_")]
        because = f"purchase prices are assumed for {len(bought)} GPU types"
        return _reason("price", "pass" if bought else "unknown", because)
    rented = [one for one in catalog.gpu_offers if one.place == option.place]
    because = f"{len(rented)} GPU offers are known in this place"
    return _reason("price", "pass" if rented else "unknown", because)


def _architecture(model: Model) -> Reason:
    known = model.architecture is not None and model.parameters_billion is not None
    missing = "its size or layers are not sourced, so no server can be sized for it"
    because = "size and layers are known" if known else missing
    return _reason("architecture", "pass" if known else "unknown", because, model.source.cite())


def _reason(rule: str, result: str, because: str, citation: str = "") -> Reason:
    return Reason.model_validate(
        {"rule": rule, "result": result, "because": because, "citation": citation}
    )
