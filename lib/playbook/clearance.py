"""Which data class may go to which endpoint, and the pure decision made from it.

Compliance computes a `Clearance`; trials enforce it before any byte leaves.
"""

from __future__ import annotations

from playbook.records import Record
from playbook.vocabulary import DataClass


class EndpointClearance(Record):
    """What may be sent to one endpoint. No entry for an endpoint means nothing may."""

    endpoint: str
    """Endpoint id of the profile."""
    highest_class: DataClass | None
    """Highest data class that may be sent; None means none at all."""
    allowed_addresses: tuple[str, ...]
    """`host:port` pairs that a connection may go to."""
    controls: tuple[str, ...] = ()
    """Controls that set the limit."""
    because: str = ""
    """The limit in words, with what would change it."""


class Clearance(Record):
    """The clearance of all endpoints of one profile."""

    endpoints: tuple[EndpointClearance, ...]
    """One entry each."""
    team_class: DataClass
    """The team's own data class; an unlabelled prompt set counts as restricted."""

    def of(self, endpoint: str) -> EndpointClearance | None:
        """Return the entry of an endpoint, or None when it has none."""
        return next((one for one in self.endpoints if one.endpoint == endpoint), None)


class Ruling(Record):
    """The answer to: may this prompt go there?"""

    allowed: bool
    """Whether it may be sent."""
    controls: tuple[str, ...]
    """Controls that decided."""
    because: str
    """Why, in words, and what would change it."""


def decide_sending(clearance: Clearance, endpoint: str, data_class: DataClass) -> Ruling:
    """Return whether a prompt of a data class may be sent to an endpoint. Default is no.

    Example:
        >>> nothing = Clearance(endpoints=(), team_class=DataClass.PUBLIC)
        >>> decide_sending(nothing, "api", DataClass.PUBLIC).allowed
        False
    """
    entry = clearance.of(endpoint)
    if entry is None:
        return Ruling(
            allowed=False, controls=(), because=f"no clearance was computed for endpoint {endpoint}"
        )
    if entry.highest_class is None or data_class.rank > entry.highest_class.rank:
        limit = entry.highest_class.value if entry.highest_class else "nothing"
        because = f"{data_class} data may not go to {endpoint}: at most {limit}. {entry.because}"
        return Ruling(allowed=False, controls=entry.controls, because=because.strip())
    because = f"{data_class} is within the {entry.highest_class} limit of {endpoint}"
    return Ruling(allowed=True, controls=entry.controls, because=because)
