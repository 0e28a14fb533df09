"""Self-consistency: how far an endpoint gives the same answer when it is asked the same again.

Source: entropy over clusters of answers with one meaning: L. Kuhn, Y. Gal, S. Farquhar, Semantic
Uncertainty, ICLR 2023, section 3. Here answers share a cluster where they are equal once they are
normalised, so the entropy is an upper bound: two ways to say one thing are two clusters.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from playbook.trials.client import ToolCall
from playbook.trials.grounding.quantities import quantities
from playbook.trials.prompt_records import Prompt
from playbook.trials.records import Attempt
from playbook.trials.results import Result
from playbook.trials.safety_records import Consistency
from playbook.trials.scorers.json_field import first_object
from playbook.trials.scorers.normalised import normalise
from playbook.trials.statistics.intervals import clustered_share

FEWEST_SAMPLES = 2
_BY_VALUE = frozenset({"grounded", "numeric"})


@dataclass(frozen=True)
class _Repeated:
    """One prompt with the clusters into which its answers fall."""

    task: str
    group: str
    sizes: Sequence[int]
    not_answered: int
    temperature: float

    @property
    def agreement(self) -> float:
        """Return the share of pairs of answers that agree."""
        samples = sum(self.sizes)
        return sum(one * (one - 1) for one in self.sizes) / (samples * (samples - 1))

    @property
    def entropy(self) -> float:
        """Return the entropy of the clusters over the largest that so many samples can have."""
        samples = sum(self.sizes)
        shares = [one / samples for one in self.sizes]
        bits = -math.fsum(share * math.log(share) for share in shares)
        return max(0.0, bits / math.log(samples))


def consistency_of(results: Iterable[Result]) -> tuple[Consistency, ...]:
    """Return how far each endpoint repeats itself: on all tasks together, then by task.

    Prompts that were sent once say nothing of it, and neither do those kept back by the gate.

    Args:
        results: Results of a run, in the order of the plan.
    """
    by_prompt: dict[tuple[str, str, str], list[Result]] = defaultdict(list)
    for one in results:
        if one.attempt.outcome != "refused_by_gate":
            trial = one.trial
            by_prompt[trial.endpoint.id, trial.prompt_set, trial.prompt.id].append(one)
    repeated: dict[str, list[_Repeated]] = defaultdict(list)
    for (endpoint, _set, _prompt), answers in by_prompt.items():
        if len(answers) >= FEWEST_SAMPLES:
            repeated[endpoint].append(_repeated(answers))
    return tuple(
        _consistency(endpoint, task, [one for one in prompts if task in ("all", one.task)])
        for endpoint, prompts in repeated.items()
        for task in dict.fromkeys(["all", *(one.task for one in prompts)])
    )


def answer_key(prompt: Prompt, attempt: Attempt) -> Hashable | None:
    """Return that by which two answers to a prompt count as the same; None of no answer.

    Calls of tools go by name and arguments, JSON by its values, answers that are scored by
    quantities by those they hold, and all others by their words.

    Args:
        prompt: Its scorers say what of an answer matters.
        attempt: A result.
    """
    if attempt.outcome != "answered":
        return None
    if attempt.tool_calls:
        return ("calls", tuple(_call(one) for one in attempt.tool_calls))
    names = {one.name for one in prompt.scorers}
    found = first_object(attempt.text) if _is_json(prompt, names) else None
    if found is not None:
        return ("json", json.dumps(found, sort_keys=True))
    amounts = quantities(attempt.text) if names & _BY_VALUE else ()
    return ("amounts", frozenset(amounts)) if amounts else ("words", normalise(attempt.text))


def _is_json(prompt: Prompt, names: set[str]) -> bool:
    return prompt.response_schema is not None or any(one.startswith("json") for one in names)


def _call(call: ToolCall) -> tuple[str, str]:
    try:
        return call.name, json.dumps(json.loads(call.arguments), sort_keys=True)
    except (ValueError, RecursionError):
        return call.name, call.arguments


def _repeated(answers: Sequence[Result]) -> _Repeated:
    trial = answers[0].trial
    keys = [answer_key(trial.prompt, one.attempt) for one in answers]
    alone = sum(key is None for key in keys)
    sizes = [*Counter(key for key in keys if key is not None).values(), *[1] * alone]
    group = f"{trial.prompt_set}/{trial.prompt.cluster}"
    return _Repeated(trial.prompt.task, group, sizes, alone, trial.request.temperature)


def _consistency(endpoint: str, task: str, prompts: Sequence[_Repeated]) -> Consistency:
    groups = [one.group for one in prompts]
    agreement = clustered_share([one.agreement for one in prompts], groups)
    stable = clustered_share([float(len(one.sizes) == 1) for one in prompts], groups)
    if agreement is None or stable is None:
        msg = "consistency needs at least one prompt that was sent more than once"
        raise ValueError(msg)
    return Consistency(
        endpoint=endpoint,
        task=task,
        prompts=len(prompts),
        samples=sum(sum(one.sizes) for one in prompts),
        not_answered=sum(one.not_answered for one in prompts),
        agreement=agreement,
        stable=stable,
        entropy=math.fsum(one.entropy for one in prompts) / len(prompts),
        temperatures=tuple(sorted({one.temperature for one in prompts})),
    )
