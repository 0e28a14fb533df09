"""Tables of the market: lags by year, price steps, hosted changes, ends, and parity pairs."""

from __future__ import annotations

from playbook.figures.theme import between
from playbook.landscape.gap_records import Lag, YearMedian
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


def lags(landscape: Landscape) -> Table:
    """Return the lag in months pooled and of each board: mean, by year, and what is unmatched."""
    gap, numbers = landscape.gap, numbered(landscape)
    found = [one for one in (gap.pooled, *reversed(gap.boards)) if one] if gap else []
    years = sorted({year.year for one in found for year in one.by_year})
    rows = [
        (
            _board(one),
            _mean(one),
            *(_year(one, year) for year in years),
            _lead(one),
            f"{one.open_models} / {one.closed_models}",
            f"{one.last_release:%Y-%m}",
            marks((one.source,), numbers),
        )
        for one in found
    ]
    medians = {one.year: one for one in gap.by_year} if gap else {}
    if medians:
        over = (_median(medians.get(year)) for year in years)
        every = dict.fromkeys(one.source for one in found if one.board != "pooled")
        rows.append(("Median over boards [lowest, highest]", "", *over, "", "", "",
                     marks(every, numbers)))  # fmt: skip
    columns = ("Board", "Lag, months [5, 95%]", *(f"matched in {year}" for year in years),
               "Closed lead unmatched so far, months", "Models, open / closed", "Data to",
               "Sources")  # fmt: skip
    method = (
        f"{gap.resamples} resamples a board, seed {gap.seed}. " if gap and gap.resamples else ""
    )
    note = f"Computed. {method}Limits: {' '.join(gap.not_considered)}" if gap else ""
    return Table("Lag of open weights behind closed models, by board and year", columns, rows, note,
                 folded=True)  # fmt: skip


def _board(one: Lag) -> str:
    if one.board == "pooled":
        return "Pooled index (median over refits)"
    return f"{one.title} ({one.evaluator or 'scores from several reports'})"


def _mean(one: Lag) -> str:
    if one.months is None:
        return "no level matched"
    return f"{one.months:.1f}{between(one.low, one.high)}"


def _year(one: Lag, year: int) -> str:
    found = next((part for part in one.by_year if part.year == year), None)
    return f"{found.months:.1f}{between(found.low, found.high)}" if found else "none"


def _median(one: YearMedian | None) -> str:
    if one is None:
        return "none"
    return f"{one.months:.1f}{between(one.lowest, one.highest)} of {one.boards}"


def _lead(one: Lag) -> str:
    if one.unmatched_lead_months <= 0:
        return "none: open weights are level or ahead"
    span = between(one.unmatched_lead_low, one.unmatched_lead_high)
    return f"at least {one.unmatched_lead_months:.1f}{span}"


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
    return Table("How fast the price of a capability fell", columns, rows, note)


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
    columns = ("Capability", "First seen", "USD per million tokens, 3:1", "Cheapest", "Sources")
    levels = "; ".join(
        f"{one.title}: at or above {one.entry_model} (index {one.index:.2f})"
        for one in landscape.capability_prices
    )
    note = f"Prices quoted; levels computed on the pooled index. {levels}." if levels else ""
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
    return Table("Changes of hosted open-weight prices", columns, rows, note, folded=True)


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
    """Return the models that can be called by API and run on own servers with the same weights."""
    numbers = numbered(landscape)
    rows = [
        (
            one.title,
            "\n".join(one.litellm_ids or one.api_options),
            one.weights or "no address sourced",
            f"{one.weights_gib:,.0f}" if one.weights_gib else "not known",
            _gpu(one),
            "\n".join(one.differences),
            marks((one.source, *one.api_sources), numbers),
        )
        for one in landscape.parity_pairs
    ]
    columns = ("Model", "By API, dated ids", "Weights", "GiB", "Smallest GPU that holds them",
               "What may differ", "Sources")  # fmt: skip
    note = (
        "Computed from the weights' size in their default precision, with a margin; the load is "
        "not looked at here. Prototype on one side and deploy on the other only after a trial on "
        "both."
    )
    return Table("The same weights by API and on own servers", columns, rows, note, folded=True,
                 widths=("13%", "19%", "18%", "6%", "11%", "24%", "9%"))  # fmt: skip


def _gpu(one: ParityPair) -> str:
    if one.smallest_gpu:
        return one.smallest_gpu
    return "several GPUs" if one.weights_gib else "not known"
