"""What running models oneself demands is asked once: of own servers, and apart of vendors."""

from __future__ import annotations

import pytest

from playbook.profile import Profile
from tests.compliance.builders import (
    OWN,
    RENTED,
    US_API,
    a_catalog,
    a_profile,
    all_answered,
    verdict,
)

REGIMES = {regime.id: regime for regime in a_catalog().regimes}
OF_OWN_SERVERS = [control.id for control in REGIMES["operation"].controls]
OF_VENDORS = ["SEC-01", *(f"SEC-{number:02}" for number in range(6, 12))]


def a_team_without(control: str) -> Profile:
    """Return a team with confidential data on a public chatbot that answers all but one `met`."""
    return a_profile(
        data_class="confidential",
        data_types=["trade_secret"],
        uses=["public_chatbot"],
        human_review="none",
        answers=all_answered("met", **{control.replace("-", "_"): "not_met"}),
    )


@pytest.mark.parametrize("control", OF_OWN_SERVERS)
def test_each_duty_of_own_servers_is_on_own_servers_alone(control: str) -> None:
    team = a_team_without(control)

    for option in (OWN, RENTED):
        assert verdict(team, option).verdict == "CONDITIONAL"
        assert verdict(team, option).controls == (control,)
    assert verdict(team, US_API).verdict == "OK"


@pytest.mark.parametrize("control", OF_VENDORS)
def test_each_duty_towards_vendors_is_on_vendors_alone(control: str) -> None:
    team = a_team_without(control)

    assert verdict(team, US_API).controls == (control,)
    assert verdict(team, OWN).verdict == verdict(team, RENTED).verdict == "OK"


def test_the_seven_duties_are_logs_limits_filters_inventions_patches_access_and_incidents() -> None:
    words = ("logged", "rate-limited", "filters", "invented", "patched", "access", "incident")

    titles = [control.title.lower() for control in REGIMES["operation"].controls]

    assert len(titles) == len(words)
    assert all(word in title for word, title in zip(words, titles, strict=True))


def test_unpatched_or_open_own_servers_take_no_data_above_internal() -> None:
    for control in ("OPS-05", "OPS-06"):
        found = verdict(a_team_without(control), OWN)

        assert found.highest_class_if_unknowns_go_well == "internal"
