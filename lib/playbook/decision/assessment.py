"""All options with their gates, and which of them stay open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playbook.decision.gates import closed_by, gates_of
from playbook.decision.records import Gate
from playbook.decision.situation import Candidate, Situation, gather
from playbook.vocabulary import Lane


@dataclass(frozen=True)
class Assessment:
    """Every option with its gates."""

    situation: Situation
    candidates: tuple[Candidate, ...]
    gates: Mapping[str, tuple[Gate, ...]]

    def feasible(self) -> tuple[Candidate, ...]:
        """Return the options that no gate closes."""
        return self.closed_only_by()

    def closed_only_by(self, *gates: str) -> tuple[Candidate, ...]:
        """Return the options that no gate closes, or only some of the named ones."""
        return tuple(
            one for one in self.candidates if set(closed_by(self.gates[one.id])) <= set(gates)
        )

    def gate(self, candidate: Candidate, name: str) -> Gate:
        """Return one gate of an option."""
        return next(gate for gate in self.gates[candidate.id] if gate.gate == name)

    def in_lane(self, *lanes: Lane) -> tuple[Candidate, ...]:
        """Return all options of some lanes."""
        return tuple(one for one in self.candidates if one.lane in lanes)

    def all_gates(self) -> tuple[Gate, ...]:
        """Return every gate of every option."""
        return tuple(gate for one in self.candidates for gate in self.gates[one.id])


def assess(situation: Situation) -> Assessment:
    """Return every option that the team considers with its seven gates."""
    candidates = gather(situation)
    gates = {one.id: gates_of(one, situation) for one in candidates}
    return Assessment(situation=situation, candidates=candidates, gates=gates)
