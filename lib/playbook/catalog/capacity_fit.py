"""The fitted parameters of the capacity model, with what they were fitted to."""

from __future__ import annotations

from datetime import date

from playbook.catalog.schema import Fact


class CapacityFit(Fact):
    """One fit of the capacity model to measured points; read by `costs.capacity`."""

    fitted_on: date
    """Day of the fit."""
