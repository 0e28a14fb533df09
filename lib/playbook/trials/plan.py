"""The plan of a run: every prompt on every endpoint, each repeat once, in a fixed order."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from playbook.clearance import Clearance, Ruling, decide_sending
from playbook.profile.endpoints import Endpoint
from playbook.profile.profile import Profile
from playbook.runs import canonical_json
from playbook.trials.client import Request
from playbook.trials.prompt_records import Prompt, PromptSet
from playbook.trials.records import Purpose
from playbook.trials.screening import PromptRef, Screen

ClientChoice = Literal["litellm", "lean"]


@dataclass(frozen=True)
class Trial:
    """One prompt to be sent once to one endpoint."""

    prompt_set: str
    prompt: Prompt
    endpoint: Endpoint
    repeat: int
    request: Request
    run_key: str
    load: int = 0
    """Calls in flight that a load sweep asks for, or of an open load the most that it lets in; 0
    for the trial itself."""
    rate_per_s: float = 0.0
    """Calls a second that an open load asks for."""
    due_s: float | None = None
    """When a call of an open load is due, on the clock of the run; no part of its run key."""
    purpose: Purpose = "trial"
    """What it is sent for."""
    client: ClientChoice = "litellm"
    """What sends it; no part of its run key."""

    @property
    def ref(self) -> PromptRef:
        """Return which prompt it is."""
        return PromptRef(self.prompt_set, self.prompt.id)


def plan_trials(profile: Profile, prompt_sets: Sequence[PromptSet]) -> tuple[Trial, ...]:
    """Return the trials of a profile: endpoints in its order, then prompts, then repeats.

    A prompt that asks for more repeats than the profile gets its own number.

    Args:
        profile: Its section `trials` names endpoints, repeats, temperature and seed.
        prompt_sets: The sets to try.
    """
    return tuple(
        _trial(profile, endpoint, prompt_set=prompt_set.id, prompt=prompt, repeat=repeat)
        for endpoint in profile.trials.endpoints
        for prompt_set in prompt_sets
        for prompt in chosen_prompts(prompt_set, profile.trials.prompts_per_task)
        for repeat in range(max(profile.trials.repeats, prompt.repeats))
    )


def ruling_on(trial: Trial, clearance: Clearance, screen: Screen) -> Ruling:
    """Return whether the clearance, and then the scan, let a trial's prompt go to its endpoint."""
    prompt = trial.prompt
    cleared = decide_sending(clearance, trial.endpoint.id, prompt.data_class, prompt.data_types)
    return screen.after(cleared, trial.request, prompt.data_class, trial.ref).ruling


def chosen_prompts(prompt_set: PromptSet, prompts_per_task: int | None) -> Iterator[Prompt]:
    """Yield the first so many prompts of each task, or all."""
    seen: Counter[str] = Counter()
    for prompt in prompt_set.prompts:
        seen[prompt.task] += 1
        if prompts_per_task is None or seen[prompt.task] <= prompts_per_task:
            yield prompt


def _trial(
    profile: Profile, endpoint: Endpoint, *, prompt_set: str, prompt: Prompt, repeat: int
) -> Trial:
    section = profile.trials
    request = prompt.request(temperature=section.temperature, seed=section.seed + repeat)
    key = run_key(endpoint, request, prompt_set=prompt_set, prompt=prompt.id, repeat=repeat)
    return Trial(prompt_set, prompt, endpoint, repeat, request, key)


def run_key(
    endpoint: Endpoint, request: Request, *, prompt_set: str, prompt: str, repeat: int
) -> str:
    """Return the hash by which an answer is found again: all that could change the answer.

    What is expected and how it is scored are left out: an answer is scored again, not asked again.
    """
    content = {
        "prompt": [prompt_set, prompt],
        **request.content,
        "endpoint": [endpoint.id, endpoint.litellm_model, endpoint.api_base, endpoint.embedded],
        "dialect": endpoint.dialect,
        "parameters": [request.max_tokens, request.temperature, request.seed],
        "repeat": repeat,
    }
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
