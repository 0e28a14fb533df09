"""What the cost estimate does not consider yet, said with every result."""

from __future__ import annotations

from playbook.profile import Profile
from playbook.profile.sections import Workload

ALWAYS = (
    "Months ahead of options that are not the cheapest of their lane; sums are not discounted.",
    "Price paths of GPUs, and better weights to come for own servers: both keep today's.",
    "Mixed plans: each option carries the whole volume.",
    "Spot machines that are all taken away at once: their price and restarts count, no outage.",
    "Hours of use that happen to stay empty: scaling to zero pays for each hour of the shape.",
    "Formats of the weights other than the catalog's: a smaller one changes the answers too.",
    "Prompt caching, speculative decoding and an 8-bit cache on own servers: measure their effect.",
    "Copies over several machines: a model that does not fit 8 GPUs is not planned.",
    "Engines measured with one call at a time only (llama.cpp), where another serves the model.",
    "Queues: only the usable share of capacity allows for bursts and for longer calls.",
    "Longest calls of own servers, and their latency, count tokens as the team's tokenizer does.",
    "Hidden reasoning tokens, unless they are in the output share of the workload.",
    "Calls of unequal length, beyond an agent's history: the mean input chooses the price tier.",
    "Prices by the hour of the day, faster or slower service, cache storage, and tools.",
    "What the team's own trials measured: the decision computes costs again with it.",
)


def not_considered(profile: Profile) -> tuple[str, ...]:
    """Return what the estimate leaves out, the points that touch this profile first."""
    return (*_touching(profile), *ALWAYS)


def _touching(profile: Profile) -> list[str]:
    lines = []
    if profile.domain.candidate_models:
        lines.append("Models that this profile does not name in domain.candidate_models.")
    if profile.infrastructure.gpus:
        lines.append("GPUs that this profile does not name in infrastructure.gpus.")
    if profile.data.allowed_regions is not None:
        lines.append(
            "Cheaper GPU offers outside data.allowed_regions of a place that has some inside: the "
            "price of that rule counts places without any inside."
        )
    if profile.domain.will_fine_tune:
        lines.append(
            "What a tuned model costs more to serve at other volumes than the team's own: curves "
            "hold that of its own; of a dedicated deployment at a provider it is one replica."
        )
    if profile.workload.growth_per_month:
        lines.append(
            f"Growth of {profile.workload.growth_per_month:.0%} a month counts in the months ahead "
            "alone: monthly costs and break-evens are those of today's volume."
        )
    lines.extend(_about_prices(profile.workload))
    if profile.workload.share_batch:
        lines.append("Moving batch work of own servers into quiet hours: the peak is not lowered.")
    return lines


def _about_prices(workload: Workload) -> list[str]:
    lines = []
    if workload.share_cached_input and not workload.share_cache_written:
        lines.append("The cost of writing to a provider's prompt cache: share_cache_written is 0.")
    if workload.share_cache_written:
        lines.append("Caches kept for an hour: what is written is billed for the shortest time.")
    if workload.images_per_call:
        lines.append(
            "Images priced one by one: their tokens in input_tokens_per_call are billed as well."
        )
    return lines
