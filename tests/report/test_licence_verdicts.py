"""What licences mean for the team is told apart by place, with sections, duties and reasons."""

from playbook.landscape.records import Reason
from playbook.report.licence_verdicts import asked, licence_cell
from tests.figures.builders import a_barred_model, a_landscape, a_model


def test_places_whose_verdicts_differ_are_told_apart_in_red() -> None:
    cell = licence_cell(a_barred_model())

    assert cell == (
        "a-licence: API: ◐ conditional (section 1.b) · own servers: ✕ not permitted (use policy)"
    )
    assert getattr(cell, "tone", "") == "red"


def test_places_that_agree_are_said_once() -> None:
    (by_api, own) = a_barred_model().findings
    same = a_barred_model().changed(findings=(by_api, own.changed(reasons=by_api.reasons)))

    assert licence_cell(same) == "a-licence: ◐ conditional (section 1.b)"


def test_every_duty_and_bar_is_listed_with_place_section_and_source() -> None:
    rows = [tuple(row) for row in asked(a_landscape(models=(a_barred_model(),))).rows]

    assert rows == [
        ("Named", "API", "◐ conditional", "say who made it", "section 1.b", "[1]"),
        ("Named", "own servers", "✕ not permitted", "places are left out", "use policy", "[1]"),
    ]


def test_models_under_the_same_terms_share_a_row() -> None:
    both = (a_barred_model(), a_barred_model("second"))

    rows = asked(a_landscape(models=both)).rows

    assert [row[0] for row in rows] == ["Named, Second", "Named, Second"]


def test_a_duty_that_binds_everywhere_is_listed_once() -> None:
    (by_api, own) = a_barred_model().findings
    same = a_barred_model().changed(findings=(by_api, own.changed(reasons=by_api.reasons)))

    (row,) = asked(a_landscape(models=(same,))).rows

    assert row[1] == "API and own servers"


def test_a_reason_kept_only_as_text_is_shown_as_it_is() -> None:
    unread = Reason(rule="licence", result="unknown", because="unknown: nobody has read it.")

    (row,) = asked(a_landscape(models=(a_model(reasons=(unread,), state="in_doubt"),))).rows

    assert row[1:5] == ("anywhere", "? unknown", "unknown: nobody has read it.", "not read")


def test_what_is_permitted_without_conditions_asks_nothing() -> None:
    free = Reason(rule="licence", result="pass", because="permitted: section 2: granted.")

    assert not asked(a_landscape(models=(a_model(reasons=(free,)),))).rows
