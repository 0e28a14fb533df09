"""Sending is refused unless a clearance allows it; the default is no."""

import pytest

from playbook.clearance import Clearance, EndpointClearance, decide_sending
from playbook.vocabulary import DataClass


def a_clearance(highest: DataClass | None) -> Clearance:
    entry = EndpointClearance(
        endpoint="api", highest_class=highest, allowed_addresses=("a.org:443",), controls=("X-01",),
        because="no contract",
    )  # fmt: skip
    return Clearance(endpoints=(entry,), team_class=DataClass.INTERNAL)


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
