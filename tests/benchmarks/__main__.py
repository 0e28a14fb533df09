"""`make bench`: measure, print, and write dated results beside this file; under 15 minutes.

`python -m tests.benchmarks facts_load price_lookup` measures those and keeps the others of the day.
`--points FILE.csv` asks the peers about measured points of a file in place of the package's.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from playbook.stages import today
from tests.benchmarks import (
    compliance_runs,
    cost_horizon,
    explore_costs,
    fact_lookups,
    notebook_runs,
    prompt_scan,
    trial_calls,
    trial_peers,
)
from tests.benchmarks.capacity import contest, estimate_speed
from tests.benchmarks.capacity.measured import measured_points
from tests.benchmarks.measuring import alone, as_json, machine, summary

RESULTS = Path(__file__).with_name("results")
TITLES = {
    "trial_call": "one trial call (runner, gate, audit log, ledger, litellm)",
    "notebook": "one notebook (batch: hashes, manifest, progress, resume)",
    "check": "`playbook check params/demo.yaml`",
    "price_lookup": "one offer's price on a day, facts loaded",
    "facts_load": "loading all facts, checked",
    "assess": "judging 50 options by 100 controls, best and worst, with the order of questions",
    "explore_costs": "one slider of the costs notebook, computed and redrawn",
    "regimes": "reading all regimes, checked",
    "prompt_scan": "scanning one prompt of 2,000 characters, numbers and addresses in it",
    "capacity_estimate": "one estimate of a deployment's speeds, with its interval",
    "capacity_estimates": "100,000 such estimates at once",
    "cost_horizon": "60 options, 24 months, 10,000 draws: what each costs in each month",
}
CONTEST = "capacity_peers"
"""Accuracy beside peers: takes minutes, and installs them the first time."""
TRIALS = "trial_peers"
"""Speed of trials beside peers: likewise."""
MEASURES: dict[str, Callable[[], dict[str, object]]] = {
    "check": lambda: alone(notebook_runs.measure_check()),
    "price_lookup": lambda: summary(*fact_lookups.measure_lookup()),
    "facts_load": lambda: summary(*fact_lookups.measure_load()),
    "assess": lambda: alone(compliance_runs.measure_assess()),
    "explore_costs": lambda: summary(*explore_costs.measure()),
    "regimes": lambda: alone(compliance_runs.measure_regimes()),
    "prompt_scan": lambda: ours_or_both(*prompt_scan.measure()),
    "capacity_estimate": lambda: summary(*estimate_speed.measure_one(measured_points())),
    "capacity_estimates": lambda: summary(*estimate_speed.measure_many(measured_points())),
    "cost_horizon": lambda: summary(*cost_horizon.measure()),
    "notebook": lambda: summary(*notebook_runs.measure()),
    "trial_call": lambda: summary(*trial_calls.measure()),
}


def main(names: list[str], *, points: Path | None = None) -> None:
    """Measure all, or what is named, and write `results/<day>.json` and `results/<day>.md`."""
    os.environ.setdefault("PLAYBOOK_AS_OF", today().isoformat())
    here, begun = machine(), time.monotonic()
    measured = {name: MEASURES[name]() for name in names or MEASURES if name in MEASURES}
    asked = contest.measure(points) if CONTEST in names or not names else None
    tried = trial_peers.measure() if TRIALS in names or not names else None
    minutes = round((time.monotonic() - begun) / 60, 1)
    day = today().isoformat()
    file = RESULTS / f"{day}.json"
    before = json.loads(file.read_text(encoding="utf-8")) if names and file.is_file() else {}
    values = before or {"day": day, "machine": here, "minutes": minutes, "cpu_s": {}}
    values["machine"]["versions"] |= here["versions"]  # type: ignore[operator]
    values["cpu_s"] |= measured
    values |= {CONTEST: asked} if asked else {}
    values |= {TRIALS: tried} if tried else {}
    text = table(values)
    RESULTS.mkdir(exist_ok=True)
    file.write_text(as_json(values), encoding="utf-8")
    file.with_suffix(".md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def table(values: dict[str, Any]) -> str:
    """Return the results as a short markdown page."""
    here = values["machine"]
    versions = here["versions"]
    peers = {
        "trial_call": f"litellm {versions['litellm']}, plain `acompletion` loop",
        "notebook": f"papermill {versions['papermill']}, its command, once per notebook",
        "check": "none",
        "price_lookup": f"genai-prices {versions.get('genai-prices')}, `calc_price`",
        "assess": "none",
        "explore_costs": "the same computed and drawn into a new widget",
        "regimes": "none",
        "facts_load": f"genai-prices {versions.get('genai-prices')}, import of its data",
        "prompt_scan": presidio_words(),
        "capacity_estimate": "a plain roofline in numpy, no overheads and no interval",
        "capacity_estimates": "the same",
        "cost_horizon": f"pandas {versions.get('pandas')}, a column for each option and month",
    }
    machine_words = (
        f"{here['cores']} cores ({here['system']} {here['architecture']}), "
        f"Python {here['python']}, load {here['load_average_at_start'][0]} at the start; "
        f"{here['note']}."
    )
    rows = [
        f"# Benchmarks, {values['day']}",
        "",
        machine_words,
        "CPU seconds: median [least, most] of the rounds; rounds of the two sides take turns.",
        "",
        "| what | ours | peer | ratio | peer is |",
        "|---|---|---|---|---|",
    ]
    for name, title in TITLES.items():
        one = values["cpu_s"].get(name, {})
        cells = [_words(one[side]) if side in one else "-" for side in ("ours", "peer", "ratio")]
        rows.append("| " + " | ".join([title, *cells, peers[name]]) + " |")
    one = values["cpu_s"].get("capacity_estimate", {}).get("ours", {}).get("median")
    asked = contest.page(values[CONTEST], ours_s=one).splitlines() if CONTEST in values else []
    tried = trial_peers.page(values[TRIALS]).splitlines() if TRIALS in values else []
    return "\n".join([*rows, "", *asked, "", *tried]).strip() + "\n"


def ours_or_both(ours: list[float], peer: list[float]) -> dict[str, object]:
    """Return the figures of both sides, or ours alone where the peer is not installed."""
    return summary(ours, peer) if peer else alone(ours)


def presidio_words() -> str:
    """Return which presidio the scan was measured against, if any."""
    if find_spec("presidio_analyzer") is None:
        return "none: the extra `presidio` is not installed"
    return f"presidio-analyzer {version('presidio-analyzer')}, six pattern recognisers, no model"


def _words(three: dict[str, float]) -> str:
    return f"{three['median']:.3g} [{three['least']:.3g}, {three['most']:.3g}]"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument(
        "names", nargs="*", choices=[*MEASURES, CONTEST, TRIALS, []], metavar="NAME"
    )
    parser.add_argument("--points", type=Path, metavar="FILE.csv")
    given = parser.parse_args()
    main(given.names, points=given.points)
