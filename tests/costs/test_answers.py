"""Cost per answer: failed calls are sent again and billed, measured where trials saw them."""

import pytest

from playbook.costs import OptionCost, estimate_costs
from playbook.provenance import Provenance
from playbook.units import DAYS_PER_MONTH
from tests.costs.builders import AS_OF, a_catalog, a_profile, an_rng, some_assumptions
from tests.costs.test_token_counts import a_count

OWN, HOSTED = "small-8b@self:rented_eu", "small-8b@host"


def cost_of(option: str, *, success: float | None = None, **fields: object) -> OptionCost:
    where = {"provider": "host" if option == HOSTED else ""}
    measured = () if success is None else (
        a_count("small-8b", 100, success_rate=success, requests=200, **where),
    )  # fmt: skip
    catalog = a_catalog(measurements=measured, **fields)
    found = estimate_costs(a_profile(), catalog, rng=an_rng(), as_of=AS_OF)
    return next(one for one in found.options if one.option == option)


def test_cost_per_answer_is_the_month_over_its_answers() -> None:
    """1M tokens/day in calls of 2,000 are 500 a day, 15,218.75 a month. At 0.2 USD per million
    30.4375M tokens are 6.0875 USD; with 100 USD for the gateway that is 0.00697 USD each."""
    found = cost_of(HOSTED)

    assert found.usd_per_successful_answer is not None
    by_hand = (1e6 * DAYS_PER_MONTH * 0.2e-6 + 100) / (500 * DAYS_PER_MONTH)
    assert found.usd_per_successful_answer.p50 == pytest.approx(by_hand)
    assert found.usd_per_successful_answer.p50 == pytest.approx(0.00697, rel=1e-3)
    assert "no success rate was measured" in found.success


def test_an_agent_s_answer_takes_all_calls_of_its_task() -> None:
    profile = a_profile(workload={"calls_per_task": 4})
    found = estimate_costs(profile, a_catalog(), rng=an_rng(), as_of=AS_OF).options
    one = next(one for one in found if one.option == HOSTED)

    assert one.usd_per_successful_answer is not None
    single = cost_of(HOSTED).usd_per_successful_answer
    assert single is not None
    assert one.usd_per_successful_answer.p50 == pytest.approx(4 * single.p50)


def test_failed_calls_are_billed_again_at_the_measured_rate() -> None:
    """Four of five calls answer: each answer takes 1.25 calls. The assumption is not added."""
    catalog = {"assumptions": some_assumptions(api_retry_share=0.5)}
    found = cost_of(HOSTED, success=0.8, **catalog)

    assert found.components["tokens"].p50 == pytest.approx(1.25 * 1e6 * DAYS_PER_MONTH * 0.2e-6)
    assert found.success.startswith("80.0% of 200 calls were answered")


def test_calls_that_fail_load_own_servers_as_well() -> None:
    plain, failing = cost_of(OWN).deployment, cost_of(OWN, success=0.5).deployment

    assert plain is not None
    assert failing is not None
    assert failing.utilisation == pytest.approx(2 * plain.utilisation)


def test_an_endpoint_that_never_answers_has_no_cost_per_answer() -> None:
    found = cost_of(HOSTED, success=0.0)

    assert found.usd_per_successful_answer is None
    assert "none of 200 calls was answered" in found.success


def test_a_rate_of_another_provider_says_nothing_of_this_one() -> None:
    elsewhere = a_count("small-8b", 100, success_rate=0.5, provider="api-house")
    found = estimate_costs(
        a_profile(), a_catalog(measurements=(elsewhere,)), rng=an_rng(), as_of=AS_OF
    )

    assert all("no success rate was measured" in one.success for one in found.options)
    assert {one.tokens_provenance for one in found.options} == {Provenance.ASSUMED}
