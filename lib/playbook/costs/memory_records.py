"""What the memory of so many GPUs holds: the record behind the figure of the memory cliff."""

from __future__ import annotations

from playbook.records import Record


class MemoryWay(Record):
    """Memory of one replica on so many GPUs, in GiB over all of them."""

    gpus: int
    """GPUs that hold one copy of the model."""
    available_gib: float
    """Memory that the engine may use."""
    weights_gib: float
    """Weights."""
    overhead_gib: float
    """What the engine's runtime takes."""
    room_gib: float
    """What is left for the cache of calls; negative where the weights alone are too large."""
    calls: int
    """Mean calls held at once, at most the engine's own limit; 0 where the model does not fit."""
