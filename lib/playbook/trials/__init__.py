"""Trials: a team's own prompts on real endpoints, with a ledger, a gate and intervals.

A name is imported when it is first used: checking a params file needs few of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playbook.trials.demo_recording import record_demo
    from playbook.trials.evidence import make_evidence
    from playbook.trials.evidence_records import Evidence
    from playbook.trials.interval import Interval
    from playbook.trials.progress import TrialProgress
    from playbook.trials.prompt_records import PromptSet
    from playbook.trials.prompts import load_prompt_set
    from playbook.trials.records import Attempt, Comparison, EndpointEvidence
    from playbook.trials.run import evidence_of, run_trials

__all__ = [
    "Attempt",
    "Comparison",
    "EndpointEvidence",
    "Evidence",
    "Interval",
    "PromptSet",
    "TrialProgress",
    "evidence_of",
    "load_prompt_set",
    "make_evidence",
    "record_demo",
    "run_trials",
]
_MODULES = {
    "Attempt": "records",
    "Comparison": "records",
    "EndpointEvidence": "records",
    "Evidence": "evidence_records",
    "Interval": "interval",
    "PromptSet": "prompt_records",
    "TrialProgress": "progress",
    "evidence_of": "run",
    "load_prompt_set": "prompts",
    "make_evidence": "evidence",
    "record_demo": "demo_recording",
    "run_trials": "run",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
