"""The host that each API dialect talks to when the profile names no address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from playbook.catalog.schema import Fact

_DEFAULT_PORT = {"https": 443, "http": 80}


class ApiHost(Fact):
    """The public address behind a litellm prefix such as `anthropic/`; its id is the prefix."""

    host: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*[a-z0-9]$", max_length=120)]
    """Host name; always reached over TLS."""
    port: Annotated[int, Field(gt=0, lt=65_536)] = 443
    """TCP port."""


def address_of(hosts: Iterable[ApiHost], litellm_model: str) -> str | None:
    """Return `host:port` of a litellm model's provider, or None when it has no single host.

    A model id without prefix belongs to `openai`, as litellm itself reads it.
    """
    prefix = litellm_model.split("/", 1)[0] if "/" in litellm_model else "openai"
    found = next((host for host in hosts if host.id == prefix), None)
    return f"{found.host}:{found.port}" if found else None


def address_in(url: str) -> str | None:
    """Return the `host:port` that a URL leads to, or None when it names none.

    Example:
        >>> address_in("https://api.example.org/v1"), address_in("http://[::1]:8080")
        ('api.example.org:443', '[::1]:8080')
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORT[parts.scheme]
    except (ValueError, KeyError):
        return None
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    return f"{host}:{port}" if host else None
