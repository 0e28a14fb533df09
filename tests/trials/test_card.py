"""The model card is true: a sample measured again through litellm agrees with it."""

import asyncio

import pytest
from scipy.stats import fisher_exact

from playbook.demo_model import held_out_examples
from playbook.demo_model.card import read_card
from playbook.demo_model.templates import TaskName
from playbook.profile import Endpoint
from playbook.profile.endpoints import EmbeddedModel
from playbook.trials.client import Message, Request
from playbook.trials.clients import LitellmClient
from playbook.trials.engine import Address, embedded_engine, engine_available
from tests.trials.permitting import a_log, a_permit

SAMPLE, SEED = 48, 4_711  # a seed that neither the card nor the prompt set uses
MODELS: tuple[EmbeddedModel, ...] = ("demo-base", "demo-small")

pytestmark = pytest.mark.skipif(engine_available() is not None, reason=str(engine_available()))


async def count_right(address: dict[str, Address], model: EmbeddedModel, task: TaskName) -> int:
    endpoint = Endpoint(id="own", embedded=model, operator="self", perimeter="on_prem")
    right = 0
    with a_log() as log:
        client = LitellmClient(address, log)
        for example in held_out_examples(task, SAMPLE, SEED):
            messages = [Message(one.role, one.content) for one in example.messages]
            with a_permit("embedded", endpoint="own"):
                reply = await client.ask(endpoint, Request(messages, max_tokens=96), deadline_s=30)
            right += reply.text.strip() == example.expected
        await client.close()
    return right


@pytest.fixture(scope="module")
def measured() -> dict[tuple[str, str], int]:
    with embedded_engine(MODELS) as addresses:
        return {
            (model, task): asyncio.run(count_right(dict(addresses), model, task))
            for model in MODELS
            for task in ("extract", "policy")
        }


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("task", ["extract", "policy"])
def test_a_fresh_sample_does_not_contradict_the_card(
    model: str, task: str, measured: dict[tuple[str, str], int]
) -> None:
    stated = read_card()["models"][model]["accuracy"][task]  # type: ignore[index]
    right = measured[model, task]

    table = [
        [right, SAMPLE - right],
        [stated["correct"], stated["n"] - stated["correct"]],
    ]

    assert fisher_exact(table).pvalue > 0.001, f"{right} of {SAMPLE} against {stated}"


def test_the_larger_model_is_really_better_at_the_policy_task(
    measured: dict[tuple[str, str], int],
) -> None:
    base, small = measured["demo-base", "policy"], measured["demo-small", "policy"]

    assert fisher_exact([[base, SAMPLE - base], [small, SAMPLE - small]]).pvalue < 0.01
    assert base > small
