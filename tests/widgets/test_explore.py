"""`explore` is a plain figure in batch and a form with a live figure in a workshop."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as widgets
import plotly.graph_objects as go
import pytest

from playbook.profile import Profile, load_profile
from playbook.profile.sections import Workload
from playbook.widgets import explore, in_workshop
from playbook.widgets.controls import controls_of
from playbook.widgets.explorer import Explorer
from tests.widgets.builders import HOSTILE, Counted, a_figure

FIELDS = ("tokens_per_day", "share_output")
TEXT = """\
team:
  name: acme
workload:
  tokens_per_day: 1_000_000  # counted
  share_output: 0.25  # guessed
"""


@pytest.fixture
def params(tmp_path: Path) -> Path:
    path = tmp_path / "acme.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def an_explorer(verb: Counted, save_to: Path | None = None) -> Explorer:
    section = load_profile(save_to).workload if save_to else Workload()
    controls = controls_of(section, FIELDS)
    return Explorer(verb, section, views={"": a_figure}, controls=controls, save_to=save_to)


def move(form: Explorer, name: str, value: object) -> None:
    next(one for one in form.controls if one.name == name).input.value = value


def test_batch_gets_the_plain_figure_of_one_call() -> None:
    verb = Counted()

    figure = explore(verb, Workload(), show=a_figure, interactive=False)

    assert type(figure) is go.Figure
    assert len(verb.seen) == 1


def test_workshop_gets_controls_in_the_order_of_the_fields() -> None:
    box = explore(Counted(), Workload(), show=a_figure, interactive=True, fields=FIELDS)

    assert isinstance(box, widgets.VBox)
    names = [row.children[0].description for row in box.children[: len(FIELDS)]]
    assert names == ["tokens per day", "share output"]


def test_workshop_is_told_by_jupyterlab_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert not in_workshop(None)

    monkeypatch.setenv("JPY_SESSION_NAME", "03_costs.ipynb")
    assert in_workshop(None)
    assert not in_workshop(interactive=False)


def test_one_change_calls_the_verb_once_and_draws_its_result() -> None:
    verb = Counted()
    form = an_explorer(verb)

    move(form, "tokens_per_day", 3e6)

    assert len(verb.seen) == 2
    assert "3e+06 tokens" in form.figure.title
    assert form.message.text == ""


def test_refused_value_leaves_a_line_and_the_last_figure() -> None:
    form = an_explorer(Counted(refuses=f"too much\nfor {HOSTILE}"))
    before = form.figure.title

    move(form, "tokens_per_day", 3e6)

    assert form.figure.title == before
    assert "Not possible" in form.message.text
    assert "too much for" in form.message.text
    assert HOSTILE not in form.message.widget.value
    assert "&lt;img" in form.message.widget.value


def test_save_writes_changed_leaves_and_no_other_line(params: Path) -> None:
    form = an_explorer(Counted(), params)

    move(form, "share_output", 0.5)
    form.save.click()

    assert params.read_text(encoding="utf-8") == TEXT.replace("0.25 ", "0.5 ")
    assert form.message.text == "Saved 1 value to acme.yaml"


def test_second_save_without_a_change_writes_nothing(params: Path) -> None:
    form = an_explorer(Counted(), params)
    move(form, "share_output", 0.5)
    form.save.click()
    params.unlink()

    form.save.click()

    assert not params.exists()
    assert "Nothing has changed" in form.message.text


def test_value_moved_back_after_a_save_is_saved_again(params: Path) -> None:
    form = an_explorer(Counted(), params)
    move(form, "share_output", 0.5)
    form.save.click()

    move(form, "share_output", 0.25)
    form.save.click()

    assert load_profile(params).workload.share_output == pytest.approx(0.25)


def test_failed_save_says_so_in_one_line(params: Path) -> None:
    form = an_explorer(Counted(), params)
    move(form, "share_output", 0.5)
    params.unlink()

    form.save.click()

    assert form.message.text.startswith("Not saved: ")
    assert "\n" not in form.message.text


def test_without_a_params_file_there_is_no_save_button() -> None:
    form = an_explorer(Counted())

    assert form.save not in [*form.box.children, *_grandchildren(form.box)]


class Kept:
    """A verb that keeps the profiles that it was given, and returns the last."""

    def __init__(self) -> None:
        self.seen: list[Profile] = []

    def __call__(self, profile: Profile) -> Profile:
        self.seen.append(profile)
        return profile


def an_explorer_of_all(verb: Kept, profile: Profile, save_to: Path | None = None) -> Explorer:
    controls = controls_of(profile, ("workload.tokens_per_day", "infrastructure.spare_replicas"))
    views = {"volume": volume_figure, "spare": spare_figure}
    return Explorer(verb, profile, views=views, controls=controls, save_to=save_to)


def volume_figure(profile: Profile) -> go.Figure:
    return a_figure(f"{profile.workload.tokens_per_day.likely:g} tokens")


def spare_figure(found: Profile | str) -> go.Figure:
    return a_figure(
        f"{found.infrastructure.spare_replicas if isinstance(found, Profile) else 0} spare"
    )


def test_fields_of_several_sections_change_one_profile() -> None:
    verb = Kept()
    form = an_explorer_of_all(verb, Profile())

    move(form, "tokens_per_day", 3e6)
    move(form, "spare_replicas", 4)

    assert verb.seen[-1].workload.tokens_per_day.likely == pytest.approx(3e6)
    assert verb.seen[-1].infrastructure.spare_replicas == 4
    assert verb.seen[-1].team == Profile().team


def test_another_view_draws_the_last_result_without_computing_again() -> None:
    verb = Kept()
    form = an_explorer_of_all(verb, Profile())
    move(form, "spare_replicas", 4)

    form.views.value = spare_figure

    assert form.figure.title.startswith("4 spare")
    assert len(verb.seen) == 2


class InParts:
    """A verb that keeps which parts it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...] | None] = []

    def __call__(self, profile: Profile, *, parts: tuple[str, ...] | None = None) -> Profile:
        self.asked.append(parts)
        return profile


class ViewOf:
    """A view that needs some parts."""

    def __init__(self, *parts: str) -> None:
        self.parts = parts

    def __call__(self, profile: Profile) -> go.Figure:
        return volume_figure(profile)


def test_a_view_computes_its_own_parts_and_another_only_what_is_missing() -> None:
    verb, quick, slow = InParts(), ViewOf(), ViewOf("trends")
    controls = controls_of(Profile(), ("infrastructure.spare_replicas",))
    form = Explorer(verb, Profile(), views={"quick": quick, "slow": slow}, controls=controls,
                    save_to=None)  # fmt: skip

    form.views.value = slow
    form.views.value = quick
    move(form, "spare_replicas", 3)

    assert verb.asked == [(), ("trends",), ()]


def test_fields_of_several_sections_are_saved_where_they_belong(params: Path) -> None:
    form = an_explorer_of_all(Kept(), load_profile(params), params)

    move(form, "tokens_per_day", 3e6)
    move(form, "spare_replicas", 4)
    form.save.click()

    saved = load_profile(params)
    assert form.message.text == "Saved 2 values to acme.yaml"
    assert saved.workload.tokens_per_day.likely == pytest.approx(3e6)
    assert saved.infrastructure.spare_replicas == 4


def test_of_several_views_batch_gets_the_first() -> None:
    views = {"first": a_figure, "second": spare_figure}

    figure = explore(Counted(), Workload(), show=views, interactive=False)

    assert "tokens" in figure.layout.title.text


def test_no_view_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to show"):
        explore(Counted(), Workload(), show={}, interactive=False)


def _grandchildren(box: widgets.Box) -> list[widgets.Widget]:
    return [one for child in box.children for one in getattr(child, "children", ())]
