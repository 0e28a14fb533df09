"""Data counts as no less sensitive than its types imply, whatever class the team states."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.catalog import house_classes, least_class, load_catalog
from playbook.compliance import OptionVerdict
from playbook.trials.scanning import rules_by_id
from playbook.vocabulary import DataClass, DataType, Verdict
from tests.compliance.builders import OWN, US_API, a_profile, all_answered, assess, verdict
from tests.compliance.test_monotone import ENDPOINTS

SIGNED = {"us-api": ["baa", "tpsp_pci", "glba_clause", "nydfs_clause", "dpa_art28"]}
TYPES = st.lists(st.sampled_from(get_args(DataType)), max_size=4, unique=True)
CLASSES = st.sampled_from(list(DataClass))
RANK = {Verdict.OUT: 0, Verdict.CONDITIONAL: 1, Verdict.OK: 2}


@pytest.mark.parametrize("stated", ["public", "internal", "confidential"])
@pytest.mark.parametrize(
    ("types", "facts", "control", "option"),
    [
        (["phi"], {}, "HIPAA-02", US_API),
        (["phi"], {}, "HIPAA-05", OWN),
        (["npi_financial"], {"org_roles": ["glba_institution"]}, "GLBA-01", US_API),
        (["npi_financial"], {"org_roles": ["nydfs_covered_entity"]}, "NYDFS-01", US_API),
        (["client_confidential"], {"org_roles": ["law_firm"]}, "LEGAL-02", OWN),
    ],
)
def test_a_low_stated_class_does_not_slip_under_a_cap_on_the_type(
    stated: str, types: list[str], facts: dict[str, object], control: str, option: str
) -> None:
    answers = all_answered("met", **{control.replace("-", "_"): "not_met"})
    team = a_profile(
        data_class=stated, data_types=types, contracts=SIGNED, answers=answers, **facts
    )

    found = verdict(team, option)

    assert found.verdict == "OUT"
    assert control in found.controls


def test_the_reason_says_why_the_class_counts_as_higher() -> None:
    answers = all_answered("met", HIPAA_02="not_met")
    team = a_profile(data_class="internal", data_types=["phi"], contracts=SIGNED, answers=answers)

    (why,) = verdict(team, US_API).because

    assert (
        "data.data_class says internal, but phi counts as at least restricted (house rule)" in why
    )


def test_a_control_on_the_class_says_why_it_applies_to_a_low_one() -> None:
    team = a_profile(data_class="internal", data_types=["phi"])

    retention = next(one for one in assess(team).findings if one.control == "BASE-03")

    assert retention.applies == "yes"
    assert "phi counts as at least restricted" in retention.why


def test_a_class_that_fits_its_types_is_told_without_a_note() -> None:
    team = a_profile(data_class="restricted", data_types=["phi"], answers=all_answered("not_met"))

    assert not any("counts as" in line for line in verdict(team, US_API).because)


def test_types_that_are_not_stated_leave_the_class_open_upwards() -> None:
    team = a_profile(data_class="internal", data_types=None)

    found = {one.control: one for one in assess(team).findings}

    assert found["BASE-02"].applies == "yes"
    assert found["BASE-03"].applies == "may"
    assert found["BASE-03"].missing_facts == ("data.data_types",)


def test_a_class_that_is_not_stated_is_known_as_far_as_its_types_imply_it() -> None:
    personal = a_profile(data_class=None, data_types=["personal"])
    neither = a_profile(data_class=None, data_types=None)

    told = {one.control: one.applies for one in assess(personal).findings}
    open_ = {one.control: one.applies for one in assess(neither).findings}

    assert told["BASE-03"] == "yes"
    assert open_["BASE-03"] == "may"


def test_naming_a_type_opens_no_endpoint_beyond_the_stated_class() -> None:
    met = all_answered("met")
    team = a_profile(
        data_class="internal", data_types=["phi"], answers=met, trials={"endpoints": ENDPOINTS}
    )

    clearance = assess(team).clearance

    assert {one.highest_class for one in clearance.endpoints} == {DataClass.INTERNAL}
    assert clearance.team_class is DataClass.RESTRICTED
    assert all("phi counts as at least restricted" in one.because for one in clearance.endpoints)


@given(CLASSES, TYPES, st.sampled_from(["met", "partly", "not_met", "unknown"]))
def test_a_team_fares_as_if_it_had_stated_the_class_that_its_types_imply(
    stated: DataClass, types: list[DataType], word: str
) -> None:
    implied = least_class(types, house_classes())
    higher = max(stated, implied, key=lambda one: one.rank)

    low = assess(a_profile(data_class=stated, data_types=types, answers=all_answered(word)))
    high = assess(a_profile(data_class=higher, data_types=types, answers=all_answered(word)))

    assert [judged(one) for one in low.verdicts] == [judged(one) for one in high.verdicts]


@given(CLASSES, TYPES, st.sampled_from(get_args(DataType)))
def test_one_more_type_never_gives_an_option_back(
    stated: DataClass, types: list[DataType], another: DataType
) -> None:
    answers = all_answered("partly")

    before = assess(a_profile(data_class=stated, data_types=types, answers=answers))
    after = assess(a_profile(data_class=stated, data_types=[*types, another], answers=answers))

    was = {one.option: RANK[one.verdict_if_unknowns_go_badly] for one in before.verdicts}
    assert all(RANK[one.verdict_if_unknowns_go_badly] <= was[one.option] for one in after.verdicts)


def judged(one: OptionVerdict) -> tuple[object, ...]:
    return one.option, one.verdict, one.controls, one.questions


def test_the_scan_labels_nothing_lower_than_its_types_imply() -> None:
    low = [
        one.id
        for one in rules_by_id().values()
        if least_class(one.data_types, house_classes()).rank > one.data_class.rank
    ]

    assert low == []


def test_the_shipped_table_names_each_type_once_and_is_the_catalogue_s() -> None:
    named = [one for row in house_classes() for one in row.types]

    assert sorted(named) == sorted(set(named))
    assert load_catalog().least_classes == house_classes()
    assert set(get_args(DataType)) - set(named) == {"source_code", "public_only"}
