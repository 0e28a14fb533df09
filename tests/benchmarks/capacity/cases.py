"""Measured points as plain values, for estimators that run in other environments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playbook.costs.capacity import Point

OUTPUT_RATE = "total_output_tok_s"
ENGINES = {"vllm": "vllm", "sglang": "sglang", "trtllm": "trtllm"}
"""How an engine class starts, and the backend that a peer may know; others have none."""


@dataclass(frozen=True)
class Case:
    """One measured output rate and the deployment that gave it."""

    number: int
    """Position among the points of the file."""
    group: str
    """Laboratory, model and GPU: points of one group are not independent of each other."""
    model: str
    """Model id of the catalog."""
    gpu: str
    """GPU id of the catalog."""
    gpus: int
    """GPUs in all."""
    tensor_parallel: int | None
    """GPUs that share one copy; None where the source does not say."""
    expert_parallel: bool
    """Whether whole experts are spread over the GPUs."""
    engine: str
    """`vllm`, `sglang`, `trtllm` or another."""
    weights: str
    """Format of the weights."""
    cache: str
    """Format of the KV cache."""
    input_tokens: int
    """Input tokens of a call."""
    output_tokens: int
    """Output tokens of a call."""
    batch: int | None
    """Calls at a time over all GPUs; None for as many as fit."""
    regime: str
    """`static`, `concurrent` or `offline`."""
    measured: float
    """Measured output tokens a second of all calls."""

    def without_answer(self) -> dict[str, object]:
        """Return what an estimator may see: all but the measured value."""
        return {name: value for name, value in asdict(self).items() if name != "measured"}


def cases_of(points: Iterable[Point]) -> list[Case]:
    """Return the measured output rates among some points, numbered as they come."""
    return [
        _case(number, point) for number, point in enumerate(points) if point.metric == OUTPUT_RATE
    ]


def _case(number: int, point: Point) -> Case:
    setup = point.setup
    name = setup.engine_class
    return Case(
        number=number,
        group=" ".join(point.group),
        model=setup.model.id,
        gpu=setup.gpu.id,
        gpus=setup.gpus,
        tensor_parallel=setup.tensor_parallel,
        expert_parallel=setup.expert_parallel,
        engine=next((known for start, known in ENGINES.items() if name.startswith(start)), name),
        weights=setup.weight_format or setup.model.precision,
        cache=setup.cache_format,
        input_tokens=round(setup.input_tokens),
        output_tokens=round(setup.output_tokens),
        batch=setup.concurrency,
        regime=setup.regime,
        measured=point.value,
    )
