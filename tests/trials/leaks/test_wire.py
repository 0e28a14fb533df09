"""Bytes of a forbidden prompt outside: none, whatever the wire does; each attempt is logged."""

from __future__ import annotations

import socket
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from playbook.clearance import Label, inherited
from playbook.profile import Profile
from playbook.profile.endpoints import Endpoint
from playbook.trials.client import CallError, Reply
from playbook.trials.clients import LitellmClient
from playbook.trials.clients.litellm_client import _litellm_module
from playbook.trials.gate import GatedClient, Refused
from playbook.vocabulary import DataClass
from tests.trials.clients.conftest import counting_server
from tests.trials.clients.test_litellm_leaks import move_environment
from tests.trials.conftest import FakeTime, Workplace, a_prompt, write_prompt_set
from tests.trials.leaks.conftest import (
    FORBIDDEN,
    KINDS,
    Place,
    a_request,
    an_endpoint,
    nothing_reached,
)

LIMITS = (None, *DataClass)


@pytest.mark.parametrize(("data_class", "limit"), list(product(DataClass, LIMITS)))
def test_a_prompt_reaches_an_endpoint_only_within_its_limit(
    data_class: DataClass, limit: DataClass | None, place: Place, inside: SimpleNamespace
) -> None:
    place.limits["place"] = (limit, inside.host_port)

    said = place.ask(an_endpoint(inside), data_class)

    within = limit is not None and data_class.rank <= limit.rank
    assert isinstance(said, Reply if within else Refused)
    assert [FORBIDDEN.encode() in one for one in inside.bodies] == [True] * within
    assert place.events() == ["send" if within else "refuse"]


@KINDS
@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
def test_no_redirect_is_followed_and_each_is_logged_with_its_aim(
    prefix: str, status: int, place: Place, inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)
    inside.behaviour, inside.aim, inside.status = "redirect", outside.base, status

    said = place.ask(an_endpoint(inside, prefix))

    assert isinstance(said, CallError)
    assert nothing_reached(outside)
    assert place.events() == ["send", "blocked"]
    assert f"HTTP {status}: a redirect there was not followed" in place.blocked()[outside.host_port]


@pytest.mark.parametrize("aim", ["//xn--", "https:////[ ["])
def test_a_redirect_to_no_address_is_logged_too(
    aim: str, place: Place, inside: SimpleNamespace
) -> None:
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)
    inside.behaviour, inside.aim = "redirect", aim

    said = place.ask(an_endpoint(inside))

    assert isinstance(said, CallError)
    assert place.events() == ["send", "blocked"]
    assert list(place.blocked()) == ["a malformed address"]


def test_retries_of_a_run_end_at_a_redirect_and_each_try_is_logged(
    workplace: Workplace, inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    inside.next, inside.aim = ["broken", "busy", "redirect"], outside.base
    write_prompt_set(workplace.params, [a_prompt(0)])
    place = Place(workplace.folder, {"place": (DataClass.INTERNAL, inside.host_port)})
    endpoint = an_endpoint(inside).changed(operator="self", expected_model="")
    inside.model = "some-model"

    evidence = workplace.run(
        Profile.model_validate({"trials": {"prompt_sets": ["demo"], "endpoints": [endpoint]}}),
        None,  # type: ignore[arg-type]  the real client
        clearance=place.clearance,
        timing=FakeTime().timing(),
    )

    assert evidence.endpoints[0].results[0].outcomes == {"error": 1}
    assert nothing_reached(outside)
    assert place.events() == ["list_models", "send", "send", "send", "blocked"]
    assert list(place.blocked()) == [outside.host_port]


@KINDS
def test_fallbacks_are_not_taken(
    prefix: str,
    place: Place,
    inside: SimpleNamespace,
    outside: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = [{"model": "hosted_vllm/other", "api_base": f"{outside.base}/v1", "api_key": "k"}]
    for name in ("fallbacks", "model_fallbacks", "default_fallbacks", "context_window_fallbacks"):
        monkeypatch.setattr(_litellm_module(), name, other)
    monkeypatch.setattr(_litellm_module(), "model_alias_map", {"some-model": "openai/gpt-4o"})
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)
    inside.behaviour = "broken"

    said = place.ask(an_endpoint(inside, prefix))

    assert isinstance(said, CallError)
    assert "HTTP 503" in str(said)
    assert nothing_reached(outside)
    assert place.events() == ["send"]


@KINDS
def test_proxies_and_bases_of_the_environment_move_nothing(
    prefix: str,
    place: Place,
    inside: SimpleNamespace,
    outside: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    move_environment(monkeypatch, outside.base)
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)

    said = place.ask(an_endpoint(inside, prefix))

    assert isinstance(said, Reply)
    assert nothing_reached(outside)
    assert place.events() == ["send"]


@KINDS
def test_an_address_that_the_clearance_does_not_name_is_not_called(
    prefix: str, place: Place, inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)

    said = place.ask(an_endpoint(outside, prefix))

    assert isinstance(said, CallError)
    assert nothing_reached(outside)
    assert place.blocked() == {outside.host_port: "not an allowed address of this endpoint"}


def test_a_name_that_moves_between_calls_is_called_where_it_was_first(
    place: Place, inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def moving(host: str, *more: Any, **named: Any) -> Any:  # noqa: ANN401  the seam's signature
        if host != "models.example":
            return real(host, *more, **named)
        looked_up.append("127.0.0.2" if looked_up else "127.0.0.1")
        return real(looked_up[-1], *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", moving)
    place.limits["place"] = (DataClass.INTERNAL, f"models.example:{inside.port}")
    endpoint = an_endpoint(inside).changed(api_base=f"http://models.example:{inside.port}/v1")

    async def work(gate: GatedClient, _: LitellmClient) -> list[Reply]:
        return [
            await gate.ask(endpoint, a_request(), data_class=DataClass.INTERNAL, deadline_s=20)
            for _ in range(3)
        ]

    with counting_server(inside.port) as moved_to:
        place.within(work)

        assert nothing_reached(moved_to)
    assert looked_up == ["127.0.0.1"]
    assert len(inside.bodies) == 3
    assert inside.headers[0]["host"] == f"models.example:{inside.port}"
    assert place.events() == ["send"] * 3


def test_a_judge_outside_does_not_see_what_its_prompt_was_made_from(
    place: Place, inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    place.limits["place"] = (DataClass.RESTRICTED, inside.host_port)
    place.limits["judge"] = (DataClass.PUBLIC, outside.host_port)
    judge = an_endpoint(outside).changed(id="judge")
    asked = Label(data_class=DataClass.RESTRICTED)

    answer = place.ask(an_endpoint(inside), asked.data_class)
    assert isinstance(answer, Reply)
    label = inherited(Label(data_class=DataClass.PUBLIC), asked)
    said = place.ask(
        judge, label.data_class, request=a_request(f"Is {answer.text} right for {FORBIDDEN}?")
    )

    assert isinstance(said, Refused)
    assert "restricted data may not go to judge: at most public" in str(said)
    assert nothing_reached(outside)
    assert place.events() == ["send", "refuse"]


@KINDS
def test_a_stream_that_breaks_and_is_then_redirected_goes_nowhere_else(
    prefix: str, place: Place, inside: SimpleNamespace, outside: SimpleNamespace
) -> None:
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)
    inside.next, inside.aim = ["half", "redirect"], outside.base

    said = [place.ask(an_endpoint(inside, prefix)) for _ in range(2)]

    assert [type(one) for one in said] == [CallError, CallError]
    assert len(inside.bodies) == 2
    assert nothing_reached(outside)
    assert place.events() == ["send", "send", "blocked"]
    assert list(place.blocked()) == [outside.host_port]


@KINDS
@pytest.mark.parametrize("hook", ["log_pre_api_call", "async_pre_call_deployment_hook", "input"])
def test_a_callback_that_raises_neither_lets_a_prompt_out_nor_matters(
    prefix: str,
    hook: str,
    place: Place,
    inside: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    litellm = _litellm_module()
    called: list[str] = []

    def stop(*_: object, **__: object) -> None:
        called.append(hook)
        raise RuntimeError(hook)

    if hook == "input":
        monkeypatch.setattr(litellm, "input_callback", [stop])
    else:
        from litellm.integrations.custom_logger import CustomLogger  # noqa: PLC0415  as slow

        logger = type("Logger", (CustomLogger,), {hook: stop})()
        monkeypatch.setattr(litellm, "callbacks", [logger])
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)

    forbidden = place.ask(an_endpoint(inside, prefix), DataClass.RESTRICTED)
    allowed = place.ask(an_endpoint(inside, prefix), request=a_request("harmless"))

    assert isinstance(forbidden, Refused)
    assert isinstance(allowed, Reply)
    assert (called, FORBIDDEN in str(inside.bodies)) == ([], False)
    assert place.events() == ["refuse", "send"]


def test_code_inside_a_call_opens_no_connection_of_its_own(
    place: Place, outside: SimpleNamespace
) -> None:
    """Such as a client that was not made for the guarded connection."""

    class Careless:
        async def ask(self, endpoint: Endpoint, *_: object, **__: object) -> Reply:
            host, port = outside.host_port.split(":")
            with socket.create_connection((host, int(port))) as connection:
                connection.sendall(FORBIDDEN.encode())
            raise AssertionError(endpoint.id)

        async def close(self) -> None: ...

    place.limits["place"] = (DataClass.RESTRICTED, outside.host_port)

    async def work(gate: GatedClient, _: LitellmClient) -> None:
        gate._client = Careless()  # noqa: SLF001  a client that is not ours
        await gate.ask(
            an_endpoint(outside), a_request(), data_class=DataClass.RESTRICTED, deadline_s=5
        )

    with pytest.raises(OSError, match="other code opened it inside a call"):
        place.within(work)

    assert nothing_reached(outside)
    assert place.blocked() == {outside.host_port: "other code opened it inside a call"}
