"""Pins: a name is looked up once, and plain http goes to private addresses only.

Over plain http nothing proves who answers, so whoever answers the look-up of a name could move it
from one call to the next. Over https the certificate proves the name.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket

_PRIVATE = tuple(
    ipaddress.ip_network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)


class NoPrivateAddressError(Exception):
    """Prompts would travel in the clear through a public network."""


def is_private(address: str) -> bool:
    """Return whether an IP address is loopback, link-local, or of a private network.

    Source: RFC 1918, section 3; RFC 4193, section 3.1; RFC 3927; RFC 4291, section 2.5.

    Example:
        >>> is_private("192.168.1.7"), is_private("::1"), is_private("8.8.8.8")
        (True, True, False)
    """
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None) or found
    inside = any(mapped in one for one in _PRIVATE if one.version == mapped.version)
    return inside or mapped.is_loopback or mapped.is_link_local


async def look_up(host: str, port: int) -> tuple[str, ...]:
    """Return the private IP addresses of a name, in the order of the resolver.

    Args:
        host: Name, or an address itself.
        port: Port that will be called.

    Raises:
        NoPrivateAddressError: when it has public addresses only.
        OSError: when it can't be looked up.
    """
    loop = asyncio.get_running_loop()
    rows = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = tuple(dict.fromkeys(str(row[4][0]) for row in rows))
    private = tuple(one for one in found if is_private(one))
    if not private:
        raise NoPrivateAddressError(
            "plain http to a public address would carry prompts in the clear; use https"
        )
    return private
