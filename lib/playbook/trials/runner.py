"""Run phases of trials: endpoints side by side, each trial settled once."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from playbook.catalog import PriceList
from playbook.clearance import Clearance
from playbook.profile.trial_settings import Trials
from playbook.trials.attempting import Asker
from playbook.trials.ledger import Ledger
from playbook.trials.money import Purse
from playbook.trials.observing.observer import Observer
from playbook.trials.phases import Phase
from playbook.trials.plan import Trial
from playbook.trials.progress import Meter, ProgressCallback
from playbook.trials.screening import Screen
from playbook.trials.visiting import Means, Visit


class Runner:
    """Runs trials and writes each attempt to the ledger; what it learns holds over all phases."""

    def __init__(  # noqa: PLR0913  what a run is made of, by name
        self,
        asker: Asker,
        ledger: Ledger,
        clearance: Clearance,
        *,
        section: Trials,
        prices: Mapping[str, PriceList | None],
        purse: Purse,
        screen: Screen | None = None,
        progress: ProgressCallback | None = None,
        expected: int = 0,
        observer: Observer | None = None,
    ) -> None:
        self._meter = Meter(progress, asker.timing.clock, purse, expected=expected)
        self._means = Means(
            asker,
            ledger,
            clearance,
            section=section,
            prices=prices,
            purse=purse,
            screen=screen or Screen(),
            meter=self._meter,
            observer=observer,
        )
        self._visits: dict[str, Visit] = {}

    @property
    def stopped(self) -> tuple[str, ...]:
        """Return why trials were left out, if any were; empty when every trial has a result."""
        return tuple(visit.stopped for visit in self._visits.values() if visit.stopped)

    async def run(self, phase: Phase, trials: Sequence[Trial]) -> None:
        """Run the trials of a phase that have no result yet.

        Endpoints run side by side, but those embedded in this machine one after another, so
        that none slows the other's measurement. An endpoint that was given up stays so, and the
        others go on.

        Raises:
            OSError: when an attempt can't be written down, such as on a full disk.
        """
        self._meter.begin(phase.name, Counter(one.endpoint.id for one in trials))
        by_endpoint: dict[str, list[Trial]] = defaultdict(list)
        for trial in trials:
            by_endpoint[trial.endpoint.id].append(trial)
        queues: dict[str, list[tuple[Visit, list[Trial]]]] = defaultdict(list)
        for name, of_one in by_endpoint.items():
            endpoint = of_one[0].endpoint
            visit = self._visits.get(name) or Visit(self._means, endpoint)
            self._visits[name] = visit
            queues["this machine" if endpoint.embedded else name].append((visit, of_one))
        try:
            async with asyncio.TaskGroup() as group:
                for queue in queues.values():
                    group.create_task(_in_turn(queue, phase))
        except BaseExceptionGroup as several:
            raise _first_of(several, self._means.ledger.path) from several


async def _in_turn(queue: Sequence[tuple[Visit, Sequence[Trial]]], phase: Phase) -> None:
    for visit, trials in queue:
        await visit.run(phase, trials)


def _first_of(several: BaseExceptionGroup, ledger: Path) -> BaseException:
    """Return the first failure within groups of groups; one of a file names what to mend."""
    first: BaseException = several
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    if isinstance(first, OSError) and first.filename is None:
        first.filename = str(ledger.parent)
    return first
