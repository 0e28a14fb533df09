"""`assess_compliance`: facts and answers in; findings, verdicts, questions and clearance out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from playbook.catalog import Catalog, Control, Option
from playbook.catalog.conditions import comparisons_in
from playbook.compliance.classes import DATA_CLASS, TeamClass, team_class
from playbook.compliance.clearing import clear_endpoints
from playbook.compliance.explain import why_true
from playbook.compliance.facts import answers_in_force, control_problems, facts_of
from playbook.compliance.harms import Case, Harm, Scene, Sight, cases_of, harms_to
from playbook.compliance.kleene import Truth
from playbook.compliance.logic import World, evaluate, unknowns
from playbook.compliance.questions import Weighed, open_questions, owner_of
from playbook.compliance.records import Compliance, Finding, OptionVerdict
from playbook.compliance.subjects import Subject, endpoint_subject, option_subject
from playbook.compliance.verdicts import CasesByClass, at_most, highest_class, judge, stops_by_class
from playbook.errors import CatalogError
from playbook.profile import Profile
from playbook.profile.sections import Answer
from playbook.vocabulary import AnswerWord, DataClass, Verdict

DISCLAIMER = (
    "Decision support, not legal advice: these controls help a team find the questions for its "
    "counsel, privacy and security offices. They are not complete, and no verdict here is a "
    "finding of compliance."
)
SHORTLISTED = "Models that this profile does not name in domain.candidate_models."
NOT_CONSIDERED = (
    "Facts that two controls read in opposite ways: such an option may show as UNDETERMINED.",
    "One answer holds for all options; only contracts and suppliers differ by provider and place.",
    "Beyond GDPR-04, CN-01 and GOV-06, whether a provider of unknown regions uses China.",
    "Own premises count as lying in an allowed region, wherever they stand.",
    "Countries with an adequacy decision under the GDPR are not listed; the question asks for it.",
    "Encryption in transit is not judged; in plain http, trials go to private addresses only.",
    "Laws of India, Japan and Switzerland, OSFI E-23, the EHDS, FCRA and CCPA, among others.",
)


def assess_compliance(
    profile: Profile,
    catalog: Catalog,
    *,
    as_of: date,
    usd_per_month: Mapping[str, float] | None = None,
) -> Compliance:
    """Return what the catalogue's controls say of a team's options and endpoints.

    Where the team names `domain.candidate_models`, only options of those are assessed, and a
    control that bears on none of them and on no endpoint is not asked.

    Args:
        profile: The team's facts and answers; a missing one is unknown, never no.
        catalog: Options and controls.
        as_of: Day on which answers must still be valid.
        usd_per_month: Monthly cost by option id, p50, as far as known: of two questions that can
            change as many verdicts, the one that more money hangs on is asked first.

    Raises:
        CatalogError: when a control names a fact that no profile has.
    """
    problems = control_problems(catalog.controls)
    if problems:
        raise CatalogError("controls", problems)
    answers = answers_in_force(profile, as_of=as_of)
    whose = team_class(profile, catalog)
    world = _world(profile, catalog, whose)
    cases = cases_of(catalog.controls, answers, world)
    by_class = _cases_by_class(catalog, answers, world)
    scene = Scene(world)
    judged = [
        _judged(Sight(subject, scene), members, profile, (cases, by_class, whose))
        for subject, members in _groups(profile, catalog, world).values()
    ]
    asked = _to_ask(cases, [one.sight for one in judged], profile, catalog, scene)
    weighed = [one.weighed for one in judged if one.verdict.verdict is not Verdict.OUT]
    verdicts = {
        name: one.verdict.changed(option=name) for one in judged for name in one.weighed.options
    }
    sights = {one.sight: len(one.weighed.options) for one in judged}
    return Compliance(
        as_of=as_of,
        disclaimer=DISCLAIMER,
        findings=_with_reach(
            _findings(profile, catalog, answers, world, as_of), catalog.controls, sights
        ),
        verdicts=tuple(verdicts[name] for name in sorted(verdicts)),
        open_questions=open_questions(
            profile, catalog, asked, weighed, usd_per_month=usd_per_month or {}
        ),
        clearance=clear_endpoints(profile, catalog, by_class, scene, whose=whose),
        not_considered=_not_considered(profile),
    )


@dataclass(frozen=True)
class _Judged:
    """Options that no control can tell apart, and what the controls say of them."""

    verdict: OptionVerdict
    weighed: Weighed
    sight: Sight


def _judged(
    sight: Sight,
    members: list[str],
    profile: Profile,
    given: tuple[Sequence[Case], CasesByClass, TeamClass],
) -> _Judged:
    cases, by_class, whose = given
    harms = harms_to(sight, cases, whose.possible)
    classes = _classes(profile, stops_by_class(sight, by_class))
    return _Judged(judge(members[0], harms, classes), Weighed(harms, tuple(members)), sight)


def _world(profile: Profile, catalog: Catalog, whose: TeamClass) -> World:
    areas = {
        area.id: frozenset(area.members) for regime in catalog.regimes for area in regime.areas
    }
    return World(
        facts={**facts_of(profile), DATA_CLASS: whose.seen},
        questions={DATA_CLASS: whose.question},
        areas=areas,
        notes={DATA_CLASS: whose.note} if whose.note else {},
    )


def _cases_by_class(
    catalog: Catalog, answers: Mapping[str, AnswerWord], world: World
) -> CasesByClass:
    """Return the cases for data of each class; public data is of no regulated type."""
    found: dict[DataClass, tuple[Case, ...]] = {}
    for data_class in DataClass:
        facts = {**world.facts, DATA_CLASS: data_class.value}
        if data_class is DataClass.PUBLIC:
            facts["data.data_types"] = ()
        found[data_class] = cases_of(
            catalog.controls, answers, World(facts=facts, areas=world.areas)
        )
    return found


def _groups(
    profile: Profile, catalog: Catalog, world: World
) -> dict[tuple[object, ...], tuple[Subject, list[str]]]:
    """Return the options in groups that no control can tell apart."""
    groups: dict[tuple[object, ...], tuple[Subject, list[str]]] = {}
    for option in _assessed(profile, catalog):
        subject = option_subject(option, profile, world.areas)
        groups.setdefault(subject.key, (subject, []))[1].append(option.id)
    return groups


def _assessed(profile: Profile, catalog: Catalog) -> tuple[Option, ...]:
    """Return the options of the models that the team considers; all if it names none."""
    named = profile.domain.candidate_models
    options = catalog.options(profile.infrastructure.places)
    return tuple(one for one in options if named is None or one.model in named)


def _to_ask(
    cases: Sequence[Case],
    sights: Sequence[Sight],
    profile: Profile,
    catalog: Catalog,
    scene: Scene,
) -> tuple[Case, ...]:
    """Return the controls whose answer matters: with a shortlist, only those that bear on it.

    One that bears on a trial endpoint is kept, as is one that is about no option (advice).
    """
    if profile.domain.candidate_models is None:
        return tuple(cases)
    options = {one.id: one for one in catalog.options(profile.infrastructure.places)}
    tried = [
        Sight(endpoint_subject(one, options.get(one.option), profile), scene)
        for one in profile.trials.endpoints
    ]
    seen = [*sights, *tried]
    return tuple(case for case in cases if _bears_on(case.control, seen))


def _bears_on(control: Control, sights: Sequence[Sight]) -> bool:
    about_options = [effect for effect in control.effects if effect.hits is not None]
    hits = (sight.hit(effect) is not False for effect in about_options for sight in sights)
    return not about_options or any(hits)


def _not_considered(profile: Profile) -> tuple[str, ...]:
    return (*([SHORTLISTED] if profile.domain.candidate_models else ()), *NOT_CONSIDERED)


def _classes(
    profile: Profile, stops: Mapping[DataClass, tuple[Harm, ...]]
) -> tuple[DataClass | None, DataClass | None]:
    stated = profile.data.data_class
    well, _ = highest_class(stops, unknowns_go_well=True)
    badly, _ = highest_class(stops, unknowns_go_well=False)
    return (
        at_most(well, stated or DataClass.RESTRICTED),
        at_most(badly, stated or DataClass.PUBLIC),
    )


def _findings(
    profile: Profile,
    catalog: Catalog,
    answers: Mapping[str, AnswerWord],
    world: World,
    as_of: date,
) -> tuple[Finding, ...]:
    given = profile.data.answers
    titles = {regime.id: regime.title for regime in catalog.regimes}
    found = [
        _finding(
            control,
            answers,
            world,
            as_of,
            given=given.get(control.id),
            regime_title=titles[control.regime],
        )
        for control in catalog.controls
    ]
    order = ("yes", "may", "no")
    return tuple(sorted(found, key=lambda one: (order.index(one.applies), one.regime, one.control)))


def _with_reach(
    findings: Iterable[Finding], controls: Iterable[Control], sights: Mapping[Sight, int]
) -> tuple[Finding, ...]:
    """Return the findings with the number of options that each bears on, or may."""
    by_id = {control.id: control for control in controls}
    return tuple(
        one.model_copy(update={"options_concerned": _concerned(by_id[one.control], sights)})
        if one.applies != "no"
        else one
        for one in findings
    )


def _concerned(control: Control, sights: Mapping[Sight, int]) -> int | None:
    effects = [effect for effect in control.effects if effect.hits is not None]
    if not effects:
        return None
    return sum(
        options
        for sight, options in sights.items()
        if any(sight.hit(effect) is not False for effect in effects)
    )


def _finding(
    control: Control,
    answers: Mapping[str, AnswerWord],
    world: World,
    as_of: date,
    *,
    given: Answer | None,
    regime_title: str,
) -> Finding:
    applies: Truth = evaluate(control.applies_when, world)
    answer = answers.get(control.id, AnswerWord.UNKNOWN)
    waived = answer is AnswerWord.NOT_APPLICABLE
    missing = sorted(set(unknowns(control.applies_when, world))) if applies is None else []
    return Finding(
        control=control.id,
        regime=control.regime,
        regime_title=regime_title,
        title=control.title,
        question=control.question,
        severity=control.severity,
        applies="no" if waived or applies is False else ("may" if applies is None else "yes"),
        missing_facts=tuple(missing),
        answer=answer,
        citation=control.citation,
        basis=control.basis,
        owner=owner_of(control, given),
        due=given.due if given else None,
        evidence=given.evidence if given else "",
        reason=given.reason if given else "",
        remedy=control.remedy,
        why="" if applies is False else why_true(control.applies_when, world),
        advice=tuple(effect.advise for effect in control.effects if effect.advise),
        sources=tuple(source.cite() for source in control.sources),
        stated_as_of=control.as_of,
        review_by=control.review_by,
        review_overdue=control.review_by < as_of,
        facts=tuple(dict.fromkeys(one.name for one in comparisons_in(control.applies_when))),
        given=given.answer if given else None,
        valid_until=given.valid_until if given else None,
        expired=given is not None and given.valid_until is not None and given.valid_until < as_of,
    )
