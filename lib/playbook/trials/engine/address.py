"""Where a started engine answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Address:
    """Address, key and model id of one started engine; the key is never in its `repr`."""

    base_url: str
    """Scheme, host and port, without a path."""
    api_key: str = field(repr=False)
    """Random key of this start."""
    model_id: str
    """Model id that it serves."""

    @property
    def host_port(self) -> str:
        """Return `host:port`, the only place that a call to this engine may connect to.

        Example:
            >>> Address("http://127.0.0.1:8080", "k", "demo-base").host_port
            '127.0.0.1:8080'
        """
        return urlsplit(self.base_url).netloc

    def base_for(self, dialect: Literal["openai", "anthropic"]) -> str:
        """Return the base that litellm wants: with `/v1` for OpenAI, without for Anthropic."""
        return f"{self.base_url}/v1" if dialect == "openai" else self.base_url
