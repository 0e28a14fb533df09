"""What can be told of a judge from a params file before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from playbook.errors import PromptSetError
from playbook.profile import Profile, params_dir
from playbook.trials.judging.independence import judge_of, objection_to_judge
from playbook.trials.judging.labels import load_labels
from playbook.trials.prompt_records import PromptSet
from playbook.trials.scorers import all_scorers, scorer_problems

if TYPE_CHECKING:
    from playbook.catalog import Catalog


def judge_problems(
    profile: Profile, catalog: Catalog, prompt_sets: Sequence[PromptSet]
) -> Iterator[str]:
    """Yield a judge that would judge its own family, and wrong labels.

    Args:
        profile: Names judge and endpoints.
        catalog: Knows the families of models.
        prompt_sets: Those of its prompt sets that could be read.
    """
    section = profile.trials
    try:
        if section.prompt_sets:
            load_labels(section.prompt_sets, params_dir() / "prompts")
    except PromptSetError as error:
        yield from error.problems
    judge = judge_of(section)
    if judge is None or not asking_for_a_judge(prompt_sets):
        return
    families = families_by_endpoint(profile, catalog)
    for one in section.endpoints:
        if one.id != judge.id and (why := objection_to_judge(judge, one, families)):
            yield f"trials.judge: {why}; choose a judge of another family, or take {one.id} out"


def judge_notices(profile: Profile, prompt_sets: Sequence[PromptSet]) -> Iterator[str]:
    """Yield a warning for sets that ask for a judge where none is named, and for broken scorers.

    Args:
        profile: Names the judge.
        prompt_sets: Those of its prompt sets that could be read.
    """
    asking = asking_for_a_judge(prompt_sets)
    if asking and profile.trials.judge is None:
        yield (
            f"warning: trials.judge: {', '.join(asking)} asks for a judge (scorer rubric or "
            "pairwise) and none is named; those answers will not be scored"
        )
    yield from (f"warning: {one}" for one in scorer_problems())


def asking_for_a_judge(prompt_sets: Sequence[PromptSet]) -> list[str]:
    """Return the ids of the sets with a scorer that is read by a judge."""
    return [
        one.id
        for one in prompt_sets
        if any(
            all_scorers()[use.name].read_by != "rule"
            for prompt in one.prompts
            for use in prompt.scorers
        )
    ]


def families_by_endpoint(profile: Profile, catalog: Catalog) -> Mapping[str, str]:
    """Return the family of each endpoint's model, where the catalogue knows it."""
    models = {one.id: one.family for one in catalog.models}
    offers = {one.litellm_id: one.model for one in catalog.api_offers}
    options = {one.id: one.model for one in catalog.options(profile.infrastructure.places)}
    found = {}
    for one in profile.trials.endpoints:
        name = one.litellm_model
        model = options.get(one.option) or offers.get(name) or offers.get(name.partition("/")[2])
        if model in models and not one.stand_in and one.embedded is None:
            found[one.id] = models[model]
    return found
