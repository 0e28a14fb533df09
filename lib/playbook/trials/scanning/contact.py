"""Rules for ways to reach a person: e-mail, telephone, address of a machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network, ip_network

from playbook.trials.scanning.reading import Reading
from playbook.trials.scanning.rule import Rule, Span, all_of, matching
from playbook.vocabulary import DataClass

_EMAIL = (
    r"(?<![0-9A-Za-z._%+'-])(?P<value>[0-9A-Za-z_%+'](?:[0-9A-Za-z._%+'-]{0,62}[0-9A-Za-z_%+'-])?@"
    r"(?:[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?\.){1,6}[A-Za-z]{2,24})(?![0-9A-Za-z@])"
)
_NO_MAILBOX = re.compile(r"^git@|@\dx\.\w{3,4}$")
"""A repository's address, or an image for a fine screen."""
_USER_OF_ADDRESS = re.compile(r"://[^\s/?#]*$")
_GROUP = re.compile(r"\d+")
_PHONE_GAP = re.compile(r"[ \t().\-/]{1,3}")
_PHONE_LABEL = re.compile(
    r"(?i)(?:tel|phone|fon|mobil|m[oó]vil|handy|cell|call|fax|whatsapp|ruf|dial|text me|numero|número"
    r"|llám|電話|contact|ring)[^0-9\n]{0,20}$"
)
_MOST_GROUPS, _FEWEST_DIGITS, _MOST_DIGITS = 7, 7, 15
_FEWEST_AFTER_TRUNK = 9
_OTHER_NUMBER = re.compile(
    r"(?i)(?:\d[ -]|\b(?:nhs|order|ref|reference|invoice|part|sku|serial|article|ticket|case|id|account"
    r"|tracking|isbn)\b[^0-9\n(]{0,20})$"
)
"""What shows that a number is of another kind: its label, or digits that go before."""
_REGIONS = ("GB", "DE", "FR", "IT", "NL", "AU")
"""Regions whose national numbers begin with 0; the US and Spain are told by their shape."""
_US_SHAPES = ((3, 3, 4), (1, 3, 3, 4))
_ES_SHAPES = ((3, 3, 3), (3, 2, 2, 2), (2, 3, 2, 2))
_FICTION = ("07700900", "01632960", "063998")
"""National prefixes kept for fiction, which the number plans call invalid: they stand for numbers.

Source: Ofcom, numbers for use in TV and radio drama; ARCEP, decision 2018-0881, section 2.5.12.
"""
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


def _phones(reading: Reading) -> Iterator[Span]:
    """Yield numbers by the plans of `phonenumbers`, the longest of those that begin together."""
    text = reading.text
    groups = [found.span() for found in _GROUP.finditer(text)]
    at = 0
    while at < len(groups):
        last = _last_group(text, groups, at)
        if last is None:
            at += 1
            continue
        yield _with_lead(text, groups[at][0], groups[last][1])
        at = last + 1


def _with_lead(text: str, start: int, end: int) -> Span:
    """Return a span with the `+` and the bracket that stand before its first digit."""
    if ")" in text[start:end] and text[start - 1 : start] == "(":
        start -= 1
    return (start - 1, end) if text[start - 1 : start] == "+" else (start, end)


def _last_group(text: str, groups: list[Span], at: int) -> int | None:
    """Return the last group of the longest number that begins with a group, None if there is none.

    A number neither begins nor ends inside a word, a decimal or a longer number.
    """
    start = groups[at][0]
    before = text[start - 1] if start else " "
    if _part_of_word(before) or before in "#$€£_=.,-/" and text[start - 2 : start - 1].isalnum():
        return None
    best, total, shape = None, 0, []
    for last in range(at, min(at + _MOST_GROUPS, len(groups))):
        begin, end = groups[last]
        if last > at and not _PHONE_GAP.fullmatch(text[groups[last - 1][1] : begin]):
            break
        total += end - begin
        shape.append(end - begin)
        if total > _MOST_DIGITS:
            break
        after = text[end : end + 1]
        if total >= _FEWEST_DIGITS and not _part_of_word(after):
            written = text[start:end]
            if _is_phone(text, start, written, tuple(shape)):
                best = last
    return best


def _part_of_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_phone(text: str, start: int, written: str, shape: tuple[int, ...]) -> bool:
    number, before = "".join(filter(str.isdecimal, written)), text[max(0, start - 34) : start]
    if before.rstrip("(").endswith("+"):
        return _international(number)
    if number.startswith("00"):
        return len(number) > 10 and _international(number[2:])  # noqa: PLR2004  shorter is no such
    if number.startswith(_FICTION):
        return len(number) in (10, 11)
    if _PHONE_LABEL.search(before):
        return any(_national(number, region) for region in ("US", "ES", *_REGIONS))
    if len(shape) == 1 or _OTHER_NUMBER.search(before):
        return False
    return any(_national(number, region) for region in _regions_of(written, shape))


def _regions_of(written: str, shape: tuple[int, ...]) -> tuple[str, ...]:
    """Return the regions that write their national numbers in such groups."""
    if shape in _US_SHAPES:
        return ("US",)
    if "." in written:
        return ()
    if shape in _ES_SHAPES and written[0] in "6789":
        return ("ES",)
    grouped = written[0] == "0" and shape[0] > 1 and min(shape) > 1
    return _REGIONS if grouped and sum(shape) >= _FEWEST_AFTER_TRUNK else ()


@lru_cache(maxsize=4096)
def _national(number: str, region: str) -> bool:
    import phonenumbers  # noqa: PLC0415  60 ms, only where a number may be

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


@lru_cache(maxsize=4096)
def _international(number: str) -> bool:
    import phonenumbers  # noqa: PLC0415  likewise

    try:
        parsed = phonenumbers.parse(f"+{number}", None)
    except phonenumbers.NumberParseException:
        return False
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    return len(number) > 8 and reason == phonenumbers.ValidationResult.IS_POSSIBLE  # noqa: PLR2004  shorter is no such


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
    Rule("email", "e-mail address", DataClass.CONFIDENTIAL, ("personal",), _emails, cues=("@",)),
    Rule("phone", "telephone number", DataClass.CONFIDENTIAL, ("personal",), _phones),
    Rule(
        "ip_address",
        "public IP address",
        DataClass.CONFIDENTIAL,
        ("personal",),
        all_of(_addresses_v4, _addresses_v6),
    ),
)
