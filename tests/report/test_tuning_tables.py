import pytest

from playbook.costs import Costs, estimate_costs
from playbook.report.table import Table
from playbook.report.tuning_tables import tuning
from tests.costs.builders import AS_OF, a_catalog, a_profile, an_rng


def costs(**domain: object) -> Costs:
    return estimate_costs(a_profile(domain=domain), a_catalog(), rng=an_rng(), as_of=AS_OF)


def row(table: Table, title: str) -> dict[str, str]:
    found = next(one for one in table.rows if one[0].startswith(title))
    return dict(zip(table.columns, found, strict=True))


@pytest.fixture(scope="module")
def table() -> Table:
    return tuning(costs())


def test_options_with_a_cost_come_first(table: Table) -> None:
    known = [one[4] != "not known" for one in table.rows]

    assert known == sorted(known, reverse=True)


def test_own_servers_show_hours_machines_and_money(table: Table) -> None:
    own = row(table, "Small 8B, own servers")

    assert "GPU hours on 1 x H100" in own["A run takes"]
    assert own["First tuning"].startswith("$")


def test_what_nobody_knows_is_said_to_be_not_known(table: Table) -> None:
    api = row(table, "Frontier")

    assert (api["A run takes"], api["First tuning"]) == ("not known", "not known")
    assert api["Can it be tuned"].startswith("unknown: ")


def test_the_note_says_whether_it_is_in_the_bill(table: Table) -> None:
    assert "not part of the monthly costs: not planned" in table.note
    assert "; part of the monthly costs." in tuning(costs(will_fine_tune=True)).note
