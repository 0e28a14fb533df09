"""The scorer `citations`."""

from __future__ import annotations

import re

from pydantic import Field

from playbook.records import Record
from playbook.trials.grounding.sentences import plain, squashed
from playbook.trials.scorers.answer import Answer
from playbook.trials.scorers.registry import Expected, answer_scorer, choices

_PLACE = (
    r"(?:(?i:section|sections|sec\.|article|articles|art\.|rule|clause|chapter|annex|paragraph"
    r"|para\.|schedule|regulation|guideline|s\.)|§{1,2})"
)
_ACTS = "(?:Act|Code|Directive|Ordinance|Statute|Guideline|Handbook|Standard|Convention)"
_FORMS = (
    re.compile(
        rf"(?<!\w){_PLACE}\s?(?P<core>\d{{1,4}}(?:[.-]\d{{1,3}}){{0,4}}[a-z]?(?:\(\w{{1,3}}\)){{0,3}})"
    ),
    re.compile(
        r"(?<!\w)(?P<core>[A-Z][\w'-]{1,30}(?: [A-Z][\w'-]{1,30}){0,4} vs?\. "
        r"[A-Z][\w'-]{1,30}(?: [A-Z][\w'-]{1,30}){0,3})"
    ),
    re.compile(
        r"(?<!\w)(?P<core>(?:[A-Z][\w'-]{1,30} ){1,5}"
        r"(?:(?:of|and|on|for) (?:[A-Z][\w'-]{1,30} ?){1,4})?"
        rf"{_ACTS}"
        r"(?:,? (?:19|20)\d{2})?)(?!\w)"
    ),
    re.compile(
        rf"(?<!\w)(?!{_ACTS})(?P<core>[A-Z][\w'-]{{1,30}}"
        r"(?: (?:et al\.?|(?:and|&) [A-Z][\w'-]{1,30}))?,? "
        r"\(?(?:19|20)\d{2}[a-z]?\)?)(?!\w)"
    ),
    re.compile(
        r"(?<!\w)(?!USD|EUR|GBP|CHF)(?P<core>[A-Z]{2,8}(?:-\d{1,5}|[ ]?\d{2,5})"
        r"(?:[-/.:]\d{1,5}){0,3}|\d{4}/\d{1,4})(?!\w)"
    ),
    re.compile(r"(?i)(?P<core>\b10\.\d{4,9}/[^\s\"'<>)\]]{1,100})"),
    re.compile(r"(?P<core>\[\d{1,3}\])"),
    re.compile(r"(?i)(?P<core>https?://[^\s\"'<>)\]]{3,200})"),
)
"""Places in a text; two parties; named acts; author and year; numbered papers; DOI; [N]; URL."""
_MONTHS = re.compile(
    r"(?i)^(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|in|since|by|from|until|of|the|on|dated)\b"
)
_LEADING = re.compile(r"^(?:(?:The|In|Under|See|By|As|And|Both|Per|But|Yes|No|This|Its?) )+")


class CitationsOptions(Record):
    """How many citations an answer needs."""

    fewest: int = Field(default=1, ge=0, le=100)
    """Fewest citations that an answer must have."""


@answer_scorer("citations", expects=(str, list), options=CitationsOptions)
def score_citations(answer: Answer, expected: Expected, options: CitationsOptions) -> float:
    """Return the share of the answer's citations that are in the closed list that is expected.

    Sections, cases, named acts, author and year, numbered papers, DOIs, `[N]` and addresses of
    pages count as citations, told by their form; one in another form is not seen. An answer with
    fewer citations than asked for gets 0.

    Example:
        >>> allowed = ["Harrow v. Venn (2031)", "Tenancy Act, section 4"]
        >>> score_citations(
        ...     Answer("See Harrow v. Venn and section 9."), allowed, CitationsOptions()
        ... )
        0.5
    """
    known = frozenset(one for entry in choices(expected) for one in citations(entry))
    found = citations(answer.text)
    if len(found) < max(options.fewest, 0) or not known:
        return 0.0
    return sum(one in known for one in found) / len(found) if found else 1.0


def citations(text: str) -> tuple[str, ...]:
    """Return the distinct citations of a text in one spelling, in order of their form.

    Example:
        >>> citations("Art. 5 and article 5; Okoro et al. (2031)")
        ('5', 'okoroetal2031')
    """
    read = plain(text)
    found: dict[str, None] = {}
    for form in _FORMS:
        for one in form.finditer(read):
            core = _LEADING.sub("", one["core"])
            if not _MONTHS.match(core) and not re.fullmatch(_ACTS, core):
                found[squashed(core)] = None
    return tuple(one for one in found if one)
