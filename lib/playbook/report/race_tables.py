"""Tables of the race: which models are in it at what terms, and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from playbook.landscape.records import Landscape, ModelInRace, OptionInRace, Reason, SecondPrice
from playbook.report.licence_verdicts import licence_cell
from playbook.report.references import marks, marks_of, numbered
from playbook.report.table import Cell, Table
from playbook.vocabulary import Lane

UNKNOWN = "not known"
ENDS_SHOWN = 3
OPEN_ROWS = 6


def race(landscape: Landscape) -> Table:
    """Return the models in the race or in doubt with their terms.

    Amber: a second source states another price of an offer, both are shown, or something is not
    known. Red: an offer that has ended, or a licence that bars API or own servers.
    """
    numbers, titles = numbered(landscape), _titles(landscape)
    rows = [
        (
            one.title,
            _developer(one),
            _weights(one),
            f"{one.context_tokens:,}" if one.context_tokens else UNKNOWN,
            licence_cell(one),
            _price(one),
            _ends(one, landscape.as_of, titles),
            _state(one),
            marks(one.sources, numbers) or marks_of(_citations(one), numbers),
        )
        for one in landscape.models
        if one.state != "out"
    ]
    columns = ("Model", "Developer (country)", "Weights, released", "Context, tokens", "Licence",
               "USD per million tokens, in / out", "Ends", "State", "Sources")  # fmt: skip
    note = (
        f"Facts as of {landscape.as_of}; the oldest is of {landscape.oldest_fact}. Price: cheapest "
        "offer left to the team, quoted. Licence: for this team, by section; in words in the table "
        "below. ✓ permitted or passed, ◐ permitted on conditions, ✕ not permitted or "
        "ended, ? not known, ≠ sources differ. Numbers in brackets: the table of sources below."
    )
    return Table("Models in the race, and in doubt", columns, rows, note,
                 widths=("12%", "9%", "9%", "10%", "14%", "15%", "15%", "8%", "8%"))  # fmt: skip


def options_out(landscape: Landscape) -> Table:
    """Return the options that fail a test although their model is in the race or in doubt.

    Places at which the same test fails for the same reason share a row.
    """
    found: dict[tuple[str, Reason], list[str]] = {}
    for model in landscape.models:
        for option in model.findings if model.state != "out" else ():
            for reason in option.reasons:
                if reason.result == "fail":
                    at = _place(option, model.title)
                    found.setdefault((model.title, reason), []).append(at)
    numbers = numbered(landscape)
    rows = [
        (title, "\n".join(places), reason.rule.replace("_", " "),
         Cell(f"✕ {reason.because}", "red"), marks_of((reason.citation,), numbers))
        for (title, reason), places in found.items()
    ]  # fmt: skip
    columns = ("Model", "Where", "Test", "Out because", "Sources")
    return Table(
        "Options that are out although their model is in the race", columns, rows,
        folded=len(rows) > OPEN_ROWS, widths=("18%", "20%", "10%", "42%", "10%"),
    )  # fmt: skip


def excluded(landscape: Landscape) -> Table:
    """Return the models that are not in the race with the tests they fail.

    Models that the team does not consider share the last row: nothing else was tested of them.
    """
    numbers, titles = numbered(landscape), _titles(landscape)
    out = [one for one in landscape.models if one.state == "out"]
    left_aside = [one for one in out if _rules_failed(one) == {"candidates"}]
    rows = [
        (
            one.title,
            _developer(one),
            _weights(one),
            _because(one.reasons, "fail"),
            _ends(one, landscape.as_of, titles),
            marks_of((reason.citation for reason in _failed(one)), numbers)
            or marks(one.sources, numbers),
        )
        for one in out
        if one not in left_aside
    ]
    if left_aside:
        rows.append(_left_aside(left_aside))
    columns = ("Model", "Developer (country)", "Weights, released", "Out because", "Ends",
               "Sources")  # fmt: skip
    return Table(
        "Models that are not in the race, and why", columns, rows,
        f"{len(out)} models, of which the team does not consider {len(left_aside)}.", folded=True,
        widths=("18%", "13%", "17%", "27%", "17%", "8%"),
    )  # fmt: skip


def _left_aside(models: Sequence[ModelInRace]) -> tuple[str, str, str, str, str, str]:
    names = ", ".join(one.title for one in models)
    because = "; ".join(dict.fromkeys(_because(one.reasons, "fail") for one in models))
    many = f"{len(models)} models" if len(models) > 1 else "1 model"
    return (Cell(f"{many} not considered", "", names), "", "", because, "", "")


def _rules_failed(one: ModelInRace) -> set[str]:
    return {reason.rule for reason in _failed(one)}


def _titles(landscape: Landscape) -> Mapping[str, str]:
    return {one.model: one.title for one in landscape.models}


def _place(option: OptionInRace, model: str) -> str:
    """Return where an option is had, in words."""
    return option.title.removeprefix(f"{model}, ") or option.option.partition("@")[2]


def _developer(one: ModelInRace) -> str:
    where = ", ".join(one.developer_jurisdiction) or f"country {UNKNOWN}"
    return f"{one.developer} ({where})"


def _weights(one: ModelInRace) -> str:
    released = one.released.isoformat() if one.released else f"release {UNKNOWN}"
    return f"{'open' if one.open_weights else 'API only'}, {released}"


def _price(one: ModelInRace) -> str:
    """Return the lowest price and its host; amber with both values where sources differ."""
    low, high = one.lowest_input_usd_per_million_tokens, one.lowest_output_usd_per_million_tokens
    if low is None or high is None:
        return "no API left to the team" if not set(one.lanes) - {Lane.SELF_HOSTED} else UNKNOWN
    at = next((_place(option, one.title) for option in one.findings
               if option.option == one.lowest_price_option), "")  # fmt: skip
    text = _pair(low, high) + (f" at {at}" if at else "")
    if not one.second_prices:
        return text
    return Cell("\n".join([text, *(_differing(each, one.title) for each in one.second_prices)]),
                "amber")  # fmt: skip


def _differing(each: SecondPrice, model: str) -> str:
    ours = _pair(each.input_usd_per_million_tokens, each.output_usd_per_million_tokens)
    theirs = _pair(
        each.second_input_usd_per_million_tokens, each.second_output_usd_per_million_tokens
    )
    at = each.title.removeprefix(f"{model}, ")
    return f"≠ {at}: {ours}; {theirs} by {each.second_source.title}"


def _pair(low: float | None, high: float | None) -> str:
    return " / ".join(UNKNOWN if value is None else f"{value:g}" for value in (low, high))


def _ends(one: ModelInRace, as_of: date, titles: Mapping[str, str]) -> str:
    """Return the own API's end and those of hosts, ended ones first and red with what goes on."""
    found = [(one.retires, "own API")] if one.retires else []
    found += [
        (finding.retires, _place(finding, one.title))
        for finding in one.findings
        if finding.retires and finding.retires != one.retires
    ]
    ended = [f"✕ {place} ended {day}" for day, place in sorted(found) if day <= as_of]
    ending = [f"{place} {day}" for day, place in sorted(found) if day > as_of]
    if not ended:
        return _lines(ending) or "none announced"
    after = (
        f"→ {titles.get(one.successor, one.successor)}" if one.successor else "no successor known"
    )
    parts = (_lines(ended), after, _going_on(one, as_of), _lines(ending))
    return Cell("\n".join(part for part in parts if part), "red")


def _going_on(one: ModelInRace, as_of: date) -> str:
    """Return how many API offers have not ended, in words."""
    left = sum(
        finding.lane is not Lane.SELF_HOSTED
        and (finding.retires is None or finding.retires > as_of)
        for finding in one.findings
    )
    if not left:
        return "no other API offer is known"
    return "1 other offer goes on" if left == 1 else f"{left} other offers go on"


def _lines(parts: Sequence[str]) -> str:
    return "\n".join([*parts[:ENDS_SHOWN], *(["…"] if len(parts) > ENDS_SHOWN else [])])


def _state(one: ModelInRace) -> str:
    if one.state == "in":
        return Cell("✓ in the race", "green")
    return Cell(f"? in doubt: {_because(one.reasons, 'unknown')}", "amber")


def _because(reasons: Sequence[Reason], result: str) -> str:
    return "; ".join(reason.because for reason in reasons if reason.result == result)


def _failed(one: ModelInRace) -> list[Reason]:
    return [reason for reason in one.reasons if reason.result == "fail"]


def _citations(one: ModelInRace) -> list[str]:
    return [reason.citation for reason in one.reasons]
