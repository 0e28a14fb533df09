"""What fine-tuning an option would take and cost."""

from __future__ import annotations

from typing import Literal

from playbook.provenance import Provenance
from playbook.records import Record
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Lane, TuningMethod


class TuningFit(Record):
    """The smallest number of GPUs of one kind on which a model can be tuned."""

    gpu: str
    """Catalog GPU."""
    gpu_title: str
    """Its name."""
    gpus: int | None
    """GPUs needed; None where as many as are considered do not do."""
    memory_gib_per_gpu: Percentiles
    """Memory needed on each of them: weights, optimizer, adapters, activations, overhead."""
    usable_gib_per_gpu: float
    """Memory of one that training may fill."""
    share_of_draws_that_fit: float
    """Share of draws in which that memory is enough."""


class TuningCost(Record):
    """What fine-tuning one option would cost; figures that nobody states are missing."""

    option: str
    """Option id."""
    title: str
    """Name in words."""
    lane: Lane
    """Lane."""
    model: str
    """Catalog model."""
    can_be_tuned: Literal["yes", "limited", "no", "unknown"]
    """Whether it can be tuned here; the licence is judged by the compliance stage."""
    because: str
    """Why, and what is missing for a cost if there is none."""
    method: TuningMethod
    """How it would be tuned."""
    training_tokens_per_run: Percentiles | None
    """Examples times length times epochs, tokens."""
    runs_per_tuning: Percentiles | None
    """Whole runs until one is taken."""
    gpu_hours_per_run: Percentiles | None
    """GPU hours of one run, evaluation included; None at an API."""
    gpu_title: str
    """GPU of that run; empty at an API."""
    gpus: int
    """GPUs paid for while it runs; 0 at an API."""
    fits: tuple[TuningFit, ...]
    """Memory by GPU kind that can be had in the place; empty at an API."""
    usd_per_million_training_tokens: Percentiles | None
    """A provider's price; None on own servers, or unknown."""
    training_usd: Percentiles | None
    """Machines or provider's charge of one tuning, all its runs."""
    labelling_usd: Percentiles | None
    """Examples still to be labelled for the first tuning."""
    evaluation_usd: Percentiles | None
    """People's work to set up, judge and release one tuning."""
    first_usd: Percentiles | None
    """The first tuning, all in."""
    repeat_usd: Percentiles | None
    """Each repeat: new base or new data, all in."""
    repeats_per_year: Percentiles | None
    """Repeats a year."""
    serving: str
    """What changes in serving the tuned model, in words."""
    serving_usd_per_month: Percentiles | None
    """What that costs more a month at the volumes drawn; None where it is unknown."""
    usd_per_month: Percentiles | None
    """First tuning spread, repeats and dearer serving; None if a part is unknown."""
    in_monthly_cost: bool
    """Whether it is part of the option's monthly cost: only if the team will fine-tune."""
    provenance: Provenance
    """Weakest of its parts."""
    price_source: str
    """Citation of the GPU's or the provider's price; empty if there is none."""
