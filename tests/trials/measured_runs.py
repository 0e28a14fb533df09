"""Ledgers of endpoints that answer at a set speed, for tests of what is measured of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from playbook.profile import Endpoint
from playbook.trials.records import Attempt
from playbook.vocabulary import DataClass

DAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def an_own_server(name: str = "own", **fields: object) -> Endpoint:
    """Return an endpoint of a team's own server that is an option, with its hardware declared."""
    values: dict[str, Any] = {
        "id": name,
        "litellm_model": "hosted_vllm/model-x",
        "api_base": "http://gpu-host.example:8000/v1",
        "expected_model": "model-x",
        "operator": "self",
        "option": "llama-3.1-8b-instruct@self:rented_eu",
        "engine": "vllm",
        "gpu": "h100",
        "gpus": 1,
        "precision": "bf16",
    }
    return Endpoint.model_validate(values | fields)


def an_attempt(number: int, **fields: object) -> Attempt:
    values: dict[str, Any] = {
        "run_key": f"{fields.get('endpoint', 'own')}-{fields.get('load', 0)}-{number}",
        "prompt_set": "demo",
        "prompt": f"p{number}",
        "task": "all",
        "group": "g",
        "data_class": DataClass.INTERNAL,
        "endpoint": "own",
        "repeat": 0,
        "attempt": 1,
        "final": True,
        "outcome": "answered",
        "input_tokens": 1_500,
        "output_tokens": 500,
        "first_token_s": 0.5,
        "total_s": 10.5,
        "at": DAY,
    }
    return Attempt.model_validate(values | fields)


def answers(
    tokens_per_second: float,
    *,
    in_flight: int = 4,
    calls: int = 60,
    start: datetime = DAY,
    **fields: object,
) -> Sequence[Attempt]:
    """Return calls in waves of so many, which all together write so many tokens a second.

    Each call writes 500 tokens evenly from its start to its end; the first one is alone.
    """
    length_s = 500 * in_flight / tokens_per_second
    lone = an_attempt(0, total_s=length_s, first_token_s=0.0, at=start, **fields)
    busy = [
        an_attempt(
            number + 1,
            total_s=length_s,
            first_token_s=0.0,
            at=start + timedelta(seconds=length_s * (1 + number // in_flight)),
            **fields,
        )
        for number in range(calls)
    ]
    return [lone, *busy]
