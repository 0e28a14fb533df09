"""Each field of the profile gets the control that its type, bounds and unit ask for."""

from __future__ import annotations

import ipywidgets as widgets
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.profile import SECTIONS, Profile, leaf_fields
from playbook.profile.sections import Data, Domain, Infrastructure, Team, Weights, Workload
from playbook.records import Record
from playbook.uncertainty import Estimate
from playbook.widgets.controls import FieldControl, controls_of, simple_fields
from tests.widgets.builders import HOSTILE


def the_control(section: Record, name: str) -> FieldControl:
    return controls_of(section, (name,))[0]


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_every_simple_field_of_a_section_has_a_control_that_says_its_value(name: str) -> None:
    section = SECTIONS[name]()

    controls = controls_of(section)

    assert {one.name for one in controls} == set(simple_fields(section))
    for one in controls:
        assert one.value() == getattr(section, one.name)
        assert one.input.tooltip == one.field.meaning != ""
        assert one.field.unit in one.note.value


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_default_sections_survive_their_own_form(name: str) -> None:
    section = SECTIONS[name]()

    again = section.changed(**{one.name: one.value() for one in controls_of(section)})

    assert again == section


@pytest.mark.parametrize(
    ("section", "name", "kind"),
    [
        (Workload(), "tokens_per_day", widgets.FloatLogSlider),
        (Workload(), "share_output", widgets.FloatSlider),
        (Workload(), "max_context_tokens", widgets.FloatLogSlider),
        (Workload(), "needs_fine_latency_control", widgets.Checkbox),
        (Workload(), "availability", widgets.Dropdown),
        (Data(), "data_class", widgets.Dropdown),
        (Data(), "logs_prompts", widgets.Dropdown),
        (Infrastructure(), "on_call_people", widgets.IntSlider),
        (Team(), "budget_usd_per_month", widgets.Text),
        (Team(), "decide_by", widgets.Text),
        (Weights(), "cost", widgets.FloatSlider),
    ],
)
def test_kind_of_control_follows_the_field(section: Record, name: str, kind: type) -> None:
    assert type(the_control(section, name).input) is kind


def test_sliders_never_leave_the_bounds_of_their_field() -> None:
    bounds = {one.path: one for one in leaf_fields()}
    for name, section in SECTIONS.items():
        for one in controls_of(section()):
            field, least = bounds[f"{name}.{one.name}"], getattr(one.input, "min", None)
            if least is None or isinstance(one.input, widgets.FloatLogSlider):
                continue
            assert field.low is None or least >= field.low
            assert field.high is None or one.input.max <= field.high
            assert not (field.low_excluded and least == field.low)


def test_all_weights_share_one_scale_and_can_be_zero() -> None:
    names = ("cost", "quality", "lifecycle")

    ranges = {(one.input.min, one.input.max) for one in controls_of(Weights(), names)}

    assert ranges == {(0.0, 100.0)}


@given(st.floats(min_value=1e5, max_value=1e9))
def test_moved_estimate_keeps_order_and_relative_spread(likely: float) -> None:
    section = Workload(tokens_per_day=Estimate(low=5e5, likely=1e6, high=2e6))
    control = the_control(section, "tokens_per_day")

    control.input.value = likely
    value = control.value()

    assert isinstance(value, Estimate)
    assert value.low <= value.likely <= value.high
    assert value.high / value.low == pytest.approx(4, rel=2e-3)


def test_untouched_value_is_kept_to_the_last_digit() -> None:
    section = Workload(tokens_per_day=Estimate(low=1, likely=8_123_456, high=9e6))

    assert the_control(section, "tokens_per_day").value() == section.tokens_per_day


@pytest.mark.parametrize(("text", "value"), [("12000", 12_000.0), ("  ", None)])
def test_optional_number_is_text_and_empty_means_not_known(text: str, value: float | None) -> None:
    team = Team(budget_usd_per_month=5.0)
    control = the_control(team, "budget_usd_per_month")

    control.input.value = text

    assert team.changed(budget_usd_per_month=control.value()).budget_usd_per_month == value


def test_unknown_yes_and_no_are_three_choices() -> None:
    control = the_control(Domain(), "will_fine_tune")

    assert control.input.options == (("not known", None), ("yes", True), ("no", False))
    assert control.value() is None


def test_units_of_hostile_text_stay_text() -> None:
    team = Team(title=HOSTILE)

    control = the_control(team, "title")

    assert control.value() == HOSTILE
    assert HOSTILE not in control.note.value


def test_unknown_field_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="Workload has no simple field tokens_per_dya"):
        controls_of(Workload(), ("tokens_per_dya",))


def test_record_that_is_no_section_is_refused() -> None:
    with pytest.raises(ValueError, match="Record is neither the profile nor a section"):
        controls_of(Record())


def test_fields_of_several_sections_are_named_with_their_section() -> None:
    profile = Profile(infrastructure=Infrastructure(spare_replicas=2))

    volume, spare = controls_of(
        profile, ("workload.tokens_per_day", "infrastructure.spare_replicas")
    )

    assert (volume.section, volume.name) == ("workload", "tokens_per_day")
    assert (spare.section, spare.value()) == ("infrastructure", 2)


def test_a_list_of_free_words_has_a_control_where_the_words_to_choose_from_are_given() -> None:
    section, choices = Domain(), {"candidate_models": ("one", "two")}

    (control,) = controls_of(section, ("candidate_models",), choices=choices)
    assert control.input.unknown.description == "any"
    control.input.boxes["two"].value = True

    assert control.value() == ("two",)
    with pytest.raises(ValueError, match="no simple field candidate_models"):
        controls_of(section, ("candidate_models",))


def test_half_a_person_is_never_read_as_500m() -> None:
    slider = the_control(Infrastructure(), "fte_needed_self_hosted").input

    assert slider.value == pytest.approx(0.5)
    assert slider.readout_format == ".3r"
    assert the_control(Workload(), "tokens_per_day").input.readout_format == ".3s"
