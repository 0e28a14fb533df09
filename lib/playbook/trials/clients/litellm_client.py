"""Calls through litellm, on connections of our own that go nowhere else.

litellm is imported here and beside here only, and only inside functions: it takes seconds.
Unless said otherwise here, litellm would resend, follow redirects, obey proxies and base
addresses of the environment, and fetch its price list; none of that is left on.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from playbook.errors import CredentialsError, TrialError
from playbook.profile.endpoints import Endpoint
from playbook.trials.audit import AuditLog
from playbook.trials.client import CallError, Message, Reply, Request
from playbook.trials.clients.failures import call_error, deadline_error
from playbook.trials.clients.lines import (
    READ_SECONDS,
    client_of,
    guarded_transport,
    nowhere_transport,
    private_http,
)
from playbook.trials.clients.listing import listing_of
from playbook.trials.clients.streams import filtered_reply, streamed
from playbook.trials.clients.targets import NO_KEY, Target, resolve_target
from playbook.trials.clients.wording import (
    PASSED_ON,
    carrying,
    lost_error,
    spoken_arguments,
)
from playbook.trials.engine.address import Address
from playbook.trials.permits import write_blocked
from playbook.trials.socket_lock import CallTrace, Report, Watch, only_guarded

if TYPE_CHECKING:
    import httpx

_ENVIRONMENT = {
    "LITELLM_OFFLINE_MODE": "true",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MODE": "PRODUCTION",
    "REPEATED_STREAMING_CHUNK_LIMIT": "1000000000",  # a model that repeats itself has answered
}
_CALLBACKS = (
    "callbacks", "input_callback", "success_callback", "failure_callback", "service_callback",
    "_async_input_callback", "_async_success_callback", "_async_failure_callback",
)  # fmt: skip
_LOGS_PROMPTS_OR_ADDRESSES = (
    "LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "httpx", "httpcore",
)  # fmt: skip


class LitellmClient:
    """Sends requests through litellm; one object for one event loop.

    It has no permission of its own: a request leaves only inside a call that the gate has allowed
    (`GatedClient`). Asked directly, or handed to litellm by others, it sends nothing; litellm's
    synchronous calls, which may leave such a client aside, are stopped as long as it is open.

    Args:
        addresses: Started engines by the name of their model.
        audit: Where every attempt that is stopped at the wire is written.
    """

    recorded = False
    """Whether replies come from a recording."""

    def __init__(self, addresses: Mapping[str, Address], audit: AuditLog) -> None:
        self._addresses = dict(addresses)
        self._audit = audit
        self._watch = Watch("litellm", partial(write_blocked, audit, ""))
        self._warm: set[str] = set()
        self._warming = asyncio.Lock()
        self._lines: dict[str, tuple[httpx.AsyncClient, Any]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def ask(self, endpoint: Endpoint, request: Request, *, deadline_s: float) -> Reply:
        """Return the reply within `deadline_s` in total; always streams, never sends twice.

        Raises:
            CallError: for every failure, with its kind; `auth` when its key variable is not set.
        """
        await asyncio.to_thread(_litellm_module)  # the first import takes seconds
        litellm = _quiet_litellm()
        try:
            target = self._target(endpoint)
        except CredentialsError as error:
            raise CallError("auth", str(error), retry=False) from None
        line = self._line(endpoint, target)
        arguments = _arguments(target, request, line, deadline_s)
        with only_guarded(self._report(endpoint)) as trace, carrying(request) as carried:
            try:
                async with asyncio.timeout(deadline_s):
                    return await streamed(litellm.acompletion, arguments, trace)
            except TimeoutError:
                raise deadline_error(deadline_s) from None
            except Exception as error:  # noqa: BLE001  litellm raises of all kinds; each becomes a CallError
                if carried.lost:
                    raise lost_error(carried, target.model) from None
                if said := filtered_reply(trace, "litellm"):
                    return said
                raise call_error(error, trace, target.secrets) from None

    async def check_model(self, endpoint: Endpoint, *, deadline_s: float = 10.0) -> None:
        """Get ready for an endpoint; check that a server which lists its models has the right one.

        Providers are not asked; their reply names the model. Called first, it keeps the seconds
        that litellm takes to load out of the first call's times.

        Raises:
            CredentialsError: when the endpoint's key variable is not set.
            TrialError: when the list lacks the expected model.
            CallError: when the list cannot be had.
        """
        target = self._target(endpoint)
        await self._warm_up(target, self._report(endpoint))
        provider = endpoint.embedded is None and not endpoint.api_base
        if provider or target.wire.speaks == "azure_client":
            return
        http, _ = self._line(endpoint, target)
        with only_guarded(self._report(endpoint)) as trace:
            served = await _listed_models(http, target, trace, deadline_s)
        listing_of(target).check(endpoint.id, served)

    async def close(self) -> None:
        """Free connections."""
        self._watch.close()
        lines, self._lines, self._loop = self._lines, {}, None
        for http, _ in lines.values():
            await http.aclose()

    async def _warm_up(self, target: Target, report: Report) -> None:
        """Run litellm's code for a prefix up to the wire, where nothing is let out."""
        prefix = target.model.partition("/")[0]
        async with self._warming:
            if prefix in self._warm:
                return
            await asyncio.to_thread(_litellm_module)  # the first import takes seconds
            nowhere = replace(target, api_key=NO_KEY)
            request = Request([Message("user", "-")], max_tokens=1)
            async with private_http(nowhere_transport()) as http:
                line = (http, client_of(target.wire.speaks)(http, nowhere))
                with only_guarded(report) as trace, suppress(Exception):
                    arguments = _arguments(nowhere, request, line, READ_SECONDS)
                    await streamed(_quiet_litellm().acompletion, arguments, trace)
            self._warm.add(prefix)

    def _report(self, endpoint: Endpoint) -> Report:
        return partial(write_blocked, self._audit, endpoint.id)

    def _target(self, endpoint: Endpoint) -> Target:
        return resolve_target(endpoint, addresses=self._addresses)

    def _line(self, endpoint: Endpoint, target: Target) -> tuple[httpx.AsyncClient, Any]:
        """Return the private client of an endpoint, and litellm's kind of client around it."""
        loop = asyncio.get_running_loop()
        if self._loop not in {None, loop}:
            raise TrialError("a client belongs to one event loop; close it there, then use another")
        self._loop = loop
        if endpoint.id not in self._lines:
            http = private_http(guarded_transport(endpoint.id, target, self._audit))
            self._lines[endpoint.id] = (http, client_of(target.wire.speaks)(http, target))
        return self._lines[endpoint.id]


@cache
def _litellm_module() -> Any:  # noqa: ANN401  litellm ships no usable types
    os.environ.update(_ENVIRONMENT)
    import litellm  # noqa: PLC0415  takes seconds

    for name in _LOGS_PROMPTS_OR_ADDRESSES:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm


def _quiet_litellm() -> Any:  # noqa: ANN401  as above
    """Return litellm with everything off that reports, redirects or rewrites calls."""
    litellm = _litellm_module()
    for name in _CALLBACKS:
        setattr(litellm, name, [])
    litellm.model_fallbacks = litellm.fallbacks = litellm.default_fallbacks = None
    litellm.model_alias_map, litellm.custom_provider_map = {}, []
    litellm.api_base = litellm.api_key = litellm.headers = litellm.cache = None
    litellm.suppress_debug_info = litellm.turn_off_message_logging = True
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="litellm")
    warnings.filterwarnings("ignore", message=r"Item '\w+' on TypedDict", category=UserWarning)
    litellm.disable_hf_tokenizer_download = True  # for names of Llama it would block for minutes
    litellm.REPEATED_STREAMING_CHUNK_LIMIT = math.inf  # an answer that repeats itself is one too
    litellm.drop_params = True  # a sampling setting that an API lacks is left out
    return litellm


def _arguments(
    target: Target, request: Request, line: tuple[httpx.AsyncClient, Any], deadline_s: float
) -> dict[str, Any]:
    own = {"api_version": target.api_version} if target.api_version else {}
    passed_on = {"allowed_openai_params": list(PASSED_ON)} if target.wire.openai_shaped else {}
    return {
        "model": target.model,
        "api_base": target.api_base,
        "api_key": target.api_key,
        "client": line[1],
        "stream": True,
        "stream_options": {"include_usage": True},
        "timeout": deadline_s,
        "num_retries": 0,
        "max_retries": 0,
        "caching": False,
        "no-log": True,
        "_skip_mcp_handler": True,  # else any tool makes it import a package that it does not bring
        **spoken_arguments(request, openai_shaped=target.wire.openai_shaped),
        **passed_on,
        **own,
    }


async def _listed_models(
    http: httpx.AsyncClient, target: Target, trace: CallTrace, deadline_s: float
) -> tuple[str, ...]:
    listing = listing_of(target)
    try:
        async with asyncio.timeout(deadline_s):
            answer = await http.get(
                listing.url, headers={"Authorization": f"Bearer {target.api_key}"}
            )
            answer.raise_for_status()
            return listing.names_in(answer.json())
    except TimeoutError:
        raise deadline_error(deadline_s) from None
    except ValueError as error:
        because = f"{type(error).__name__} in the list of models"
        raise CallError("server", because, retry=False) from None
    except Exception as error:  # noqa: BLE001  each becomes a CallError
        raise call_error(error, trace, target.secrets) from None
