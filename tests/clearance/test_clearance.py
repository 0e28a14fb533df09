"""Sending is refused unless a clearance allows it; the default is no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.clearance import Clearance, EndpointClearance, Label, decide_sending, inherited
from playbook.vocabulary import DataClass, DataType

TYPES: tuple[DataType, ...] = ("personal", "phi", "cui", "public_only")
LABELS = st.builds(
    Label,
    data_class=st.sampled_from(DataClass),
    data_types=st.lists(st.sampled_from(TYPES), max_size=3).map(tuple),
)


def a_clearance(
    highest: DataClass | None, team_types: tuple[DataType, ...] | None = None
) -> Clearance:
    entry = EndpointClearance(
        endpoint="api", highest_class=highest, allowed_addresses=("a.org:443",), controls=("X-01",),
        because="no contract",
    )  # fmt: skip
    return Clearance(endpoints=(entry,), team_class=DataClass.INTERNAL, team_types=team_types)


@pytest.mark.parametrize("highest", [None, *DataClass])
@pytest.mark.parametrize("sent", list(DataClass))
def test_a_prompt_may_go_only_where_its_class_is_within_the_limit(
    highest: DataClass | None, sent: DataClass
) -> None:
    ruling = decide_sending(a_clearance(highest), "api", sent)

    order = ["public", "internal", "confidential", "restricted"]
    within = highest is not None and order.index(sent) <= order.index(highest)
    assert ruling.allowed is within


def test_an_endpoint_without_an_entry_may_receive_nothing() -> None:
    ruling = decide_sending(a_clearance(DataClass.RESTRICTED), "other", DataClass.PUBLIC)

    assert not ruling.allowed
    assert "no clearance" in ruling.because


def test_a_refusal_names_the_control_the_limit_and_the_reason() -> None:
    ruling = decide_sending(a_clearance(DataClass.INTERNAL), "api", DataClass.RESTRICTED)

    assert ruling.controls == ("X-01",)
    assert "restricted data may not go to api: at most internal. no contract" in ruling.because


@pytest.mark.parametrize("team_types", [None, (), ("personal",), ("public_only",)])
def test_a_type_that_the_team_does_not_state_keeps_a_prompt_back_and_is_named_with_the_fix(
    team_types: tuple[DataType, ...] | None,
) -> None:
    clearance = a_clearance(DataClass.RESTRICTED, team_types)

    ruling = decide_sending(clearance, "api", DataClass.INTERNAL, ("phi",))

    assert not ruling.allowed
    assert "it holds phi, which data.data_types does not state" in ruling.because
    assert "add phi to data.data_types" in ruling.because


@pytest.mark.parametrize("held", [(), ("public_only",), ("phi",), ("phi", "personal")])
def test_types_that_the_team_states_do_not_stop_a_prompt(held: tuple[DataType, ...]) -> None:
    clearance = a_clearance(DataClass.RESTRICTED, ("personal", "phi"))

    assert decide_sending(clearance, "api", DataClass.INTERNAL, held).allowed


def test_a_public_prompt_that_holds_a_regulated_type_contradicts_itself_and_is_kept_back() -> None:
    clearance = a_clearance(DataClass.RESTRICTED, ("phi",))

    ruling = decide_sending(clearance, "api", DataClass.PUBLIC, ("phi",))

    assert not ruling.allowed
    assert "public data is of no regulated type, but it holds phi" in ruling.because


@given(limit=st.sampled_from(DataClass), label=LABELS, more=LABELS)
def test_what_is_made_from_a_forbidden_text_is_forbidden_too(
    limit: DataClass, label: Label, more: Label
) -> None:
    clearance = a_clearance(limit, ("personal", "phi"))
    made = inherited(label, more)

    def allowed(one: Label) -> bool:
        return decide_sending(clearance, "api", one.data_class, one.data_types).allowed

    assert allowed(label) or not allowed(made) or label.data_class is DataClass.PUBLIC


def test_derived_text_has_the_highest_class_and_all_types() -> None:
    few_shot = Label(data_class=DataClass.CONFIDENTIAL, data_types=("personal",))
    prompt = Label(data_class=DataClass.INTERNAL, data_types=("public_only",))
    answer = Label(data_class=DataClass.PUBLIC)

    made = inherited(prompt, few_shot, answer)

    assert made == Label(data_class=DataClass.CONFIDENTIAL, data_types=("personal",))


def test_text_made_from_nothing_labelled_is_restricted() -> None:
    assert inherited() == Label(data_class=DataClass.RESTRICTED)


def test_the_hash_of_a_clearance_changes_with_each_rule_in_it() -> None:
    hashes = {
        a_clearance(DataClass.PUBLIC).sha256,
        a_clearance(DataClass.INTERNAL).sha256,
        a_clearance(DataClass.INTERNAL, ("phi",)).sha256,
    }

    assert len(hashes) == 3
    assert a_clearance(DataClass.PUBLIC).sha256 in hashes
