"""The scorer `citations`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import Field

from playbook.records import Record
from playbook.trials.grounding.sentences import plain
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
    re.compile(r"(?P<core>\[\d{1,3}\])"),
    re.compile(
        r"(?<!\w)(?P<core>[A-Z][\w'-]{1,30}(?: [A-Z][\w'-]{1,30}){0,4} vs?\.? "
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
    re.compile(r"(?<!\w)(?P<core>[A-Z][\w'-]{1,30} et al)(?!\w)"),
    re.compile(r"(?i)(?P<core>\b10\.\d{4,9}/[^\s\"'<>)\]]{1,100})"),
    re.compile(r"(?i)(?P<core>https?://[^\s\"'<>)\]]{3,200})"),
)
"""Places in a text; `[N]`; two parties; named acts; authors; numbered papers; DOI; addresses."""
_PLACES = 2
"""So many forms, the first ones, are numbers, which must be equal; the others are names."""
_NO_AUTHORS = re.compile(
    r"(?i)^(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|in|since|by|from|until|of|the|on|dated)\b"
)
_LEADING = re.compile(r"^(?:(?:The|In|Under|See|By|As|And|Both|Per|But|Yes|No|This|Its?) )+")
_TOKEN = re.compile(r"[^\W\d_]{1,40}|\d{1,15}")


@dataclass(frozen=True)
class Citation:
    """A citation as it is compared."""

    form: int
    """Which form it has; for names 0."""
    tokens: tuple[str, ...]
    """Its words and numbers in lower case."""


class CitationsOptions(Record):
    """How many citations an answer needs."""

    fewest: int = Field(default=1, ge=0, le=100)
    """Fewest citations that an answer must have."""


@answer_scorer("citations", expects=(str, list), options=CitationsOptions)
def score_citations(answer: Answer, expected: Expected, options: CitationsOptions) -> float:
    """Return the share of the answer's citations that are in the closed list that is expected.

    Sections, `[N]`, cases, named acts, authors, numbered papers, DOIs and addresses of pages count
    as citations, told by their form; one in another form is not seen. A name may be shortened: all
    its words must be in one entry of the list. A number must be one of the list, or the beginning
    of one, as section 4 is of section 4(2). An answer with fewer citations than asked for gets 0.

    Example:
        >>> allowed = ["Harrow v. Venn (2031)", "Tenancy Act, section 4"]
        >>> score_citations(
        ...     Answer("See Harrow v. Venn and section 9."), allowed, CitationsOptions()
        ... )
        0.5
    """
    entries = choices(expected)
    found = citations(answer.text)
    if len(found) < options.fewest:
        return 0.0
    words = [frozenset(_tokens(one)) for one in entries]
    numbers = {one for entry in entries for one in citations(entry) if one.form}
    known = [
        any(_begins(one, number) for number in numbers)
        if one.form
        else any(set(one.tokens) <= of_one for of_one in words)
        for one in found
    ]
    return sum(known) / len(known) if known else 1.0


def _begins(one: Citation, whole: Citation) -> bool:
    return one.form == whole.form and whole.tokens[: len(one.tokens)] == one.tokens


def citations(text: str) -> tuple[Citation, ...]:
    """Return the distinct citations of a text, in order of their form.

    Example:
        >>> [one.tokens for one in citations("Art. 5(2) and article 5(2); Okoro et al. (2031)")]
        [('5', '2'), ('okoro', 'et', 'al', '2031')]
    """
    read = plain(text)
    found: dict[Citation, None] = {}
    for place, form in enumerate(_FORMS, start=1):
        for one in form.finditer(read):
            core = _LEADING.sub("", one["core"])
            if not _NO_AUTHORS.match(core) and not re.fullmatch(_ACTS, core):
                found[Citation(place if place <= _PLACES else 0, _tokens(core))] = None
    whole = [one for one in found if one.form or one.tokens[-2:] != ("et", "al")]
    short = [one for one in found if one not in whole]
    begun = [one for one in short if not any(_begins(one, long) for long in whole)]
    return (*whole, *begun)


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(plain(text).casefold()))
