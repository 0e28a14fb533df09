"""Compliance: facts and answers to verdicts on options and a clearance for live calls."""

from playbook.compliance.assess import DISCLAIMER, assess_compliance
from playbook.compliance.changes import Change, changed_findings, changes_between
from playbook.compliance.clearing import why_not_own
from playbook.compliance.facts import answer_problems, control_problems, facts_asked
from playbook.compliance.progress import Progress, progress_of
from playbook.compliance.records import Compliance, Finding, OpenQuestion, OptionVerdict

__all__ = [
    "DISCLAIMER",
    "Change",
    "Compliance",
    "Finding",
    "OpenQuestion",
    "OptionVerdict",
    "Progress",
    "answer_problems",
    "assess_compliance",
    "changed_findings",
    "changes_between",
    "control_problems",
    "facts_asked",
    "progress_of",
    "why_not_own",
]
