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
    known = [one[6] != "not known" for one in table.rows]

    assert known == sorted(known, reverse=True)


def test_own_servers_show_hours_machines_and_money(table: Table) -> None:
    own = row(table, "Small 8B, own servers")

    assert own["Trained on"] == "1 x H100"
    assert own["GPU hours of a run [p10, p90]"]
    assert own["First tuning, USD"].startswith("$")


def test_what_nobody_knows_is_said_to_be_not_known(table: Table) -> None:
    api = row(table, "Frontier")

    assert (api["Can be tuned"], api["First tuning, USD"]) == ("not known", "not known")
    assert "is not known" in api["Because"]


def test_the_note_says_whether_it_is_in_the_bill(table: Table) -> None:
    assert "none of this is in the monthly cost" in table.note
    assert "is part of the monthly cost" in tuning(costs(will_fine_tune=True)).note
