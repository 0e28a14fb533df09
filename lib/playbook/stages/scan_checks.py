"""What the scan of prompts can tell of a params file before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from playbook.profile.problems import did_you_mean
from playbook.profile.trial_settings import ScanOverride, Trials
from playbook.trials.plan import chosen_prompts
from playbook.trials.prompt_records import PromptSet
from playbook.trials.scanning import rules_by_id
from playbook.trials.scanning.presidio import NAME_RULE, why_no_names
from playbook.trials.screening import kept_back, screen_of, unread_images

PROMPTS_NAMED = 8


def scan_problems(section: Trials, prompt_sets: Sequence[PromptSet]) -> Iterator[str]:
    """Yield every wrong name in the decisions over the scan, and a model that can't be had.

    Args:
        section: The profile's trials.
        prompt_sets: Those of its prompt sets that could be read.
    """
    if section.scan_model and (missing := why_no_names(section.scan_model)):
        yield missing
    prompts = {one.id: [prompt.id for prompt in one.prompts] for one in prompt_sets}
    for index, one in enumerate(section.scan_overrides):
        where = f"trials.scan_overrides[{index}]"
        yield from _unknown_rule(where, one, has_model=bool(section.scan_model))
        if one.prompt_set not in section.prompt_sets:
            hint = did_you_mean(one.prompt_set, section.prompt_sets) or _named(section.prompt_sets)
            yield f"{where}.prompt_set: {one.prompt_set!r} is not under trials.prompt_sets{hint}"
            continue
        for name in one.prompts:
            known = prompts.get(one.prompt_set)
            if known is not None and name not in known:
                hint = did_you_mean(name, known) or "; correct it or take it out"
                yield f"{where}.prompts: {name!r} is no prompt of {one.prompt_set}{hint}"


def scan_notices(
    section: Trials, prompt_sets: Sequence[PromptSet], *, as_of: date
) -> Iterator[str]:
    """Yield a warning for prompts that the scan will keep back, by set, and for ended decisions.

    Neither is a problem of the file: the run goes on and lists them as refused.

    Args:
        section: The profile's trials.
        prompt_sets: Those of its prompt sets that could be read.
        as_of: Day on which decisions must be in force.
    """
    for index, one in enumerate(section.scan_overrides):
        if not one.in_force(as_of):
            said = (
                f"ended on {one.valid_until}; have it decided again or delete it"
                if one.decided_on <= as_of
                else f"holds from {one.decided_on} on, not yet"
            )
            yield f"warning: trials.scan_overrides[{index}]: the decision on {one.rule} {said}"
    lacking = section.scan_model and why_no_names(section.scan_model)  # told as a problem
    screen = screen_of(section.changed(scan_model="") if lacking else section, as_of=as_of)
    for prompt_set in prompt_sets:
        if unread := unread_images(prompt_set):
            yield f"warning: prompts/{prompt_set.id}.jsonl: {unread} where they may go"
        chosen = tuple(chosen_prompts(prompt_set, section.prompts_per_task))
        found = kept_back(screen, prompt_set.id, chosen)
        if found:
            shown = "; ".join(f"{name}: {where}" for name, where in found[:PROMPTS_NAMED])
            more = len(found) - PROMPTS_NAMED
            rest = f"; and {more} more" if more > 0 else ""
            yield (
                f"warning: prompts/{prompt_set.id}.jsonl: the scan will keep back {len(found)} of "
                f"{len(chosen)} prompts, whatever the clearance allows; label them higher, take it "
                f"out, or let the owner decide in trials.scan_overrides: {shown}{rest}"
            )


def _unknown_rule(where: str, one: ScanOverride, *, has_model: bool) -> Iterator[str]:
    known = [*rules_by_id(), *([NAME_RULE] if has_model else [])]
    if one.rule not in known:
        hint = did_you_mean(one.rule, known) or f"; rules are {', '.join(known)}"
        yield f"{where}.rule: {one.rule!r} is no rule of the scan{hint}"


def _named(names: Sequence[str]) -> str:
    return f"; there are: {', '.join(names) or 'none'}"
