"""Claims about dates, licences, memory and prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from playbook.catalog import Model
from playbook.catalog.claims import Claim
from playbook.catalog.pricing import blended_usd
from playbook.landscape.capability_claims import compared
from playbook.landscape.capability_price import BLEND
from playbook.landscape.claim_records import Figure
from playbook.landscape.judging import Judged, Known, by_share, listed, unsettled
from playbook.landscape.parity import smallest_gpu, weights_size_gib
from playbook.provenance import Provenance

CLEAR_CHANGE = 0.1
"""A price that moves by less than this share counts as unchanged."""

BINDING: Mapping[str, str] = {
    "user_ceiling": "ceiling of users",
    "naming": "naming",
    "pass_on": "terms to pass on",
    "field_of_use": "uses ruled out",
    "outputs_training": "no training on outputs",
}
"""Kinds of clause that make a licence more than a grant, in words."""


def on_one_gpu(claim: Claim, known: Known) -> Judged:
    """Check whether one catalogued GPU holds a model's weights."""
    model = next(iter(_models(claim, known)), None)
    size_gib = weights_size_gib(model) if model else None
    if model is None or size_gib is None or not known.catalog.gpus:
        return unsettled("The size of the weights, or of a GPU, is not catalogued.")
    figure = Figure(
        name=f"weights of {model.title} in their default precision",
        value=size_gib,
        unit="GiB",
        provenance=Provenance.COMPUTED,
        sources=(model.source,),
    )
    size = f"The weights take {size_gib:.1f} GiB"
    smallest = smallest_gpu(known.catalog, size_gib)
    if smallest is None:
        return Judged("does_not_hold", f"{size}: no GPU on offer holds them.", (figure,))
    gpu = known.catalog.gpu(smallest)
    room = Figure(
        name=f"memory of one {gpu.title}",
        value=gpu.memory_gb,
        unit="GB",
        provenance=gpu.source.provenance,
        sources=(gpu.source,),
    )
    because = f"{size}: one {gpu.title} ({gpu.memory_gb:g} GB) holds them with a margin."
    return Judged("holds", because, (figure, room))


def released_within(claim: Claim, known: Known) -> Judged:
    """Check release dates against the time that a claim states."""
    start, end = claim.claimed_from, claim.claimed_to
    models = [one for one in _models(claim, known) if one.released]
    if start is None or end is None or not models:
        return unsettled("No release date is catalogued.")
    within = [one for one in models if one.released and start <= one.released <= end]
    figures = tuple(_days_outside(one, start, end) for one in models)
    said = listed([f"{one.title}: {one.released}" for one in models])
    because = f"Released: {said}; the claim means {start} to {end}."
    return Judged(by_share(len(within), len(models)), because, figures)


def _days_outside(model: Model, start: date, end: date) -> Figure:
    released = model.released or start
    days = max((start - released).days, (released - end).days, 0)
    return Figure(
        name=f"release of {model.title}, outside the time claimed by",
        value=days,
        unit="days",
        provenance=Provenance.COMPUTED,
        sources=(model.source,),
    )


def licence_is_simple(claim: Claim, known: Known) -> Judged:
    """Check a licence for a revenue threshold, and for other clauses that bind."""
    models = _models(claim, known)
    if not models:
        return unsettled("The model is not catalogued.")
    licence = known.catalog.licence(models[0].licence)
    cap = licence.reading("revenue_cap")
    if not licence.verified or cap == "not_read":
        return unsettled(f"Nobody read {licence.title} for a revenue threshold.")
    binding = [one for one in licence.clauses if one.kind in BINDING]
    figure = Figure(
        name=f"clauses of {licence.title} that bind beyond the grant",
        value=len(binding),
        unit="clauses",
        provenance=Provenance.QUOTED,
        sources=(licence.source,),
    )
    if cap == "present":
        return Judged("does_not_hold", f"{licence.title} has a revenue threshold.", (figure,))
    kinds: dict[str, list[str]] = {}
    for one in binding:
        kinds.setdefault(BINDING[one.kind], []).append(one.section)
    said = "; ".join(f"{kind}: {', '.join(dict.fromkeys(parts))}" for kind, parts in kinds.items())
    if not binding:
        return Judged("holds", "No revenue threshold and no other clause that binds.", (figure,))
    because = f"No revenue threshold, but {len(binding)} other clauses bind ({said})."
    return Judged("holds_in_part", because, (figure,))


def nearly_at_lower_cost(claim: Claim, known: Known) -> Judged:
    """Check scores side by side, and what the first model needs against the second."""
    scores = compared(claim, known)
    models = _models(claim, known)
    costs = tuple(_needs(models[0], models[1])) if len(models) > 1 else ()
    if not costs:
        return unsettled(f"{scores.because} What either needs is not known.", *scores.figures)
    said = "; ".join(f"{one.value:.2g} {one.unit} {one.name}" for one in costs)
    cheaper = all(one.value > 1 for one in costs)
    verdict = scores.verdict if cheaper or scores.verdict != "holds" else "holds_in_part"
    return Judged(verdict, f"{scores.because} Cost: {said}.", (*scores.figures, *costs))


def _needs(model: Model, other: Model) -> Iterator[Figure]:
    """Yield how much less one model computes for a token and holds in memory than another."""
    for name, field in (
        ("parameters used for a token", "active_parameters_billion"),
        ("parameters held in memory", "parameters_billion"),
    ):
        mine, theirs = getattr(model, field), getattr(other, field)
        if mine and theirs:
            yield Figure(
                name=f"{name}, {model.title} against {other.title}",
                value=theirs / mine,
                unit="times fewer",
                provenance=Provenance.COMPUTED,
                sources=(model.source, other.source),
            )


def prices_cut(claim: Claim, known: Known) -> Judged:
    """Check each rank of each provider's price list at both ends of a claim's time."""
    start, end = claim.claimed_from, claim.claimed_to
    if start is None or end is None:
        return unsettled("The claim states no time.")
    changes = [
        change
        for provider in claim.providers
        for tier in ("flagship", "middle", "small")
        if (change := _change(known, provider, tier, (start, end)))
    ]
    if not changes:
        return unsettled(f"No price list is catalogued from {start} to {end}.")
    cut = [one for one in changes if one.value < 1 - CLEAR_CHANGE]
    rose = [one for one in changes if one.value > 1 + CLEAR_CHANGE]
    because = (
        f"Of {len(changes)} ranks of price lists {len(cut)} became clearly cheaper "
        f"({listed([one.name for one in cut])}), {len(rose)} clearly dearer "
        f"({listed([one.name for one in rose])}). The models in a rank change, so a rank is no "
        "price of a fixed capability."
    )
    return Judged(by_share(len(cut), len(changes)), because, tuple(changes))


def _change(known: Known, provider: str, tier: str, days: tuple[date, date]) -> Figure | None:
    """Return the price of a rank at the end over that at the start, None where one is unknown."""
    mine = [one for one in known.tiers if (one.provider, one.tier) == (provider, tier)]
    before, after = (
        max((one for one in mine if one.on <= day), key=lambda one: one.on, default=None)
        for day in days
    )
    if before is None or after is None or not _watched_on(known, provider, days[1]):
        return None
    parts = known.catalog.assumption(BLEND).value.likely
    title = next(one.title for one in known.catalog.price_histories if one.id == provider)
    paid = blended_usd(before, parts)
    if not paid:
        return None
    return Figure(
        name=f"{title} {tier} ({before.model} to {after.model})",
        value=blended_usd(after, parts) / paid,
        unit=f"price on {days[1]} over that on {days[0]}",
        provenance=Provenance.COMPUTED,
        sources=tuple(dict.fromkeys([before.source, after.source, before.tier_source])),
    )


def _watched_on(known: Known, provider: str, day: date) -> bool:
    """Return whether a provider's price list was still read on a day, or later."""
    seen = [
        one.last_seen
        for history in known.catalog.price_histories if history.id == provider
        for one in history.intervals
    ]  # fmt: skip
    return day <= known.as_of and day <= max(seen, default=date.min)


def _models(claim: Claim, known: Known) -> list[Model]:
    by_id = {one.id: one for one in known.catalog.models}
    return [by_id[one] for one in claim.models if one in by_id]
