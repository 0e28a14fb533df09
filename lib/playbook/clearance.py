"""Which data class may go to which endpoint, and the pure decision made from it.

Compliance computes a `Clearance`; trials enforce it before any byte leaves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from playbook.records import Record
from playbook.vocabulary import DataClass, DataType, highest

EMBEDDED_ADDRESS = "embedded"
"""Marks the bundled engine, which gets its port on 127.0.0.1 only when it starts."""
NOTHING_REGULATED: DataType = "public_only"
"""The type that says: of no regulated type."""


class Label(Record):
    """How sensitive a text is."""

    data_class: DataClass = DataClass.RESTRICTED
    """Its class; no label counts as restricted."""
    data_types: tuple[DataType, ...] = ()
    """Types of data in it beside those that the team states anyway."""


def inherited(*labels: Label) -> Label:
    """Return the label of a text made from others: the highest class, and all types.

    Few-shot examples, retrieved passages, the prompt of a judge: what a text was made from is in
    it. What was made from nothing labelled is restricted.

    Example:
        >>> asked, shown = Label(data_class="internal"), Label(data_class="public")
        >>> inherited(asked, shown).data_class
        <DataClass.INTERNAL: 'internal'>
    """
    if not labels:
        return Label()
    types = tuple(one for label in labels for one in label.data_types)
    return Label(
        data_class=highest(*(one.data_class for one in labels)), data_types=regulated(types)
    )


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
    team_types: tuple[DataType, ...] | None = None
    """Types of data that it was computed for; None if unknown."""

    @property
    def sha256(self) -> str:
        """Return the hash that says under which rules a prompt was sent."""
        values = self.model_dump(mode="json")
        text = json.dumps(values, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

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


def decide_sending(
    clearance: Clearance,
    endpoint: str,
    data_class: DataClass,
    data_types: Sequence[DataType] = (),
) -> Ruling:
    """Return whether a prompt of a data class may be sent to an endpoint. Default is no.

    Args:
        clearance: What may go where.
        endpoint: Endpoint id.
        data_class: Class of the prompt.
        data_types: Types of data in it. The clearance was computed for those that the team
            states; a prompt of another type is kept back, whatever its class.

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
    if objection := _objection_to_types(clearance, data_class, data_types):
        because = f"this prompt may not go to {endpoint}: {objection}"
        return Ruling(allowed=False, controls=(), because=because)
    if entry.highest_class is None or data_class.rank > entry.highest_class.rank:
        limit = entry.highest_class.value if entry.highest_class else "nothing"
        because = f"{data_class} data may not go to {endpoint}: at most {limit}. {entry.because}"
        return Ruling(allowed=False, controls=entry.controls, because=because.strip())
    because = f"{data_class} is within the {entry.highest_class} limit of {endpoint}"
    return Ruling(allowed=True, controls=entry.controls, because=because)


def regulated(data_types: Sequence[DataType]) -> tuple[DataType, ...]:
    """Return the types that some rule is about, each once."""
    return tuple(one for one in dict.fromkeys(data_types) if one != NOTHING_REGULATED)


def _objection_to_types(
    clearance: Clearance, data_class: DataClass, data_types: Sequence[DataType]
) -> str:
    named = regulated(data_types)
    if named and data_class is DataClass.PUBLIC:
        return f"public data is of no regulated type, but it holds {', '.join(named)}"
    unstated = ", ".join(one for one in named if one not in (clearance.team_types or ()))
    if not unstated:
        return ""
    return (
        f"it holds {unstated}, which data.data_types does not state, so no control of that type "
        f"was applied; add {unstated} to data.data_types, or correct the prompt set's data_types"
    )
