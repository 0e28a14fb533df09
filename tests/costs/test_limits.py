import pytest

from playbook.costs.limits import not_considered
from tests.costs.builders import a_profile


@pytest.mark.parametrize(
    ("workload", "said"),
    [
        ({"share_cached_input": 0.5}, "share_cache_written is 0"),
        ({"share_cached_input": 0.5, "share_cache_written": 0.5}, "kept for an hour"),
        ({"images_per_call": 1}, "Images priced one by one"),
        ({}, "Calls of unequal length"),
    ],
)
def test_what_a_bill_leaves_out_is_said_to_whom_it_touches(
    workload: dict[str, float], said: str
) -> None:
    lines = not_considered(a_profile(workload=workload))

    assert any(said in line for line in lines)


def test_caches_and_images_are_not_mentioned_to_those_without() -> None:
    said = " ".join(not_considered(a_profile()))

    assert "share_cache_written" not in said
    assert "Images" not in said
