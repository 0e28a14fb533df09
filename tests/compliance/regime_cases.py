"""Teams to which one control applies, or only nearly: what the golden tables of regimes share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playbook.compliance import Finding
from tests.compliance.builders import a_profile, all_answered, assess, verdict, verdicts

Team = Mapping[str, Any]
"""Facts that differ from a team with public data only, as `a_profile` takes them."""

Refused = Sequence[tuple[str, Team, Mapping[str, str]]]
"""Control, team, and verdicts by option when every question is met but the control's."""
NearMisses = Sequence[tuple[str, Team]]
"""Control, and a team to which it applies but for one fact."""

NOTHING_SIGNED: Team = {
    "contracts": {name: [] for name in ("us-api", "eu-api", "china-api", "rented_us")}
}


def verdicts_refusing(control: str, team: Team) -> dict[str, str]:
    """Return each option's verdict when every question but one is met, and that one is not.

    No contract is signed with anybody, unless the team says so.
    """
    return verdicts(a_profile(**{**NOTHING_SIGNED, **team}, answers=_answers(control, "not_met")))


def deciders_refusing(control: str, team: Team, option: str) -> tuple[str, ...]:
    profile = a_profile(**{**NOTHING_SIGNED, **team}, answers=_answers(control, "not_met"))
    return verdict(profile, option).controls


def finding_of(control: str, team: Team) -> Finding:
    findings = assess(a_profile(**team)).findings
    return next(one for one in findings if one.control == control)


def _answers(control: str, word: str) -> dict[str, dict[str, str]]:
    return all_answered("met", **{control.replace("-", "_"): word})
