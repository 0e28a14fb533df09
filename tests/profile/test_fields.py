"""The schema describes itself: every field has its meaning, and numbers their unit or bounds."""

from __future__ import annotations

import subprocess
import sys

from playbook.profile import SECTIONS, Profile, leaf_fields, leaf_paths
from playbook.profile.fields import field_at, is_leaf
from playbook.uncertainty import Estimate

DIMENSIONLESS = {"trials.temperature"}


def test_every_field_of_every_section_is_described_once() -> None:
    paths = [one.path for one in leaf_fields()]

    assert len(paths) == len(set(paths))
    assert {path.split(".")[0] for path in paths} == set(SECTIONS)
    assert {
        "trials.endpoints.*.id",
        "data.answers.*.due",
        "infrastructure.lead_times.self_hosted",
    } <= set(paths)


def test_every_number_that_is_not_a_count_has_its_unit() -> None:
    without = {one.path for one in leaf_fields() if one.kind in (float, Estimate) and not one.unit}

    assert without == DIMENSIONLESS


def test_no_estimate_of_a_profile_may_be_negative() -> None:
    assert all(one.low == 0 for one in leaf_fields() if one.kind is Estimate)


def test_the_leaves_of_a_profile_are_those_that_are_inherited_one_by_one() -> None:
    leaves = leaf_paths(Profile())

    assert leaves["workload.tokens_per_day"] == {"low": 5e5, "likely": 1e6, "high": 2e6}
    assert leaves["trials.endpoints"] == []
    assert all(is_leaf(tuple(path.split("."))) for path in leaves)


def test_paths_into_lists_and_mappings_find_their_field() -> None:
    answer = field_at(("data", "answers", "HIPAA-01", "answer"))
    perimeter = field_at(("trials", "endpoints", 3, "perimeter"))

    assert answer is not None
    assert answer.choices[0] == "met"
    assert perimeter is not None
    assert perimeter.default == "external"
    assert field_at(("data", "answers", "HIPAA-01", "nope")) is None


def test_loading_a_profile_needs_none_of_the_heavy_libraries() -> None:
    code = (
        "import sys, playbook.profile; "
        "print(sorted({'pandas', 'plotly', 'litellm', 'scipy', 'papermill'} & set(sys.modules)))"
    )

    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "[]"
