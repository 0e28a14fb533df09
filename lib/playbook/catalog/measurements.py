"""Measured speeds and token counts that take the place of estimates in a catalog."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import Field

from playbook.catalog.schema import Precision
from playbook.provenance import Source
from playbook.records import Record
from playbook.units import Positive, Seconds, Share, Tokens, TokensPerSecond

MeasurementKey = tuple[str, str, str, int, str, str]


class Measurement(Record):
    """What was measured of one model at one endpoint; other deployments are not covered by it."""

    model: str
    """Catalog model that answered."""
    endpoint: str
    """Endpoint id at which it was measured."""
    provider: str = ""
    """Catalog provider; empty for own servers."""
    engine: str = ""
    """Catalog engine; empty where a provider hides it."""
    gpu: str = ""
    """Catalog GPU; empty where a provider hides it."""
    gpus: Annotated[int, Field(ge=0)] = 0
    """GPUs that served one replica; 0 where a provider hides it."""
    precision: Precision | None = None
    """Precision of the weights; missing where a provider hides it."""
    concurrency: Positive
    """Calls in flight during the measurement."""
    requests: Positive
    """Calls that it rests on."""
    output_tokens_per_second: TokensPerSecond | None = None
    """Output of all calls together, tokens/s."""
    output_tokens_per_second_per_call: TokensPerSecond | None = None
    """Output speed that one caller saw (median), tokens/s."""
    first_token_p95_s: Seconds | None = None
    """95th percentile of the time to the first token."""
    mean_input_tokens: Tokens | None = None
    """Input tokens of a call, as the endpoint counted them."""
    mean_output_tokens: Tokens | None = None
    """Output tokens of a call, as the endpoint counted them."""
    success_rate: Share | None = None
    """Share of calls that ended with an answer."""
    filler: bool = False
    """Whether its calls were filler of set lengths, which say nothing of the team's own prompts."""
    measured_on: date
    """Day of the measurement."""
    source: Source
    """Run that it comes from; its kind is `measured`."""

    @property
    def key(self) -> MeasurementKey:
        """Return what tells it from another: model, engine, GPU, GPUs, precision, endpoint."""
        precision = self.precision or ""
        return (self.model, self.engine, self.gpu, self.gpus, precision, self.endpoint)

    @property
    def name(self) -> str:
        """Return a name that tells it from all others: its key, concurrency and day."""
        where = f"{self.model}@{self.endpoint}"
        what = "/".join(str(part) for part in self.key[1:5] if part)
        return f"{where}:{what}:{self.concurrency}:{self.measured_on.isoformat()}"


def overlay(
    present: Iterable[Measurement], added: Iterable[Measurement]
) -> tuple[Measurement, ...]:
    """Return all measurements; of two with the same key and concurrency the newer one stays.

    Args:
        present: Measurements in the catalog.
        added: New ones, which win over present ones of the same day.
    """
    kept: dict[tuple[MeasurementKey, int], Measurement] = {}
    for one in (*present, *added):
        place = (one.key, one.concurrency)
        if place not in kept or kept[place].measured_on <= one.measured_on:
            kept[place] = one
    return tuple(kept.values())
