"""Conditions are checked when they are read: names, comparisons, values and shape."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from playbook.catalog import Control, Option
from playbook.catalog.conditions import ATTRIBUTES, Condition, Not, comparisons_in
from playbook.catalog.controls import Effect

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
DERIVED = {"contracts", "tuned_on", "region_must_be_pinned"}
"""Attributes that the compliance stage adds from the team's own facts."""


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"opt": "perimetre", "is": "on_prem"}, "did you mean perimeter?"),
        ({"opt": "perimeter", "is": "on_premise"}, "did you mean on_prem?"),
        ({"opt": "perimeter", "has_anny": ["on_prem"]}, "did you mean has_any?"),
        ({"opt": "perimeter", "has": "on_prem"}, "perimeter is a word; has does not fit"),
        ({"opt": "contracts", "is": "baa"}, "contracts is a list; is does not fit"),
        ({"opt": "contracts", "has": "bba"}, "did you mean baa?"),
        ({"opt": "trains_on_inputs", "is": "false"}, "is true or false, got 'false'"),
        ({"opt": "retention_days", "lte": "zero"}, "lte needs one number"),
        ({"opt": "retention_days", "has": "0"}, "retention_days is a number"),
        ({"opt": "processing_regions", "has_any": ["US", False]}, "quote words such as 'NO'"),
        ({"fact": "data.data_class", "is": "public", "in": ["public"]}, "exactly one comparison"),
        ({"fact": "data.data_class"}, "exactly one comparison"),
        ({"fact": "data.data_class", "is": None}, "needs a value"),
        ({"fact": "data.allowed_regions", "stated": False}, "stated takes only `true`"),
        ({"fact": "data.data_class", "is": ["public", "internal"]}, "use `in` for several"),
        ({"all": []}, "at least 1 item"),
        ({"all": [{"always": True}], "any": [{"always": True}]}, "Extra inputs"),
        ({"always": False}, "Input should be True"),
    ],
)
def test_a_wrong_condition_is_refused_with_advice(raw: object, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CONDITION.validate_python(raw)

    assert message in str(caught.value)


def test_a_condition_survives_writing_and_reading() -> None:
    raw = {"any": [{"not": {"opt": "perimeter", "is": "on_prem"}}, {"always": True}]}
    condition = CONDITION.validate_python(raw)

    assert CONDITION.validate_json(CONDITION.dump_json(condition, by_alias=True)) == condition


def test_every_attribute_is_one_of_an_option_or_of_the_teams_facts() -> None:
    assert set(ATTRIBUTES) <= set(Option.model_fields) | DERIVED


def test_comparisons_are_found_through_every_kind_of_condition() -> None:
    leaf = {"opt": "perimeter", "is": "on_prem"}
    tree = {"all": [{"any": [leaf]}, {"not": leaf}, {"set": "x", "condition": leaf}]}

    assert len(list(comparisons_in(CONDITION.validate_python(tree)))) == 3


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"when": "unless_met"}, "exactly one of exclude, require, cap, advise"),
        ({"when": "met", "advise": "x"}, "'always', 'unless_met' or 'not_met'"),
        (
            {"when": "always", "advise": "x", "cap": "public"},
            "exactly one of exclude, require, cap, advise",
        ),
        ({"when": "always", "cap": "secret"}, "'public', 'internal', 'confidential'"),
        (
            {"when": "always", "exclude": {"fact": "data.data_class", "is": "public"}},
            "facts belong in applies_when",
        ),
        (
            {"when": "always", "advise": "x", "for": {"opt": "open_weights", "is": True}},
            "`for` goes with require and cap only",
        ),
    ],
)
def test_a_wrong_effect_is_refused(raw: object, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Effect.model_validate(raw)

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": "Tell us."}, "question"),
        ({"basis": "sourced"}, "basis sourced needs at least one source"),
        ({"severity": "advice"}, "severity advice allows only `advise` effects"),
        ({"review_by": "2026-11-22"}, "review_by must come after as_of"),
        ({"applies_when": {"opt": "open_weights", "is": True}}, "options belong in effects"),
        ({"id": "hipaa-1"}, "id"),
        ({"ansers": []}, "Extra inputs"),
    ],
)
def test_a_wrong_control_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Control.model_validate(a_raw_control() | change)

    assert message in str(caught.value)


def test_a_control_needs_no_answer_where_facts_settle_it() -> None:
    settled = {"when": "always", "exclude": {"opt": "open_weights", "is": True}}

    assert Control.model_validate(a_raw_control()).needs_answer
    assert not Control.model_validate(a_raw_control() | {"effects": [settled]}).needs_answer


def a_raw_control() -> dict[str, object]:
    return {
        "id": "TEST-01",
        "regime": "test",
        "title": "A test",
        "question": "Is it so?",
        "severity": "hard_gate",
        "applies_when": {"always": True},
        "effects": [{"when": "unless_met", "exclude": {"opt": "open_weights", "is": True}}],
        "citation": "a test",
        "basis": "house",
        "as_of": "2026-11-22",
        "review_by": "2027-02-28",
        "sources": [],
        "owner": "tester",
        "remedy": "Make it so.",
    }


def test_a_sure_comparison_cannot_be_denied() -> None:
    known = {"opt": "certifications", "surely_has_any": ["hds"]}

    with pytest.raises(ValidationError, match="takes unknown for no; use has_any"):
        Not.model_validate({"not": {"any": [known, {"opt": "operator", "is": "self"}]}})
