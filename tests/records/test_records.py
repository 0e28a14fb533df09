"""Records are strict, frozen, documented, and go to frames and back."""

import pytest
from pydantic import ValidationError

from playbook.profile import SECTIONS
from playbook.records import Record, describe, from_frame, to_frame
from playbook.stages import STAGES
from playbook.units import Share


class Mix(Record):
    """A mix."""

    name: str
    """Its name."""
    share_output: Share = 0.25
    """Share of output tokens."""


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(ValidationError, match="share_outptu"):
        Mix.model_validate({"name": "a", "share_outptu": 0.5})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, 1.1])
def test_a_share_is_a_number_from_0_to_1(value: float) -> None:
    with pytest.raises(ValidationError):
        Mix(name="a", share_output=value)


def test_a_change_is_validated_again() -> None:
    with pytest.raises(ValidationError):
        Mix(name="a").changed(share_output=25)


def test_a_field_row_tells_unit_bounds_default_and_meaning() -> None:
    row = describe(Mix)[1]

    assert (row.unit, row.low, row.high, row.default) == ("share, 0 to 1", 0, 1, 0.25)
    assert row.description == "Share of output tokens."


def test_records_survive_the_way_to_a_frame_and_back() -> None:
    mixes = (Mix(name="a"), Mix(name="b", share_output=0.5))

    assert from_frame(to_frame(mixes), Mix) == mixes
    assert list(to_frame((), Mix).columns) == ["name", "share_output"]


@pytest.mark.parametrize("kind", [*SECTIONS.values(), *(one.record for one in STAGES)])
def test_every_field_of_every_section_and_stage_record_says_what_it_means(
    kind: type[Record],
) -> None:
    assert [row.name for row in describe(kind) if not row.description] == []
