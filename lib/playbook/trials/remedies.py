"""What to do about an endpoint that does not answer: from the failure to the field to change."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playbook.profile import Endpoint
from playbook.trials.client import CallError

_STATUS = re.compile(r"HTTP (\d{3})")
_PAGE = re.compile(r"<!doctype html|<html|WebPageError", re.IGNORECASE)


def remedy(endpoint: Endpoint, error: CallError, *, variable: str = "") -> str:
    """Return what to do about a failed call, naming the field or variable to change.

    Args:
        endpoint: Endpoint that was called.
        error: How it failed.
        variable: Environment variable whose key was sent; empty if none was.

    Returns:
        One sentence without a full stop, or an empty text where the failure says it itself.

    Example:
        >>> place = Endpoint(id="own", litellm_model="openai/m", api_base="http://gpu:8000")
        >>> error = CallError("bad_request", 'HTTP 404: {"detail": "Not Found"}', retry=False)
        >>> remedy(place, error)
        'api_base lacks the path of the API: try http://gpu:8000/v1'
    """
    said = str(error)
    status = _STATUS.search(said)
    if _PAGE.search(said):
        return (
            f"{_where(endpoint)} answers with a web page, such as a login or a proxy's; set "
            "api_base to the API itself, which ends in /v1 for most servers"
        )
    if status is not None:
        by_status = _BY_STATUS.get(int(status[1]))
        return by_status(endpoint, variable) if by_status else _of_kind(endpoint, error)
    return _of_wire(endpoint, said) or _of_kind(endpoint, error)


def _where(endpoint: Endpoint) -> str:
    return endpoint.api_base or f"the provider of {endpoint.litellm_model.partition('/')[0]}/"


def _wrong_key(endpoint: Endpoint, variable: str) -> str:
    if not variable:
        return f"no key was sent: set api_key_variable of {endpoint.id} to the variable that has it"
    return (
        f"the key in {variable} is not accepted; set a valid one of this place, or name another "
        "variable in api_key_variable"
    )


def _no_right(_: Endpoint, variable: str) -> str:
    key = f"the key in {variable}" if variable else "a call without a key"
    return f"{key} may not use this model or this address; ask who runs it, or take another model"


def _not_found(endpoint: Endpoint, _: str) -> str:
    if endpoint.api_base and endpoint.litellm_model.startswith("azure/"):
        return "check the name of the deployment (after azure/), api_version and api_base"
    name = endpoint.litellm_model.partition("/")[2]
    if endpoint.api_base and urlsplit(endpoint.api_base).path in ("", "/"):
        return f"api_base lacks the path of the API: try {endpoint.api_base.rstrip('/')}/v1"
    return f"{name} is no model there (litellm_model), or {_where(endpoint)} is a wrong path"


def _too_many(endpoint: Endpoint, _: str) -> str:
    return f"wait, or ask for a higher quota; rpm and tpm of {endpoint.id} keep runs below it"


_BY_STATUS: dict[int, Callable[[Endpoint, str], str]] = {
    401: _wrong_key,
    403: _no_right,
    404: _not_found,
    405: _not_found,
    429: _too_many,
}
_NOBODY_THERE = ("connect call failed", "all connection attempts failed", "connection refused")
_UNKNOWN_NAME = ("can't be looked up", "name or service not known", "getaddrinfo", "nodename nor")
_UNTRUSTED = ("certificate_verify_failed", "certificate verify failed")
_NOT_TLS = ("wrong_version_number", "record_layer_failure", "unknown_protocol", "http_request")


def _of_wire(endpoint: Endpoint, said: str) -> str:
    """Return the remedy of a connection that did not come about."""
    text, host = said.lower(), urlsplit(endpoint.api_base).hostname or "the provider"
    if any(one in text for one in _UNKNOWN_NAME):
        return f"the name {host} is not known here: check its spelling in api_base, VPN and DNS"
    if any(one in text for one in _UNTRUSTED):
        return (
            f"the certificate of {host} is not trusted here: use the name that it was made for, "
            "or set SSL_CERT_FILE to the file of your organisation's authority"
        )
    if any(one in text for one in _NOT_TLS):
        return f"{host} speaks no https at this port; correct it, or write http:// if it is private"
    if "plain http to a public address" in text:
        return f"write {endpoint.api_base.replace('http://', 'https://', 1)} in api_base"
    if any(one in text for one in _NOBODY_THERE):
        return f"nothing listens at {_where(endpoint)}: start the server, or correct api_base"
    return ""


def _of_kind(endpoint: Endpoint, error: CallError) -> str:
    if error.kind == "timeout":
        return "the model may still load, a firewall may drop the call, or deadline_s is too short"
    if error.kind == "server":
        return f"the server at {_where(endpoint)} failed; look at its log or status page"
    if error.kind == "bad_request" and "model" in str(error).lower():
        return "check the model id after the prefix in litellm_model"
    if error.kind == "connection" and endpoint.api_base.startswith("http://"):
        return "the connection broke; if the server speaks https, write https:// in api_base"
    return ""
