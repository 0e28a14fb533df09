"""A live figure shows what the last figure said, and nothing of the one before."""

from __future__ import annotations

from playbook.widgets.live_figure import LiveFigure
from tests.widgets.builders import a_figure


def test_redraw_in_place_keeps_the_widget() -> None:
    live = LiveFigure(a_figure("before"))
    widget = live.box.children[0]

    live.draw(a_figure("after"))

    assert live.box.children[0] is widget
    assert live.title.startswith("after")


def test_figure_of_another_kind_replaces_the_widget() -> None:
    live = LiveFigure(a_figure("before"))
    widget = live.box.children[0]

    live.draw(a_figure("after", kind="bar"))

    assert live.box.children[0] is not widget
    assert [one.type for one in live.box.children[0].data] == ["bar"]


def test_notes_and_error_bars_of_the_old_figure_are_gone() -> None:
    old = a_figure("before").add_annotation(text="crossing").update_traces(error_x={"array": [1]})
    live = LiveFigure(old)

    live.draw(a_figure("after"))

    figure = live.box.children[0]
    assert figure.layout.annotations == ()
    assert figure.data[0].error_x.array is None


def test_caption_follows_the_title_without_measuring() -> None:
    live = LiveFigure(a_figure("finding"))

    assert "finding<br>" in live.title
    assert "source" in live.title
    assert live.box.children[0].layout.title.subtitle.text is None
