"""The head of an OSCAL document: title, version, disclaimer, and the roles that people have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from playbook.exports.cells import one_line
from playbook.exports.oscal_parts import Part, markup, moment, stated, string, token

OSCAL_VERSION = "1.2.1"


def metadata(title: str, as_of: date, *, version: str, disclaimer: str, **more: object) -> Part:
    """Return the metadata of a document; the same input gives the same text on any day."""
    return stated(
        {
            "title": markup(title),
            "last-modified": moment(as_of),
            "version": string(version),
            "oscal-version": OSCAL_VERSION,
            **more,
            "remarks": markup(disclaimer),
        }
    )


@dataclass
class Roles:
    """Roles of people as OSCAL names them; each gets an id once, and no two share one."""

    ids: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, owners: Iterable[str]) -> Roles:
        """Return the roles of some owners, in the order of their names."""
        roles = cls()
        for owner in sorted({string(one) for one in owners if one_line(one)}):
            stem = token(owner.lower())[:60]
            taken, number, name = set(roles.ids.values()), 1, stem
            while name in taken:
                number += 1
                name = f"{stem}-{number}"
            roles.ids[owner] = name
        return roles

    def id_of(self, owner: str) -> str | None:
        """Return the id of an owner's role; None where no owner is named."""
        return self.ids.get(string(owner)) if one_line(owner) else None

    def listed(self) -> list[Part]:
        """Return the roles for a document's metadata."""
        return [{"id": name, "title": markup(owner)} for owner, name in self.ids.items()]
