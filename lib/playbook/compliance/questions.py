"""Open questions: the fewest that settle an option, and the order in which to ask them all."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from playbook.catalog import Catalog, Control
from playbook.compliance.harms import Case, Harm
from playbook.compliance.kleene import Ways, together
from playbook.compliance.records import OpenQuestion
from playbook.profile import Profile
from playbook.profile.profile import SECTIONS
from playbook.profile.sections import Answer
from playbook.vocabulary import AnswerWord

IF_NOT = "If it does not, answer not_applicable with that as the reason."
_SEARCH_STEPS = 400
_RANK = {"hard_gate": 0, "condition": 1, "advice": 2}
_MEANING = {
    "us_persons_only": "Do only US persons, on US soil, have access at {}?",
    "processing_regions": "In which places does {} process and store our data?",
    "certifications": "Which certificates of {} have we seen, for the very service?",
}


def fewest_questions(harms: Iterable[Harm]) -> tuple[str, ...]:
    """Return a shortest list of questions that, answered well, lifts all of some open harms.

    Questions that can't be avoided are taken first; the rest is searched by growing length, for a
    bounded number of steps, after which the best list found by a greedy choice is returned.
    """
    return _fewest(tuple(ways for ways in _needs(harms) if ways))


@lru_cache(maxsize=256)
def _fewest(needs: tuple[Ways, ...]) -> tuple[str, ...]:
    """Return a shortest list that settles all needs; many options share theirs."""
    fixed = frozenset().union(*(ways[0] for ways in needs if len(ways) == 1))
    left = [ways for ways in needs if not any(map(fixed.issuperset, ways))]
    greedy = _greedy(fixed, left)
    for size in range(len(fixed) + _at_least(left, fixed), len(greedy)):
        found = _search(fixed, left, size, [_SEARCH_STEPS])
        if found is not None:
            return tuple(sorted(found))
    return tuple(sorted(greedy))


@dataclass(frozen=True)
class Weighed:
    """Options that no control can tell apart and that are not OUT, with what hits them, or may."""

    harms: tuple[Harm, ...]
    options: tuple[str, ...]

    @cached_property
    def hangs_on(self) -> frozenset[str]:
        """Return the questions that can still change the verdict.

        Where one condition is sure, another that is open can't.
        """
        conditional = any(harm.sure and not harm.is_gate for harm in self.harms)
        open_ones = (harm for harm in self.harms if harm.is_gate or not conditional)
        return frozenset().union(*(harm.hangs_on for harm in open_ones))

    @cached_property
    def closed_by(self) -> frozenset[str]:
        """Return the questions of which a bad answer puts the options out, whatever the others."""
        gates = (harm.cleared_by for harm in self.harms if harm.is_gate)
        return frozenset().union(*(frozenset.intersection(*ways) for ways in gates if ways))


def open_questions(
    profile: Profile,
    catalog: Catalog,
    cases: Sequence[Case],
    weighed: Sequence[Weighed],
    *,
    usd_per_month: Mapping[str, float],
) -> tuple[OpenQuestion, ...]:
    """Return what is unanswered: what can change most options first, then most money, then facts.

    A fact that settles whether controls apply spares asking them.

    Args:
        profile: The team's profile.
        catalog: For the words of facts about providers.
        cases: Controls that apply or may, and bear on what is assessed.
        weighed: What may still change a verdict.
        usd_per_month: Monthly cost by option id, as far as known.
    """
    counts: Counter[str] = Counter()
    for one in weighed:
        for question in one.hangs_on:
            counts[question] += len(one.options)
    for case in cases:
        if case.answer is AnswerWord.UNKNOWN and case.control.needs_answer:
            counts.setdefault(case.control.id, 0)
    controls = {control.id: control for control in catalog.controls}
    answered = {case.control.id for case in cases if case.answer is not AnswerWord.UNKNOWN}
    cheapest = _cheapest_first(weighed, usd_per_month)
    asked = [
        _question(name, count, controls.get(name), profile, name in answered).changed(
            usd_per_month_at_stake=_at_stake(name, cheapest)
        )
        for name, count in counts.items()
    ]
    rank = {name: _RANK[control.severity] for name, control in controls.items()}
    return tuple(sorted(asked, key=lambda one: (*_least_first(one), rank.get(one.id, -1), one.id)))


def _least_first(question: OpenQuestion) -> tuple[float, float]:
    stake = question.usd_per_month_at_stake
    return -question.options_it_can_change, -math.inf if stake is None else -stake


def _at_stake(question: str, cheapest: Sequence[tuple[float, Weighed]]) -> float | None:
    """Return by how much the cheapest option still possible gets dearer if it goes badly.

    Args:
        question: Control id or profile field.
        cheapest: Options with the least cost among them, cheapest first.
    """
    left = (usd for usd, one in cheapest if question not in one.closed_by)
    dearer = next(left, None)
    return None if dearer is None else dearer - cheapest[0][0]


def _cheapest_first(
    weighed: Iterable[Weighed], usd_per_month: Mapping[str, float]
) -> list[tuple[float, Weighed]]:
    priced = (
        (min(usd_per_month[name] for name in known), one)
        for one in weighed
        if (known := [name for name in one.options if name in usd_per_month])
    )
    return sorted(priced, key=lambda pair: pair[0])


def _question(
    name: str,
    options: int,
    control: Control | None,
    profile: Profile,
    answered: bool,  # noqa: FBT001  private, one caller
) -> OpenQuestion:
    if control is None:
        return OpenQuestion(
            id=name,
            question=_fact_question(name),
            owner=_owner_of_fact(name, profile),
            options_it_can_change=options,
        )
    given = profile.data.answers.get(name)
    confirm = (
        f"Does counsel confirm that this binds us ({control.citation}; text not checked)? {IF_NOT}"
    )
    return OpenQuestion(
        id=name,
        question=confirm if answered and control.basis == "memory" else control.question,
        owner=owner_of(control, given) if not answered else _named(given) or "legal counsel",
        options_it_can_change=options,
        due=given.due if given else None,
    )


def owner_of(control: Control, given: Answer | None) -> str:
    """Return the role to ask: the one that the team's answer names, else the control's."""
    return _named(given) or control.owner


def _owner_of_fact(name: str, profile: Profile) -> str:
    if name.startswith(("data.contracts.", "data.suppliers.")):
        return "vendor management"
    return profile.team.owner or "owner of the decision"


def _named(given: Answer | None) -> str:
    return given.owner.strip() if given else ""


def _fact_question(name: str) -> str:
    head, *rest = name.split(".")
    if name.startswith("data.contracts."):
        return f"Which contracts are signed with {rest[1]}? List them, or [] for none."
    if name.startswith("data.suppliers."):
        asked = _MEANING[rest[-1]].format(rest[1])
        return f"{asked} State it among the suppliers, as we have it in writing."
    if head in SECTIONS and rest[0] in SECTIONS[head].model_fields and head != "trials":
        meaning = (SECTIONS[head].model_fields[rest[0]].description or "").strip()
        return meaning or f"{name}: no meaning is stated."
    if head in ("provider", "place"):
        what = rest[-1].replace("_", " ")
        return f"What does {rest[0]} say of its {what}? The catalogue does not know."
    return f"{name}: not stated in the profile."


def _needs(harms: Iterable[Harm]) -> list[Ways]:
    by_control: dict[str, list[Ways]] = {}
    for harm in harms:
        by_control.setdefault(harm.case.control.id, []).append(harm.cleared_by)
    return [together(found) for found in by_control.values()]


def _at_least(left: Iterable[Ways], fixed: frozenset[str]) -> int:
    """Return how many questions it takes at least: needs with none in common take one each."""
    count, seen = 0, set(fixed)
    for ways in left:
        asked = frozenset().union(*ways) - fixed
        if asked.isdisjoint(seen):
            count += 1
            seen |= asked
    return count


def _greedy(fixed: frozenset[str], left: Sequence[Ways]) -> frozenset[str]:
    taken = fixed
    while left:
        ways = [way for one in left for way in one]
        best = min(
            sorted(ways, key=sorted),
            key=lambda way: (
                -sum(any(map((taken | way).issuperset, one)) for one in left) / len(way - taken)
            ),
        )
        taken |= best
        left = [one for one in left if not any(map(taken.issuperset, one))]
    return taken


def _search(
    taken: frozenset[str], left: Sequence[Ways], size: int, steps: list[int]
) -> frozenset[str] | None:
    open_ = [one for one in left if not any(map(taken.issuperset, one))]
    if not open_:
        return taken
    if len(taken) >= size:
        return None
    for way in open_[0]:
        steps[0] -= 1
        if steps[0] > 0 and len(taken | way) <= size:
            found = _search(taken | way, open_, size, steps)
            if found is not None:
                return found
    return None
