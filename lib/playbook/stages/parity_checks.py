"""Whether the parity trials of a params file can come to a verdict, before anything is paid for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playbook.profile import Profile
from playbook.profile.problems import did_you_mean
from playbook.trials.plan import chosen_prompts
from playbook.trials.prompt_records import Prompt, PromptSet
from playbook.trials.statistics.power import pairs_needed


def parity_problems(profile: Profile, prompt_sets: Sequence[PromptSet]) -> Iterator[str]:
    """Yield each specialist task that no prompt has.

    Args:
        profile: Names the parity pairs.
        prompt_sets: Its prompt sets; nothing is said where one could not be read.
    """
    if len(prompt_sets) < len(profile.trials.prompt_sets):
        return
    tasks = sorted({prompt.task for prompt in _prompts(profile, prompt_sets)})
    for index, pair in enumerate(profile.trials.parity):
        for task in pair.specialist_tasks:
            if task not in tasks:
                where = f"trials.parity[{index}].specialist_tasks"
                hint = did_you_mean(task, tasks) or f"; tasks are {', '.join(tasks)}"
                yield f"{where}: {task!r} is the task of no prompt{hint}"


def parity_notices(profile: Profile, prompt_sets: Sequence[PromptSet]) -> Iterator[str]:
    """Yield a warning for each pair that its prompts can't settle, however alike the answers.

    Args:
        profile: Names the parity pairs with their margins.
        prompt_sets: Those of its prompt sets that could be read.
    """
    scored = sum(bool(prompt.scorers) for prompt in _prompts(profile, prompt_sets))
    for index, pair in enumerate(profile.trials.parity):
        margin = pair.margin or profile.trials.non_inferiority_margin
        fewest = pairs_needed(0.0, margin, equivalence=True) or 0
        if scored < fewest:
            yield (
                f"warning: trials.parity[{index}]: {scored} scored prompts can't show a difference "
                f"below {100 * margin:g} points; even equal answers need {fewest}"
            )


def _prompts(profile: Profile, prompt_sets: Sequence[PromptSet]) -> Iterator[Prompt]:
    for one in prompt_sets:
        yield from chosen_prompts(one, profile.trials.prompts_per_task)
