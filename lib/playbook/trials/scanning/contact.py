"""Rules for ways to reach a person: e-mail, telephone, address of a machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network, ip_network

from playbook.trials.scanning.phones import phones
from playbook.trials.scanning.reading import Reading
from playbook.trials.scanning.rule import Rule, Span, all_of, matching
from playbook.vocabulary import DataClass

_LETTERS = r"0-9A-Za-zÀ-ÖØ-öø-\u017f"
_EMAIL = (
    rf"(?<![{_LETTERS}._%+&'-])(?P<value>[{_LETTERS}_%+&']"
    rf"(?:[{_LETTERS}._%+&'-]{{0,62}}[{_LETTERS}_%+&'-])?(?:@|%40)"
    rf"(?:[{_LETTERS}](?:[{_LETTERS}-]{{0,61}}[{_LETTERS}])?\.){{1,6}}[{_LETTERS[3:]}]{{2,24}})"
    rf"(?![{_LETTERS}@])"
)
_NO_MAILBOX = re.compile(r"^git@|@\dx\.\w{3,4}$")
"""A repository's address, or an image for a fine screen."""
_USER_OF_ADDRESS = re.compile(r"://[^\s/?#]*$")
_NUMBERED = re.compile(
    r"(?i)(?:\bv|version|release|build|firmware|section|chapter|clause|kapitel|abschnitt|§|oid|\w/)"
    r"[ .:=]{0,2}$"
)
_DOCUMENTATION = tuple(
    map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))
)
"""Ranges of RFC 5737 and RFC 3849: they stand for public addresses."""
_GLOBAL_UNICAST = IPv6Network("2000::/3")


def _emails(reading: Reading) -> Iterator[Span]:
    for start, end in matching(_EMAIL)(reading):
        address, before = reading.text[start:end], reading.text[max(0, start - 200) : start]
        if not (_NO_MAILBOX.search(address) or _USER_OF_ADDRESS.search(before)):
            yield start, end


_IPV4 = re.compile(
    r"(?<![0-9A-Za-z.-])(?P<value>(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d))"
    r"(?![0-9A-Za-z]|\.\d|-\w)"
)
_IPV6 = re.compile(
    r"(?<![0-9A-Za-z:.])(?P<value>[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:]{2,40})(?![0-9A-Za-z:])"
)


def _addresses_v4(reading: Reading) -> Iterator[Span]:
    for found in _IPV4.finditer(reading.text):
        before = reading.text[max(0, found.start() - 12) : found.start()]
        if not _NUMBERED.search(before) and _is_public(IPv4Address(found["value"])):
            yield found.span("value")


def _addresses_v6(reading: Reading) -> Iterator[Span]:
    for found in _IPV6.finditer(reading.text):
        start, end = found.span("value")
        end -= len(found["value"]) - len(found["value"].rstrip(":"))
        try:
            address = IPv6Address(reading.text[start:end])
        except AddressValueError:
            continue
        if address in _GLOBAL_UNICAST and _is_public(address):
            yield start, end


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    documented = any(
        address in network for network in _DOCUMENTATION if network.version == address.version
    )
    return documented or (address.is_global and not address.is_multicast)


CONTACT_RULES = (
    Rule(
        "email",
        "e-mail address",
        DataClass.CONFIDENTIAL,
        ("personal",),
        _emails,
        cues=("@", "%40"),
    ),
    Rule("phone", "telephone number", DataClass.CONFIDENTIAL, ("personal",), phones),
    Rule(
        "ip_address",
        "public IP address",
        DataClass.CONFIDENTIAL,
        ("personal",),
        all_of(_addresses_v4, _addresses_v6),
    ),
)
