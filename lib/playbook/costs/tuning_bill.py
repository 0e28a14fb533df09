"""An option's monthly cost with its fine-tuning in it, or with the reason why it is not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from playbook.costs.option_cost import Work, round_significant
from playbook.costs.records import OptionCost
from playbook.costs.tuning_records import TuningCost
from playbook.provenance import weakest
from playbook.uncertainty import Samples, percentiles
from playbook.units import DAYS_PER_MONTH


def with_tuning(
    cost: OptionCost, tuning: TuningCost, billed: Mapping[str, Samples], work: Work
) -> OptionCost:
    """Return the cost of an option of a team that will fine-tune.

    Args:
        cost: The cost without it.
        tuning: What its fine-tuning takes.
        billed: USD a month by component; empty where it cannot be tuned or a part is unknown.
        work: The work that it does.
    """
    if not cost.priced:
        return cost
    if not billed:
        word = {"no": "cannot be fine-tuned", "unknown": "fine-tuning is unknown and not in it"}
        why = word.get(tuning.can_be_tuned, "fine-tuning is not in it")
        return cost.changed(because=f"{cost.because}; {why}: {tuning.because}")
    volume = work.volume
    added = sum(billed.values(), np.zeros_like(volume))[1:]
    total = np.array(cost.draws_usd_per_month) + added
    tokens = volume[1:] * DAYS_PER_MONTH
    return cost.changed(
        because=f"{cost.because}; fine-tuning included",
        usd_per_month=percentiles(total),
        usd_per_million_tokens=percentiles(total / tokens * 1e6) if tokens.min() > 0 else None,
        usd_per_successful_answer=percentiles(total / work.answers_per_month[1:])
        if cost.usd_per_successful_answer
        else None,
        components={
            **cost.components,
            **{name: percentiles(part[1:]) for name, part in billed.items()},
        },
        draws_usd_per_month=tuple(round_significant(total).tolist()),
        provenance=weakest([cost.provenance, tuning.provenance]),
    )
