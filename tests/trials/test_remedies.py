"""Each failure of a ping leads to the field or variable to change."""

from __future__ import annotations

from typing import Literal

import pytest

from playbook.profile import Endpoint
from playbook.trials.client import CallError
from playbook.trials.remedies import remedy

OWN = Endpoint(id="own", litellm_model="openai/m", api_base="https://gpu.example/v1")
Kind = Literal["timeout", "server", "connection", "auth", "bad_request", "other"]


def found(said: str, kind: Kind = "connection", endpoint: Endpoint = OWN) -> str:
    return remedy(endpoint, CallError(kind, said, retry=False), variable="A_KEY")


def test_untrusted_certificate_names_the_file_to_set() -> None:
    said = "ConnectError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed"

    assert "certificate of gpu.example is not trusted" in found(said)
    assert "SSL_CERT_FILE" in found(said)


def test_azure_names_its_three_parts() -> None:
    azure = OWN.changed(litellm_model="azure/d", api_version="v1")

    assert "deployment (after azure/), api_version and api_base" in found(
        "HTTP 404: Resource not found", "bad_request", azure
    )


def test_provider_of_its_own_address_is_named_by_its_prefix() -> None:
    provider = OWN.changed(api_base="")

    assert "the provider of openai/ is a wrong path" in found("HTTP 404: {}", "other", provider)


def test_call_without_a_key_says_where_to_name_one() -> None:
    said = remedy(OWN, CallError("auth", "HTTP 401: {}", retry=False))

    assert said == "no key was sent: set api_key_variable of own to the variable that has it"


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ("timeout", "no full reply within 5 s", "deadline_s is too short"),
        ("server", "HTTP 503: busy", "look at its log or status page"),
        ("bad_request", "HTTP 400: unknown model", "model id after the prefix"),
        ("bad_request", "HTTP 400: too long", ""),
        ("other", "litellm_model has no prefix", ""),
    ],
)
def test_kind_of_failure_decides_where_no_status_does(kind: Kind, said: str, words: str) -> None:
    assert words in found(said, kind)
    assert bool(found(said, kind)) is bool(words)


def test_broken_connection_over_http_may_want_https() -> None:
    own = OWN.changed(api_base="http://gpu.example/v1")

    assert "write https:// in api_base" in found("RemoteProtocolError: closed", endpoint=own)
