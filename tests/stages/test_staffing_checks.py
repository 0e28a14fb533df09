"""Answers on own servers that contradict each other are warned of, and nothing else is."""

from __future__ import annotations

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.profile import profile_from_sections
from playbook.stages.staffing_checks import staffing_notices


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def notices(catalog: Catalog, **sections: dict[str, object]) -> list[str]:
    return list(staffing_notices(profile_from_sections(**sections), catalog))


def test_round_the_clock_with_nobody_on_call_is_warned_of_where_there_are_own_places(
    catalog: Catalog,
) -> None:
    always = {"availability": "24x7"}

    (line,) = notices(catalog, workload=always)
    nowhere = notices(catalog, workload=always, infrastructure={"places": []})
    enough = notices(catalog, workload=always, infrastructure={"on_call_people": 4})

    assert line.startswith("warning: infrastructure.on_call_people: is 0, and workload.avail")
    assert "a rota of 4 at least; the cost includes those missing" in line
    assert nowhere == enough == []


@pytest.mark.parametrize(
    ("infrastructure", "said"),
    [
        ({"places": ["own_network"]}, "it counts for rented places only"),
        ({"share_reserved": 1}, "all GPUs are reserved"),
        ({}, None),
    ],
)
def test_scale_to_zero_that_has_no_effect_is_warned_of(
    catalog: Catalog, infrastructure: dict[str, object], said: str | None
) -> None:
    found = notices(catalog, infrastructure={"min_replicas": 0, **infrastructure})

    assert [said in line for line in found] == ([True] if said else [])


def test_round_the_clock_over_a_part_of_the_week_is_warned_of(catalog: Catalog) -> None:
    workload = {"availability": "24x7", "hours_per_week": 60}

    (line,) = notices(catalog, workload=workload, infrastructure={"on_call_people": 9})

    assert line.startswith("warning: workload.hours_per_week: is 60")


def test_defaults_contradict_nothing(catalog: Catalog) -> None:
    assert notices(catalog) == []
