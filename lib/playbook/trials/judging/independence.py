"""Whether a judge may read an endpoint's answers: never its own, nor those of its family."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playbook.profile.endpoints import Endpoint
from playbook.profile.trial_settings import Trials

FAMILIES = {
    "claude": ("claude",),
    "command": ("command",),
    "deepseek": ("deepseek",),
    "gemini": ("gemini", "gemma"),
    "glm": ("glm",),
    "gpt": ("gpt", "chatgpt", "o1", "o3", "o4"),
    "grok": ("grok",),
    "kimi": ("kimi",),
    "llama": ("llama",),
    "mistral": (
        "mistral", "mixtral", "ministral", "codestral", "devstral", "magistral", "pixtral",
    ),
    "nemotron": ("nemotron",),
    "nova": ("nova",),
    "phi": ("phi",),
    "qwen": ("qwen", "qwq"),
    "yi": ("yi",),
}  # fmt: skip
"""Words by which a model's id names its family; a model tuned from another one often names both."""
_WORD = re.compile(r"[a-z]+")
_LETTER_AND_DIGIT = re.compile(r"\b[a-z]\d\b")


def judge_of(section: Trials) -> Endpoint | None:
    """Return the endpoint that judges, if the profile has one."""
    return next((one for one in section.endpoints if one.id == section.judge), None)


def objection_to_judge(
    judge: Endpoint, judged: Endpoint, families: Mapping[str, str] | None = None
) -> str:
    """Return why a judge may not read an endpoint's answers, or an empty text.

    Args:
        judge: Endpoint that judges.
        judged: Endpoint whose answers are read.
        families: Family of an endpoint by its id, as the catalogue has it.
    """
    if judge.id == judged.id:
        return f"{judge.id} would judge its own answers"
    if _model(judge) == _model(judged):
        return f"{judge.id} and {judged.id} are the same model"
    known = families or {}
    first, second = (
        families_of(one) | ({known[one.id]} if one.id in known else set())
        for one in (judge, judged)
    )
    if shared := sorted(first & second):
        return f"{judge.id} and {judged.id} are both of the family {shared[0]}"
    return ""


def families_of(endpoint: Endpoint) -> frozenset[str]:
    """Return the families that an endpoint's model id names; none where it names none.

    Example:
        >>> served = "hosted_vllm/deepseek-ai/DeepSeek-R1-Distill-Llama-70B"
        >>> sorted(families_of(Endpoint(id="own", litellm_model=served)))
        ['deepseek', 'llama']
    """
    if endpoint.embedded is not None:
        return frozenset({"demo"})
    names = f"{_model(endpoint)} {endpoint.expected_model.lower().rpartition('/')[2]}"
    words = {*_WORD.findall(names), *_LETTER_AND_DIGIT.findall(names)}
    return frozenset(
        family
        for family, said in FAMILIES.items()
        if any(_names(one, words, names) for one in said)
    )


def _names(said: str, words: set[str], names: str) -> bool:
    return said in words or (len(said) > 4 and said in names)  # noqa: PLR2004  `yi` is in many words


def _model(endpoint: Endpoint) -> str:
    """Return the model's own name, without the words that choose a provider."""
    return endpoint.embedded or endpoint.litellm_model.lower().rpartition("/")[2]
