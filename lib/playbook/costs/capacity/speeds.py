"""Estimated speeds of deployments, each with its 80% interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playbook.catalog.capacity_fit import CapacityFit
from playbook.costs.capacity.setups import Setups
from playbook.provenance import Provenance
from playbook.uncertainty import Samples

Metric = Literal["total_output_tok_s", "decode_tok_s", "prefill_tok_s", "ttft_ms"]
"""Output of all calls together; output of one call while it decodes; input read by prefill, all in
tokens a second; milliseconds to the first token."""
Z80 = 1.2815515655446004  # a normal value is below it in 90% of cases


@dataclass(frozen=True)
class Band:
    """Estimates with their 80% interval, arrays of one length."""

    p10: Samples
    """One true value in ten is below."""
    p50: Samples
    """The estimate."""
    p90: Samples
    """One true value in ten is above."""
    log_sd: Samples
    """Standard deviation of log(true / estimate)."""


@dataclass(frozen=True)
class Speeds:
    """What deployments give, arrays of one length; where one does not fit, figures are nan."""

    fits: NDArray[np.bool_]
    """Whether the weights and one call fit and the deployment is supported."""
    reasons: tuple[str, ...]
    """Why not; empty where it fits."""
    provenance: tuple[Provenance, ...]
    """`computed` within the range of the measured points, else `assumed`."""
    tensor_parallel: NDArray[np.int64]
    """GPUs that share one copy."""
    batch: Samples
    """Calls decoded together on one copy, on the mean."""
    most_batch: Samples
    """Calls that fit memory and the engine's own limit on one copy."""
    output_tokens_per_second: Samples
    """Output tokens of all calls on all copies, steady state."""
    input_tokens_per_second: Samples
    """Input tokens read meanwhile."""
    decode_step_s: Samples
    """Time of one decode step, without prefill."""
    seconds_per_output_token: Samples
    """Time between two tokens of one call, others' prefill included."""
    prefill_tokens_per_second: Samples
    """Input tokens that one copy reads when it does nothing else."""
    first_token_s: Samples
    """Time to the first token of a call that does not wait."""
    log_sd: dict[Metric, Samples]
    """Standard deviation of log(true / estimate), by metric."""

    @property
    def total_tokens_per_second(self) -> Samples:
        """Return output plus input tokens; never compare it with an output rate."""
        return self.output_tokens_per_second + self.input_tokens_per_second

    def band(self, metric: Metric) -> Band:
        """Return the estimates of a metric in its unit, with their 80% interval."""
        values: dict[Metric, Samples] = {
            "total_output_tok_s": self.output_tokens_per_second,
            "decode_tok_s": 1 / self.seconds_per_output_token,
            "prefill_tok_s": self.prefill_tokens_per_second,
            "ttft_ms": 1_000 * self.first_token_s,
        }
        middle, log_sd = values[metric], self.log_sd[metric]
        wide = np.exp(Z80 * log_sd)
        return Band(middle / wide, middle, middle * wide, log_sd)


def estimate_speeds(setups: Setups, fit: CapacityFit) -> Speeds:
    """Return the speeds of deployments by a fitted model (see `catalog.capacity_fit`).

    Args:
        setups: Deployments.
        fit: Fitted parameters, `Catalog.capacity_fit`.
    """
    raise NotImplementedError
