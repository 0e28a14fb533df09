"""CPU of one slider of the costs notebook, against computing and drawing all from scratch.

The form is that of `03_costs.ipynb` on `params/demo.yaml`. Each round moves one slider, a different
one each time, and then computes the same profile without the form and makes a new widget.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import plotly.graph_objects as go

from playbook import figures
from playbook.catalog import load_catalog
from playbook.costs.records import Costs
from playbook.profile import Profile, load_profile
from playbook.runs import Run
from playbook.stages import today
from playbook.stages.session import Session, bench_manifest
from playbook.stages.table import stage
from playbook.widgets.controls import controls_of
from playbook.widgets.explorer import Explorer

DEMO = Path(__file__).parents[2] / "params" / "demo.yaml"
ROUNDS = 4
MOVES: dict[str, tuple[float, float]] = {
    "workload.tokens_per_day": (2e7, 4e7),
    "workload.share_output": (0.3, 0.2),
    "workload.share_cached_input": (0.5, 0.2),
    "workload.peak_to_mean": (4.0, 2.5),
    "infrastructure.fte_needed_self_hosted": (0.6, 0.4),
    "infrastructure.spare_replicas": (2, 0),
}


@dataclass
class Form:
    """The notebook's form, and what it costs to do without."""

    session: Session
    explorer: Explorer

    def move(self, field: str, value: float) -> float:
        """Move a slider and return the CPU seconds until the figure is drawn again."""
        control = next(one for one in self.explorer.controls if one.field.path == field)
        begun = time.process_time()
        control.input.value = value
        return time.process_time() - begun

    def from_scratch(self, profile: Profile) -> float:
        """Return the CPU seconds of computing a profile and making a new widget."""
        begun = time.process_time()
        costs = self.session.recompute(profile)
        go.FigureWidget(figures.lane_curves(costs))  # type: ignore[arg-type]
        return time.process_time() - begun


def measure() -> tuple[list[float], list[float]]:
    """Return CPU seconds of slider moves, and of the same from scratch."""
    with TemporaryDirectory() as folder:
        return measured(a_form(Path(folder)))


def measured(form: Form) -> tuple[list[float], list[float]]:
    """Return CPU seconds of all moves, ours and from scratch, field by field in turn."""
    ours, plain = [], []
    for field, value in _moves():
        ours.append(form.move(field, value))
        plain.append(form.from_scratch(form.explorer.record_now()))  # type: ignore[arg-type]
    return ours, plain


def a_form(folder: Path, params: Path = DEMO) -> Form:
    """Return the costs notebook's form in a folder of its own."""
    profile, catalog = load_profile(params), load_catalog()
    run = Run(folder / "bench")
    bench_manifest(run, profile, as_of=today(), catalog=catalog)
    session = Session(stage("costs"), profile, run=run, as_of=today(), catalog=catalog)
    costs = session.compute()
    if not isinstance(costs, Costs):
        raise TypeError(type(costs))
    views = figures.cost_views(costs)
    explorer = Explorer(
        session.recompute, profile, views=views, controls=controls_of(profile, MOVES), save_to=None
    )
    return Form(session, explorer)


def _moves() -> Iterator[tuple[str, float]]:
    for number in range(ROUNDS):
        for field, values in MOVES.items():
            yield field, values[number % len(values)]


def main() -> None:
    """Print the median of each slider."""
    with TemporaryDirectory() as folder:
        form = a_form(Path(folder))
        found: dict[str, list[float]] = {field: [] for field in MOVES}
        for field, value in _moves():
            found[field].append(form.move(field, value))
    for field, seconds in found.items():
        print(f"{field}: {sorted(seconds)[len(seconds) // 2] * 1e3:.0f} ms")  # noqa: T201


if __name__ == "__main__":
    main()
