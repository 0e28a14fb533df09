"""Which effects hit an option: for sure, or only if the open questions turn out badly.

Each option is judged twice at once: a harm that is True holds even if every unknown goes well, one
that is None (unknown) only if they go badly. A better answer never adds a harm (see `Effect.when`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from playbook.catalog import Control, Effect
from playbook.catalog.conditions import Condition
from playbook.compliance.classes import DATA_CLASS
from playbook.compliance.explain import explain, why_true
from playbook.compliance.kleene import Truth, Ways, conjunction, either
from playbook.compliance.logic import World, evaluate, unknowns, ways_to
from playbook.compliance.subjects import Subject
from playbook.vocabulary import AnswerWord, DataClass

Classes = tuple[DataClass, ...]
"""Classes that data may be of."""


@dataclass(frozen=True, eq=False)
class Case:
    """A control that applies to the team, or may, with the answer in force."""

    control: Control
    answer: AnswerWord
    applies: Truth
    world: World
    """What was known of the team."""

    @cached_property
    def escapes(self) -> Ways:
        """Return sets of facts each of which, if it turns out well, makes it not apply."""
        return ways_to(False, self.control.applies_when, self.world)

    @cached_property
    def hangs_on(self) -> frozenset[str]:
        """Return the facts that are missing to say whether it applies."""
        missing = unknowns(self.control.applies_when, self.world) if self.applies is None else ()
        return frozenset(missing)

    @cached_property
    def why(self) -> str:
        """Return why it applies, in words."""
        return why_true(self.control.applies_when, self.world)

    @cached_property
    def biting(self) -> tuple[Effect, ...]:
        """Return the effects that are more than advice."""
        return tuple(effect for effect in self.control.effects if effect.hits is not None)

    @cached_property
    def stopping(self) -> tuple[Effect, ...]:
        """Return the effects that bear on live calls: gates and caps do, flags don't."""
        gate = self.control.severity == "hard_gate"
        return tuple(effect for effect in self.biting if gate or effect.cap is not None)


@dataclass(frozen=True, eq=False)
class Look:
    """What an effect sees of a subject: does its condition hold, and what would settle it?"""

    truth: Truth
    condition: Condition | None
    world: World
    """What was known of the team and the subject."""

    @cached_property
    def spared(self) -> Ways:
        """Return sets of questions each of which, answered well, makes it no longer hold."""
        return ways_to(False, self.condition, self.world) if self.condition else ()

    @cached_property
    def unknown(self) -> frozenset[str]:
        """Return the questions on which it still hangs."""
        holds = ways_to(True, self.condition, self.world) if self.condition else ()
        return frozenset(question for way in (*self.spared, *holds) for question in way)


NOTHING = Look(False, None, World(facts={}))


@dataclass(frozen=True, eq=False)
class Harm:
    """An effect that hits a subject: certainly (`sure`), or if unknowns go badly."""

    case: Case
    effect: Effect
    sure: bool
    look: Look
    """What the effect sees of the subject."""
    by_answer: bool
    """Whether an answer, or counsel's word on an unchecked citation, could lift it."""
    by_class: bool
    """Whether it hangs on the data class."""

    @property
    def is_gate(self) -> bool:
        """Return whether it puts an option out."""
        return self.case.control.severity == "hard_gate"

    @cached_property
    def cleared_by(self) -> Ways:
        """Return sets of questions each of which, answered well, lifts it; none when sure."""
        if self.sure:
            return ()
        own = tuple(frozenset({question}) for question in self._own_questions())
        return either([own, self.case.escapes, self.look.spared])

    @cached_property
    def hangs_on(self) -> frozenset[str]:
        """Return every open question that bears on it; none when sure."""
        if self.sure:
            return frozenset()
        return frozenset([*self._own_questions(), *self.case.hangs_on, *self.look.unknown])

    @cached_property
    def line(self) -> str:
        """Return why its control decides, on one line with the citation."""
        control = self.case.control
        if self.sure:
            told = {AnswerWord.NOT_MET: "not met", AnswerWord.PARTLY: "only partly met"}
            fixed = f"decided by: {explain(self.effect.hits)}" if self.effect.hits else ""
            state = fixed if self.effect.when == "always" else told.get(self.case.answer, fixed)
        else:
            state = f"open: {', '.join(sorted(self.hangs_on))}"
        unchecked = "; citation not checked against its text" if control.basis == "memory" else ""
        return f"{control.id} {control.title}: {state} ({control.citation}{unchecked})"

    @property
    def class_note(self) -> str:
        """Return why the data class that a cap looks at is higher than stated, or nothing."""
        return self.case.world.notes.get(DATA_CLASS, "") if self.effect.cap is not None else ""

    @property
    def _class_question(self) -> str:
        return self.case.world.questions.get(DATA_CLASS, DATA_CLASS)

    def _own_questions(self) -> list[str]:
        return [self.case.control.id] * self.by_answer + [self._class_question] * self.by_class


class Scene:
    """A team's facts, and what was found in their light.

    Subjects that an effect can't tell apart are looked at once.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._looks: dict[tuple[object, ...], Look] = {}
        self._dockets: dict[tuple[object, ...], Docket] = {}

    def look(self, effect: Effect, subject: Subject) -> Look:
        """Return what an effect sees of a subject; mere advice sees none."""
        if effect.hits is None:
            return NOTHING
        seen = (
            (subject.attributes.get(name), subject.questions.get(name)) for name in effect.looks_at
        )
        key = (id(effect), *seen)
        if key not in self._looks:
            world = replace(self.world, attributes=subject.attributes, questions=subject.questions)
            self._looks[key] = Look(evaluate(effect.hits, world), effect.hits, world)
        return self._looks[key]

    def docket(self, cases: Sequence[Case], classes: Classes, *, live: bool) -> Docket:
        """Return what is to be weighed of some cases; made once for all subjects."""
        key = (id(cases), classes, live)
        if key not in self._dockets:
            self._dockets[key] = Docket(
                tuple(
                    (case, effect)
                    for case in cases
                    for effect in (case.stopping if live else case.biting)
                ),
                cases,
            )
        return self._dockets[key]


@dataclass(frozen=True, eq=False)
class Docket:
    """Cases with their effects, and the harms found so far by effect and look.

    It holds the cases themselves, since it is known by their identity.
    """

    pairs: tuple[tuple[Case, Effect], ...]
    cases: Sequence[Case]
    found: dict[tuple[int, int], Harm | None] = field(default_factory=dict)


class Sight:
    """One subject in the light of the team's facts."""

    def __init__(self, subject: Subject, scene: Scene) -> None:
        self.scene = scene
        self._subject = subject
        self._looks: dict[int, Look] = {}

    def look(self, effect: Effect) -> Look:
        """Return what an effect sees of the subject."""
        found = self._looks.get(id(effect))
        if found is None:
            found = self._looks[id(effect)] = self.scene.look(effect, self._subject)
        return found

    def hit(self, effect: Effect) -> Truth:
        """Return whether an effect is about the subject; advice is about none."""
        return self.look(effect).truth


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
        found.append(Case(control, answer, applies, world))
    return tuple(found)


def harms_to(
    sight: Sight, cases: Sequence[Case], classes: Classes, *, live: bool = False
) -> tuple[Harm, ...]:
    """Return the effects that hit a subject, or may.

    Args:
        sight: The option or endpoint.
        cases: Controls that apply or may.
        classes: Classes that the data that is sent may be of; one when it is known.
        live: Whether only what bears on live calls counts.
    """
    docket = sight.scene.docket(cases, classes, live=live)
    harms = []
    for case, effect in docket.pairs:
        look = sight.look(effect)
        if look.truth is False:
            continue
        key = (id(effect), id(look))
        if key not in docket.found:
            docket.found[key] = _harm(case, effect, look, classes)
        harm = docket.found[key]
        if harm is not None:
            harms.append(harm)
    return tuple(harms)


def in_order(harms: Iterable[Harm]) -> Iterator[Harm]:
    """Yield one harm for each control, the first that bears most."""
    seen: set[str] = set()
    for harm in sorted(harms, key=lambda one: (not one.sure, one.case.control.id)):
        if harm.case.control.id not in seen:
            seen.add(harm.case.control.id)
            yield harm


def _harm(case: Case, effect: Effect, look: Look, classes: Classes) -> Harm | None:
    fires = _fires(effect, case.answer)
    above = _above(effect.cap, classes)
    truth = conjunction((case.applies, fires, look.truth, above))
    if truth is False:
        return None
    unverified = case.control.basis == "memory" and case.control.severity == "hard_gate"
    return Harm(
        case,
        effect,
        sure=truth is True and not unverified,
        look=look,
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


def _above(cap: DataClass | None, classes: Classes) -> Truth:
    if cap is None:
        return True
    found = {one.rank > cap.rank for one in classes}
    return found.pop() if len(found) == 1 else None
