"""`make bench`: measure, print, and write dated results beside this file; under 8 minutes."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from playbook.stages import today
from tests.benchmarks import notebook_runs, trial_calls
from tests.benchmarks.measuring import alone, as_json, machine, summary

RESULTS = Path(__file__).with_name("results")
TITLES = {
    "trial_call": "one trial call (runner, gate, audit log, ledger, litellm)",
    "notebook": "one notebook (batch: hashes, manifest, progress, resume)",
    "check": "`playbook check params/demo.yaml`",
}


def main() -> None:
    """Measure everything and write `results/<day>.json` and `results/<day>.md`."""
    os.environ.setdefault("PLAYBOOK_AS_OF", today().isoformat())
    here, begun = machine(), time.monotonic()
    measured = {
        "check": alone(notebook_runs.measure_check()),
        "notebook": summary(*notebook_runs.measure()),
        "trial_call": summary(*trial_calls.measure()),
    }
    minutes = round((time.monotonic() - begun) / 60, 1)
    values = {"day": today().isoformat(), "machine": here, "minutes": minutes, "cpu_s": measured}
    text = table(values)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{values['day']}.json").write_text(as_json(values), encoding="utf-8")
    (RESULTS / f"{values['day']}.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def table(values: dict[str, Any]) -> str:
    """Return the results as a short markdown page."""
    here = values["machine"]
    versions = here["versions"]
    peers = {
        "trial_call": f"litellm {versions['litellm']}, plain `acompletion` loop",
        "notebook": f"papermill {versions['papermill']}, its command, once per notebook",
        "check": "none",
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
        one = values["cpu_s"][name]
        cells = [_words(one[side]) if side in one else "-" for side in ("ours", "peer", "ratio")]
        rows.append("| " + " | ".join([title, *cells, peers[name]]) + " |")
    return "\n".join(rows) + "\n"


def _words(three: dict[str, float]) -> str:
    return f"{three['median']:.3g} [{three['least']:.3g}, {three['most']:.3g}]"


if __name__ == "__main__":
    main()
