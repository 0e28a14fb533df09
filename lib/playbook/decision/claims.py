"""Claims about a team's own numbers, recomputed from its costs, trials and decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from playbook.catalog import Catalog
from playbook.catalog.claims import Claim, Claimed
from playbook.costs.records import BreakEven, Costs
from playbook.decision.records import Decision
from playbook.decision.wording import percent, tokens_a_day
from playbook.landscape.claim_records import ClaimFinding, Figure
from playbook.landscape.judging import Judged, by_share, finding, listed, unsettled
from playbook.profile.profile import Profile
from playbook.provenance import Provenance, Source
from playbook.trials.evidence_records import Evidence
from playbook.vocabulary import Lane

NEARLY_ALWAYS = 0.9
"""Share of draws from which one lane, or a crossing, counts as the rule."""


@dataclass(frozen=True)
class TeamNumbers:
    """What a claim about a team is recomputed from."""

    profile: Profile
    """The team."""
    catalog: Catalog
    """The facts."""
    costs: Costs
    """Its costs."""
    evidence: Evidence
    """Its trials."""
    decision: Decision
    """Its decision."""


def check_team_claims(numbers: TeamNumbers) -> tuple[ClaimFinding, ...]:
    """Return the verdict on each catalogued claim about a team's own numbers."""
    claims = [one for one in numbers.catalog.claims if one.about == "team"]
    return tuple(finding(one, CHECKS[one.id](one, numbers)) for one in claims if one.id in CHECKS)


def volume_rule(claim: Claim, numbers: TeamNumbers) -> Judged:
    """Check a rule by volume against the crossing of own servers with each commercial API."""
    pairs = [one for one in numbers.costs.break_evens if one.api_lane is Lane.FRONTIER_API]
    if claim.claimed is None or not pairs:
        return unsettled(
            "No own-server option and commercial API of this team are both priced, so there is no "
            "crossing to compare with."
        )
    below, above = zip(*(_parts(pair, claim.claimed) for pair in pairs), strict=True)
    verdict = by_share(sum(below) + sum(above), len(below) + len(above))
    because = (
        f"Up to {tokens_a_day(claim.claimed.low)} the API costs less in {sum(below)} of "
        f"{len(pairs)} pairs of own servers and an API; from {tokens_a_day(claim.claimed.high)} on "
        f"own servers do in {sum(above)}. They first cost less at "
        f"{listed([_crossing_words(one) for one in pairs], most=3)}."
    )
    figures = tuple(_crossing(one, numbers) for one in pairs if one.first_crossing)
    return Judged(verdict, because, figures)


def _parts(pair: BreakEven, claimed: Claimed) -> tuple[bool, bool]:
    """Return whether the API is cheaper up to the low end, and own servers from the high end on."""
    crossing = pair.first_crossing
    crosses = pair.share_of_draws_that_cross >= NEARLY_ALWAYS
    return (
        crossing is None or crossing.p10 >= claimed.low,
        crossing is not None and crosses and crossing.p90 <= claimed.high,
    )


def _crossing_words(pair: BreakEven) -> str:
    against = f"against {pair.api_title}"
    found, share = pair.first_crossing, pair.share_of_draws_that_cross
    if found is None:
        return f"no volume up to {tokens_a_day(pair.highest_volume_considered)} {against}"
    band = f"P10 {tokens_a_day(found.p10)}, P90 {tokens_a_day(found.p90)}"
    never = f", and never in {percent(1 - share)} of draws" if share < 1 else ""
    return f"{tokens_a_day(found.p50)} ({band}{never}) {against}"


def _crossing(pair: BreakEven, numbers: TeamNumbers) -> Figure:
    found = pair.first_crossing
    if found is None:
        msg = "a crossing is needed"
        raise ValueError(msg)
    return Figure(
        name=f"first volume at which {pair.self_hosted_title} costs less than {pair.api_title}",
        value=found.p50,
        unit="tokens/day",
        low=found.p10,
        high=found.p90,
        interval="10-90%",
        provenance=Provenance.COMPUTED,
        sources=_price_sources(pair, numbers),
    )


def _price_sources(pair: BreakEven, numbers: TeamNumbers) -> tuple[Source, ...]:
    """Return the sources of the two prices that a crossing rests on most."""
    catalog, as_of = numbers.catalog, numbers.costs.as_of
    api = [
        catalog.price(offer, as_of).source
        for offer in catalog.api_offers
        if f"{offer.model}@{offer.provider}" == pair.api_option
    ]
    own = next(one for one in numbers.costs.options if one.option == pair.self_hosted_option)
    rented = [
        offer.source
        for offer in catalog.gpu_offers
        if own.deployment
        and (offer.gpu, offer.provider, offer.region)
        == (own.deployment.gpu, own.deployment.provider, own.deployment.region)
    ]
    return tuple(dict.fromkeys([*api, *rented]))


def hybrid(_claim: Claim, numbers: TeamNumbers) -> Judged:
    """Check how often each lane comes first in this team's decision."""
    shares = numbers.decision.share_best_by_lane
    if not shares:
        return unsettled("No option of this team could be valued.")
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    sources = tuple(
        dict.fromkeys(one.source for one in numbers.catalog.assumptions if _of_method(one.id))
    )
    figures = tuple(
        Figure(
            name=f"draws in which an option of {Lane(lane).words} comes first",
            value=share,
            unit="share of draws",
            provenance=Provenance.COMPUTED,
            sources=sources,
        )
        for lane, share in ordered
    )
    share = ordered[0][1]
    words = ", ".join(f"{Lane(one).words} {percent(part)}" for one, part in ordered)
    if share >= NEARLY_ALWAYS:
        because = (
            f"For this workload one lane comes first in at least {percent(NEARLY_ALWAYS)} of draws "
            f"({words}), so nothing here calls for a mix; other teams may differ."
        )
        return Judged("does_not_hold", because, figures)
    because = f"The lanes come first in {words} of draws; what most teams do, one team cannot show."
    return unsettled(because, *figures)


def _of_method(identifier: str) -> bool:
    return identifier.startswith("decision.")


def tuned(_claim: Claim, numbers: TeamNumbers) -> Judged:
    """Check tuned endpoints against general commercial ones in the team's paired trials."""
    figures = tuple(_advantages(numbers))
    if not figures:
        return unsettled(
            "No tuned model was tried against a general commercial one on this team's prompts; "
            "mark an endpoint with tuned_on_own_data and run trials."
        )
    better = [one for one in figures if one.low is not None and one.low > 0]
    worse = [one for one in figures if one.high is not None and one.high < 0]
    because = (
        f"In {len(figures)} comparisons the tuned model is better beyond its interval in "
        f"{len(better)} and worse in {len(worse)}"
    )
    if not better and len(worse) < len(figures):
        return unsettled(f"{because}; where neither, more prompts would tell.", *figures)
    return Judged(by_share(len(better), len(figures)), f"{because}.", figures)


def _advantages(numbers: TeamNumbers) -> Iterator[Figure]:
    """Yield by how much a tuned model passes more often than a real commercial API, paired."""
    tuned_ids, general_ids = _tuned(numbers), _commercial(numbers)
    for one in numbers.evidence.comparisons:
        if one.metric != "pass rate" or one.task != "all":
            continue
        forward = one.first in tuned_ids and one.second in general_ids
        if not forward and not (one.second in tuned_ids and one.first in general_ids):
            continue
        seen = one.difference
        value, low, high = (
            (seen.value, seen.low, seen.high) if forward else (-seen.value, -seen.high, -seen.low)
        )
        first, second = (one.first, one.second) if forward else (one.second, one.first)
        yield Figure(
            name=f"pass rate of {first} over {second}, task {one.task}",
            value=value,
            unit=f"share of {one.n} prompts",
            low=low,
            high=high,
            interval="95% confidence",
            provenance=Provenance.MEASURED,
            sources=(_trial_source(numbers),),
        )


def _tuned(numbers: TeamNumbers) -> set[str]:
    own = {one.id for one in numbers.profile.trials.endpoints if one.tuned_on_own_data}
    return own & _real(numbers)


def _commercial(numbers: TeamNumbers) -> set[str]:
    """Return the endpoints at which a commercial API's own model answered, tuned ones left out."""
    lanes = {one.option: one.lane for one in numbers.costs.options}
    return {
        one.id
        for one in numbers.profile.trials.endpoints
        if lanes.get(one.option) is Lane.FRONTIER_API and not one.tuned_on_own_data
    } & _real(numbers)


def _real(numbers: TeamNumbers) -> set[str]:
    seen = numbers.evidence.endpoints
    return {one.endpoint for one in seen if not one.stand_in and not one.demonstration}


def _trial_source(numbers: TeamNumbers) -> Source:
    return Source(
        title=f"Trials of team {numbers.profile.team.name}",
        as_of=numbers.evidence.as_of,
        kind="measured",
    )


CHECKS: Mapping[str, Callable[[Claim, TeamNumbers], Judged]] = {
    "api-below-1m-open-above-10m": volume_rule,
    "api-at-hundreds-of-thousands-own-above-millions": volume_rule,
    "most-teams-go-hybrid": hybrid,
    "tuned-models-beat-general-ones": tuned,
}
"""Claim id to its check; a test keeps it in step with the catalog."""
