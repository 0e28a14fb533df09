"""The scan of prompts for personal data and secrets: a second line, never a permission."""

from playbook.trials.scanning.rule import Hit, Rule
from playbook.trials.scanning.rules import RULES, rules_by_id
from playbook.trials.scanning.scan import BLIND_SPOTS, scan

__all__ = ["BLIND_SPOTS", "RULES", "Hit", "Rule", "rules_by_id", "scan"]
