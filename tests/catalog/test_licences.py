"""A licence tells what it has, what it has not, and what nobody read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from pydantic import ValidationError

from playbook.catalog import Catalog, Licence, load_catalog
from playbook.catalog.conditions import comparisons_in
from playbook.catalog.licences import CommercialUse, FieldOfUse, UserCeiling
from playbook.catalog.references import reference_problems
from tests.catalog.builders import a_catalog, a_licence


def test_a_kind_of_clause_is_present_absent_or_not_read() -> None:
    licence = a_licence(absent=["revenue_cap"])

    assert licence.reading("commercial_use") == "present"
    assert licence.reading("revenue_cap") == "absent"
    assert licence.reading("geography") == "not_read"


def test_a_licence_of_which_nobody_read_the_grant_is_not_verified() -> None:
    assert a_licence().verified
    assert not a_licence(clauses=(), absent=["revenue_cap"]).verified


def test_a_kind_cannot_be_both_there_and_absent() -> None:
    with pytest.raises(ValidationError, match="commercial_use: both among the clauses and absent"):
        a_licence(absent=["commercial_use"])


@pytest.mark.parametrize("half", [{"ended": date(2024, 5, 30)}, {"superseded_by": "open-2"}])
def test_a_superseded_licence_names_its_day_and_its_successor(half: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="give both or neither"):
        a_licence(**half)


def test_a_successor_that_is_not_catalogued_is_a_problem() -> None:
    gone = a_licence(ended=date(2024, 5, 30), superseded_by="open-2")

    assert reference_problems(a_catalog(licences=(gone,))) == (
        "licence open-1 (superseded_by): licence open-2 is not in the catalog",
    )


@pytest.mark.parametrize("clause", [{"section": ""}, {"words": "no"}, {"kind": "user_roof"}])
def test_a_clause_needs_a_section_words_and_a_known_kind(clause: dict[str, str]) -> None:
    sound = {"kind": "commercial_use", "granted": "yes", "section": "2", "words": "grants any use"}

    with pytest.raises(ValidationError):
        a_licence(clauses=[sound | clause])


def test_of_every_shipped_licence_that_was_read_each_deciding_kind_of_clause_was_sought() -> None:
    """What was not read must be deliberate: only the terms of an API are known in part."""
    for licence in load_catalog().licences:
        if licence.verified and licence.id != "proprietary-api":
            unread = {row.kind for row in licence.rows if row.reading == "not_read"}
            assert unread <= {"patent_termination", "governing_law", "revocability"}, licence.id


def test_each_clause_of_a_shipped_licence_is_listed_once_with_its_source() -> None:
    for licence in load_catalog().licences:
        said = [row for row in licence.rows if row.reading == "present"]

        assert sorted(row.words for row in said) == sorted(one.words for one in licence.clauses)
        assert all(row.source == licence.source.cite() for row in licence.rows)


def excluded_by(catalog: Catalog, control: str) -> set[object]:
    controls = {one.id: one for regime in catalog.regimes for one in regime.controls}
    parts = [effect.exclude for effect in controls[control].effects if effect.exclude]
    return {value for part in parts for one in comparisons_in(part) for value in one.values}


def fixed_ceiling(licence: Licence) -> bool:
    return any(isinstance(one, UserCeiling) and one.tested_in for one in licence.clauses)


def bars_fields(licence: Licence) -> bool:
    return any(isinstance(one, FieldOfUse) and one.uses for one in licence.clauses)


def bars_unreviewed(licence: Licence) -> bool:
    return any(isinstance(one, FieldOfUse) and one.uses_without_review for one in licence.clauses)


def needs_registration(licence: Licence) -> bool:
    return any(
        isinstance(one, CommercialUse) and one.granted == "on_registration"
        for one in licence.clauses
    )


def bars_training(licence: Licence) -> bool:
    return licence.reading("outputs_training") == "present"


@pytest.mark.parametrize(
    ("control", "has_clause"),
    [
        ("LIC-01", fixed_ceiling),
        ("LIC-03", bars_training),
        ("LIC-04", bars_fields),
        ("LIC-05", needs_registration),
        ("LIC-06", bars_unreviewed),
    ],
)
def test_the_checklist_asks_of_each_licence_with_the_clause_and_of_no_other(
    control: str, has_clause: Callable[[Licence], bool]
) -> None:
    """Two stages read the same clause: the checklist's question and the licence's record."""
    catalog = load_catalog()

    assert excluded_by(catalog, control) == {one.id for one in catalog.licences if has_clause(one)}
