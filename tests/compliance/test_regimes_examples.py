"""Golden examples of all regimes: what a refused control decides, and where it just is silent."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.compliance import (
    test_regimes_ai_laws,
    test_regimes_education,
    test_regimes_finance,
    test_regimes_health,
    test_regimes_privacy,
)
from tests.compliance.regime_cases import Team, deciders_refusing, finding_of, verdicts_refusing

REFUSED = (
    *test_regimes_education.REFUSED,
    *test_regimes_finance.REFUSED,
    *test_regimes_health.REFUSED,
    *test_regimes_privacy.REFUSED,
)
NEAR_MISSES = (
    *test_regimes_ai_laws.NEAR_MISSES,
    *test_regimes_education.NEAR_MISSES,
    *test_regimes_finance.NEAR_MISSES,
    *test_regimes_health.NEAR_MISSES,
    *test_regimes_privacy.NEAR_MISSES,
)


@pytest.mark.parametrize(("control", "team", "expected"), REFUSED)
def test_a_refused_control_decides_on_the_options_that_it_is_about(
    control: str, team: Team, expected: Mapping[str, str]
) -> None:
    found = verdicts_refusing(control, team)

    assert {option: found[option] for option in expected} == expected
    hit = next(option for option, word in expected.items() if word != "OK")
    assert control in deciders_refusing(control, team, hit)


@pytest.mark.parametrize(("control", "near_miss"), NEAR_MISSES)
def test_a_control_is_silent_where_one_fact_is_missing_for_it(
    control: str, near_miss: Team
) -> None:
    assert finding_of(control, near_miss).applies == "no"
