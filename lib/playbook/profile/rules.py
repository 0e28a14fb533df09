"""What a profile must satisfy beyond each field's own type: rules between fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from playbook.profile.load_rules import broken_load
from playbook.profile.problems import ValuePath, did_you_mean
from playbook.profile.profile import Profile
from playbook.profile.sections import Data, Infrastructure, Workload
from playbook.profile.trial_settings import Trials
from playbook.units import TokensPerDay
from playbook.vocabulary import AnswerWord, DataClass

_SELF_SERVED = (
    "hosted_vllm/", "ollama/", "ollama_chat/", "llamafile/", "lm_studio/", "openai_like/",
)  # fmt: skip
Found = Iterator[tuple[ValuePath, str]]


def broken_rules(profile: Profile) -> Found:
    """Yield path and fault of every rule between fields that a profile breaks."""
    yield from _workload(profile.workload)
    yield from broken_load(profile.workload)
    yield from _purchase(profile.infrastructure)
    yield from _answers(profile)
    yield from _words_alone(profile)
    yield from _public_beside_types(profile.data)
    yield from _trials(profile)
    weights = profile.weights
    swings = ("cost", "quality", "latency", "infrastructure", "residency", "time_to_production")
    if not any(getattr(weights, name) > 0 for name in (*swings, "lifecycle")):
        yield ("weights",), "are all 0; give at least one criterion a weight above 0"


def broken_endpoints(endpoints: object) -> Found:
    """Yield path and fault of every endpoint that could not be called, from plain values."""
    seen: dict[str, int] = {}
    for index, one in enumerate(endpoints if isinstance(endpoints, list) else ()):
        if isinstance(one, Mapping):
            path: ValuePath = ("trials", "endpoints", index)
            yield from _endpoint(path, one)
            name = one.get("id")
            if isinstance(name, str) and name in seen:
                first = f"trials.endpoints[{seen[name]}]"
                yield (*path, "id"), f"is {name!r}, as in {first}; give each its own id"
            elif isinstance(name, str):
                seen[name] = index


def _endpoint(path: ValuePath, one: Mapping[str, object]) -> Found:
    model = one.get("litellm_model") or ""
    if not one.get("embedded"):
        if not model:
            fix = "give embedded, or litellm_model (and api_base for a server of your own)"
            yield path, f"says nowhere what answers; {fix}"
        elif not one.get("api_base") and _needs_address(one, str(model)):
            fix = "give its address, such as http://host:8000/v1"
            yield (*path, "api_base"), f"is missing for a server of your own; {fix}"
        yield from _azure(path, one, str(model))
    elif model:
        yield path, "gives both embedded and litellm_model; keep one"
    if one.get("stand_in") and one.get("option"):
        fix = "delete option: a stand-in's scores are never those of a catalog option"
        yield (*path, "option"), f"is set on a stand-in; {fix}"


def _azure(path: ValuePath, one: Mapping[str, object], model: str) -> Found:
    version, azure = one.get("api_version"), model.startswith("azure/")
    if azure and not one.get("api_base"):
        fix = "give your resource's, such as https://NAME.openai.azure.com"
        yield (*path, "api_base"), f"is missing for azure/; {fix}"
    if azure and not version:
        fix = "give the version of its API, such as 2024-10-21"
        yield (*path, "api_version"), f"is missing for azure/; {fix}"
    if version and not azure:
        yield (*path, "api_version"), f"is {version!r}, but only azure/ takes one; delete it"


def _needs_address(one: Mapping[str, object], model: str) -> bool:
    return one.get("operator") == "self" or model.startswith(_SELF_SERVED)


def _workload(workload: Workload) -> Found:
    ceiling = next(meta.le for meta in _tokens_metadata() if getattr(meta, "le", None))  # type: ignore[attr-defined]
    if workload.tokens_per_day.high > ceiling:
        path: ValuePath = ("workload", "tokens_per_day")
        yield path, f"is above {ceiling:g} (tokens/day); check the number of zeros"
    calls_after_first = max(workload.calls_per_task - 1, 0)
    longest = calls_after_first * workload.context_growth_tokens_per_call
    longest += workload.input_tokens_per_call
    if longest > workload.max_context_tokens:
        fault = f"is below the {longest:g} input tokens of a task's last call; raise it"
        yield ("workload", "max_context_tokens"), fault


def _purchase(infrastructure: Infrastructure) -> Found:
    reserved, spot = infrastructure.share_reserved, infrastructure.share_spot
    if reserved.likely + spot.likely > 1:
        fault = f"and share_spot together are {reserved.likely + spot.likely:g} of all GPUs"
        yield ("infrastructure", "share_reserved"), f"{fault}, more than 1; lower one of them"
    if infrastructure.gpu_discount > 0 and reserved.high <= 0 < spot.high:
        fault = "is for a commitment, and share_reserved is 0 beside share_spot"
        yield ("infrastructure", "gpu_discount"), f"{fault}; state share_reserved, or delete it"


def _tokens_metadata() -> tuple[object, ...]:
    info = get_args(TokensPerDay)[1]
    return tuple(info.metadata)


def _answers(profile: Profile) -> Found:
    for control, answer in profile.data.answers.items():
        lacking = [name for name in ("reason", "owner") if not getattr(answer, name).strip()]
        if answer.answer is AnswerWord.NOT_APPLICABLE and lacking:
            path: ValuePath = ("data", "answers", control)
            yield path, f"is not_applicable without {' and '.join(lacking)}; add it"


def _words_alone(profile: Profile) -> Found:
    """Words such as `public_only` say that there is nothing else, so they stand alone."""
    alone = {"data_types": "public_only", "org_roles": "none_of_these", "data_subjects_in": "none"}
    for name, word in alone.items():
        words = getattr(profile.data, name) or ()
        if word in words and len(words) > 1:
            yield ("data", name), f"has {word} beside other words; keep it alone or delete it"


def _public_beside_types(data: Data) -> Found:
    """Public data is of no regulated type, for a team as for a prompt set."""
    named = [one for one in data.data_types or () if one != "public_only"]
    if data.data_class is DataClass.PUBLIC and named:
        fix = "raise data_class, or correct data_types"
        yield ("data", "data_class"), f"is public beside data_types {', '.join(named)}; {fix}"


def _trials(profile: Profile) -> Found:
    trials = profile.trials
    if trials.target_pass_rate < trials.minimum_pass_rate:
        fault = f"is {trials.target_pass_rate:g}, below minimum_pass_rate; raise it"
        yield ("trials", "target_pass_rate"), fault
    names = trials.prompt_sets
    for index, name in enumerate(names):
        if name in names[:index]:
            yield ("trials", "prompt_sets", index), f"is {name!r} once more; keep one"
    yield from _overrides(trials)
    yield from _judge(trials)
    yield from _parity(trials)


def _judge(trials: Trials) -> Found:
    known = [one.id for one in trials.endpoints]
    if trials.judge is not None and trials.judge not in known:
        listed = ", ".join(known) or "none is given"
        fix = did_you_mean(trials.judge, known) or "; add it there, or leave judge out"
        yield ("trials", "judge"), f"is {trials.judge!r}, no id of trials.endpoints ({listed}){fix}"


def _parity(trials: Trials) -> Found:
    known = [one.id for one in trials.endpoints]
    for index, one in enumerate(trials.parity):
        path: ValuePath = ("trials", "parity", index)
        for side in ("first", "second"):
            name = getattr(one, side)
            if name not in known:
                listed = ", ".join(known) or "none is given"
                yield (*path, side), f"is {name!r}, no id of trials.endpoints ({listed})"
        if one.first == one.second and one.first in known:
            yield (*path, "second"), f"is {one.second!r}, as first; name another endpoint"
        if one.kind == "same_weights" and one.specialist_tasks:
            fix = "delete them, or set kind: base_and_tuned"
            yield (*path, "specialist_tasks"), f"are given for the same weights; {fix}"
        if one.kind == "base_and_tuned" and not one.specialist_tasks:
            fix = "name the tasks that the tuning was for"
            yield (*path, "specialist_tasks"), f"are missing for base_and_tuned; {fix}"


def _overrides(trials: Trials) -> Found:
    for index, one in enumerate(trials.scan_overrides):
        path: ValuePath = ("trials", "scan_overrides", index)
        lacking = [name for name in ("owner", "reason") if not getattr(one, name).strip()]
        if lacking:
            yield path, f"is a decision without {' and '.join(lacking)}; add it"
        if one.valid_until is not None and one.valid_until < one.decided_on:
            fix = "it would never hold; correct one of the days"
            yield (*path, "valid_until"), f"is {one.valid_until}, before decided_on; {fix}"
