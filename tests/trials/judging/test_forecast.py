from __future__ import annotations

from collections.abc import Sequence

from playbook.profile import Profile
from playbook.trials.judging.forecast import judge_forecast
from playbook.trials.phases import Agenda, Phase
from playbook.trials.plan import plan_trials
from playbook.trials.prompt_records import Prompt, PromptSet, PromptSetHeader
from playbook.trials.records import Attempt
from tests.trials.conftest import a_profile, a_prompt, an_endpoint
from tests.trials.test_scoring import an_attempt

JUDGE = an_endpoint("judge", litellm_model="openai/gpt-x")
TRIED = [an_endpoint(name, litellm_model=f"hosted_vllm/{name}-x") for name in ("llama", "qwen")]


def a_set(scorer: str, count: int = 3) -> PromptSet:
    uses = [{"name": scorer, "options": {"rubric": "It is right."}}]
    rows = [
        a_prompt(number, scorers=uses) | {"data_class": "public", "max_tokens": 100}
        for number in range(count)
    ]
    prompts = tuple(map(Prompt.model_validate, rows))
    return PromptSet(header=PromptSetHeader(id="demo"), prompts=prompts, sha256="0")


def forecast(profile: Profile, prompts: PromptSet, attempts: Sequence[Attempt] = ()) -> list[Phase]:
    trials = plan_trials(profile, [prompts])
    agenda = Agenda(
        profile,
        [prompts],
        trials,
        may_send=lambda one: one.endpoint.id != "qwen" or one.prompt.id != "p000",
        reached_by_lean=lambda _endpoint: False,
        attempts=lambda: attempts,
    )
    return list(judge_forecast(agenda))


def test_answers_that_are_awaited_and_may_be_had_will_be_judged_at_their_longest() -> None:
    (phase,) = forecast(a_profile(*TRIED, JUDGE, judge="judge"), a_set("rubric"))

    assert len(phase.trials) == 5  # 2 endpoints, 3 prompts, one of them kept back
    assert {one.endpoint.id for one in phase.trials} == {"judge"}
    assert all("x" * 400 in one.request.messages[-1].content for one in phase.trials)


def test_answers_that_are_there_are_left_to_the_run() -> None:
    profile, prompts = a_profile(*TRIED, JUDGE, judge="judge"), a_set("rubric")
    first = plan_trials(profile, [prompts])[0]

    (phase,) = forecast(profile, prompts, [an_attempt(run_key=first.run_key)])

    assert len(phase.trials) == 4


def test_pairs_will_be_judged_in_both_orders() -> None:
    (phase,) = forecast(a_profile(*TRIED, JUDGE, judge="judge"), a_set("pairwise"))

    assert len(phase.trials) == 4


def test_without_a_judge_or_a_prompt_that_asks_for_one_there_is_nothing_to_plan() -> None:
    assert forecast(a_profile(*TRIED), a_set("rubric")) == []
