"""Tables of the market: price of a capability, hosted changes, ends, and parity pairs."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.figures.market import blend
from playbook.landscape.market_records import (
    CapabilityPrice,
    HostedChange,
    ParityPair,
    RetirementDue,
)
from playbook.landscape.records import Landscape
from playbook.report.references import marks, numbered
from playbook.report.table import Cell, Table

KINDS = {"rise": "▲ dearer", "cut": "▼ cheaper", "exit": "✕ gone"}
SOON_MONTHS = 12


def paces(landscape: Landscape) -> Table:
    """Return by which factor each capability's price fell a year, before and since its break."""
    rows = [
        (
            one.title,
            _factor(one.fall_per_year, one.fall_per_year_low, one.fall_per_year_high),
            _factor(one.fall_per_year_before),
            _factor(one.fall_per_year_after),
            _break(one),
            _now(one),
        )
        for one in landscape.capability_prices
    ]
    columns = ("Capability", "Divided by, a year, over all [range]", "Before the break",
               "Since the break", "Break [range]", "Cheapest in the newest copies")  # fmt: skip
    note = (
        "Computed; ranges: any one model but the first left out. A pace over less than a year is "
        "not blown up to one. Steps and sources: the table below."
    )
    return Table("How fast the price of a capability fell", columns, rows, note + _plan(landscape))


def _plan(landscape: Landscape) -> str:
    """Return the pace to plan with, which is not the pace that was seen."""
    plan = landscape.price_outlook
    if plan is None:
        return ""
    pace = _factor(plan.value, plan.low, plan.high)
    cited = marks(plan.sources, numbered(landscape))
    return (
        f" To plan with ({plan.provenance}): divided by {pace} a year {cited}. The price of one "
        "model id does not fall with it; such ids retire."
    )


def _factor(value: float | None, low: float | None = None, high: float | None = None) -> str:
    if value is None:
        return "less than a year"
    span = "" if low is None or high is None else f" [{low:.2g}, {high:.2g}]"
    return f"{value:.2g}{span}"


def _break(one: CapabilityPrice) -> str:
    if one.break_on is None:
        return "none found"
    first, last = one.break_earliest, one.break_latest
    return f"{one.break_on:%Y-%m}" + (f" [{first:%Y-%m}, {last:%Y-%m}]" if first and last else "")


def _now(one: CapabilityPrice) -> str:
    step = one.cheapest_now
    if step is None:
        return "not known"
    return f"{step.usd_per_million_tokens:.2g} USD, {step.model} at {step.provider}, {step.on}"


def price_steps(landscape: Landscape) -> Table:
    """Return each day on which a capability became cheaper, with who offered it."""
    numbers = numbered(landscape)
    rows = [
        (
            level.title,
            step.on.isoformat(),
            f"{step.usd_per_million_tokens:.3g}",
            f"{step.model} at {step.provider}",
            marks((step.source,), numbers),
        )
        for level in landscape.capability_prices
        for step in level.steps
    ]
    columns = ("Capability", "First seen", "USD per million tokens", "Cheapest", "Sources")
    levels = "; ".join(
        f"{one.title}: at or above {one.entry_model} (index {one.index:.2f})"
        for one in landscape.capability_prices
    )
    note = (
        f"Prices quoted, {blend(landscape)}; levels computed on the pooled index. {levels}."
        if levels
        else ""
    )
    return Table("Steps of the price of a capability", columns, rows, note, folded=True)


def hosted_changes(landscape: Landscape) -> Table:
    """Return every change of a hosted open-weight price, newest first."""
    numbers = numbered(landscape)
    rows = [
        (
            one.on.isoformat(),
            one.provider,
            one.model,
            _kind(one),
            f"{one.input_before:g} / {one.output_before:g}",
            _after(one),
            marks((one.source,), numbers),
        )
        for one in landscape.hosted_changes
    ]
    columns = ("Day", "Provider", "Model", "Change", "Before: USD per million, in / out",
               "After", "Sources")  # fmt: skip
    note = "Quoted, as dated copies of price tables saw it; a provider's own day may be earlier."
    note = _offers(landscape) + note
    return Table(
        "Changes of hosted open-weight prices", columns, rows, note, folded=True, on_paper=False
    )


def _offers(landscape: Landscape) -> str:
    """Return what share of the followed offers changed; empty where none was followed."""
    found = landscape.hosted_summary
    if found is None:
        return ""
    return (
        f"Of {found.offers} offers followed for half a year or gone, {found.rose} became dearer at "
        f"least once ({found.share_rose:.0%}), {found.cut} cheaper, {found.gone} are gone "
        f"({found.share_gone:.0%}); computed, {found.first_seen} to {found.observed_until}. "
    )


def _kind(one: HostedChange) -> str:
    return Cell(KINDS[one.kind], "" if one.kind == "cut" else "amber")


def _after(one: HostedChange) -> str:
    if one.input_after is None or one.output_after is None:
        return "gone"
    return f"{one.input_after:g} / {one.output_after:g}"


def ends(landscape: Landscape) -> Table:
    """Return the ends of offers and models with what is named in their place."""
    numbers = numbered(landscape)
    titles = {one.model: one.title for one in landscape.models}
    rows = [
        (
            one.title,
            _end(one),
            f"{one.months_left:+.1f}",
            titles.get(one.successor, one.successor) if one.successor else "none named",
            marks((one.source,), numbers),
        )
        for one in landscape.calendar
    ]
    columns = ("Offer or model", "Last day", f"Months from {landscape.as_of}", "Successor",
               "Sources")  # fmt: skip
    note = "Announced days, quoted; months computed. Red: has ended."
    return Table("Ends of offers and models", columns, rows, note, folded=True)


def _end(one: RetirementDue) -> str:
    if one.months_left < 0:
        return Cell(f"✕ ended {one.on}", "red")
    soon = one.months_left <= SOON_MONTHS
    return Cell(f"▸ {one.on}", "amber") if soon else one.on.isoformat()


def parity_pairs(landscape: Landscape) -> Table:
    """Return the models that can be called by API and run on own servers with the same weights.

    What may differ on every pair is said once, in the note.
    """
    numbers = numbered(landscape)
    everywhere = _on_all([one.differences for one in landscape.parity_pairs])
    rows = [
        (
            one.title,
            "\n".join(one.litellm_ids or one.api_options),
            one.weights or "no address sourced",
            f"{one.weights_gib:,.0f}" if one.weights_gib else "not known",
            _gpu(one),
            "\n".join(part for part in one.differences if part not in everywhere),
            marks((one.source, *one.api_sources), numbers),
        )
        for one in landscape.parity_pairs
    ]
    columns = ("Model", "By API, dated ids", "Weights", "GiB", "Smallest GPU that holds them",
               "What may differ", "Sources")  # fmt: skip
    shared = f"On every pair may differ: {'; '.join(everywhere)}. " if everywhere else ""
    note = (
        f"{shared}Size and GPU computed from the weights in their default precision, with a "
        "margin; the load is not looked at here. Try both sides before you move."
    )
    return Table("The same weights by API and on own servers", columns, rows, note, folded=True,
                 on_paper=False,
                 widths=("12%", "24%", "16%", "7%", "10%", "22%", "9%"))  # fmt: skip


def _on_all(lists: Sequence[Sequence[str]]) -> list[str]:
    """Return what stands in every one of several lists; nothing for a single one."""
    first = lists[0] if len(lists) > 1 else ()
    return [part for part in first if all(part in one for one in lists)]


def _gpu(one: ParityPair) -> str:
    if one.smallest_gpu:
        return one.smallest_gpu
    return "several GPUs" if one.weights_gib else "not known"
