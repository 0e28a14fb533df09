import numpy as np
import pytest

from playbook.costs.operation import operation_usd_per_month, storage_and_egress
from playbook.costs.scenarios import Scenarios
from playbook.vocabulary import Lane
from tests.costs.builders import a_catalog, a_profile, an_rng, some_assumptions

PRICES = {
    "operation__logging_usd_per_month": 20,
    "operation__logging_usd_per_million_tokens": 0.01,
    "operation__content_filtering_usd_per_million_tokens": 0.1,
    "operation__evaluation_usd_per_month": 200,
    "operation__evaluation_usd_per_million_tokens": 0.05,
    "operation__migration_weeks_api": 2,
    "operation__exit_weeks_api": 1,
    "operation__migration_weeks_self_hosted": 6,
    "operation__exit_weeks_self_hosted": 2,
    "servers__storage_usd_per_month": 40,
    "servers__egress_usd_per_gb": 0.05,
    "servers__egress_bytes_per_output_token": 60,
}


def scenarios() -> Scenarios:
    catalog = a_catalog(assumptions=some_assumptions(**PRICES))
    return Scenarios(a_profile(), catalog, rng=an_rng(), draws=4)


def monthly(lane: Lane, tokens_per_day: float) -> dict[str, float]:
    volume = np.array([tokens_per_day])
    parts = operation_usd_per_month(scenarios(), lane)
    return {name: float(line.usd(volume)[0]) for name, line in parts.items()}


def test_a_month_of_1m_tokens_a_day_by_hand() -> None:
    """30.4375M tokens: logs 20 + 0.30, filter 3.04, evaluation 200 + 1.52.

    Migration and exit of an API: 3 weeks of 180,000 / 52.18 = 3,450 USD over 24 months, 431 USD.
    """
    assert monthly(Lane.FRONTIER_API, 1e6) == pytest.approx(
        {
            "gateway": 100,
            "logging": 20.30,
            "content_filtering": 3.04,
            "evaluation": 201.52,
            "migration_and_exit": 431.2,
        },
        abs=0.1,
    )


def test_lanes_have_the_same_components_and_own_servers_take_longer_to_move_to() -> None:
    own, api, hosted = (
        monthly(lane, 1e6)
        for lane in (Lane.SELF_HOSTED, Lane.FRONTIER_API, Lane.HOSTED_OPEN_WEIGHTS)
    )

    assert list(own) == list(api) == list(hosted)
    assert api == hosted
    assert own.pop("migration_and_exit") == pytest.approx(api.pop("migration_and_exit") * 8 / 3)
    assert own == api


def test_no_traffic_pays_the_fixed_part_only() -> None:
    found = monthly(Lane.SELF_HOSTED, 0)

    assert found["content_filtering"] == pytest.approx(0)
    assert found["logging"] == pytest.approx(20)


def test_egress_follows_the_tokens_written_by_hand() -> None:
    """1M tokens a day, a quarter written: 7.6M x 60 bytes = 0.457 GB a month, 0.023 USD."""
    line = storage_and_egress(scenarios(), share_output=0.25)

    assert line.fixed_usd[0] == pytest.approx(40)
    assert line.usd(np.array([1e6]))[0] - 40 == pytest.approx(0.457 * 0.05, rel=0.01)
