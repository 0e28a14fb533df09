"""Trials: a team's own prompts on real endpoints, with a ledger, a gate and intervals."""

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
