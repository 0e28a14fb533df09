"""Which effects hit an option: for sure, or only if the open questions turn out badly.

Each option is judged twice at once: a harm that is True holds even if every unknown goes well, one
that is None (unknown) only if they go badly. A better answer never adds a harm (see `Effect.when`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from playbook.catalog import Control, Effect
from playbook.compliance.explain import explain, why_true
from playbook.compliance.kleene import Truth, Ways, conjunction, either
from playbook.compliance.logic import World, evaluate, unknowns, ways_to
from playbook.compliance.subjects import Subject
from playbook.vocabulary import AnswerWord, DataClass

DATA_CLASS = "data.data_class"


@dataclass(frozen=True)
class Case:
    """A control that applies to the team, or may, with the answer in force."""

    control: Control
    answer: AnswerWord
    applies: Truth
    escapes: Ways
    """Facts that, if they turn out well, make it not apply."""
    hangs_on: frozenset[str]
    """Facts that are missing to say whether it applies."""
    why: str
    """Why it applies, in words."""


@dataclass(frozen=True)
class Harm:
    """An effect that hits a subject: certainly (`sure`), or if unknowns go badly."""

    case: Case
    effect: Effect
    sure: bool
    world: World
    """What was known of the team and the subject."""
    by_answer: bool
    """Whether an answer, or counsel's word on an unchecked citation, could lift it."""
    by_class: bool
    """Whether it hangs on the data class."""

    @property
    def is_gate(self) -> bool:
        """Return whether it puts an option out."""
        return self.case.control.severity == "hard_gate"

    @property
    def stops_sending(self) -> bool:
        """Return whether it bears on live calls: gates and caps do, flags don't."""
        return self.is_gate or self.effect.cap is not None

    @cached_property
    def cleared_by(self) -> Ways:
        """Return sets of questions each of which, answered well, lifts it; none when sure."""
        if self.sure or self.effect.hits is None:
            return ()
        spared = ways_to(False, self.effect.hits, self.world)
        own = tuple(frozenset({question}) for question in self._own_questions())
        return either([own, self.case.escapes, spared])

    @cached_property
    def hangs_on(self) -> frozenset[str]:
        """Return every open question that bears on it; none when sure."""
        if self.sure or self.effect.hits is None:
            return frozenset()
        about_it = unknowns(self.effect.hits, self.world)
        return frozenset([*self._own_questions(), *self.case.hangs_on, *about_it])

    def _own_questions(self) -> list[str]:
        return [self.case.control.id] * self.by_answer + [DATA_CLASS] * self.by_class


class Sight:
    """One subject in the light of the team's facts; each effect is looked at once."""

    def __init__(self, subject: Subject, world: World) -> None:
        self.world = World(
            facts=world.facts,
            attributes=subject.attributes,
            questions=subject.questions,
            areas=world.areas,
        )
        self._hits: dict[int, Truth] = {}

    def hit(self, effect: Effect) -> Truth:
        """Return whether an effect is about the subject; advice is about none."""
        if id(effect) not in self._hits:
            condition = effect.hits
            self._hits[id(effect)] = False if condition is None else evaluate(condition, self.world)
        return self._hits[id(effect)]


def cases_of(
    controls: Iterable[Control], answers: Mapping[str, AnswerWord], world: World
) -> tuple[Case, ...]:
    """Return the controls that apply or may; those answered `not_applicable` do not."""
    found = []
    for control in controls:
        applies = evaluate(control.applies_when, world)
        answer = answers.get(control.id, AnswerWord.UNKNOWN)
        if applies is False or answer is AnswerWord.NOT_APPLICABLE:
            continue
        found.append(
            Case(
                control=control,
                answer=answer,
                applies=applies,
                escapes=ways_to(False, control.applies_when, world),
                hangs_on=frozenset(
                    unknowns(control.applies_when, world) if applies is None else ()
                ),
                why=why_true(control.applies_when, world),
            )
        )
    return tuple(found)


def harms_to(sight: Sight, cases: Iterable[Case], data_class: DataClass | None) -> tuple[Harm, ...]:
    """Return the effects that hit a subject, or may.

    Args:
        sight: The option or endpoint.
        cases: Controls that apply or may.
        data_class: Class of the data that is sent; None when unknown.
    """
    return tuple(
        harm for case in cases for effect in case.control.effects
        if sight.hit(effect) is not False
        and (harm := _harm(case, effect, sight, data_class)) is not None
    )  # fmt: skip


def line(harm: Harm) -> str:
    """Return why a control decides, on one line with its citation."""
    control = harm.case.control
    if harm.sure:
        told = {AnswerWord.NOT_MET: "not met", AnswerWord.PARTLY: "only partly met"}
        fixed = f"hits options that are {explain(harm.effect.hits)}" if harm.effect.hits else ""
        state = fixed if harm.effect.when == "always" else told.get(harm.case.answer, fixed)
    else:
        state = f"open: {', '.join(sorted(harm.hangs_on))}"
    unchecked = "; citation not checked against its text" if control.basis == "memory" else ""
    return f"{control.id} {control.title}: {state} ({control.citation}{unchecked})"


def in_order(harms: Iterable[Harm]) -> Iterator[Harm]:
    """Yield one harm for each control, the first that bears most."""
    seen: set[str] = set()
    for harm in sorted(harms, key=lambda one: (not one.sure, one.case.control.id)):
        if harm.case.control.id not in seen:
            seen.add(harm.case.control.id)
            yield harm


def _harm(case: Case, effect: Effect, sight: Sight, data_class: DataClass | None) -> Harm | None:
    fires = _fires(effect, case.answer)
    above = _above(effect.cap, data_class)
    truth = conjunction((case.applies, fires, sight.hit(effect), above))
    if truth is False:
        return None
    unverified = case.control.basis == "memory" and case.control.severity == "hard_gate"
    return Harm(
        case,
        effect,
        sure=truth is True and not unverified,
        world=sight.world,
        by_answer=fires is None or (truth is True and unverified),
        by_class=above is None,
    )


def _fires(effect: Effect, answer: AnswerWord) -> Truth:
    if effect.when == "always":
        return True
    if answer is AnswerWord.UNKNOWN:
        return None
    if effect.when == "not_met":
        return answer is AnswerWord.NOT_MET
    return answer is not AnswerWord.MET


def _above(cap: DataClass | None, data_class: DataClass | None) -> Truth:
    if cap is None:
        return True
    if data_class is None:
        return None if cap is not DataClass.RESTRICTED else False
    return data_class.rank > cap.rank
