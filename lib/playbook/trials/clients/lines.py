"""The client objects that litellm is given: each has one way out, and asks no other.

litellm silently opens connections of its own where a client is not of the kind that it expects.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from playbook.trials.audit import AuditLog
from playbook.trials.clients.targets import Target
from playbook.trials.clients.wording import check_carried

if TYPE_CHECKING:
    import httpx

READ_SECONDS = 60.0  # between two pieces of a reply, where a call sets nothing shorter


def private_http(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    """Return an HTTP client that has this way out and no other."""
    import httpx  # noqa: PLC0415  slow import, needed only where calls are made

    return httpx.AsyncClient(
        transport=transport,
        follow_redirects=False,
        trust_env=False,
        timeout=READ_SECONDS,
        event_hooks={"request": [check_carried]},
    )


def guarded_transport(endpoint: str, target: Target, audit: AuditLog) -> httpx.AsyncBaseTransport:
    """Return the way out of an endpoint: open only inside a call that the gate has allowed."""
    from playbook.trials.transport import GuardedTransport  # noqa: PLC0415  imports httpx

    return GuardedTransport(endpoint, audit, engine=target.engine)


def nowhere_transport() -> httpx.AsyncBaseTransport:
    """Return no way out at all."""
    import httpx  # noqa: PLC0415  as above

    def stop(_: httpx.Request) -> NoReturn:
        raise ConnectionError("getting ready sends nothing")

    return httpx.MockTransport(stop)


def client_of(
    speaks: Literal["openai_client", "azure_client", "http_handler"],
) -> Callable[[httpx.AsyncClient, Target], Any]:
    """Return what makes the kind of client object that litellm wants on a path."""
    return {
        "openai_client": _openai_client,
        "azure_client": _azure_client,
        "http_handler": _http_handler,
    }[speaks]


def _openai_client(http: httpx.AsyncClient, target: Target) -> Any:  # noqa: ANN401  litellm ships no usable types
    import openai  # noqa: PLC0415  comes with litellm and is as slow

    return openai.AsyncOpenAI(
        api_key=target.api_key,
        base_url=target.api_base,
        organization="",
        project="",
        http_client=http,
        max_retries=0,
    )


def _azure_client(http: httpx.AsyncClient, target: Target) -> Any:  # noqa: ANN401  as above
    import openai  # noqa: PLC0415  as above

    client = openai.AsyncAzureOpenAI(
        api_key=target.api_key,
        azure_endpoint=target.api_base,
        api_version=target.api_version,
        organization="",
        http_client=http,
        max_retries=0,
    )
    client._azure_ad_token = None  # noqa: SLF001  it would take one from the environment instead of the key
    return client


def _http_handler(http: httpx.AsyncClient, _: Target) -> Any:  # noqa: ANN401  as above
    from litellm.llms.custom_httpx.http_handler import (  # noqa: PLC0415  as slow as litellm
        AsyncHTTPHandler,
    )

    handler = AsyncHTTPHandler(transport=http._transport, follow_redirects=False)  # noqa: SLF001  it accepts no client
    handler.client = http
    handler.create_client = _no_second_client
    return handler


def _no_second_client(*_: object, **__: object) -> NoReturn:
    """Stop litellm from sending a request again after a broken connection."""
    raise ConnectionError("the connection broke; a request is never sent twice")
