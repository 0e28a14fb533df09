"""The inputs of the estimate as scenarios: the likely case first, then joint draws."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Literal

import numpy as np

from playbook.catalog import Catalog
from playbook.costs.records import CostInput
from playbook.profile import Profile
from playbook.provenance import Provenance, Source, weakest
from playbook.uncertainty import DRAWS, Estimate, Samples

NORMAL_95 = 1.6448536269514722  # a normal value is below it in 95% of cases
LEAST_LOG_SD = 1e-9  # a factor that is known still has normals to multiply
Shape = Literal["triangular", "even", "log_normal"]


class Scenarios:
    """Samples of each input by name, the same for every option, and the table of those used.

    Every array has the shape `(1 + draws,)`: element 0 is the likely value, the others are draws.
    So one formula gives the likely result and its distribution. Each name has its own random
    stream: a changed input moves its own draws only, and never those of another input.
    """

    def __init__(
        self, profile: Profile, catalog: Catalog, *, rng: np.random.Generator, draws: int = DRAWS
    ) -> None:
        self.profile = profile
        self.catalog = catalog
        self.draws = draws
        self.used: dict[str, CostInput] = {}
        self._samples: dict[str, Samples] = {}
        self.seed = int(rng.integers(2**63))

    def assumption(self, fact: str) -> Samples:
        """Return the scenarios of a catalog assumption by its id."""
        if fact in self._samples:
            return self._samples[fact]
        found = self.catalog.assumption(fact)
        return self.fact(fact, found.value, unit=found.unit, source=found.source)

    def fact(self, name: str, value: Estimate, *, unit: str, source: Source) -> Samples:
        """Return the scenarios of a value that a source states."""
        row = CostInput(
            name=name,
            value=value,
            unit=unit,
            provenance=source.provenance,
            source=source.cite(),
        )
        return self._of(row)

    def between(
        self, name: str, value: Estimate, *, unit: str, sources: Sequence[Source]
    ) -> Samples:
        """Return the scenarios of a value that sources state differently.

        No statement is likelier than another, so draws are even between the lowest and the
        highest; the likely value is the one used where a single figure is needed.
        """
        row = CostInput(
            name=name,
            value=value,
            unit=unit,
            provenance=weakest([source.provenance for source in sources]),
            source="; ".join(source.cite() for source in sources),
        )
        return self._of(row, shape="even")

    def answer(self, path: str, value: Estimate | float, *, unit: str) -> Samples:
        """Return the scenarios of a profile field, named by its dotted path."""
        if path in self._samples:
            return self._samples[path]
        origin = self.profile.origins.get(path, "default of the profile")
        row = CostInput(
            name=path,
            value=Estimate.model_validate(value),
            unit=unit,
            provenance=Provenance.ASSUMED,
            source=f"profile, {origin}",
        )
        return self._of(row)

    def residual(self, name: str, *, log_sd: float, source: Source) -> Samples:
        """Return standard normals for what an estimate leaves open; the likely one is 0.

        The table of inputs shows them as a factor with the spread of the first that asked; an
        estimate that is surer or less sure multiplies the same normals by its own.
        """
        wide = float(np.exp(NORMAL_95 * max(log_sd, LEAST_LOG_SD)))
        row = CostInput(
            name=name,
            value=Estimate(low=1 / wide, likely=1.0, high=wide),
            unit="ratio",
            provenance=source.provenance,
            source=source.cite(),
        )
        factor = self._of(self.used.get(name, row), shape="log_normal")
        normals: Samples = np.log(factor) * NORMAL_95 / np.log(self.used[name].value.high)
        return normals

    def zeros(self) -> Samples:
        """Return nothing in every scenario, to add to."""
        return np.zeros(self.draws + 1)

    def samples(self, name: str) -> Samples:
        """Return the scenarios of an input that was used before."""
        return self._samples[name]

    def _of(self, row: CostInput, *, shape: Shape = "triangular") -> Samples:
        if row.name not in self._samples:
            stream = np.random.default_rng([self.seed, zlib.crc32(row.name.encode())])
            drawn = _drawn(row.value, stream, self.draws, shape=shape)
            self._samples[row.name] = np.concatenate([[row.value.likely], drawn])
            self.used[row.name] = row
        return self._samples[row.name]


def _drawn(value: Estimate, stream: np.random.Generator, draws: int, *, shape: Shape) -> Samples:
    if shape == "even":
        return stream.uniform(value.low, value.high, draws)
    if shape == "log_normal":
        log_sd = np.log(value.high / value.likely) / NORMAL_95
        drawn: Samples = value.likely * np.exp(log_sd * stream.standard_normal(draws))
        return drawn
    return value.draw(stream, draws)
