"""The money that hangs on a question: costs of the profile, computed once for all its answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.profile import load_profile
from playbook.profile.sections import Data
from playbook.stages import option_costs
from playbook.stages.option_costs import costs_of, options_of, usd_per_month

AS_OF = date(2026, 11, 23)
TEAM = load_profile(Path(__file__).parents[2] / "params" / "teams" / "eu_bank.yaml")


def test_costs_read_nothing_of_the_data_section_but_the_rules_on_regions() -> None:
    """What `usd_per_month` rests on: once they read more, it must compute them anew."""
    catalog = load_catalog()
    rules = Data(
        allowed_regions=TEAM.data.allowed_regions,
        must_stay_in_own_network=TEAM.data.must_stay_in_own_network,
    )

    assert costs_of(TEAM, catalog, as_of=AS_OF) == costs_of(
        TEAM.changed(data=rules), catalog, as_of=AS_OF
    )


@pytest.mark.parametrize("rule", [{"allowed_regions": ("CA",)}, {"must_stay_in_own_network": True}])
def test_a_rule_on_regions_takes_away_the_cost_of_what_it_forbids(rule: dict[str, object]) -> None:
    catalog = load_catalog()
    free = TEAM.changed(data=TEAM.data.changed(allowed_regions=None))
    rented = {name for name in usd_per_month(free, catalog, as_of=AS_OF) if "self:rented" in name}

    bound = usd_per_month(free.changed(data=free.data.changed(**rule)), catalog, as_of=AS_OF)

    assert rented
    assert rented.isdisjoint(bound)


def test_an_answer_computes_no_cost_anew_and_a_change_of_volume_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catalog = load_catalog()
    before = usd_per_month(TEAM, catalog, as_of=AS_OF)
    counted = []

    def counting(*given: object, **named: object) -> object:
        counted.append(given)
        return options_of(*given, **named)

    monkeypatch.setattr(option_costs, "options_of", counting)
    answered = TEAM.changed(data=TEAM.data.changed(answers={}, logs_prompts=None))
    same = usd_per_month(answered, catalog, as_of=AS_OF)
    doubled = TEAM.workload.changed(tokens_per_day=2 * TEAM.workload.tokens_per_day.likely)
    more = usd_per_month(TEAM.changed(workload=doubled), catalog, as_of=AS_OF)

    assert same == before
    assert len(counted) == 1
    assert more != before


def test_options_alone_cost_what_they_cost_in_the_stage() -> None:
    catalog = load_catalog()

    assert options_of(TEAM, catalog, as_of=AS_OF) == costs_of(TEAM, catalog, as_of=AS_OF).options
