"""Three-valued logic: the truth tables, and what an unknown value does to each comparison."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from playbook.catalog.conditions import Condition
from playbook.compliance.kleene import Truth, conjunction, disjunction, negation
from playbook.compliance.logic import Choice, World, evaluate, ways_to

TRUTHS: tuple[Truth, ...] = (True, None, False)
CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)


def parse(raw: object) -> Condition:
    return CONDITION.validate_python(raw)


@pytest.mark.parametrize(
    ("one", "other", "both", "any_"),
    [
        (True, True, True, True),
        (True, None, None, True),
        (True, False, False, True),
        (None, True, None, True),
        (None, None, None, None),
        (None, False, False, None),
        (False, True, False, True),
        (False, None, False, None),
        (False, False, False, False),
    ],
)
def test_and_and_or_follow_kleenes_tables(
    one: Truth, other: Truth, both: Truth, any_: Truth
) -> None:
    """Kleene (1952), Introduction to Metamathematics, section 64: the strong tables."""
    assert conjunction([one, other]) is both
    assert disjunction([one, other]) is any_


def test_not_leaves_unknown_unknown() -> None:
    assert [negation(one) for one in TRUTHS] == [False, None, True]


@given(st.lists(st.sampled_from(TRUTHS), max_size=5))
def test_de_morgan_holds_with_unknowns(parts: list[Truth]) -> None:
    assert negation(conjunction(parts)) is disjunction(negation(part) for part in parts)


@pytest.mark.parametrize(
    "comparison",
    [
        {"has": "phi"},
        {"has_any": ["phi", "cji"]},
        {"has_all": ["phi"]},
        {"subset_of": ["phi"]},
    ],
)
def test_a_missing_fact_makes_a_comparison_unknown(comparison: dict[str, object]) -> None:
    condition = parse({"fact": "data.data_types", **comparison})

    assert evaluate(condition, World(facts={})) is None
    assert evaluate(condition, World(facts={"data.data_types": ("phi",)})) is True


def test_false_absorbs_an_unknown_conjunct_and_true_an_unknown_disjunct() -> None:
    known_no = {"fact": "data.critical_function", "is": True}
    missing = {"fact": "data.logs_prompts", "is": True}
    world = World(facts={"data.critical_function": False})

    assert evaluate(parse({"all": [known_no, missing]}), world) is False
    assert evaluate(parse({"any": [{"not": known_no}, missing]}), world) is True


def test_stated_is_never_unknown() -> None:
    condition = parse({"fact": "data.allowed_regions", "stated": True})

    assert evaluate(condition, World(facts={})) is False
    assert evaluate(condition, World(facts={"data.allowed_regions": ("EU",)})) is True


def test_surely_has_any_reads_an_unknown_list_as_no() -> None:
    condition = parse({"opt": "contracts", "surely_has_any": ["baa"]})

    assert evaluate(condition, World(facts={}, attributes={})) is False
    assert evaluate(condition, World(facts={}, attributes={"contracts": ("baa",)})) is True


@pytest.mark.parametrize(("region", "inside"), [("FR", True), ("EU", True), ("US", False)])
def test_a_region_lies_in_an_area_by_membership(region: str, inside: bool) -> None:  # noqa: FBT001  a column of the table
    condition = parse({"opt": "processing_regions", "subset_of": ["EU"]})
    areas = {"EU": frozenset({"FR", "DE"})}

    world = World(facts={}, attributes={"processing_regions": (region,)}, areas=areas)

    assert evaluate(condition, world) is inside


def test_a_choice_of_regions_is_unknown_unless_all_agree() -> None:
    within_eu = parse({"opt": "processing_regions", "subset_of": ["EU"]})
    mixed, agreed = Choice((("EU",), ("US",))), Choice((("US",), ("CA",)))

    assert evaluate(within_eu, World({}, {"processing_regions": mixed})) is None
    assert evaluate(within_eu, World({}, {"processing_regions": agreed})) is False


def test_numbers_compare_as_numbers() -> None:
    condition = parse({"fact": "team.monthly_active_users", "lte": 500})

    assert evaluate(condition, World({"team.monthly_active_users": 500})) is True
    assert evaluate(condition, World({"team.monthly_active_users": 501})) is False
    assert evaluate(condition, World({})) is None


def test_one_unknown_conjunct_is_enough_to_escape_and_each_is_an_alternative() -> None:
    condition = parse(
        {
            "all": [
                {"fact": "data.data_types", "has": "phi"},
                {"fact": "data.operating_in", "has": "US"},
            ]
        }
    )

    assert set(ways_to(False, condition, World({}))) == {
        frozenset({"data.data_types"}),
        frozenset({"data.operating_in"}),
    }
    assert ways_to(True, condition, World({})) == (
        frozenset({"data.data_types", "data.operating_in"}),
    )


def test_what_is_settled_can_not_be_changed_by_a_question() -> None:
    condition = parse({"fact": "data.data_types", "has": "phi"})
    world = World({"data.data_types": ("phi",)})

    assert ways_to(True, condition, world) == (frozenset(),)
    assert ways_to(False, condition, world) == ()
