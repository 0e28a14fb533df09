"""The verdict on an option: OUT, UNDETERMINED, CONDITIONAL or OK, with reasons and questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbook.compliance.harms import Case, Harm, Sight, harms_to, in_order
from playbook.compliance.questions import fewest_questions
from playbook.compliance.records import OptionVerdict
from playbook.vocabulary import DataClass, Verdict

CasesByClass = Mapping[DataClass, Sequence[Case]]


def verdict_on(harms: Sequence[Harm]) -> Verdict:
    """Return the verdict that some harms add up to.

    OUT: a gate holds even if all unknowns go well. UNDETERMINED: a gate would hold if they went
    badly. CONDITIONAL: only conditions are open or unmet.
    """
    if any(harm.is_gate and harm.sure for harm in harms):
        return Verdict.OUT
    if any(harm.is_gate for harm in harms):
        return Verdict.UNDETERMINED
    return Verdict.CONDITIONAL if harms else Verdict.OK


def _in_one_world(harms: Sequence[Harm]) -> Verdict:
    """Return the verdict where just these harms hold: nothing is unknown any more."""
    if any(harm.is_gate for harm in harms):
        return Verdict.OUT
    return Verdict.CONDITIONAL if harms else Verdict.OK


def judge(
    option: str, harms: Sequence[Harm], classes: tuple[DataClass | None, DataClass | None]
) -> OptionVerdict:
    """Return an option's verdict with the controls that decide it.

    Args:
        option: Option id.
        harms: What hits it, or may.
        classes: Highest class that may be sent if the unknowns go well, and if they go badly.
    """
    verdict = verdict_on(harms)
    gates = [harm for harm in harms if harm.is_gate]
    deciding = {
        Verdict.OUT: [harm for harm in gates if harm.sure],
        Verdict.UNDETERMINED: gates,
    }.get(verdict, list(harms))
    told = tuple(in_order(deciding))
    flags = [harm for harm in harms if not harm.is_gate]
    return OptionVerdict(
        option=option,
        verdict=verdict,
        verdict_if_unknowns_go_well=_in_one_world([harm for harm in harms if harm.sure]),
        verdict_if_unknowns_go_badly=_in_one_world(harms),
        controls=tuple(harm.case.control.id for harm in told),
        because=tuple(f"{harm.line}; {_applies(harm)}" for harm in told),
        conditions=tuple(_condition(harm) for harm in in_order(flags))
        if verdict is not Verdict.OUT
        else (),
        questions=fewest_questions(gates) if verdict is Verdict.UNDETERMINED else (),
        highest_class_if_unknowns_go_well=classes[0],
        highest_class_if_unknowns_go_badly=classes[1],
    )


def stops_by_class(sight: Sight, cases: CasesByClass) -> dict[DataClass, tuple[Harm, ...]]:
    """Return for each data class what stops sending it to a subject, or may."""
    return {
        data_class: harms_to(sight, cases[data_class], (data_class,), live=True)
        for data_class in DataClass
    }


def highest_class(
    stops: Mapping[DataClass, Sequence[Harm]], *, unknowns_go_well: bool
) -> tuple[DataClass | None, tuple[Harm, ...]]:
    """Return the highest class that may be sent, and what stops the next one.

    Classes are tried upwards; the first that a gate or cap stops ends the search.
    """
    highest: DataClass | None = None
    for data_class in DataClass:
        in_force = tuple(h for h in stops[data_class] if h.sure or not unknowns_go_well)
        if in_force:
            return highest, in_force
        highest = data_class
    return highest, ()


def at_most(highest: DataClass | None, limit: DataClass) -> DataClass | None:
    """Return the lower of two classes; None (nothing may be sent) stays None."""
    return None if highest is None else min(highest, limit, key=lambda one: one.rank)


def _applies(harm: Harm) -> str:
    why = harm.case.why
    applies = "applies to everyone" if why == "always" else f"applies because {why}"
    note = harm.class_note
    return f"{applies}; {note}" if note and note not in applies else applies


def _condition(harm: Harm) -> str:
    control = harm.case.control
    return f"{control.id}: {control.remedy if harm.sure else control.question}"
