"""What the licences of models in the race mean for this team, by API and on own servers."""

from __future__ import annotations

from playbook.landscape.records import Landscape, ModelInRace, Reason
from playbook.report.references import marks_of, numbered
from playbook.report.table import Cell, Table, Tone
from playbook.vocabulary import Lane

SIGNS: dict[str, tuple[str, Tone]] = {
    "permitted": ("✓", ""),
    "conditional": ("◐", ""),
    "not permitted": ("✕", "red"),
    "unknown": ("?", "amber"),
}
"""Sign and tone of each verdict, best first."""
LEGEND = "✓ permitted, ◐ permitted on conditions, ✕ not permitted, ? not known."
API, OWN = "API", "own servers"


def licence_cell(one: ModelInRace) -> str:
    """Return the licence with its verdict and sections; API and own servers apart if they differ.

    Red: not permitted somewhere. Amber: not known somewhere.
    """
    found = _by_place(one)
    if not found:
        return one.licence or "not known"
    said = {where: _in_few_words(reason) for where, reason in found}
    alike = len(set(said.values())) == 1
    text = said[found[0][0]] if alike else " · ".join(f"{at}: {say}" for at, say in said.items())
    worst = max((_verdict(reason) for _, reason in found), key=list(SIGNS).index)
    return Cell(f"{one.licence}: {text}" if one.licence else text, SIGNS[worst][1])


def asked(landscape: Landscape) -> Table:
    """Return each duty and reason that licences in the race hold for the team, with where it binds.

    Models with the same licence terms share a row; what is permitted without more is left out.
    """
    numbers = numbered(landscape)
    models: dict[tuple[str, str, str, str, str], list[str]] = {}
    for one in landscape.models:
        for asks, places in _asks(one).items() if one.state != "out" else ():
            models.setdefault((" and ".join(places), *asks), []).append(one.title)
    rows = [
        (
            ", ".join(titles),
            where or "anywhere",
            Cell(f"{SIGNS[verdict][0]} {verdict}", SIGNS[verdict][1]),
            text,
            section or "not read",
            marks_of((citation,), numbers),
        )
        for (where, verdict, text, section, citation), titles in models.items()
    ]
    columns = ("Models", "Where", "Verdict", "Duty or reason", "Section", "Sources")
    note = (
        f"{LEGEND} Models in the race or in doubt; what is permitted without conditions is left "
        "out. Our own words, not legal advice."
    )
    return Table("What the licences ask of this team", columns, rows, note, folded=True,
                 widths=("23%", "9%", "13%", "34%", "13%", "8%"))  # fmt: skip


def _by_place(one: ModelInRace) -> list[tuple[str, Reason]]:
    """Return the licence's outcome by API and on own servers, options that are out too."""
    found: dict[str, Reason] = {}
    for option in one.findings:
        where = OWN if option.lane is Lane.SELF_HOSTED else API
        for reason in option.reasons:
            if reason.rule == "licence":
                found.setdefault(where, reason)
    if not found:
        return [("", reason) for reason in one.reasons if reason.rule == "licence"]
    return sorted(found.items())


def _verdict(reason: Reason) -> str:
    said = reason.because.partition(":")[0]
    by_result = {"pass": "permitted", "fail": "not permitted", "unknown": "unknown"}
    return said if said in SIGNS else by_result[reason.result]


def _in_few_words(reason: Reason) -> str:
    verdict = _verdict(reason)
    deciding = () if verdict == "permitted" else reason.duties or reason.clauses
    sections = "; ".join(dict.fromkeys(one.section for one in deciding if one.section))
    return f"{SIGNS[verdict][0]} {verdict}" + (f" ({sections})" if sections else "")


def _asks(one: ModelInRace) -> dict[tuple[str, str, str, str], list[str]]:
    """Return verdict, words, section and citation of each duty or reason with where it binds."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for where, reason in _by_place(one):
        verdict = _verdict(reason)
        deciding = [(each.text, each.section) for each in reason.duties or reason.clauses]
        for text, section in deciding or [(reason.because, "")]:
            if verdict != "permitted":
                found.setdefault((verdict, text, section, reason.citation), []).append(where)
    return found
