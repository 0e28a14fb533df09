"""Regime files: what ships is whole and cited, and what is wrong is named with file and control."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.catalog.load import DATA
from playbook.catalog.regimes import load_regimes
from playbook.errors import CatalogError

CONTROL = """\
  - id: DEMO-01
    title: A demo control
    question: Is it so?
    severity: hard_gate
    applies_when: {always: true}
    effects:
      - {when: unless_met, exclude: {set: vendor}}
    citation: a test
    basis: house
    sources: [house]
    owner: tester
    remedy: Make it so.
"""
SHARED = """\
option_sets:
  vendor: {words: run by a third party, is: {opt: operator, is: third_party}}
  outside: {words: outside, is: {set: vendor}}
sources:
  house: {title: House rule, as_of: 2026-11-22, kind: assumption}
"""
HEAD = """\
id: demo
title: Demo
scope: A test.
as_of: 2026-11-22
review_by: 2027-02-28
source: house
controls:
"""


def a_folder(folder: Path, controls: str = CONTROL, shared: str = SHARED, head: str = HEAD) -> Path:
    (folder / "demo.yaml").write_text(head + controls, encoding="utf-8")
    (folder / "shared.yaml").write_text(shared, encoding="utf-8")
    return folder


def problems_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(CatalogError) as caught:
        load_regimes(folder)
    return caught.value.problems


def test_the_regimes_that_a_team_needs_first_are_there() -> None:
    regimes = {regime.id: regime for regime in load_regimes(DATA / "regimes")}

    assert {"hipaa", "gdpr", "ai_act", "legal", "licences", "house", "finance"} <= set(regimes)
    assert sum(len(regime.controls) for regime in regimes.values()) >= 15


def test_every_control_says_what_it_rests_on_and_when_it_was_read() -> None:
    for control in load_catalog().controls:
        assert control.citation
        assert control.sources or control.basis == "memory", control.id
        assert all(source.as_of <= control.review_by for source in control.sources)
        if control.basis == "house":
            assert all(source.kind != "licence_text" for source in control.sources)


def test_the_house_baseline_covers_the_operation_of_the_service() -> None:
    titles = " ".join(control.title.lower() for control in load_catalog().controls)

    for word in ("log", "rate-limited", "filters", "invented", "patched", "access", "incident"):
        assert word in titles, word


def test_a_sound_folder_loads_with_its_sets_and_sources_filled_in(tmp_path: Path) -> None:
    (regime,) = load_regimes(a_folder(tmp_path))

    (control,) = regime.controls
    assert control.regime == "demo"
    assert control.sources[0].title == "House rule"
    assert control.effects[0].exclude is not None


def test_a_further_folder_may_use_the_sets_of_the_first(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "more.yaml").write_text(
        HEAD.replace("id: demo", "id: own") + CONTROL.replace("DEMO-01", "OWN-01"), encoding="utf-8"
    )

    found = load_regimes(a_folder(tmp_path), own)

    assert [regime.id for regime in found] == ["demo", "own"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (("set: vendor", "set: vendors"), "option set 'vendors' is unknown; did you mean vendor?"),
        (("[house]", "[hose]"), "source 'hose' is unknown; did you mean house?"),
        (("severity: hard_gate", "severity: hard"), "severity"),
        (("unless_met", "no"), "effects.0.when"),
        (("Is it so?", "It is so."), "question"),
        (("remedy: Make it so.", ""), "remedy"),
        (("always: true", "fact: data.x, hass: y"), "did you mean has?"),
        (("owner: tester", "owner: tester\n    extra: 1"), "extra"),
    ],
)
def test_a_mistake_is_named_with_file_and_control(
    tmp_path: Path, wrong: tuple[str, str], message: str
) -> None:
    problems = problems_of(a_folder(tmp_path, CONTROL.replace(*wrong)))

    assert any("demo.yaml: DEMO-01" in line and message in line for line in problems), problems


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    two = CONTROL.replace("[house]", "[hose]") + CONTROL.replace("DEMO-01", "DEMO-02").replace(
        "so?", "so."
    )

    problems = problems_of(a_folder(tmp_path, two))

    assert any("DEMO-01" in line for line in problems)
    assert any("DEMO-02" in line for line in problems)


def test_a_control_given_twice_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(a_folder(tmp_path, CONTROL + CONTROL))

    assert "/demo.yaml: control DEMO-01 is given in " in problem
    assert problem.endswith("/demo.yaml already; keep one")


def test_an_option_set_that_names_itself_is_refused(tmp_path: Path) -> None:
    circular = SHARED.replace("is: {set: vendor}", "is: {set: outside}")

    problems = problems_of(a_folder(tmp_path, CONTROL.replace("vendor", "outside"), circular))

    assert any("option set 'outside' is unknown" in line for line in problems)


@pytest.mark.parametrize("text", ["controls: [", "- a\n- b\n", "!!python/object:os.system {}"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    folder = a_folder(tmp_path)
    (folder / "broken.yaml").write_text(text, encoding="utf-8")

    assert any("/broken.yaml: " in line for line in problems_of(folder))


@pytest.mark.parametrize("controls", ["  oops: 1\n", "  - oops\n"])
def test_controls_that_are_no_list_of_mappings_are_refused(tmp_path: Path, controls: str) -> None:
    problems = problems_of(a_folder(tmp_path, controls))

    assert any("controls must be a list of mappings" in line for line in problems)


@pytest.mark.parametrize(
    ("shared", "message"),
    [
        ("option_sets: [a]\n", "option_sets must map names to mappings"),
        ("option_sets: {vendor: {is: {always: true}}}\n", "vendor needs `words` and `is`"),
        ("option_set: {}\n", "option_set is unknown; known are option_sets, sources"),
        ("sources: {house: 3}\n", "sources must map names to mappings"),
    ],
)
def test_a_shared_file_of_the_wrong_shape_is_refused(
    tmp_path: Path, shared: str, message: str
) -> None:
    problems = problems_of(a_folder(tmp_path, shared=shared))

    assert any(message in line for line in problems), problems


@pytest.mark.parametrize("text", ["id: a\nid: b\n", "id: &x a\ntitle: *x\n", "no: 1\n"])
def test_yaml_that_can_hide_something_is_refused(tmp_path: Path, text: str) -> None:
    folder = a_folder(tmp_path)
    (folder / "sly.yaml").write_text(text, encoding="utf-8")

    assert any("/sly.yaml: not readable as YAML" in line for line in problems_of(folder))


def test_the_european_union_has_27_members_and_the_eea_three_more() -> None:
    areas = {
        area.id: set(area.members) for regime in load_catalog().regimes for area in regime.areas
    }

    assert len(areas["EU"]) == 27
    assert areas["EEA"] - areas["EU"] == {"IS", "LI", "NO"}
