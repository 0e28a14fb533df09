"""Compliance: facts and answers to verdicts on options and a clearance for live calls."""

from playbook.compliance.assess import DISCLAIMER, assess_compliance
from playbook.compliance.clearing import why_not_own
from playbook.compliance.facts import answer_problems, control_problems
from playbook.compliance.records import Compliance, Finding, OpenQuestion, OptionVerdict

__all__ = [
    "DISCLAIMER",
    "Compliance",
    "Finding",
    "OpenQuestion",
    "OptionVerdict",
    "answer_problems",
    "assess_compliance",
    "control_problems",
    "why_not_own",
]
