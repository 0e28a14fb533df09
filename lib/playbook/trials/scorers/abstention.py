"""The scorer `abstention`."""

from __future__ import annotations

import re

from playbook.trials.grounding.quantities import quantities
from playbook.trials.grounding.sentences import plain, sentences
from playbook.trials.scorers.answer import Answer
from playbook.trials.scorers.registry import Expected, NoOptions, answer_scorer

_ABOUT = (
    r"(?:state|mention|specif|say|tell|cover|give|includ|contain|provid|list|address|answer|name"
    r"|indicat|describ|disclos|set out|explain|identif|find|found|know|determin|clear|record"
    r"|report|appear|available|there|in the|part of)"
)
_ABSTAINS = re.compile(
    rf"\b(?:not|n't|cannot|never|neither|nowhere)\b(?: [a-z]{{1,12}}){{0,4}}? {_ABOUT}"
    rf"|n't(?: [a-z]{{1,12}}){{0,4}}? {_ABOUT}"
    r"|\bno (?:[a-z]{1,12} ){0,3}?(?:information|mention|detail|answer|data|figure|record)"
    r"|\bno (?:[a-z]{1,12} ){1,3}is (?:given|stated|mentioned|listed|named|set)"
    r"|\b(?:unknown|unspecified|unstated)\b|\bsilent (?:on|about)\b|\bunable to (?:find|tell)"
    r"|\bi don't know\b|\b(?:insufficient|not enough) information\b"
)
_GUESSES = re.compile(
    r"\b(?:probably|presumably|most likely|i(?:'d| would) (?:guess|assume|estimate)|i assume"
    r"|typically|usually|generally|in general|normally|as a rule|commonly|tends? to be|my guess"
    r"|standard practice|in most cases|would be around|is likely)\b"
)


@answer_scorer("abstention", expects=())
def score_abstention(answer: Answer, expected: Expected, options: NoOptions) -> float:
    """Return 1 if the answer says that the documents do not tell, and does not guess all the same.

    A number that stands in no document and not in the question, or words of a guess such as
    `typically`, count as an invented answer. Guesses in other words are not seen, nor are answers
    in other languages than English.

    Example:
        >>> leaflet = ("Take one tablet a day.",)
        >>> score_abstention(Answer("It does not say.", documents=leaflet), None, NoOptions())
        1.0
        >>> score_abstention(
        ...     Answer("Not stated; typically 5 days.", documents=leaflet), None, NoOptions()
        ... )
        0.0
    """
    del expected, options
    text = plain(answer.text).casefold()
    if not any(_ABSTAINS.search(one) for one in sentences(text)) or _GUESSES.search(text):
        return 0.0
    known = {one for given in (*answer.documents, answer.asked) for one in quantities(given)}
    values = {one.value for one in known}
    return float(all(one.value in values for one in quantities(answer.text)))
