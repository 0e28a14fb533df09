"""What a judge said, what it cost, and how far it can be trusted."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Unit
from pydantic import Field

from playbook.records import Record
from playbook.trials.interval import Interval

FEWEST_LABELS = 30
"""Labels below which a judge's rates are uncalibrated: with fewer, the interval of an agreement of
90% spans more than 20 points."""


class Calibration(Record):
    """A judge's verdicts beside people's labels of the same answers."""

    labels: int
    """Labelled answers that the judge gave a verdict on."""
    left_out: int
    """Labels that match no judged answer, for it has changed, was not judged or got no verdict."""
    agreement: Interval | None = None
    """Share on which both agree."""
    kappa: Interval | None = None
    """Cohen's kappa, agreement beyond chance; None where all labels and verdicts are the same."""
    sensitivity: Interval | None = None
    """Of the answers that people passed, the share that the judge passed."""
    specificity: Interval | None = None
    """Of the answers that people failed, the share that the judge failed."""
    calibrated: bool = False
    """Whether its rates may be relied on after correction; else they are shown as uncalibrated."""
    because: str
    """Why it is, or is not, calibrated."""


class JudgedEndpoint(Record):
    """What the judge said of one endpoint's answers by a rubric."""

    endpoint: str
    """Endpoint id."""
    verdicts: int = 0
    """Answers with a verdict."""
    no_verdict: int = 0
    """Answers whose verdict is missing or unclear; neither passed nor failed."""
    pass_rate: Interval | None = None
    """Share of the verdicts that pass, as the judge gave them."""
    corrected: Interval | None = None
    """The share that people would have passed, by the judge's sensitivity and specificity; its
    interval carries their uncertainty too. None where the judge is not calibrated."""
    objection: str = ""
    """Why the judge may not read this endpoint's answers, if it may not."""


class JudgedPair(Record):
    """Two endpoints' answers compared, each pair of answers in both orders."""

    first: str
    """Endpoint id."""
    second: str
    """Endpoint id."""
    n: int
    """Pairs of answers with a verdict in both orders."""
    first_better: int
    """Pairs in which the first won in both orders."""
    second_better: int
    """Pairs in which the second won in both orders."""
    ties: int
    """Pairs that were called equal, or that the order decided."""
    no_verdict: int
    """Pairs of which a verdict is missing or unclear."""
    difference: Interval | None = None
    """Share of pairs that the first won, less that of the second."""
    p_value: float | None = None
    """Exact sign test of the pairs that one side won, two-sided."""


class OrderBias(Record):
    """How much a pairwise judge goes by the order of the answers."""

    n: int
    """Pairs judged in both orders."""
    consistent: Interval
    """Share in which both orders gave the same verdict."""
    bias: Interval
    """Share in which the place shown first won both times, less that shown second."""
    p_value: float
    """Exact test that no place is preferred."""


class Judging(Record):
    """The judge of a profile's trials."""

    judge: str
    """Endpoint id."""
    models: tuple[str, ...] = ()
    """Model ids that answered as the judge."""
    calls: int = 0
    """Attempts of the judge in the ledger."""
    cost_usd: Annotated[float, Field(ge=0), Unit("USD")] | None = None
    """What they cost; None where no price is known."""
    endpoints: tuple[JudgedEndpoint, ...] = ()
    """In the order of the profile."""
    pairs: tuple[JudgedPair, ...] = ()
    """Pairs that were compared."""
    order: OrderBias | None = None
    """Over all pairs; None where none was judged in both orders."""
    calibration: Calibration
    """Beside people's labels."""
    notes: tuple[str, ...] = ()
    """What must be said beside any of its figures."""
