"""Builders for trials: a prompt set file, a profile, a clearance, a client that answers by rule."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from unittest import mock

import pytest

from playbook.catalog import Catalog
from playbook.clearance import EMBEDDED_ADDRESS, Clearance, EndpointClearance
from playbook.profile import Endpoint, Profile
from playbook.profile.trial_settings import Trials
from playbook.trials import Evidence, run_trials
from playbook.trials.client import Reply, Request
from playbook.trials.timing import Timing
from playbook.vocabulary import DataClass

AS_OF = date(2026, 11, 23)


def a_prompt(number: int, **changes: object) -> dict[str, object]:
    prompt = {
        "id": f"p{number:03d}",
        "task": "classify" if number % 2 else "extract",
        "group": f"template-{number // 2}",
        "messages": [{"role": "user", "content": f"question {number}"}],
        "expected": f"answer {number}",
        "scorers": ["exact"],
        "max_tokens": 16,
    }
    return prompt | changes


def write_prompt_set(
    params: Path, prompts: Iterable[dict[str, object]], name: str = "demo", **header: object
) -> Path:
    head = {"id": name, "data_class": "internal", "data_types": ["public_only"]} | header
    path = params / "prompts" / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"prompt_set": head}, *prompts]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def an_endpoint(name: str = "own", **changes: object) -> Endpoint:
    values = {"id": name, "litellm_model": "hosted_vllm/model-x", "operator": "self"}
    return Endpoint.model_validate(values | changes)


def a_profile(*endpoints: Endpoint, **trials: object) -> Profile:
    values = {"prompt_sets": ("demo",), "endpoints": endpoints or (an_endpoint(),)} | trials
    return Profile(trials=Trials.model_validate(values))


def a_clearance(
    profile: Profile, highest: DataClass | None = DataClass.INTERNAL, **limits: DataClass | None
) -> Clearance:
    entries = [
        EndpointClearance(
            endpoint=one.id,
            highest_class=limits.get(one.id, highest),
            allowed_addresses=(EMBEDDED_ADDRESS,) if one.embedded else (),
        )
        for one in profile.trials.endpoints
    ]
    return Clearance(endpoints=tuple(entries), team_class=DataClass.INTERNAL)


def a_reply(text: str, **changes: object) -> Reply:
    values: dict[str, object] = {
        "text": text,
        "model_answered": "model-x",
        "finish_reason": "stop",
        "input_tokens": 100,
        "output_tokens": 10,
        "first_token_s": 0.1,
        "total_s": 0.4,
    }
    return Reply(**(values | changes))  # type: ignore[arg-type]


def right_answer(request: Request) -> str:
    return request.messages[-1].content.replace("question", "answer")


Rule = Callable[[Endpoint, Request, int], Reply | Exception | float]


@dataclass
class FakeClient:
    """Answers by a rule of endpoint, request and how often it was asked; a float hangs so long."""

    rule: Rule = lambda _endpoint, request, _times: a_reply(right_answer(request))
    asked: list[tuple[str, str]] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    closed: bool = False

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:
        del deadline_s
        what = (endpoint.id, request.messages[-1].content)
        self.asked.append(what)
        times = self.asked.count(what)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(0)
            said = self.rule(endpoint, request, times)
            if isinstance(said, float):
                await asyncio.sleep(said)
                return a_reply("late")
        finally:
            self.in_flight -= 1
        if isinstance(said, Exception):
            raise said
        return said

    async def close(self) -> None:
        self.closed = True


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)

    def timing(self, backstop_s: float = 30.0) -> Timing:
        return Timing(
            clock=lambda: self.seconds,
            sleep=self.sleep,
            now=lambda: datetime(2026, 11, 23, 12, tzinfo=UTC),
            backstop_s=backstop_s,
        )


@dataclass
class Workplace:
    """A params folder and a run folder."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / "run"

    @property
    def params(self) -> Path:
        return self.root / "params"

    def run(self, profile: Profile, client: FakeClient, **changes: object) -> Evidence:
        arguments: dict[str, object] = {
            "folder": self.folder,
            "as_of": AS_OF,
            "client": client,
            "timing": FakeTime().timing(),
        }
        clearance = changes.pop("clearance", None) or a_clearance(profile)
        catalog = changes.pop("catalog", None) or Catalog()
        self.params.mkdir(parents=True, exist_ok=True)
        with mock.patch.dict(os.environ, {"PLAYBOOK_PARAMS_DIR": str(self.params)}):
            return run_trials(profile, catalog, clearance, **(arguments | changes))  # type: ignore[arg-type]


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Workplace]:
    place = Workplace(tmp_path)
    write_prompt_set(place.params, [a_prompt(number) for number in range(10)])
    return place
