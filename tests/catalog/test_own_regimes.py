"""An organisation's own regimes add controls; they can't loosen those that are built in."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook.catalog.regimes import load_regimes
from playbook.errors import CatalogError
from tests.catalog.test_regimes import CONTROL, HEAD, SHARED, a_folder, problems_of

AREA = """\
areas:
  - {id: EU, members: [FR, DE], source: house}
"""
OWN_REGIME = HEAD.replace("id: demo", "id: own") + CONTROL.replace("DEMO-01", "OWN-01")
SAME_CONTROL = OWN_REGIME.replace("OWN-01", "DEMO-01")
SAME_REGIME = OWN_REGIME.replace("id: own", "id: demo")
WIDER = AREA.replace("[FR, DE]", "[FR, DE, CN]")
NOBODY = "option_sets: {vendor: {words: nobody, is: {not: {always: true}}}}\n"
OTHER_HOUSE = "sources: {house: {title: Other, as_of: 2026-11-22, kind: assumption}}\n"


def two_folders(
    folder: Path, *, built_in: dict[str, str], own: dict[str, str]
) -> tuple[Path, Path]:
    """Write the built-in regimes and an organisation's, each as text by file name."""
    roots = []
    for root, files in (("data", built_in), ("our_facts", own)):
        path = folder / root / "regimes"
        path.mkdir(parents=True)
        for name, text in files.items():
            (path / name).write_text(text, encoding="utf-8")
        roots.append(path)
    return roots[0], roots[1]


@pytest.mark.parametrize(
    ("name", "text", "what", "there"),
    [
        ("shared.yaml", NOBODY, "option set vendor", "shared.yaml already; choose another name"),
        ("shared.yaml", OTHER_HOUSE, "source house", "shared.yaml already; choose another name"),
        ("more.yaml", WIDER + OWN_REGIME, "area EU", "demo.yaml already; keep one"),
        ("more.yaml", SAME_CONTROL, "control DEMO-01", "demo.yaml already; keep one"),
        ("more.yaml", SAME_REGIME, "regime demo", "demo.yaml already; keep one"),
    ],
)
def test_an_organisations_folder_cannot_redefine_what_is_built_in(
    tmp_path: Path, name: str, text: str, what: str, there: str
) -> None:
    """Else it could loosen built-in controls: an empty `vendor`, an EU with one more country."""
    folders = two_folders(
        tmp_path,
        built_in={"demo.yaml": AREA + HEAD + CONTROL, "shared.yaml": SHARED},
        own={name: text},
    )

    with pytest.raises(CatalogError) as caught:
        load_regimes(*folders)

    (problem,) = caught.value.problems
    assert problem == f"our_facts/regimes/{name}: {what} is given in data/regimes/{there}"


@pytest.mark.parametrize("place", ["US", "UK", "US-TX", "other", "own", "DE"])
def test_an_area_cannot_take_the_name_of_a_place_and_widen_it(tmp_path: Path, place: str) -> None:
    area = AREA.replace("id: EU", f"id: {place}")

    problems = problems_of(a_folder(tmp_path, head=area + HEAD))

    assert any("areas.0" in line and "a country's code" in line for line in problems), problems


def test_an_organisations_folder_may_add_sets_areas_and_controls(tmp_path: Path) -> None:
    own_sets = "option_sets: {ours: {words: ours, is: {opt: operator, is: self}}}\n"
    own_area = AREA.replace("id: EU", "id: DACH")
    folders = two_folders(
        tmp_path,
        built_in={"demo.yaml": AREA + HEAD + CONTROL, "shared.yaml": SHARED},
        own={
            "shared.yaml": own_sets,
            "more.yaml": own_area + OWN_REGIME.replace("set: vendor", "set: ours"),
        },
    )

    found = load_regimes(*folders)

    assert [regime.id for regime in found] == ["demo", "own"]
    assert [area.id for regime in found for area in regime.areas] == ["EU", "DACH"]
