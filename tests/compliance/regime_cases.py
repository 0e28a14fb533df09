"""Teams to which one control applies, or only nearly: what the golden tables of regimes share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playbook.compliance import Finding
from tests.compliance.builders import a_profile, all_answered, assess, verdict, verdicts

Team = Mapping[str, Any]
"""Facts that differ from a team with public data only, as `a_profile` takes them."""


def verdicts_refusing(control: str, team: Team) -> dict[str, str]:
    """Return each option's verdict when every question but one is met, and that one is not."""
    return verdicts(a_profile(**team, answers=_answers(control, "not_met")))


def deciders_refusing(control: str, team: Team, option: str) -> tuple[str, ...]:
    return verdict(a_profile(**team, answers=_answers(control, "not_met")), option).controls


def finding_of(control: str, team: Team) -> Finding:
    findings = assess(a_profile(**team)).findings
    return next(one for one in findings if one.control == control)


def _answers(control: str, word: str) -> dict[str, dict[str, str]]:
    return all_answered("met", **{control.replace("-", "_"): word})
